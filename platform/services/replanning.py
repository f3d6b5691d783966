"""A published day planned anew: what has happened and what people know goes into the problem.

standing = replanning.read(proposal_id, event, by=actor, now=utc_now(), travel=model)     # reads
plan = replanning.search(standing, Limit(seconds=3), seed=1)                              # neither reads nor writes
with unit_of_work():
    change = round_changes.keep(round_comparison.compare(standing, plan), by=actor, now=utc_now())
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from dispatch import Limit, Pin, Plan, Problem, Told, solve
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from gateways.travel import TravelModel
from models import ChangeKind, Proposal, ProposalStatus
from policy import Actor, Permission, reach
from queries import round_days as day_queries
from queries import standing as queries
from queries.round_days import OnShift
from queries.standing import StandingRound, StandingStop

from . import narrowing, round_days
from .day_so_far import Moment, SoFar, minute_of, so_far
from .round_days import Day

MINUTE = 60
DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Event:
    """What has happened. `minute`: ill from then on; or when the late stop is expected to end."""

    kind: ChangeKind
    helper_id: uuid.UUID | None = None
    minute: int | None = None
    visit_ids: tuple[uuid.UUID, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A published day as it stands, and the problem of what is left of it. `minute`: of the day, if it is today.

    `considered`: helpers whose rounds may change; the others go on as they know.
    """

    proposal_id: uuid.UUID
    on: date
    as_of: datetime
    minute: int | None
    event: Event
    rounds: Sequence[StandingRound]
    past: Mapping[str, SoFar]
    states: Mapping[str, dict[str, Any]]
    day: Day
    figures: dict[str, Any]
    left_out: list[dict[str, Any]]
    considered: frozenset[str]

    @property
    def problem(self) -> Problem:
        return self.day.problem

    @property
    def priorities(self) -> dict[str, int]:
        """Of each visit, 1 urgent to 3."""
        on_rounds = {stop.key[0]: stop.priority for its in self.rounds for stop in its.stops}
        return on_rounds | {visit.id: visit.priority for visit in self.problem.visits}


def search(standing: Standing, limit: Limit, *, seed: int) -> Plan:
    """The day with as few changes as it needs."""
    return solve(standing.problem, limit, seed=seed)


def read(proposal_id: uuid.UUID, event: Event, *, by: Actor, now: datetime, travel: TravelModel) -> Standing:
    """The day as it stands. Refuses what cannot be planned anew, beside the field of the form that asks for it."""
    proposal = published(proposal_id, by=by, now=now)
    rounds = queries.rounds_of(proposal.id)
    minute = minute_of(now) if proposal.on == local_day(now) else None
    event = _checked(event, rounds, proposal, minute)
    wanted = _wanted(event, rounds)
    visits = day_queries.visits_of(wanted)
    helpers = day_queries.helpers_on_shift(proposal.division_code, proposal.on, but=proposal.id)
    there = _still_there(helpers, queries.gone_home(proposal.id), event, minute or 0)
    day = round_days.assemble(proposal.division_code, proposal.on, visits, there, travel)
    past = _past(rounds, event, minute, proposal.on)
    problem = _only_near(_as_it_stands(day.problem, rounds, past, minute), event)
    gone = {its.helper_id for its in rounds} - {helper.id for helper in day.problem.helpers}
    considered = frozenset({helper.id for helper in problem.helpers} | gone)
    return Standing(
        proposal.id, proposal.on, now, minute, event, rounds, past, queries.states_of(wanted | set(event.visit_ids)),
        replace(day, problem=problem), proposal.figures, proposal.left_out, considered,
    )  # fmt: skip


def _past(rounds: Sequence[StandingRound], event: Event, minute: int | None, on: date) -> dict[str, SoFar]:
    """What has happened, by helper; nothing yet of a day to come."""
    if minute is None:
        return {its.helper_id: SoFar() for its in rounds}
    is_late = event.kind is ChangeKind.LATE and event.minute is not None
    ends = {str(visit_id): event.minute or 0 for visit_id in event.visit_ids} if is_late else {}
    ill = str(event.helper_id) if event.kind is ChangeKind.ILL else ""
    moment = Moment(on, minute, ends, ill)
    return {its.helper_id: so_far(its, moment) for its in rounds}


def published(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """The proposal that holds, today or later; not found outside what the actor plans."""
    within = reach.proposals(by.scope(Permission.ROUND_PLAN))
    proposal = db.session.scalars(select(Proposal).where(Proposal.id == proposal_id, within)).one_or_none()
    if proposal is None:
        raise NotFound("")
    if proposal.status != ProposalStatus.PUBLISHED:
        raise Refusal(_("这份方案没有发布，不用在当天调整。"), suggestion=_("没有发布的方案可以重新规划。"))
    if proposal.on < local_day(now):
        raise Refusal(_("这一天已经过去了，不能再调整。"))
    return proposal


def _checked(event: Event, rounds: Sequence[StandingRound], proposal: Proposal, minute: int | None) -> Event:
    """The event with what it leaves open filled in."""
    stops = {stop.key[0]: (its, stop) for its in rounds for stop in its.stops}
    match event.kind:
        case ChangeKind.ILL:
            if str(event.helper_id) not in {its.helper_id for its in rounds}:
                raise Refusal(_("这位助老员这一天没有路线。"), field="helper_id")
            return replace(event, minute=max(event.minute or 0, minute or 0))
        case ChangeKind.LATE:
            return _late(event, stops, minute)
        case ChangeKind.CANCELLED:
            _check_cancelled(event, stops)
        case ChangeKind.ADDED:
            _check_added(event, proposal)
    return event


def _late(event: Event, stops: dict[str, tuple[StandingRound, StandingStop]], minute: int | None) -> Event:
    """Whose stop it is, and until when: without a time, as long again as a visit takes from now."""
    its, stop = stops.get(str(event.visit_ids[0]) if event.visit_ids else "", (None, None))
    if its is None or stop is None or not (stop.is_open or stop.is_under_way):
        raise Refusal(_("请选一次还没有结束的探访。"), field="visit_id")
    if minute is None:
        raise Refusal(_("这一天还没有到，没有谁会耽误。"), field="visit_id")
    until = event.minute if event.minute is not None else minute + stop.duration_minutes
    if not minute <= until < DAY_MINUTES:
        raise Refusal(_("请填一个从现在起的时间。"), field="minute")
    return replace(event, helper_id=uuid.UUID(its.helper_id), minute=until)


def _check_cancelled(event: Event, stops: dict[str, tuple[StandingRound, StandingStop]]) -> None:
    if not event.visit_ids:
        raise Refusal(_("请选是哪一次探访。"), field="visit_id")
    if any(str(one) not in stops or not stops[str(one)][1].is_open for one in event.visit_ids):
        raise Refusal(_("这次探访已经开始或结束，或者不在路线上，不能取消。"), field="visit_id")
    if not event.reason.strip():
        raise Refusal(_("请写明为什么取消。"), field="reason")


def _check_added(event: Event, proposal: Proposal) -> None:
    low = {one.id for one in queries.unplaced(proposal.division_code, proposal.on, limit=500)}
    if not event.visit_ids:
        raise Refusal(_("请选要加进来的探访。"), field="visit_ids")
    if not set(event.visit_ids) <= low:
        raise Refusal(_("有一次探访已经安排了，或不在这一天。"), field="visit_ids")


def _wanted(event: Event, rounds: Sequence[StandingRound]) -> set[uuid.UUID]:
    """Every visit that has been made or is to be made."""
    found = {uuid.UUID(stop.row["visit_id"]) for its in rounds for stop in its.stops if stop.is_open or stop.is_begun}
    if event.kind is ChangeKind.CANCELLED:
        return found - set(event.visit_ids)
    return found | set(event.visit_ids)


def _still_there(helpers: Iterable[OnShift], gone: dict[uuid.UUID, int], event: Event, minute: int) -> list[OnShift]:
    """Who works on after `minute`, and until when: a helper who went home gets nothing from then on."""
    until = dict(gone)
    if event.kind is ChangeKind.ILL and event.helper_id is not None:
        until[event.helper_id] = min(event.minute or 0, until.get(event.helper_id, DAY_MINUTES))
    found = []
    for helper in helpers:
        last = until.get(helper.id, DAY_MINUTES)
        shifts = tuple((start, min(end, last)) for start, end in helper.shifts if start < last)
        if last > minute and shifts:
            found.append(replace(helper, shifts=shifts))
    return found


def _as_it_stands(
    problem: Problem, rounds: Sequence[StandingRound], past: Mapping[str, SoFar], minute: int | None
) -> Problem:
    """The problem with what has happened, what people know and what must stay; of helpers who are still there."""
    there = {helper.id for helper in problem.helpers}
    known = {visit.id for visit in problem.visits}
    over = {(one.visit_id, one.is_second) for its in past.values() for one in its.done}
    elsewhere = {one.visit_id for helper_id, its in past.items() if helper_id not in there for one in its.done}
    told: list[Told] = []
    pins: list[Pin] = []
    for its in rounds:
        for stop in its.stops:
            visit_id, is_second = stop.key
            if visit_id not in known or stop.key in over:
                continue
            start = stop.row["start_minute"] * MINUTE
            told.append(Told(visit_id, its.helper_id, start, is_second))
            if stop.row["is_pinned"] and its.helper_id in there:
                is_behind = _earliest(problem, its.helper_id, past[its.helper_id], minute, visit_id) > start
                pins.append(Pin(visit_id, its.helper_id, None if is_behind else start, is_second))
    return replace(
        problem,
        visits=tuple(visit for visit in problem.visits if visit.id not in elsewhere),
        done=tuple(one for helper_id, its in past.items() if helper_id in there for one in its.done),
        told=tuple(told),
        pins=tuple(pins),
        now=None if minute is None else minute * MINUTE,
    )


def _only_near(problem: Problem, event: Event) -> Problem:
    """The part of the day that the event can touch; a closed road touches all of it."""
    there = {helper.id for helper in problem.helpers}
    subject = str(event.helper_id) if event.helper_id else ""
    about = {str(one) for one in event.visit_ids}
    about |= {one.visit_id for one in problem.told if one.helper_id not in there or one.helper_id == subject}
    problem = narrowing.held(problem, about)
    if event.kind in {ChangeKind.CLOSED, ChangeKind.CANCELLED}:
        return problem
    return narrowing.narrowed(problem, about, {subject} & there)


def _earliest(problem: Problem, helper_id: str, past: SoFar, minute: int | None, visit_id: str) -> int:
    """The second at which a helper can be at a door, going there next."""
    free = max([(minute or 0) * MINUTE, *(one.leave for one in past.done)])
    places = {visit.id: visit.place for visit in problem.visits}
    helper = next(one for one in problem.helpers if one.id == helper_id)
    here = places.get(past.done[-1].visit_id) if past.done else helper.start_place
    there = places.get(visit_id)
    if here is None or there is None or helper.means not in problem.travel:
        return free
    return free + int(problem.travel[helper.means].seconds[here, there])
