"""Making visits due: once a period, never later than promised, for whoever is served, however often it runs."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from domain.periods import days_between
from domain.times import at_minute
from extensions import db, unit_of_work
from models import (
    CalendarDay,
    DayKind,
    HelperShift,
    Residence,
    RiskTier,
    Rule,
    SeniorStatus,
    Visit,
    VisitPlan,
    VisitPlanPause,
    VisitStatus,
)
from models.visit_terms import TERM_NAMES
from services import visits_due
from tests import factories
from tests.statements import counted

MONDAY = date(2026, 11, 23)
NOW = at_minute(MONDAY, 300)


def make_due(today: date = MONDAY, horizon: int = 35, *, now: datetime = NOW) -> int:
    visits = 0
    while (made := visits_due.make_due(today, horizon, now=now)).plans:
        visits += made.visits
    return visits


def all_visits() -> list[Visit]:
    return list(db.session.scalars(select(Visit).order_by(Visit.on)))


@pytest.mark.parametrize(("tier", "expected"), [("A", 6), ("B", 3), ("C", 2), ("D", 1)])
def test_the_tier_says_how_many_visits_are_due(app: Flask, tier: str, expected: int) -> None:
    senior = factories.make_senior(risk_tier=RiskTier(tier))
    factories.make_plan(senior)
    make_due(horizon=38)
    periods = {visit.due_on for visit in all_visits()}
    assert abs(len(periods) - expected) <= 1
    assert len(periods) == len(all_visits())


def test_a_plan_of_its_own_frequency_ignores_the_tier(app: Flask) -> None:
    factories.make_plan(factories.make_senior(risk_tier=RiskTier.D), every_days=1)
    assert make_due(horizon=6) == 7


def test_a_rule_of_the_county_changes_the_frequency(app: Flask) -> None:
    factories.make_plan(factories.make_senior(risk_tier=RiskTier.D))
    value = {"A": 7, "B": 14, "C": 30, "D": 7}
    db.session.add(Rule(key="visit.every_days", division_code="610602", from_on=MONDAY, value=value))
    db.session.flush()
    make_due(horizon=27)
    assert [visit.due_on for visit in all_visits()] == [MONDAY + timedelta(days=6 + 7 * n) for n in range(4)][
        : len(all_visits())
    ]
    assert len(all_visits()) >= 3


def test_a_visit_takes_over_whatever_its_plan_promises(app: Flask) -> None:
    said: dict[str, Any] = {
        "window_from": 510, "window_to": 1050, "windows": [[510, 600], [960, 1050]], "is_soft": True,
        "duration_minutes": 45, "skills": ["bathing"], "wants_sex": "female", "wishes_sex": True,
        "needs_language": True, "needs_two": True, "second_skills": ["nursing"], "second_sex": "male",
        "second_minutes": 20, "second_gap_least": 5, "second_gap_most": 10, "priority": 1,
    }  # fmt: skip
    assert said.keys() == set(TERM_NAMES)
    factories.make_plan(factories.make_senior(), **said)
    make_due(horizon=35)
    visit = all_visits()[0]
    assert {name: getattr(visit, name) for name in TERM_NAMES} == said


def test_making_due_again_changes_nothing(app: Flask) -> None:
    for tier in RiskTier:
        factories.make_plan(factories.make_senior(risk_tier=tier))
    first = make_due()
    before = [(visit.id, visit.on) for visit in all_visits()]
    assert first == len(before)
    db.session.execute(VisitPlan.__table__.update().values(made_to=date(2000, 1, 1)))
    assert make_due() == 0
    assert [(visit.id, visit.on) for visit in all_visits()] == before


def test_day_after_day_gives_one_visit_a_period(app: Flask) -> None:
    factories.make_plan(factories.make_senior(risk_tier=RiskTier.C))
    for n in range(70):
        make_due(MONDAY + timedelta(days=n), 14)
    assert [visit.due_on for visit in all_visits()][:3] == [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]


def test_nobody_in_hospital_is_visited_and_the_visit_comes_once_they_are_back(app: Flask) -> None:
    senior = factories.make_senior(risk_tier=RiskTier.C)
    factories.make_plan(senior)
    factories.make_status(senior, SeniorStatus.IN_HOSPITAL, date(2026, 11, 1), date(2026, 11, 26))
    for n in range(8):
        make_due(MONDAY + timedelta(days=n), 14)
    november = [visit.on for visit in all_visits() if visit.due_on == date(2026, 11, 30)]
    assert len(november) == 1
    assert november[0] > date(2026, 11, 26)


def test_no_visit_is_made_for_a_day_in_hospital(app: Flask) -> None:
    senior = factories.make_senior(risk_tier=RiskTier.A)
    factories.make_plan(senior)
    factories.make_status(senior, SeniorStatus.IN_HOSPITAL, MONDAY, MONDAY + timedelta(days=13))
    make_due(horizon=20)
    assert {visit.due_on for visit in all_visits()} == {MONDAY + timedelta(days=20)}


def test_a_visit_follows_the_senior_to_where_they_stay(app: Flask) -> None:
    senior = factories.make_senior(risk_tier=RiskTier.A)
    factories.make_plan(senior)
    db.session.add(
        Residence(
            senior_id=senior.id, kind="stay", division_code=factories.OTHER_VILLAGE,
            from_on=date(2026, 11, 30), to_on=date(2026, 12, 6),
        )
    )  # fmt: skip
    make_due(horizon=20)
    codes = {
        visit.on >= date(2026, 11, 30) and visit.on <= date(2026, 12, 6): visit.division_code for visit in all_visits()
    }
    assert codes == {True: factories.OTHER_VILLAGE, False: factories.VILLAGE}


def test_a_visit_nobody_planned_is_taken_back_when_the_senior_is_no_longer_served(app: Flask) -> None:
    senior = factories.make_senior(risk_tier=RiskTier.A)
    factories.make_plan(senior)
    make_due(horizon=13)
    planned = all_visits()[0]
    planned.status = VisitStatus.PLANNED
    factories.make_status(senior, SeniorStatus.MOVED, MONDAY)
    assert visits_due.take_back_unserved(MONDAY, 13) >= 1
    assert all_visits() == [planned]


def test_a_higher_tier_adds_visits_without_doubling_a_week(app: Flask) -> None:
    senior = factories.make_senior(risk_tier=RiskTier.C)
    factories.make_plan(senior)
    make_due(horizon=20)
    senior.risk_tier = RiskTier.A
    db.session.flush()
    make_due(MONDAY + timedelta(days=1), 20)
    dues = [visit.due_on for visit in all_visits()]
    for first in (MONDAY, MONDAY + timedelta(days=7)):
        assert sum(first <= due <= first + timedelta(days=6) for due in dues) == 1


def test_two_processes_at_once_write_each_visit_once(app: Flask) -> None:
    for _n in range(30):
        factories.make_plan(factories.make_senior(risk_tier=RiskTier.A))
    db.session.commit()
    failures: list[BaseException] = []

    def run() -> None:
        with app.app_context():
            try:
                while True:
                    with unit_of_work():
                        made = visits_due.make_due(MONDAY, 20, now=NOW, limit=7)
                    if not made.plans:
                        return
            except BaseException as error:  # noqa: BLE001  shown by the assertion
                failures.append(error)

    threads = [threading.Thread(target=run) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    db.session.rollback()
    doubled = select(Visit.plan_id).group_by(Visit.plan_id, Visit.due_on).having(func.count() > 1)
    assert db.session.scalars(doubled).all() == []
    assert db.session.scalar(select(func.count(Visit.plan_id.distinct()))) == 30


def test_a_big_batch_costs_a_bounded_number_of_statements(app: Flask) -> None:
    for _n in range(5):
        factories.make_plan(factories.make_senior(risk_tier=RiskTier.A))
    with counted(db.engine) as few:
        make_due(horizon=13)
    db.session.execute(delete(Visit))
    db.session.execute(VisitPlan.__table__.update().values(made_to=date(2000, 1, 1)))
    for _n in range(40):
        factories.make_plan(factories.make_senior(risk_tier=RiskTier.A))
    with counted(db.engine) as many:
        make_due(horizon=13)
    assert many.count <= few.count + 14  # one more a day of the horizon at most


# A second implementation, slow and obvious: walk the days one by one.


def promised(
    every: int, from_on: date, to_on: date | None, paused: set[date], first: date, last: date
) -> list[set[date]]:
    """The days of each period with a visit to be made, as plain calendar arithmetic."""
    groups: dict[object, set[date]] = {}
    day = date(2026, 1, 1)
    while day <= last + timedelta(days=400):
        if every == 30:
            key: object = (day.year, day.month)
        elif every == 90:
            key = (day.year, (day.month - 1) // 3)
        else:
            key = (day - date(2024, 1, 1)).days // every
        if day >= from_on and (to_on is None or day <= to_on) and day not in paused:
            groups.setdefault(key, set()).add(day)
        day += timedelta(days=1)
    return [days for days in groups.values() if max(days) >= first and min(days) <= last]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    every=st.sampled_from([1, 3, 7, 10, 14, 30, 90]),
    start=st.integers(-100, 40),
    length=st.none() | st.integers(0, 120),
    pause=st.none() | st.tuples(st.integers(-5, 60), st.integers(0, 40)),
    weekdays=st.sets(st.integers(1, 7)),
)
def test_visits_are_never_late_and_never_twice(
    app: Flask, every: int, start: int, length: int | None, pause: tuple[int, int] | None, weekdays: set[int]
) -> None:
    from_on = MONDAY + timedelta(days=start)
    to_on = None if length is None else from_on + timedelta(days=length)
    paused: set[date] = set()
    helper = factories.make_helper(shifts=False)
    db.session.add_all(
        [HelperShift(helper_id=helper.id, weekday=d, start_minute=510, end_minute=600) for d in weekdays]
    )
    plan = factories.make_plan(factories.make_senior(), every_days=every, from_on=from_on, to_on=to_on)
    if pause:
        first, last = MONDAY + timedelta(days=pause[0]), MONDAY + timedelta(days=pause[0] + pause[1])
        db.session.add(VisitPlanPause(plan_id=plan.id, from_on=first, to_on=last, reason="探亲"))
        paused = set(days_between(first, last))
    db.session.flush()
    try:
        for n in range(30):
            make_due(MONDAY + timedelta(days=n), 10)
        made = [visit.on for visit in all_visits()]
        end = MONDAY + timedelta(days=29)
        groups = promised(every, from_on, to_on, paused, MONDAY, end)
        for day in made:
            assert (
                sum(
                    day in group for group in groups + promised(every, from_on, to_on, paused, end, end + timedelta(40))
                )
                >= 1
            )
        for group in groups:
            within = [day for day in made if day in group]
            assert len(within) <= 1
            open_days = {day for day in group if day >= MONDAY}
            if max(group) <= end + timedelta(days=10) and open_days:
                assert len(within) == 1, f"nothing between {min(open_days)} and {max(open_days)}"
    finally:
        db.session.rollback()


def days_of_many(first: date, last: date) -> set[date]:
    """The days on which the visits of forty seniors fall, once a week each."""
    for _n in range(40):
        factories.make_plan(factories.make_senior(risk_tier=RiskTier.A))
    make_due(first, (last - first).days)
    return {visit.on for visit in all_visits()}


def test_a_built_in_holiday_has_sundays_hands_and_a_make_up_day_those_of_a_monday(app: Flask) -> None:
    days = days_of_many(date(2026, 9, 28), date(2026, 10, 11))
    national_day, make_up, sunday = date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 11)
    assert make_up in days
    assert {date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30)} <= days
    assert not {national_day + timedelta(days=n) for n in range(4)} & days
    assert sunday not in days


def test_a_day_entered_as_a_holiday_has_no_visits_and_the_days_around_it_have_them(app: Flask) -> None:
    db.session.add(CalendarDay(on=MONDAY + timedelta(days=2), kind=DayKind.HOLIDAY, name="县庆"))
    db.session.flush()
    assert days_of_many(MONDAY, MONDAY + timedelta(days=6)) == {MONDAY + timedelta(days=n) for n in (0, 1, 3, 4)}


def test_years_nobody_has_announced_are_no_obstacle(app: Flask) -> None:
    days = days_of_many(date(2027, 9, 27), date(2027, 10, 10))
    assert not {date(2027, 10, number) for number in (1, 2, 3)} & days
    assert len(days) >= 6
