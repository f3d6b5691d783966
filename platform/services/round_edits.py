"""Changes of a proposal by hand: checked before they are made, kept with who made them, taken back and done again.

    draft = round_edits.draft(proposal_id, by=actor, now=now, travel=model)     # reads
    outcome = round_edits.tried(draft, Wish(EditKind.MOVE, visit, helper, 3))  # neither reads nor writes
    with unit_of_work():
        round_edits.apply(proposal_id, wish, on_edit=7, by=actor, now=now, travel=model)

A change carries the number of the last change its author saw. If somebody was quicker, nothing is changed.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dispatch import Arranged, Problem, Violation
from domain import round_orders
from domain.errors import NotFound, Refusal
from domain.round_orders import Called
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from gateways.travel import TravelModel
from models import EditKind, Proposal, ProposalEdit, ProposalStatus
from policy import Actor
from queries import edits as queries

from . import audit, round_days, round_rows, rounds
from .round_days import Day
from .round_pricing import Order, Shifts, arranged, part_of, shifts_of

PINS = {EditKind.PIN: True, EditKind.UNPIN: False, EditKind.PIN_ROUND: True, EditKind.UNPIN_ROUND: False}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody would like to change. `position`: from 1 in the helper's day; None: wherever it costs least.

    `second_helper_id`: who goes along, where a visit by two is put in.
    """

    kind: EditKind
    visit_id: str = ""
    helper_id: str = ""
    position: int | None = None
    is_second: bool = False
    second_helper_id: str = ""

    @property
    def key(self) -> tuple[str, bool]:
        return self.visit_id, self.is_second


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposal as it can be changed: its day, and the order it is in."""

    proposal_id: uuid.UUID
    edit: int
    day: Day
    order: Order
    shifts: Shifts

    @property
    def left_out(self) -> set[str]:
        """Visits nobody goes to."""
        placed = {call.visit_id for calls in self.order.values() for call in calls}
        return {visit.id for visit in self.day.problem.visits} - placed

    def is_by_two(self, visit_id: str) -> bool:
        return any(visit.id == visit_id and visit.second is not None for visit in self.day.problem.visits)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change comes to for the helpers it touches. `broken`: what it would break that holds now; empty: do it."""

    order: Order
    before: Arranged
    after: Arranged
    broken: tuple[Violation, ...]
    arguments: dict[str, Any]


def draft(
    proposal_id: uuid.UUID,
    *,
    by: Actor,
    now: datetime,
    travel: TravelModel,
    is_locked: bool = False,
    known: Day | None = None,
) -> Draft:
    """The proposal, ready to be changed. Refuses one that cannot be. `known`: its day, read a moment ago."""
    proposal = rounds.load(proposal_id, by, is_locked=is_locked)
    if proposal.status != ProposalStatus.PROPOSED:
        raise Refusal(_("这份方案现在不能改。"), suggestion=_("只有待发布的方案可以改；已发布的请先撤回。"))
    order = queries.order_of(proposal_id)
    day = known or day_of(proposal, order, now=now, travel=travel)
    if not order.keys() <= set(_helpers(day.problem)):
        raise Refusal(
            _("这份方案做好以后，有助老员那天不能去了。"), suggestion=_("请按“锁定的不动，再找 10 秒”，先重排一次。")
        )
    visits = {visit.id for visit in day.problem.visits}
    order = {helper: [call for call in calls if call.visit_id in visits] for helper, calls in order.items()}
    return Draft(proposal_id, proposal.edits, day, order, shifts_of(day.problem, queries.starts_of(proposal_id)))


def day_of(proposal: Proposal, order: Order, *, now: datetime, travel: TravelModel) -> Day:
    """The day the proposal was made for, read anew: its own visits that are still to be made, and who works then."""
    day = round_days.prepare(proposal.division_code, proposal.on, today=local_day(now), travel=travel)
    mine = {call.visit_id for calls in order.values() for call in calls}
    mine |= {str(one["visit_id"]) for one in proposal.left_out}
    gone = set(proposal.asked.get("without", ()))
    problem = replace(
        day.problem,
        visits=tuple(visit for visit in day.problem.visits if visit.id in mine),
        helpers=tuple(helper for helper in day.problem.helpers if helper.id not in gone),
    )
    return replace(day, problem=problem)


def tried(its: Draft, wish: Wish) -> Outcome:
    """What the change would come to. Refuses one that makes no sense."""
    if wish.kind in PINS:
        return _outcome(its, _pinned(its, wish), {"visit": wish.visit_id, "helper": wish.helper_id})
    if wish.kind is EditKind.TAKE_OUT:
        found = _held(its, wish)
        keys = [(wish.visit_id, False), (wish.visit_id, True)]
        return _outcome(its, round_orders.without(its.order, keys), {"visit": wish.visit_id, "from": found[0]})
    return _placed(its, wish)


def _held(its: Draft, wish: Wish) -> tuple[str, int]:
    """Where the stop is; a locked one is not touched."""
    found = round_orders.holder(its.order, wish.key)
    if found is None:
        raise Refusal(_("这一站已经不在这条路线上了。"))
    both = [(wish.visit_id, False), (wish.visit_id, True)] if wish.kind is EditKind.TAKE_OUT else [wish.key]
    places = [round_orders.holder(its.order, key) for key in both]
    if any(place and its.order[place[0]][place[1]].is_pinned for place in places):
        raise Refusal(_("这一站锁定了。"), suggestion=_("请先解锁再改。"))
    return found


def _pinned(its: Draft, wish: Wish) -> Order:
    calls = its.order.get(wish.helper_id, ())
    if wish.kind in {EditKind.PIN, EditKind.UNPIN}:
        calls = [call for call in calls if call.key == wish.key]
    if not calls:
        raise Refusal(_("这一站已经不在这条路线上了。"))
    return round_orders.pinned(its.order, [call.key for call in calls], to=PINS[wish.kind])


def _placed(its: Draft, wish: Wish) -> Outcome:
    _check_helpers(its, wish)
    arguments: dict[str, Any] = {"visit": wish.visit_id, "helper": wish.helper_id}
    if wish.kind is EditKind.MOVE:
        arguments["from"] = _held(its, wish)[0]
    elif wish.visit_id not in its.left_out:
        raise Refusal(_("这次探访已经排上了。"))
    outcomes = [_outcome(its, order, arguments) for order in _orders(its, wish)]
    best = min(outcomes, key=lambda one: (len(one.broken), _worst(one), one.after.plan.figures.cost))
    found = round_orders.holder(best.order, wish.key)
    return replace(best, arguments=arguments | {"position": found[1] + 1 if found else 1})


def _worst(outcome: Outcome) -> int:
    return sum(one.minutes for one in outcome.broken)


def _check_helpers(its: Draft, wish: Wish) -> None:
    working = {helper.id for helper in its.day.problem.helpers}
    asked = [wish.helper_id, *([wish.second_helper_id] if _needs_second(its, wish) else [])]
    if any(helper not in working for helper in asked):
        raise Refusal(_("请选一位这天当班的助老员。"), field="helper")
    if len(set(asked)) < len(asked):
        raise Refusal(_("两个人去，要选两位不同的助老员。"), field="second_helper")


def _needs_second(its: Draft, wish: Wish) -> bool:
    return wish.kind is EditKind.PUT_IN and its.is_by_two(wish.visit_id)


def _orders(its: Draft, wish: Wish) -> list[Order]:
    """The orders the wish may mean: one where it names the place, else one for each place."""
    if wish.position is not None:
        firsts = [round_orders.moved(its.order, wish.key, wish.helper_id, wish.position)]
    else:
        firsts = _everywhere(its.order, wish.key, wish.helper_id)
    if not _needs_second(its, wish):
        return list(firsts)
    return [both for first in firsts for both in _everywhere(first, (wish.visit_id, True), wish.second_helper_id)]


def _everywhere(order: Order, key: tuple[str, bool], helper: str) -> list[dict[str, list[Called]]]:
    places = len([call for call in order.get(helper, ()) if call.key != key]) + 1
    return [round_orders.moved(order, key, helper, position) for position in range(1, places + 1)]


def _outcome(its: Draft, order: Order, arguments: dict[str, Any]) -> Outcome:
    """Prices only the days that the change touches: at once, however many helpers the county has."""
    part = part_of(its.day.problem, its.order, order)
    helpers = _helpers(part)
    was, will = ({helper: one.get(helper, ()) for helper in helpers} for one in (its.order, order))
    before = arranged(part, was, its.shifts, is_explained=False)
    after = arranged(part, will, _kept(its, arguments), is_explained=False)
    known: dict[Violation, int] = {}
    for one in before.broken:
        known[one] = max(one.minutes, known.get(one, 0))
    worse = tuple(one for one in after.broken if one.minutes > known.get(one, -1))
    return Outcome(order, before, after, worse, arguments)


def _kept(its: Draft, arguments: Mapping[str, Any]) -> Shifts:
    """The shifts as they are, but for what is moved."""
    return {key: shift for key, shift in its.shifts.items() if key[1] != arguments.get("visit")}


def _helpers(problem: Problem) -> list[str]:
    return [helper.id for helper in problem.helpers]


def apply(
    proposal_id: uuid.UUID, wish: Wish, *, on_edit: int, by: Actor, now: datetime, travel: TravelModel
) -> Outcome:
    """Make the change, or refuse it with the rule it would break."""
    its = draft(proposal_id, by=by, now=now, travel=travel, is_locked=True)
    _refuse_stale(its, on_edit)
    outcome = tried(its, wish)
    if outcome.broken:
        raise Broke(outcome.broken)
    _keep(its, outcome, ProposalEdit(kind=wish.kind, arguments=outcome.arguments), by, now)
    return outcome


class Broke(Refusal):
    """A change that breaks a rule; the edge puts the rules into words, with the names it has."""

    def __init__(self, broken: Sequence[Violation]) -> None:
        super().__init__(_("这样排不行。"))
        self.broken = tuple(broken)


def undo(proposal_id: uuid.UUID, *, on_edit: int, by: Actor, now: datetime, travel: TravelModel) -> Outcome:
    """Take the last change that holds back."""
    its = draft(proposal_id, by=by, now=now, travel=travel, is_locked=True)
    _refuse_stale(its, on_edit)
    line = queries.log_of(proposal_id).undo
    if line is None:
        raise Refusal(_("没有可以撤销的改动。"))
    return _again(its, line.number, EditKind.UNDO, by, now)


def redo(proposal_id: uuid.UUID, *, on_edit: int, by: Actor, now: datetime, travel: TravelModel) -> Outcome:
    """Make the change again that was taken back last."""
    its = draft(proposal_id, by=by, now=now, travel=travel, is_locked=True)
    _refuse_stale(its, on_edit)
    line = queries.log_of(proposal_id).redo
    if line is None:
        raise Refusal(_("没有可以重做的改动。"))
    return _again(its, line.number, EditKind.REDO, by, now)


def _again(its: Draft, number: int, kind: EditKind, by: Actor, now: datetime) -> Outcome:
    statement = db.select(ProposalEdit).where(
        ProposalEdit.proposal_id == its.proposal_id, ProposalEdit.number == number
    )
    edit = db.session.scalars(statement).one()
    patch = edit.before if kind is EditKind.UNDO else edit.after
    outcome = _outcome(its, round_orders.patched(its.order, patch), edit.arguments)
    _keep(its, outcome, ProposalEdit(kind=kind, of_number=number, arguments=edit.arguments), by, now)
    return outcome


def _refuse_stale(its: Draft, on_edit: int) -> None:
    if on_edit != its.edit:
        raise Refusal(_("别人刚刚改过这份方案，您的改动没有做。"), suggestion=_("页面上是最新的，请再看一看。"))


def _keep(its: Draft, outcome: Outcome, edit: ProposalEdit, by: Actor, now: datetime) -> None:
    proposal = db.session.get(Proposal, its.proposal_id)
    if proposal is None:
        raise NotFound("")
    proposal.edits += 1
    proposal.updated_at = now
    edit.proposal_id, edit.number, edit.by_id, edit.created_at = proposal.id, proposal.edits, by.user_id, now
    edit.before, edit.after = round_orders.difference(its.order, outcome.order)
    db.session.add(edit)
    whole = arranged(its.day.problem, outcome.order, _kept(its, outcome.arguments))
    round_rows.write(proposal, its.day, whole.plan, now=now, known=queries.rounds_by_helper(proposal.id))
    audit.record(
        "round.edit", "proposal", proposal.id, by=by, now=now, division_code=proposal.division_code,
        changes={"edit": [proposal.edits - 1, proposal.edits], "kind": [None, edit.kind.value]},
    )  # fmt: skip
