"""A day's plan follows the calendar: markets move visits, snow slows the road, rain keeps walkers at home."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import select

from dispatch import Limit, Weights, Window, check
from domain.rules import RuleKey, default_of
from extensions import db
from gateways.travel import StraightLine
from models import CalendarDay, CalendarKind, DayKind, HelperShift, Means, Proposal, Role, Stop, Visit
from policy import Actor, Held
from queries.round_days import helpers_on_shift, visits_to_plan
from services import round_calendar, round_days, round_search, rounds
from tests.factories import (
    BAOTA,
    CITY,
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    make_calendar_rule,
    make_divisions,
    make_helper,
    make_senior,
    make_visit,
)
from tests.statements import counted

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 17:00 on Monday
TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
RAIN = {"kind": CalendarKind.WEATHER, "name": "暴雨", "closed_from": None, "closed_to": None, "instead_from": None,
        "instead_to": None}  # fmt: skip


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def prepared(on: date = TOMORROW) -> round_days.Day:
    return round_days.prepare(BAOTA, on, today=TODAY, travel=StraightLine())


def planned() -> Proposal:
    day = prepared()
    plan, nearest = round_search.search(day.problem, Limit(iterations=50), seed=1)
    assert check(day.problem, plan) == []
    return round_search.keep(day, plan, nearest, by=DISPATCHER, now=NOW)


def morning_visit(**changes) -> Visit:
    return make_visit(make_senior(), TOMORROW, **({"window_from": 480, "window_to": 600} | changes))


def test_without_rules_the_day_is_as_it_was():
    morning_visit()
    make_helper()
    assert prepared().calendar.as_row() == {}


def test_on_a_market_day_a_morning_visit_is_planned_for_the_afternoon():
    visit = morning_visit()
    make_helper()
    rule = make_calendar_rule(TOMORROW)
    day = prepared()
    assert day.problem.visits[0].windows == (Window(840 * 60, 1050 * 60),)
    row = day.calendar.as_row()
    assert row["moved"] == {str(visit.id): {"was": [(480, 600)], "now": [(840, 1050)]}}
    assert (row["rules"][0]["id"], row["rules"][0]["moved"]) == (str(rule.id), 1)


def test_a_market_elsewhere_moves_nobody():
    morning_visit()
    make_helper()
    make_calendar_rule(TOMORROW, division_code=OTHER_TOWNSHIP)
    assert prepared().problem.visits[0].windows == (Window(480 * 60, 600 * 60),)


@pytest.mark.parametrize("code", [CITY, BAOTA, TOWNSHIP, VILLAGE])
def test_a_rule_holds_in_the_whole_subtree(code):
    morning_visit()
    make_helper()
    make_calendar_rule(TOMORROW, division_code=code)
    assert prepared().problem.visits[0].windows == (Window(840 * 60, 1050 * 60),)


def test_publishing_tells_the_new_time_and_taking_back_the_old_one():
    visit = morning_visit()
    untouched = make_visit(make_senior(name="刘桂兰", latitude=36.69), TOMORROW)
    make_helper()
    make_calendar_rule(TOMORROW)
    proposal = planned()
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    windows = select(Visit.window_from, Visit.window_to)
    assert db.session.execute(windows.where(Visit.id == visit.id)).one() == (840, 1050)
    assert db.session.execute(windows.where(Visit.id == untouched.id)).one() == (510, 1050)
    assert db.session.scalars(select(Stop.start_minute).where(Stop.visit_id == visit.id)).one() >= 840
    rounds.unpublish(proposal.id, by=DISPATCHER, now=NOW)
    assert db.session.execute(windows.where(Visit.id == visit.id)).one() == (480, 600)


def test_a_moved_visit_that_found_no_helper_keeps_its_own_time():
    left_out = morning_visit(skills=["bathing"])
    morning_visit()
    make_helper()
    make_calendar_rule(TOMORROW)
    rounds.publish(planned().id, by=DISPATCHER, now=NOW)
    assert (left_out.window_from, left_out.window_to) == (480, 600)


def test_snow_makes_ways_longer_where_it_falls_and_only_there():
    morning_visit()
    make_visit(make_senior(residence_code="610602", latitude=36.60, longitude=109.48), TOMORROW)
    make_visit(make_senior(residence_code="610602", latitude=36.58, longitude=109.47), TOMORROW)
    make_helper(division_code="610602", latitude=36.59, longitude=109.46)
    usual = prepared().problem
    make_calendar_rule(TOMORROW, **RAIN, division_code=VILLAGE, travel_percent=150)
    slowed = prepared().problem
    before, after = usual.travel["motor"].seconds, slowed.travel["motor"].seconds
    snowed_in = next(visit.place for visit in slowed.visits if visit.area == TOWNSHIP)
    there = np.zeros_like(before, dtype=bool)
    there[snowed_in, :] = there[:, snowed_in] = True
    assert (after[there] == -(-before[there] * 3 // 2)).all()
    assert (after[~there] == before[~there]).all()
    assert (slowed.travel["motor"].metres == usual.travel["motor"].metres).all()


def test_in_heavy_rain_nobody_goes_on_foot():
    morning_visit()
    walker = make_helper(name="走路的", means=Means.FOOT)
    far = make_helper(name="外镇走路的", means=Means.FOOT, division_code="610602")
    driver = make_helper(name="开车的")
    make_calendar_rule(TOMORROW, **RAIN, is_foot_out=True)
    day = prepared()
    assert {helper.id for helper in day.problem.helpers} == {str(far.id), str(driver.id)}
    assert day.problem.visits[0].never == {str(far.id)}
    assert day.calendar.rules[0]["at_home"] == 1
    assert str(walker.id) not in {helper.id for helper in day.problem.helpers}


def test_what_can_wait_waits_and_is_planned_the_day_after():
    urgent = morning_visit(priority=1)
    waits = morning_visit(priority=3)
    make_helper()
    make_calendar_rule(TOMORROW, **RAIN, postpone_from=3)
    day = prepared()
    assert [visit.id for visit in day.problem.visits] == [str(urgent.id)]
    assert day.calendar.postponed == (str(waits.id),)
    rounds.publish(planned().id, by=DISPATCHER, now=NOW)
    assert [visit.id for visit in visits_to_plan(BAOTA, date(2026, 11, 25), TODAY)] == [waits.id]


def test_of_a_day_that_people_know_nothing_is_taken_away():
    waits = morning_visit(priority=3)
    make_helper(means=Means.FOOT)
    make_calendar_rule(TOMORROW, **RAIN, postpone_from=2, is_foot_out=True)
    visits, helpers = visits_to_plan(BAOTA, TOMORROW, TODAY), helpers_on_shift(BAOTA, TOMORROW)
    day = round_days.assemble(BAOTA, TOMORROW, visits, helpers, StraightLine())
    assert [visit.id for visit in day.problem.visits] == [str(waits.id)]
    assert len(day.problem.helpers) == 1


def test_longer_calls_are_longer():
    morning_visit(duration_minutes=30)
    make_helper()
    make_calendar_rule(TOMORROW, **RAIN, duration_percent=150)
    assert prepared().problem.visits[0].duration == 45 * 60


def test_two_rules_on_one_day_act_together_whichever_was_entered_first():
    morning_visit(window_to=1050)
    make_helper()
    make_calendar_rule(TOMORROW, **(RAIN | {"closed_from": 840, "closed_to": 900}))
    make_calendar_rule(TOMORROW)
    assert prepared().problem.visits[0].windows == (Window(660 * 60, 840 * 60), Window(900 * 60, 1050 * 60))


def test_before_planning_one_sees_what_the_calendar_will_do():
    morning_visit()
    morning_visit(priority=3, window_to=1000)
    make_calendar_rule(TOMORROW)
    seen = round_calendar.foreseen(BAOTA, TOMORROW, visits_to_plan(BAOTA, TOMORROW, TODAY))
    assert (seen.rules[0]["moved"], seen.rules[0]["narrowed"]) == (1, 1)


def test_a_wrong_window_is_left_for_the_optimiser_to_explain():
    visit = morning_visit()
    helper = make_helper()
    make_calendar_rule(TOMORROW)
    problem = prepared().problem
    reversed_window = (Window(36_000, 28_000),)
    broken = replace(problem, visits=(replace(problem.visits[0], windows=reversed_window),))
    homes = {str(visit.id): VILLAGE, str(helper.id): TOWNSHIP}
    same, _calendar = round_calendar.apply(BAOTA, TOMORROW, broken, homes, may_postpone=True)
    assert same.visits[0].windows == reversed_window


def test_more_rules_and_visits_cost_no_more_statements():
    make_helper()
    morning_visit()
    make_calendar_rule(TOMORROW)
    with counted(db.engine) as few:
        prepared()
    for number in range(8):
        morning_visit()
        make_calendar_rule(TOMORROW, name=f"集{number}")
    with counted(db.engine) as many:
        prepared()
    assert many.count == few.count


def test_holidays_have_sundays_shifts_and_make_up_days_mondays():
    on_weekdays = make_helper(name="周一到周五", shifts=False)
    db.session.add_all(
        [HelperShift(helper_id=on_weekdays.id, weekday=day, start_minute=510, end_minute=1050) for day in range(1, 6)]
    )
    always = make_helper(name="天天")
    saturday = date(2026, 11, 28)
    db.session.add_all(
        [
            CalendarDay(on=TOMORROW, kind=DayKind.HOLIDAY, name="县庆"),
            CalendarDay(on=saturday, kind=DayKind.WORKDAY, name="补班"),
        ]
    )
    db.session.flush()
    assert {one.id for one in helpers_on_shift(BAOTA, TOMORROW)} == {always.id}
    assert {one.id for one in helpers_on_shift(BAOTA, saturday)} == {always.id, on_weekdays.id}
    assert {one.id for one in helpers_on_shift(BAOTA, date(2026, 11, 29))} == {always.id}


def test_the_weights_of_the_rule_are_those_of_the_optimiser_in_its_own_units():
    change, weights = round_days.weights_of(default_of(RuleKey.ROUND_WEIGHTS))
    usual = Weights()
    assert change == 600
    assert weights == Weights(
        unserved=(39_600, 25_200, 15_000), language=usual.language, sex=usual.sex, late=usual.late,
        overtime=usual.overtime, fairness=usual.fairness, pair_wait=usual.pair_wait, handover=usual.handover,
        retime=usual.retime,
    )  # fmt: skip
    late = round_days.weights_of(default_of(RuleKey.ROUND_WEIGHTS) | {"late": 35})[1].late
    assert late == 3.5  # ten minutes late are thirty-five minutes of travel
