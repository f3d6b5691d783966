"""One visit more for a festival or a cold wave: for the tiers it names, once each, taken back when it is called off."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.festivals import Festival, Repeats
from domain.times import at_minute
from extensions import db
from models import CalendarKind, ExtraVisit, RiskTier, SeniorStatus, Visit, VisitMode, VisitPlanPause, VisitStatus
from policy import SYSTEM
from services import calendar_rules, calendar_visits, visits_due
from tests import factories

MONDAY = date(2026, 11, 23)
NOW = at_minute(MONDAY, 300)
COLD = {
    "kind": CalendarKind.WEATHER, "name": "寒潮", "closed_from": None, "closed_to": None, "instead_from": None,
    "instead_to": None, "extra_tiers": ["A", "B"],
}  # fmt: skip


def make(today: date = MONDAY, limit: int = 3) -> int:
    made, place = 0, calendar_visits.START
    while place is not None:
        step = calendar_visits.make(today, place, now=NOW, limit=limit)
        made, place = made + step.visits, step.next
    return made


def extras() -> list[Visit]:
    statement = select(Visit).join(ExtraVisit, ExtraVisit.visit_id == Visit.id).order_by(Visit.on)
    return list(db.session.scalars(statement))


@pytest.fixture
def people(app):
    seniors = {tier: factories.make_senior(risk_tier=tier, name=f"老人{tier}") for tier in RiskTier}
    for senior in seniors.values():
        factories.make_plan(senior, window_from=540, window_to=660, skills=["nursing"])
    return seniors


def test_in_a_cold_wave_the_tiers_it_names_get_one_visit_more(people):
    factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=4), **COLD)
    assert make() == 2
    assert {visit.senior_id for visit in extras()} == {people["A"].id, people["B"].id}
    assert all(MONDAY <= visit.on <= MONDAY + timedelta(days=4) == visit.due_on for visit in extras())
    one = extras()[0]
    assert (one.window_from, one.window_to, one.skills, one.plan_id) == (540, 660, ["nursing"], None)
    assert (one.reason, one.mode, one.status) == ("寒潮", VisitMode.DOOR, VisitStatus.DUE)


def test_making_them_again_makes_none(people):
    factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=4), **COLD)
    make()
    before = [visit.id for visit in extras()]
    assert make(MONDAY) == make(MONDAY + timedelta(days=2)) == 0
    assert [visit.id for visit in extras()] == before


def test_a_second_process_that_has_read_the_same_writes_nothing(people, monkeypatch):
    factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=4), **COLD)
    read = calendar_visits._candidates
    stale = []
    monkeypatch.setattr(calendar_visits, "_candidates", lambda *a: stale.append(read(*a)) or stale[0])
    assert calendar_visits.make(MONDAY, calendar_visits.START, now=NOW).visits == 2
    monkeypatch.setattr(calendar_visits, "_taken", lambda *_a: __import__("collections").defaultdict(set))
    assert calendar_visits.make(MONDAY, calendar_visits.START, now=NOW).visits == 0
    assert len(extras()) == 2


def test_by_phone_where_the_rule_says_so(people):
    factories.make_calendar_rule(MONDAY, MONDAY, **COLD, extra_mode=VisitMode.PHONE)
    make()
    assert {visit.mode for visit in extras()} == {VisitMode.PHONE}


def test_before_the_spring_festival_everybody_of_a_tier_is_visited_in_its_days(people):
    today = date(2027, 1, 20)
    factories.make_calendar_rule(
        MONDAY, date(2027, 12, 31), **(COLD | {"kind": CalendarKind.FESTIVAL, "name": "春节慰问"}),
        repeats=Repeats.FESTIVAL, festival=Festival.SPRING, lead_days=10, lag_days=0,
    )  # fmt: skip
    assert make(today) == 2
    assert all(date(2027, 1, 27) <= visit.on <= date(2027, 2, 6) for visit in extras())
    assert make(today + timedelta(days=3)) == 0


def test_somebody_elsewhere_in_hospital_or_paused_gets_none(people):
    factories.make_status(people["A"], SeniorStatus.IN_HOSPITAL, MONDAY)
    plan_id = db.session.scalar(select(factories.VisitPlan.id).where(factories.VisitPlan.senior_id == people["B"].id))
    db.session.add(VisitPlanPause(plan_id=plan_id, from_on=MONDAY, to_on=None, reason="在女儿家"))
    elsewhere = factories.make_senior(risk_tier=RiskTier.A, residence_code=factories.OTHER_VILLAGE)
    factories.make_plan(elsewhere)
    factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=2), **COLD)
    assert make() == 0


def test_whom_somebody_visits_anyway_that_day_gets_none(people):
    factories.make_visit(people["A"], MONDAY)
    factories.make_calendar_rule(MONDAY, MONDAY, **COLD)
    assert make() == 1


def test_a_notice_that_is_called_off_takes_back_what_nobody_has_planned(people):
    rule = factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=4), **COLD)
    make()
    planned, due = extras()
    planned.status = VisitStatus.PLANNED
    db.session.flush()
    calendar_rules.end(rule.id, last_on=MONDAY - timedelta(days=1), by=SYSTEM, now=NOW)
    assert {visit.id for visit in db.session.scalars(select(Visit))} == {planned.id}
    assert due.id != planned.id


def test_changing_a_rule_in_the_middle_visits_nobody_twice(people):
    rule = factories.make_calendar_rule(MONDAY - timedelta(days=2), MONDAY + timedelta(days=4), **COLD)
    make(MONDAY - timedelta(days=2))
    for visit in extras():
        visit.status = VisitStatus.PLANNED
    db.session.flush()
    draft = calendar_rules.Draft(
        CalendarKind.WEATHER, "寒潮黄色预警", factories.TOWNSHIP, Repeats.DATES, rule.from_on,
        MONDAY + timedelta(days=5), extra_tiers=("A", "B"),
    )  # fmt: skip
    going_on = calendar_rules.change(rule.id, draft, by=SYSTEM, now=NOW)
    assert (rule.to_on, going_on.from_on) == (MONDAY - timedelta(days=1), MONDAY)
    assert make() == 0


def test_visits_of_somebody_no_longer_served_are_taken_back(people):
    factories.make_calendar_rule(MONDAY, MONDAY + timedelta(days=4), **COLD)
    make()
    factories.make_status(people["A"], SeniorStatus.IN_HOSPITAL, MONDAY)
    assert visits_due.take_back_unserved(MONDAY) == 1
    assert {visit.senior_id for visit in extras()} == {people["B"].id}
