"""Rounds 巡访路线: publishing a proposal, taking that back, discarding it. `services.round_search` makes them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Helper, HelperLeave, Proposal, ProposalStatus, Round, Senior, Stop, Visit, VisitStatus
from models.visit_terms import spans_of
from policy import Actor, Permission, reach
from queries import meal_run_days
from queries.round_lines import SILENT_FOR
from queries.served import served_on

from . import audit, free_time, round_calendar


@dataclass(frozen=True, slots=True)
class PlannedStop:
    """A stop of a proposal beside what its visit has become since."""

    visit_id: uuid.UUID
    is_second: bool
    start: int
    leave: int
    helper_id: uuid.UUID
    status: VisitStatus
    on: date
    windows: list[list[int]]
    window_from: int
    window_to: int
    is_soft: bool
    needs_two: bool
    is_served: bool

    def holds(self, on: date) -> bool:
        """Whether it can still be made as planned. The second helper comes by the first one's time."""
        return self.status == VisitStatus.DUE and self.on <= on and self.is_served and (self.is_second or self._fits())

    def _fits(self) -> bool:
        spans = spans_of(self.windows, self.window_from, self.window_to)
        if self.is_soft:
            return any(first <= self.start for first, _last in spans)
        return any(first <= self.start and self.leave <= last for first, last in spans)


def publish(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """From now on these rounds hold: every visit is planned and has its helper. All of it, or nothing."""
    proposal = load(proposal_id, by)
    if proposal.on < local_day(now):
        raise Refusal(_("这一天已经过去了，方案不能再发布。"))
    refuse_published(proposal.division_code, proposal.on, but=proposal.id)
    proposal.publish(by_id=by.user_id, at=now)
    round_calendar.settle(proposal)
    stops = _stops(proposal)
    if not stops:
        raise Refusal(_("这份方案里没有一次能成行的探访，没有可发布的。"))
    _refuse_stale_visits(proposal, stops)
    _refuse_stale_helpers(proposal, {stop.helper_id for stop in stops})
    _give(stops, proposal.on, now)
    _record("publish", proposal, by, now, visits=len({stop.visit_id for stop in stops}))
    return proposal


def unpublish(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """Take a publication back while nobody has set out: its visits are due again."""
    proposal = load(proposal_id, by)
    proposal.unpublish()
    on_it = select(Stop.visit_id).join(Round, Round.id == Stop.round_id).where(Round.proposal_id == proposal.id)
    begun = db.session.scalar(
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.id.in_(on_it),
            Visit.on == proposal.on,
            or_(
                Visit.arrived_at.is_not(None),
                Visit.status.not_in((VisitStatus.PLANNED, VisitStatus.DUE, VisitStatus.CANCELLED)),
            ),
        )
    )
    if begun:
        sentence = _("已经有 %(count)d 次探访开始了，不能再撤回整份方案。", count=begun)
        raise Refusal(sentence, suggestion=_("需要调整的探访请单独改期。"))
    changed = db.session.scalars(
        update(Visit)
        .where(Visit.id.in_(on_it), Visit.status == VisitStatus.PLANNED)
        .values(status=VisitStatus.DUE, helper_id=None, second_helper_id=None, updated_at=now)
        .returning(Visit.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    round_calendar.unsettle(proposal)
    _record("unpublish", proposal, by, now, visits=len(changed))
    return proposal


def discard(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """The proposal will not be used; its rounds go, its figures stay."""
    proposal = load(proposal_id, by)
    if proposal.status == ProposalStatus.SEARCHING and (proposal.heartbeat_at or now) < now - SILENT_FOR:
        proposal.status = ProposalStatus.ENDED
    proposal.discard()
    stops = select(Round.id).where(Round.proposal_id == proposal.id)
    db.session.execute(delete(Stop).where(Stop.round_id.in_(stops)))
    db.session.execute(delete(Round).where(Round.proposal_id == proposal.id))
    _record("discard", proposal, by, now)
    return proposal


def load(proposal_id: uuid.UUID, by: Actor, *, is_locked: bool = True) -> Proposal:
    """The proposal, locked unless it is only looked at; not found outside what the actor plans."""
    within = reach.proposals(by.scope(Permission.ROUND_PLAN))
    statement = select(Proposal).where(Proposal.id == proposal_id, within)
    if is_locked:
        statement = statement.with_for_update()
    proposal = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if proposal is None:
        raise NotFound("")
    return proposal


def refuse_published(division_code: str, on: date, *, but: uuid.UUID | None = None) -> None:
    """One publication holds for a division and day."""
    statement = select(Proposal.id).where(
        Proposal.division_code == division_code, Proposal.on == on, Proposal.status == ProposalStatus.PUBLISHED
    )
    if but is not None:
        statement = statement.where(Proposal.id != but)
    if db.session.scalar(statement.limit(1)) is not None:
        raise Refusal(_("这一天的路线已经发布了。"), suggestion=_("要重新规划，请先撤回已发布的方案。"))


def _stops(proposal: Proposal) -> list[PlannedStop]:
    statement = (
        select(
            Stop.visit_id, Stop.is_second, Stop.start_minute, Stop.leave_minute, Round.helper_id, Visit.status,
            Visit.on, Visit.windows, Visit.window_from, Visit.window_to, Visit.is_soft, Visit.needs_two,
            served_on(proposal.on),
        )
        .join(Round, Round.id == Stop.round_id)
        .join(Visit, Visit.id == Stop.visit_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(Round.proposal_id == proposal.id)
        .order_by(Stop.visit_id, Stop.is_second)
    )  # fmt: skip
    return [PlannedStop(*row) for row in db.session.execute(statement)]


def _give(stops: Iterable[PlannedStop], on: date, now: datetime) -> None:
    """Every visit is planned and has its helper, the one by two helpers both: a statement for each helper and half."""
    halves: dict[tuple[bool, uuid.UUID], list[uuid.UUID]] = defaultdict(list)
    for stop in stops:
        halves[stop.is_second, stop.helper_id].append(stop.visit_id)
    for (is_second, helper_id), visits in sorted(halves.items()):
        first = {"status": VisitStatus.PLANNED, "helper_id": helper_id, "second_helper_id": None, "on": on}
        db.session.execute(
            update(Visit)
            .where(Visit.id.in_(visits))
            .values(**({"second_helper_id": helper_id} if is_second else first), updated_at=now)
            .execution_options(synchronize_session="fetch")
        )


def _refuse_stale_visits(proposal: Proposal, stops: Sequence[PlannedStop]) -> None:
    """Every visit must still be as it was planned: due, in time, the senior served; by two helpers if it needs two."""
    halves: dict[uuid.UUID, list[PlannedStop]] = defaultdict(list)
    for stop in stops:
        halves[stop.visit_id].append(stop)
    changed = sum(not all(stop.holds(proposal.on) for stop in its) for its in halves.values())
    if changed:
        sentence = _("这份方案做好以后，有 %(count)d 次探访已经变了。", count=changed)
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))
    torn = sum([stop.is_second for stop in its] != [False, True][: 1 + its[0].needs_two] for its in halves.values())
    if torn:
        sentence = _("有 %(count)d 次探访安排的人数不对：要两个人去的要排两个人。", count=torn)
        raise Refusal(sentence, suggestion=_("请补上另一位助老员，或者重新规划一次。"))


def _refuse_stale_helpers(proposal: Proposal, helpers: set[uuid.UUID]) -> None:
    """Every helper must still be there that day, and on no other published round."""
    leave = select(HelperLeave.helper_id).where(HelperLeave.from_on <= proposal.on, HelperLeave.to_on >= proposal.on)
    elsewhere = (
        select(Round.helper_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(Round.on == proposal.on, Proposal.status == ProposalStatus.PUBLISHED, Proposal.id != proposal.id)
    )
    carrying = _carrying_then(proposal, helpers)
    statement = (
        select(Helper.name)
        .where(
            Helper.id.in_(helpers),
            or_(~Helper.is_active, Helper.id.in_(leave), Helper.id.in_(elsewhere), Helper.id.in_(carrying)),
        )
        .order_by(Helper.pinyin)
    )
    gone = db.session.scalars(statement).all()
    if gone:
        sentence = _("这份方案做好以后，%(names)s 那天不能去了。", names="、".join(gone[:5]))
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))


def _carrying_then(proposal: Proposal, helpers: set[uuid.UUID]) -> list[uuid.UUID]:
    """Who brings meals to doors, on a published run, at a time when the proposal has them on a round."""
    free_time.hold(helpers)
    busy = meal_run_days.busy_on_runs(proposal.on, helpers, but=proposal.id)
    mine = select(Round.helper_id, Round.tours).where(Round.proposal_id == proposal.id)
    return [
        helper
        for helper, tours in db.session.execute(mine).tuples()
        if free_time.meet([(tour["leave"], tour["back"]) for tour in tours], busy.get(helper, []))
    ]


def _record(act: str, proposal: Proposal, by: Actor, now: datetime, *, visits: int | None = None) -> None:
    changes: dict[str, Any] = {} if visits is None else {"visits": [None, visits]}
    db.session.flush()
    audit.record(
        f"round.{act}", "proposal", proposal.id, by=by, now=now, division_code=proposal.division_code, changes=changes
    )
