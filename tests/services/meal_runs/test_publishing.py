"""Runs are published, once for each portion; taken back; and leave people time for rounds."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch import Window
from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import BookingStatus, HelperLeave, MealRun, Proposal, ProposalStatus, Role, Round
from policy import SYSTEM, Actor, Held, Permission
from queries import meal_runs as queries
from services import meal_run_search, meal_runs, round_days, round_search, rounds, servings
from tests.factories import BAOTA, YANCHANG, make_helper, make_senior, make_visit
from tests.meal_runs import (
    DISPATCHER,
    NOW,
    TODAY,
    TOMORROW,
    by_hand,
    kept,
    make_courier,
    plan_of,
    prepared,
    published_portions,
    stops_of,
)


def test_publishing_gives_each_portion_its_bearer_once(portions):
    make_helper(capacity=20)
    first, second = kept(), kept()
    meal_runs.publish(first.id, by=DISPATCHER, now=NOW)
    assert (first.status, published_portions()) == (ProposalStatus.PUBLISHED, 3)
    assert prepared().drops == {}
    with pytest.raises(Refusal):
        meal_runs.publish(second.id, by=DISPATCHER, now=NOW)


def test_the_database_lets_only_one_publication_carry_a_portion(portions, canteen):
    helper, courier = make_helper(capacity=20), make_courier(canteen)
    day = prepared()
    ids = [visit.id for visit in day.problem.visits]
    plans = [
        meal_run_search.keep(day, by_hand(day, {str(one.id): ids}), by=DISPATCHER, now=NOW) for one in (helper, courier)
    ]
    meal_runs.publish(plans[0].id, by=DISPATCHER, now=NOW)
    db.session.commit()
    with pytest.raises(Refusal, match="另一份"):
        meal_runs.publish(plans[1].id, by=DISPATCHER, now=NOW)
    db.session.rollback()
    assert published_portions() == 3


def test_before_the_cut_off_nothing_is_published(portions):
    make_helper(capacity=20)
    plan = kept()
    with pytest.raises(Refusal, match="截止"):
        meal_runs.publish(plan.id, by=DISPATCHER, now=NOW - timedelta(hours=2))


def test_a_plan_whose_portions_have_changed_is_not_published(portions):
    make_helper(capacity=20)
    plan = kept()
    portions[0].status = BookingStatus.CANCELLED
    db.session.flush()
    with pytest.raises(Refusal, match="1 份餐已经变了"):
        meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)


def test_a_plan_whose_carrier_is_away_is_not_published(portions):
    helper = make_helper(capacity=20)
    plan = kept()
    db.session.add(HelperLeave(helper_id=helper.id, from_on=TODAY, to_on=TOMORROW))
    db.session.flush()
    with pytest.raises(Refusal, match="李秀英"):
        meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)


def test_a_past_day_and_an_empty_plan_are_not_published(portions):
    make_helper(capacity=20)
    plan = kept()
    with pytest.raises(Refusal, match="过去"):
        meal_runs.publish(plan.id, by=DISPATCHER, now=NOW + timedelta(days=2))
    day = prepared()
    empty = meal_run_search.keep(day, by_hand(day, {}), by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="没有一份"):
        meal_runs.publish(empty.id, by=DISPATCHER, now=NOW)


def test_a_publication_is_taken_back_until_something_was_handed_over(portions):
    make_helper(capacity=20)
    plan = kept()
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    meal_runs.unpublish(plan.id, by=DISPATCHER, now=NOW)
    assert (plan.status, published_portions()) == (ProposalStatus.PROPOSED, 0)
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    servings.serve(portions[0].id, by=SYSTEM, now=NOW + timedelta(hours=19))
    with pytest.raises(Refusal, match="1 份送到了"):
        meal_runs.unpublish(plan.id, by=DISPATCHER, now=NOW)


def test_a_discarded_plan_loses_its_runs_and_keeps_its_figures(portions):
    make_helper(capacity=20)
    plan = kept()
    meal_runs.discard(plan.id, by=DISPATCHER, now=NOW)
    db.session.flush()
    assert (plan.status, stops_of(plan), plan.figures["portions"]) == (ProposalStatus.DISCARDED, [], 3)


def test_who_is_on_a_run_has_the_rest_of_the_day_for_rounds(portions):
    make_helper(capacity=20)
    plan = kept()
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    run = db.session.scalars(select(MealRun)).one()
    away = run.tours[0]["leave"] * 60, run.tours[0]["back"] * 60
    make_visit(make_senior(), TOMORROW)
    helper = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine()).problem.helpers[0]
    assert helper.shifts == (Window(away[1], 1050 * 60),)
    assert helper.max_seconds == 480 * 60 - (away[1] - away[0])


def test_who_is_on_a_round_carries_in_the_time_that_leaves(portions):
    make_helper(capacity=20)
    make_visit(make_senior(), TOMORROW, window_from=510, window_to=570)
    publish_rounds(round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine()))
    back = db.session.scalars(select(Round)).one().tours[0]["back"]
    assert prepared().problem.helpers[0].shifts == (Window(back * 60, 1050 * 60),)


def publish_rounds(day: round_days.Day) -> Proposal:
    plan = plan_of(day.problem, {day.problem.helpers[0].id: [visit.id for visit in day.problem.visits]})
    proposal = round_search.keep(day, plan, plan.figures, by=DISPATCHER, now=NOW)
    return rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_rounds_are_refused_where_a_helper_is_on_a_run_by_now(portions):
    make_helper(capacity=20)
    make_visit(make_senior(), TOMORROW)
    day = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())
    meal_runs.publish(kept().id, by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="李秀英"):
        publish_rounds(day)


def test_a_plan_of_another_county_does_not_exist(portions):
    make_helper(capacity=20)
    plan = kept()
    stranger = Actor(None, "外县", (Held(Role.DISPATCHER, division_code=YANCHANG),))
    with pytest.raises(NotFound):
        meal_runs.publish(plan.id, by=stranger, now=NOW)
    assert queries.plan(stranger.scope(Permission.MEAL_RUN_READ), plan.id) is None
