"""Single visits and plans: what an office may do with them, and what follows."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.times import at_minute
from extensions import db
from models import (
    Proposal,
    ProposalStatus,
    Role,
    Round,
    Senior,
    SeniorStatus,
    Stop,
    Visit,
    VisitMode,
    VisitPlan,
    VisitPlanPause,
    VisitStatus,
)
from policy import Actor, Held
from services import visit_plans, visits, visits_due
from services.visit_terms import Second, Terms
from services.visits import Wish
from tests import factories

TODAY = date(2026, 11, 23)
NOW = at_minute(TODAY, 540)
TOMORROW = TODAY + timedelta(days=1)


def clerk(code: str = factories.TOWNSHIP) -> Actor:
    return Actor(user_id=None, name="王建国", grants=(Held(Role.TOWNSHIP_CLERK, division_code=code),))


ELSEWHERE = clerk(factories.OTHER_TOWNSHIP)


@pytest.fixture
def on_a_round(app: Flask) -> Visit:
    """A visit of tomorrow on a published round."""
    senior, helper = factories.make_senior(), factories.make_helper()
    plan = factories.make_plan(senior)
    visit = factories.make_visit(
        senior, TOMORROW, plan_id=plan.id, due_on=date(2026, 11, 30), helper_id=helper.id, status=VisitStatus.PLANNED
    )
    proposal = Proposal(division_code=factories.BAOTA, on=TOMORROW, status=ProposalStatus.PUBLISHED)
    db.session.add(proposal)
    db.session.flush()
    day = Round(proposal_id=proposal.id, helper_id=helper.id, division_code=factories.BAOTA, on=TOMORROW,
                start_minute=510, end_minute=700)  # fmt: skip
    db.session.add(day)
    db.session.flush()
    db.session.add(Stop(round_id=day.id, visit_id=visit.id, position=0, arrive_minute=540, start_minute=540,
                        leave_minute=570, travel_minutes=10))  # fmt: skip
    db.session.flush()
    return visit


def plan_of(visit: Visit) -> VisitPlan:
    assert visit.plan_id is not None
    return db.session.get_one(VisitPlan, visit.plan_id)


def test_a_moved_visit_leaves_its_round_and_is_due_again(on_a_round: Visit) -> None:
    friday = TODAY + timedelta(days=4)
    visits.move(on_a_round.id, on=friday, window_from=540, window_to=660, by=clerk(), now=NOW)
    assert (on_a_round.on, on_a_round.status, on_a_round.helper_id) == (friday, VisitStatus.DUE, None)
    assert db.session.scalars(select(Stop)).all() == []


def test_a_cancelled_visit_goes_back_to_its_round(on_a_round: Visit) -> None:
    visits.cancel(on_a_round.id, reason="去女儿家", by=clerk(), now=NOW)
    visits.reopen(on_a_round.id, by=clerk(), now=NOW)
    assert (on_a_round.status, on_a_round.helper_id is None) == (VisitStatus.PLANNED, False)


@pytest.mark.parametrize("status", [VisitStatus.UNDER_WAY, VisitStatus.NOT_MET, VisitStatus.CANCELLED])
def test_what_has_begun_or_is_over_is_neither_moved_nor_cancelled(on_a_round: Visit, status: VisitStatus) -> None:
    on_a_round.status, on_a_round.cancel_reason = status, "x"
    with pytest.raises(Refusal):
        visits.cancel(on_a_round.id, reason="去女儿家", by=clerk(), now=NOW)
    with pytest.raises(Refusal):
        visits.move(on_a_round.id, on=TOMORROW, window_from=540, window_to=660, by=clerk(), now=NOW)


def test_only_what_is_cancelled_is_reopened(on_a_round: Visit) -> None:
    with pytest.raises(Refusal):
        visits.reopen(on_a_round.id, by=clerk(), now=NOW)


@pytest.mark.parametrize(
    "act",
    [
        lambda one: visits.cancel(one.id, reason="x", by=ELSEWHERE, now=NOW),
        lambda one: visits.move(one.id, on=TOMORROW, window_from=1, window_to=99, by=ELSEWHERE, now=NOW),
        lambda one: visits.reopen(one.id, by=ELSEWHERE, now=NOW),
        lambda one: visits.add(one.senior_id, wish=Wish(on=TODAY, reason="x"), by=ELSEWHERE, now=NOW),
        lambda one: visits.take_back_report(one.id, submission=uuid.uuid4(), reason="", by=ELSEWHERE, now=NOW),
        lambda one: visit_plans.change(one.plan_id, terms=Terms(), by=ELSEWHERE, now=NOW),
        lambda one: visit_plans.end(one.plan_id, last_on=TODAY, reason="x", by=ELSEWHERE, now=NOW),
        lambda one: visit_plans.create(one.senior_id, terms=Terms(), from_on=TODAY, by=ELSEWHERE, now=NOW),
    ],
)
def test_outside_the_scope_nothing_is_found(on_a_round: Visit, act: Callable[[Visit], object]) -> None:
    with pytest.raises(NotFound):
        act(on_a_round)


def test_nobody_is_visited_by_hand_while_in_hospital(app: Flask) -> None:
    senior = factories.make_senior()
    factories.make_status(senior, SeniorStatus.IN_HOSPITAL, TODAY)
    with pytest.raises(Refusal, match="住院"):
        visits.add(senior.id, wish=Wish(on=TOMORROW, reason="刚出院"), by=clerk(), now=NOW)


def test_a_visit_by_hand_may_name_its_helper(app: Flask) -> None:
    senior, helper = factories.make_senior(), factories.make_helper(division_code=factories.TOWNSHIP)
    visit = visits.add(senior.id, wish=Wish(on=TODAY, reason="降温", helper_id=helper.id), by=clerk(), now=NOW)
    assert (visit.status, visit.helper_id) == (VisitStatus.PLANNED, helper.id)
    stranger = factories.make_helper(division_code=factories.OTHER_TOWNSHIP)
    wish = Wish(on=TOMORROW, reason="降温", helper_id=stranger.id)
    with pytest.raises(Refusal):
        visits.add(senior.id, wish=wish, by=clerk(), now=NOW)


def test_ending_a_plan_cancels_what_was_planned_after_it(on_a_round: Visit) -> None:
    visit_plans.end(plan_of(on_a_round).id, last_on=TODAY, reason="入住机构", by=clerk(), now=NOW)
    assert (on_a_round.status, on_a_round.cancel_reason) == (VisitStatus.CANCELLED, "入住机构")


def test_a_pause_cancels_planned_visits_and_the_period_keeps_its_promise_afterwards(on_a_round: Visit) -> None:
    plan = plan_of(on_a_round)
    last = TODAY + timedelta(days=3)
    visit_plans.pause(plan.id, from_on=TODAY, to_on=last, reason="探亲", by=clerk(), now=NOW)
    assert on_a_round.status == VisitStatus.CANCELLED
    visits_due.make_due(TODAY, 10, now=NOW)
    made = db.session.scalars(select(Visit).where(Visit.plan_id == plan.id, Visit.due_on == date(2026, 11, 30))).one()
    assert made.on > last


def test_a_pause_taken_back_lets_visits_be_made_again(app: Flask) -> None:
    plan = factories.make_plan(factories.make_senior(), every_days=7)
    visit_plans.pause(plan.id, from_on=TODAY, to_on=None, reason="探亲", by=clerk(), now=NOW)
    visits_due.make_due(TODAY, 20, now=NOW)
    assert db.session.scalars(select(Visit)).all() == []
    visit_plans.resume(db.session.scalars(select(VisitPlanPause.id)).one(), by=clerk(), now=NOW)
    visits_due.make_due(TODAY, 20, now=NOW)
    assert len(db.session.scalars(select(Visit)).all()) >= 2


def test_changing_the_frequency_makes_the_coming_visits_anew(app: Flask) -> None:
    plan = factories.make_plan(factories.make_senior(), every_days=30)
    visits_due.make_due(TODAY, 35, now=NOW)
    monthly = len(db.session.scalars(select(Visit)).all())
    visit_plans.change(plan.id, terms=Terms(every_days=7, reason="刚出院"), by=clerk(), now=NOW)
    visits_due.make_due(TODAY, 35, now=NOW)
    assert len(db.session.scalars(select(Visit)).all()) > monthly


def test_one_running_plan_of_a_kind(app: Flask) -> None:
    senior = factories.make_senior()
    terms = Terms(reason="独居")
    visit_plans.create(senior.id, terms=terms, from_on=TODAY, by=clerk(), now=NOW)
    with pytest.raises(Refusal):
        visit_plans.create(senior.id, terms=terms, from_on=TODAY, by=clerk(), now=NOW)
    visit_plans.create(senior.id, terms=terms, from_on=TODAY, mode=VisitMode.PHONE, by=clerk(), now=NOW)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(every_days=0),
        Terms(every_days=400),
        Terms(duration_minutes=3),
        Terms(window_from=600, window_to=600),
        Terms(window_from=600, window_to=610, duration_minutes=30),
        Terms(skills=("flying",)),
        Terms(wants_sex="unknown"),
        Terms(priority=4),
        Terms(other_windows=((1000, 1100),)),
        Terms(window_to=600, other_windows=((960, 970),)),
        Terms(second=Second(gap_least=10, gap_most=5)),
        Terms(second=Second(gap_most=300)),
        Terms(second=Second(minutes=2)),
        Terms(second=Second(skills=("flying",))),
        Terms(second=Second(sex="unknown")),
    ],
)
def test_terms_that_make_no_sense_are_refused(app: Flask, terms: Terms) -> None:
    with pytest.raises(Refusal):
        visit_plans.create(factories.make_senior().id, terms=terms, from_on=TODAY, by=clerk(), now=NOW)


def test_planned_visits_of_somebody_no_longer_served_are_called_off_from_tomorrow(on_a_round: Visit) -> None:
    senior = db.session.get_one(Senior, on_a_round.senior_id)
    today = factories.make_visit(senior, TODAY, status=VisitStatus.PLANNED)
    factories.make_status(senior, SeniorStatus.IN_HOSPITAL, TODAY)
    assert visits.call_off_unserved(TODAY, now=NOW) == 1
    assert (on_a_round.status, today.status) == (VisitStatus.CANCELLED, VisitStatus.PLANNED)
    assert on_a_round.cancel_reason == "老人那天不在服务中"
