"""A proposal changed by hand: checked, kept with who did it, taken back and done again; and searched on from."""

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dispatch import Limit, check
from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import (
    AuditEntry,
    EditKind,
    HelperLeave,
    HelperShift,
    Proposal,
    ProposalEdit,
    ProposalStatus,
    Role,
    Round,
    Stop,
)
from policy import Actor, Held
from queries import edits
from services import round_again, round_days, round_edits, round_effects, round_pricing, round_search, rounds
from services.round_edits import Broke, Wish
from tests.factories import BAOTA, YANCHANG, make_divisions, make_helper, make_senior, make_visit

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
STRANGER = Actor(user_id=None, name="别县", grants=(Held(Role.DISPATCHER, division_code=YANCHANG),))
HOW = {"by": DISPATCHER, "now": NOW, "travel": StraightLine()}


@pytest.fixture
def north(app):
    make_divisions()
    return make_helper(name="李梅", latitude=36.90)


@pytest.fixture
def south(app):
    make_divisions()
    return make_helper(name="王芳", latitude=36.60, skills=["nursing"])


@pytest.fixture
def proposal(north, south) -> Proposal:
    """Three visits by each of the two, and one that nobody can make."""
    for number in range(3):
        make_visit(make_senior(name=f"北{number}", latitude=36.90 + number / 100), TOMORROW)
        make_visit(make_senior(name=f"南{number}", latitude=36.60 + number / 100), TOMORROW, skills=["nursing"])
    make_visit(make_senior(name="薛占山", latitude=36.7), TOMORROW, skills=["bathing"])
    day = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=100), seed=1)
    kept = round_search.keep(day, plan, nearest, by=DISPATCHER, now=NOW)
    assert sorted(len(calls) for calls in order_of(kept).values()) == [3, 3]
    return kept


def order_of(proposal) -> dict[str, list[str]]:
    return {helper: [call.visit_id for call in calls] for helper, calls in edits.order_of(proposal.id).items()}


def apply(proposal, wish, on_edit=None):
    at = proposal.edits if on_edit is None else on_edit
    return round_edits.apply(proposal.id, wish, on_edit=at, **HOW)


def first_to_last(proposal, helper) -> Wish:
    visit = order_of(proposal)[str(helper.id)][0]
    return Wish(EditKind.MOVE, visit, str(helper.id), position=3)


def test_a_stop_is_moved_within_the_day_and_the_rows_say_so(proposal, north):
    before = order_of(proposal)
    mine = before[str(north.id)]
    apply(proposal, first_to_last(proposal, north))
    assert order_of(proposal)[str(north.id)] == [*mine[1:], mine[0]]
    problem = round_edits.draft(proposal.id, **HOW).day.problem
    whole = round_pricing.arranged(problem, edits.order_of(proposal.id)).plan
    assert check(problem, whole) == []
    assert proposal.figures["plan"]["served"] == 6
    assert proposal.figures["plan"]["travel_minutes"] == round(whole.figures.travel / 60)
    assert proposal.figures["nearest"]["visits"] == 7
    stops = db.session.scalars(
        select(Stop).join(Round).where(Round.helper_id == north.id).order_by(Stop.position)
    ).all()
    assert [stop.start_minute for stop in stops] == sorted(stop.start_minute for stop in stops)


def test_a_stop_goes_to_somebody_who_can(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    outcome = apply(proposal, Wish(EditKind.MOVE, visit, str(south.id), position=2))
    assert order_of(proposal)[str(south.id)][1] == visit
    effects = round_effects.effects_of(outcome.before.plan, outcome.after.plan)
    assert effects.travel > 0
    assert {one.helper_id for one in effects.helpers} == {str(north.id), str(south.id)}


def test_a_stop_does_not_go_to_somebody_who_cannot_and_nothing_changes(proposal, north, south):
    before = order_of(proposal)
    visit = before[str(south.id)][0]
    with pytest.raises(Broke) as refused:
        apply(proposal, Wish(EditKind.MOVE, visit, str(north.id), position=1))
    assert {one.helper_id for one in refused.value.broken} == {str(north.id)}
    assert order_of(proposal) == before
    assert proposal.edits == 0


def test_without_a_place_the_best_one_is_found(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    its = round_edits.draft(proposal.id, **HOW)
    best = round_edits.tried(its, Wish(EditKind.MOVE, visit, str(south.id)))
    every = [round_edits.tried(its, Wish(EditKind.MOVE, visit, str(south.id), place)) for place in range(1, 5)]
    assert best.after.plan.figures.cost == min(one.after.plan.figures.cost for one in every if not one.broken)
    assert best.arguments["position"] in range(1, 5)


def test_a_stop_is_taken_out_and_put_in_again(proposal, north):
    visit = order_of(proposal)[str(north.id)][1]
    apply(proposal, Wish(EditKind.TAKE_OUT, visit, str(north.id)))
    assert visit in {one["visit_id"] for one in proposal.left_out}
    assert all(one["reasons"] for one in proposal.left_out)
    assert proposal.figures["plan"]["served"] == 5
    apply(proposal, Wish(EditKind.PUT_IN, visit, str(north.id), position=1))
    assert order_of(proposal)[str(north.id)][0] == visit
    assert proposal.figures["plan"]["served"] == 6


def test_who_works_in_the_morning_and_the_afternoon_keeps_each_call_where_it_is(proposal, north):
    for shift in list(north.shifts):
        north.shifts.remove(shift)
    db.session.flush()
    north.shifts = [
        HelperShift(weekday=TOMORROW.isoweekday(), start_minute=start, end_minute=end)
        for start, end in ((480, 720), (840, 1080))
    ]
    db.session.flush()
    found = again(proposal)
    before = order_of(found)[str(north.id)]
    its = round_edits.draft(found.id, **HOW)
    late = {key: 1 for key in edits.starts_of(found.id) if key[0] == str(north.id)}
    plan = round_pricing.arranged(its.day.problem, its.order, late).plan
    assert [stop.start >= 840 * 60 for one in plan.rounds if one.helper_id == str(north.id) for stop in one.stops] == [
        True
    ] * len(before)
    same = round_pricing.arranged(its.day.problem, its.order, its.shifts).plan
    starts = {(one.helper_id, stop.visit_id): round(stop.start / 60) for one in same.rounds for stop in one.stops}
    assert starts == {(helper, visit): minute for (helper, visit, _second), minute in edits.starts_of(found.id).items()}


def test_what_is_planned_cannot_be_put_in_again(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    with pytest.raises(Refusal, match="已经排上"):
        apply(proposal, Wish(EditKind.PUT_IN, visit, str(south.id)))


def test_a_helper_who_does_not_work_that_day_is_refused_beside_the_field(proposal, north):
    away = make_helper(name="休假")
    db.session.add(HelperLeave(helper_id=away.id, from_on=TODAY, to_on=TOMORROW))
    db.session.flush()
    visit = order_of(proposal)[str(north.id)][0]
    with pytest.raises(Refusal) as refused:
        apply(proposal, Wish(EditKind.MOVE, visit, str(away.id)))
    assert refused.value.field == "helper"


def test_undo_and_redo_walk_back_and_forth_through_the_log(proposal, north, south):
    start = order_of(proposal)
    apply(proposal, first_to_last(proposal, north))
    one = order_of(proposal)
    apply(proposal, Wish(EditKind.TAKE_OUT, one[str(south.id)][0], str(south.id)))
    two = order_of(proposal)
    round_edits.undo(proposal.id, on_edit=2, **HOW)
    assert order_of(proposal) == one
    round_edits.undo(proposal.id, on_edit=3, **HOW)
    assert order_of(proposal) == start
    with pytest.raises(Refusal, match="没有可以撤销"):
        round_edits.undo(proposal.id, on_edit=4, **HOW)
    round_edits.redo(proposal.id, on_edit=4, **HOW)
    round_edits.redo(proposal.id, on_edit=5, **HOW)
    assert order_of(proposal) == two
    log = db.session.scalars(select(ProposalEdit).order_by(ProposalEdit.number)).all()
    assert [(edit.kind.value, edit.of_number) for edit in log] == [
        ("move", None), ("take_out", None), ("undo", 2), ("undo", 1), ("redo", 1), ("redo", 2),
    ]  # fmt: skip
    assert db.session.scalars(select(AuditEntry.act)).all().count("round.edit") == 6


def test_rounds_keep_their_number_and_their_id_through_changes(proposal, north, south):
    known = edits.rounds_by_helper(proposal.id)
    apply(proposal, first_to_last(proposal, north))
    assert edits.rounds_by_helper(proposal.id) == known


def test_a_change_made_on_an_older_state_is_refused(proposal, north):
    wish = first_to_last(proposal, north)
    apply(proposal, wish)
    with pytest.raises(Refusal, match="别人刚刚改过"):
        apply(proposal, first_to_last(proposal, north), on_edit=0)
    with pytest.raises(Refusal, match="别人刚刚改过"):
        round_edits.undo(proposal.id, on_edit=0, **HOW)
    assert proposal.edits == 1


def test_a_locked_stop_stays_until_it_is_unlocked(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    apply(proposal, Wish(EditKind.PIN, visit, str(north.id)))
    assert db.session.scalars(select(Stop.visit_id).where(Stop.is_pinned)).all() == [uuid.UUID(visit)]
    for wish in (Wish(EditKind.MOVE, visit, str(south.id)), Wish(EditKind.TAKE_OUT, visit, str(north.id))):
        with pytest.raises(Refusal, match="锁定了"):
            apply(proposal, wish)
    apply(proposal, Wish(EditKind.UNPIN, visit, str(north.id)))
    apply(proposal, Wish(EditKind.TAKE_OUT, visit, str(north.id)))
    assert not any(visit in calls for calls in order_of(proposal).values())


def test_a_whole_round_is_locked_and_unlocked(proposal, north):
    apply(proposal, Wish(EditKind.PIN_ROUND, helper_id=str(north.id)))
    locked = db.session.scalars(select(Round.helper_id).join(Stop, Stop.round_id == Round.id).where(Stop.is_pinned))
    assert locked.all() == [north.id] * 3
    apply(proposal, Wish(EditKind.UNPIN_ROUND, helper_id=str(north.id)))
    assert db.session.scalars(select(Stop.id).where(Stop.is_pinned)).all() == []


def test_nothing_is_changed_while_somebody_planned_can_no_longer_come(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    db.session.add(HelperLeave(helper_id=south.id, from_on=TODAY, to_on=TOMORROW))
    db.session.flush()
    with pytest.raises(Refusal, match="不能去了"):
        apply(proposal, Wish(EditKind.MOVE, visit, str(north.id), position=3))
    assert set(order_of(again(proposal))) == {str(north.id)}


def test_only_a_proposal_that_waits_for_publication_is_changed_and_only_by_who_plans_there(proposal, north):
    wish = first_to_last(proposal, north)
    with pytest.raises(NotFound):
        round_edits.apply(proposal.id, wish, on_edit=0, **(HOW | {"by": STRANGER}))
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="现在不能改"):
        apply(proposal, wish)


def test_a_changed_proposal_is_published_as_it_stands(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    apply(proposal, Wish(EditKind.MOVE, visit, str(south.id)))
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    assert proposal.status is ProposalStatus.PUBLISHED


def again(proposal, **what):
    found, start = round_again.begin(proposal.id, seconds=5, by=DISPATCHER, now=NOW, **what)
    day = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())
    day = round_again.shaped(day, start)
    plan, nearest = round_again.search(day.problem, Limit(iterations=100), start, seed=2)
    return round_search.keep(day, plan, nearest, proposal_id=found.id, by=DISPATCHER, now=NOW)


def test_searching_again_keeps_what_is_locked_and_leaves_the_first_proposal_alone(proposal, north, south):
    visit = order_of(proposal)[str(north.id)][0]
    apply(proposal, Wish(EditKind.MOVE, visit, str(south.id)))
    apply(proposal, Wish(EditKind.PIN, visit, str(south.id)))
    before = order_of(proposal)
    found = again(proposal)
    assert visit in order_of(found)[str(south.id)]
    assert found.asked["pins"] == [{"visit": visit, "helper": str(south.id), "second": False}]
    assert order_of(proposal) == before
    pinned = select(Stop.visit_id).join(Round, Round.id == Stop.round_id).where(Round.proposal_id == found.id)
    assert db.session.scalars(pinned.where(Stop.is_pinned)).all() == [uuid.UUID(visit)]


def test_searching_again_is_never_worse(proposal):
    assert again(proposal).figures["plan"]["cost"] <= proposal.figures["plan"]["cost"]


def test_a_helper_who_does_not_come_is_not_in_the_next_proposal_nor_in_its_changes(proposal, north, south):
    found = again(proposal, without=south.id)
    assert set(order_of(found)) == {str(north.id)}
    visit = order_of(found)[str(north.id)][0]
    with pytest.raises(Refusal, match="当班"):
        apply(found, Wish(EditKind.MOVE, visit, str(south.id)))
    assert again(found).asked["without"] == [str(south.id)]
