"""顺路单: portions and visits on the same ways; accepted, or declined for the two apart."""

import pytest
from sqlalchemy import select

from domain.errors import Refusal
from extensions import db
from models import MealRun, MealRunKind, MealRunPlan, Proposal, ProposalStatus, Senior, Stop, Visit, VisitStatus
from policy import Permission
from queries import meal_runs as queries
from services import meal_run_search, meal_runs
from services.joint_plans import Found
from tests.factories import make_helper, make_senior, make_visit
from tests.meal_runs import DISPATCHER, NOW, TOMORROW, by_hand, plan_of, prepared, published_portions, stops_of


def joint_plan() -> tuple[MealRunPlan, Visit]:
    """Two doors with portions and a visit on one helper's run; beside it the same in another order."""
    make_helper(capacity=20)
    visit = make_visit(make_senior(latitude=36.71), TOMORROW)
    day = prepared(is_joint=True)
    couple, last = day.drops
    helper = day.problem.helpers[0].id
    together = plan_of(day.problem, {helper: [couple, last, str(visit.id)]})
    apart = plan_of(day.problem, {helper: [last, couple, str(visit.id)]})
    found = Found(together, apart, together.figures)
    return meal_run_search.keep(day, found, by=DISPATCHER, now=NOW), visit


def test_a_joint_plan_stands_beside_the_one_apart_with_what_it_saves(portions):
    plan, _visit = joint_plan()
    other = db.session.scalars(select(MealRunPlan).where(MealRunPlan.joint_id == plan.id)).one()
    assert (plan.kind, other.kind) == (MealRunKind.JOINT, MealRunKind.APART)
    assert plan.figures["saved"]["metres"] == other.figures["metres"] - plan.figures["metres"]
    assert (plan.figures["visits"], plan.figures["visits_served"], plan.figures["on_the_way"]) == (1, 1, 1)


def test_publishing_a_joint_plan_plans_its_visits_too(portions):
    plan, visit = joint_plan()
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    db.session.expire_all()
    assert visit.status == VisitStatus.PLANNED
    proposal = db.session.get_one(Proposal, plan.proposal_id)
    assert (proposal.status, proposal.figures["plan"]["served"]) == (ProposalStatus.PUBLISHED, 1)
    stop = db.session.scalars(select(Stop)).one()
    assert stop.start_minute == next(one for one in stops_of(plan) if one.visit_id).start_minute
    other = db.session.scalars(select(MealRunPlan).where(MealRunPlan.joint_id == plan.id)).one()
    with pytest.raises(Refusal, match="另一份方案"):
        meal_runs.publish(other.id, by=DISPATCHER, now=NOW)


def test_taking_a_joint_plan_back_makes_its_visits_due_again(portions):
    plan, visit = joint_plan()
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    meal_runs.unpublish(plan.id, by=DISPATCHER, now=NOW)
    db.session.expire_all()
    assert (visit.status, plan.proposal_id, published_portions()) == (VisitStatus.DUE, None, 0)
    meal_runs.publish(plan.id, by=DISPATCHER, now=NOW)
    db.session.expire_all()
    assert visit.status == VisitStatus.PLANNED


def test_declining_publishes_the_one_apart(portions):
    plan, visit = joint_plan()
    other = db.session.scalars(select(MealRunPlan).where(MealRunPlan.joint_id == plan.id)).one()
    meal_runs.publish(other.id, by=DISPATCHER, now=NOW)
    db.session.expire_all()
    assert (visit.status, published_portions()) == (VisitStatus.PLANNED, 3)
    with pytest.raises(Refusal):
        meal_runs.discard(plan.id, by=DISPATCHER, now=NOW)


def test_discarding_a_joint_plan_discards_the_one_apart(portions):
    plan, _visit = joint_plan()
    meal_runs.discard(plan.id, by=DISPATCHER, now=NOW)
    assert set(db.session.scalars(select(MealRunPlan.status))) == {ProposalStatus.DISCARDED}


def test_a_visit_and_a_portion_at_one_door_are_one_stop_for_people(portions):
    make_helper(capacity=20)
    make_visit(db.session.get_one(Senior, portions[2].senior_id), TOMORROW)
    day = prepared(is_joint=True)
    last = str(portions[2].id)
    visit = next(one.id for one in day.problem.visits if one.id not in day.drops)
    plan = meal_run_search.keep(day, by_hand(day, {day.problem.helpers[0].id: [last, visit]}), by=DISPATCHER, now=NOW)
    run = db.session.scalars(select(MealRun)).one()
    shown = queries.sheet(DISPATCHER.scope(Permission.MEAL_RUN_READ), run.id)
    counter, door = shown.line.stops
    assert counter.is_counter
    assert [len(door.portions), len(door.visits)] == [1, 1]
    assert [one.senior_name for one in door.people] == ["薛占山"]
    assert plan.figures["doors"] == 1
