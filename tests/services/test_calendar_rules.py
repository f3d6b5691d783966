"""Calendar rules: what makes no sense is refused beside its field, and days past stay as they were told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.calendar_effects import Change, Effect
from domain.errors import NotFound, Refusal
from domain.festivals import Festival, Recurrence, Repeats
from domain.workdays import DayKind
from extensions import db
from models import AuditEntry, CalendarDay, CalendarKind, CalendarRule, Role, VisitMode, VisitStatus
from policy import SYSTEM, Actor, Held
from queries import calendar_rules as queries
from queries.calendar_impact import impact
from queries.calendar_months import month
from services import calendar_days, calendar_rules
from services.calendar_rules import Draft
from tests.factories import (
    BAOTA,
    CITY,
    OTHER_VILLAGE,
    TOWNSHIP,
    YANCHANG,
    make_calendar_rule,
    make_divisions,
    make_plan,
    make_senior,
    make_visit,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
MARKET = Draft(
    CalendarKind.MARKET_DAY, "河庄坪集", TOWNSHIP, Repeats.SOLAR_ENDINGS, TODAY, numbers=(5, 0), closed_from=420,
    closed_to=660, instead_from=840, instead_to=1050,
)  # fmt: skip
SNOW = Draft(CalendarKind.WEATHER, "大雪", BAOTA, Repeats.DATES, TODAY, TODAY + timedelta(days=2), travel_percent=150)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def test_a_dispatcher_enters_a_market_and_it_is_written_down():
    rule = calendar_rules.create(MARKET, by=DISPATCHER, now=NOW)
    assert rule.recurrence.days(TODAY, TODAY + timedelta(days=10))[:2] == [date(2026, 11, 25), date(2026, 11, 30)]
    assert "calendar.set" in set(db.session.scalars(select(AuditEntry.act)))
    assert [held.id for held in queries.holding(BAOTA, date(2026, 11, 25))] == [rule.id]
    assert queries.holding(BAOTA, date(2026, 11, 26)) == []


def test_nobody_enters_a_rule_for_a_place_that_is_not_theirs():
    for code in (YANCHANG, CITY):
        with pytest.raises(NotFound):
            calendar_rules.create(replace(MARKET, division_code=code), by=DISPATCHER, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"to_on": TODAY - timedelta(days=1)}, "to_on"),
        ({"repeats": Repeats.DATES}, "to_on"),
        ({"repeats": Repeats.DATES, "to_on": TODAY + timedelta(days=500)}, "to_on"),
        ({"numbers": ()}, "endings"),
        ({"numbers": (12,)}, "endings"),
        ({"repeats": Repeats.WEEKDAYS, "numbers": (0,)}, "weekdays"),
        ({"repeats": Repeats.FESTIVAL}, "festival"),
        ({"repeats": Repeats.LUNAR_DATE, "lunar_month": 13, "lunar_day": 1}, "lunar_month"),
        ({"to_on": TODAY + timedelta(days=1)}, "from_on"),
        ({"closed_to": None}, "closed_to"),
        ({"closed_to": 420}, "closed_to"),
        ({"instead_to": 800}, "instead_to"),
        ({"instead_from": None}, "instead_from"),
        ({"instead_from": 430, "instead_to": 600}, "instead_from"),
        ({"closed_from": None, "closed_to": None}, "closed_from"),
        ({"closed_from": None, "closed_to": None, "instead_from": None, "instead_to": None}, "closed_from"),
        ({"travel_percent": 90}, "travel_percent"),
        ({"duration_percent": 401}, "duration_percent"),
        ({"postpone_from": 1}, "postpone_from"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(change, field):
    with pytest.raises(Refusal) as refusal:
        calendar_rules.create(replace(MARKET, **change), by=SYSTEM, now=NOW)
    assert refusal.value.field == field
    assert db.session.scalar(select(func.count()).select_from(CalendarRule)) == 0


def test_changing_a_rule_that_has_held_leaves_the_days_past_as_they_were():
    rule = make_calendar_rule(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
    later = calendar_rules.change(rule.id, replace(SNOW, travel_percent=200), by=SYSTEM, now=NOW)
    assert (rule.to_on, later.from_on, later.id != rule.id) == (TODAY - timedelta(days=1), TODAY, True)
    assert rule.closed_from == 420


def test_changing_a_rule_that_has_not_begun_changes_it():
    rule = calendar_rules.create(replace(SNOW, from_on=TODAY + timedelta(days=1)), by=SYSTEM, now=NOW)
    same = calendar_rules.change(rule.id, replace(SNOW, travel_percent=200), by=SYSTEM, now=NOW)
    assert (same.id, same.travel_percent) == (rule.id, 200)


def test_an_ended_rule_is_changed_no_more():
    rule = make_calendar_rule(TODAY - timedelta(days=3), TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="已经结束"):
        calendar_rules.change(rule.id, SNOW, by=SYSTEM, now=NOW)
    with pytest.raises(Refusal, match="已经结束"):
        calendar_rules.end(rule.id, last_on=TODAY, by=SYSTEM, now=NOW)


def test_a_rule_ends_and_one_that_has_not_begun_is_taken_back():
    rule = make_calendar_rule(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
    calendar_rules.end(rule.id, last_on=TODAY, by=DISPATCHER, now=NOW)
    assert rule.to_on == TODAY
    future = make_calendar_rule(TODAY + timedelta(days=3))
    calendar_rules.end(future.id, last_on=TODAY, by=DISPATCHER, now=NOW)
    assert db.session.get(CalendarRule, future.id) is None
    with pytest.raises(Refusal) as refusal:
        calendar_rules.end(rule.id, last_on=TODAY - timedelta(days=2), by=DISPATCHER, now=NOW)
    assert refusal.value.field == "last_on"
    elsewhere = make_calendar_rule(TODAY, division_code=YANCHANG)
    with pytest.raises(NotFound):
        calendar_rules.end(elsewhere.id, last_on=TODAY, by=DISPATCHER, now=NOW)


def of_market(**changes):
    rule = replace(MARKET, **changes).as_rule()
    return impact(TOWNSHIP, rule.recurrence, rule.effect, rule.extra_tiers, today=TODAY)


def test_before_saving_one_sees_whom_a_market_touches():
    market_day, other_day = date(2026, 11, 25), date(2026, 11, 26)
    early = make_senior(name="早")
    make_visit(early, market_day, window_from=480, window_to=600)
    make_visit(early, date(2026, 11, 30), window_from=480, window_to=1000)
    make_visit(make_senior(), market_day, window_from=480, window_to=600, status=VisitStatus.PLANNED)
    make_visit(make_senior(), market_day, window_from=700, window_to=900)
    make_visit(make_senior(), other_day, window_from=480, window_to=600)
    make_visit(make_senior(), market_day, window_from=480, window_to=600, mode=VisitMode.PHONE)
    make_visit(make_senior(residence_code=OTHER_VILLAGE), market_day, window_from=480, window_to=600)
    found = of_market()
    assert (found.seniors, found.visits, found.promised) == (2, 3, 1)
    assert found.changes == {Change.MOVED: 2, Change.NARROWED: 1}
    assert found.days[0] == market_day


def test_snow_touches_every_visit_and_a_festival_counts_its_extra_ones():
    make_visit(make_senior(), TODAY, window_from=700, window_to=900)
    make_plan(make_senior(risk_tier="A"))
    rule = SNOW.as_rule()
    assert impact(BAOTA, rule.recurrence, rule.effect, (), today=TODAY).visits == 1
    assert impact(BAOTA, rule.recurrence, Effect(), ("A",), today=TODAY).extra == 1


def test_a_rule_that_is_far_away_touches_nobody_yet():
    spring = Recurrence(Repeats.FESTIVAL, TODAY, festival=Festival.DRAGON_BOAT)
    assert impact(BAOTA, spring, Effect(postpone_from=3), (), today=TODAY).days == ()


def test_a_month_shows_every_day_with_what_holds():
    make_calendar_rule(date(2026, 10, 18), name="重阳庙会")
    weeks = month(BAOTA, date(2026, 10, 1))
    cells = {cell.on: cell for week in weeks for cell in week}
    assert all(len(week) == 7 and week[0].on.isoweekday() == 1 for week in weeks)
    assert cells[date(2026, 10, 1)].apart.kind is DayKind.HOLIDAY
    assert cells[date(2026, 10, 10)].apart.kind is DayKind.WORKDAY
    assert cells[date(2026, 10, 18)].festivals == (Festival.DOUBLE_NINTH,)
    assert [rule.name for rule in cells[date(2026, 10, 18)].rules] == ["重阳庙会"]
    assert cells[date(2026, 9, 30)].is_outside


def test_the_city_enters_a_holiday_and_takes_it_back():
    count = calendar_days.set_days(DayKind.HOLIDAY, TODAY, TODAY + timedelta(days=2), "县庆", by=SYSTEM, now=NOW)
    assert count == db.session.scalar(select(func.count()).select_from(CalendarDay)) == 3
    calendar_days.set_days(DayKind.WORKDAY, TODAY, TODAY, "照常", by=SYSTEM, now=NOW)
    assert db.session.get(CalendarDay, TODAY).kind is DayKind.WORKDAY
    calendar_days.remove(TODAY, by=SYSTEM, now=NOW)
    assert db.session.get(CalendarDay, TODAY) is None
    with pytest.raises(NotFound):
        calendar_days.remove(TODAY, by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 0, "first"), (2, 1, "last"), (0, 60, "last")],
)
def test_a_wrong_span_of_holidays_is_refused(first, last, field):
    with pytest.raises(Refusal) as refusal:
        calendar_days.set_days(
            DayKind.HOLIDAY, TODAY + timedelta(days=first), TODAY + timedelta(days=last), "假", by=SYSTEM, now=NOW
        )
    assert refusal.value.field == field


def test_a_county_does_not_set_the_citys_holidays():
    with pytest.raises(NotFound):
        calendar_days.set_days(DayKind.HOLIDAY, TODAY, TODAY, "假", by=DISPATCHER, now=NOW)
