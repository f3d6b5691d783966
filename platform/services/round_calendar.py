"""The calendar in a day's plan: what market days, festivals and weather do to its visits, helpers and ways."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select, update

from dispatch import UNREACHABLE, Helper, Problem, Travel, Visit, Window
from domain.calendar_effects import UNCHANGED_PERCENT, Change, Effects, Span, adjusted, combine, lengthened
from domain.divisions import lineage
from extensions import db
from gateways.travel import FOOT
from models import Proposal, Round, Stop, VisitStatus
from models import Visit as VisitRow
from models.visit_terms import spans_of
from queries import calendar_rules as queries
from queries.calendar_rules import HeldRule
from queries.round_days import DueVisit

MINUTE = 60


@dataclass(frozen=True, slots=True)
class CalendarOfDay:
    """What the calendar did to a day, as it is stored with the proposal.

    `rules`: each with how many visits it touched. `moved`: visit id to its own windows and the new ones.
    """

    rules: tuple[dict[str, Any], ...] = ()
    moved: dict[str, dict[str, Any]] = field(default_factory=dict)
    postponed: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """For the proposal; nothing where nothing happened."""
        if not self.rules:
            return {}
        return {"rules": list(self.rules), "moved": self.moved, "postponed": list(self.postponed)}


class _Calendar:
    """The rules that hold in a division on a day, and what they come to at each place."""

    def __init__(self, rules: Sequence[HeldRule]) -> None:
        self._rules = rules
        self._known: dict[str, tuple[list[HeldRule], Effects]] = {}
        self.counts: dict[HeldRule, dict[str, int]] = {rule: {} for rule in rules}

    def at(self, code: str) -> tuple[list[HeldRule], Effects]:
        """The rules of a place, and their effects together."""
        if code not in self._known:
            above = set(lineage(code))
            its = [rule for rule in self._rules if rule.division_code in above]
            self._known[code] = its, combine(rule.effect for rule in its)
        return self._known[code]

    def count(self, code: str, what: str, touches: Any = None) -> None:
        """One more visit or helper for each rule of the place that had a part in it."""
        for rule in self.at(code)[0]:
            if touches is None or touches(rule):
                self.counts[rule][what] = self.counts[rule].get(what, 0) + 1

    def change(
        self, code: str, windows: Sequence[Span], minutes: int, priority: int
    ) -> tuple[tuple[Span, ...], Change]:
        """What becomes of a visit there, counted."""
        left, change = adjusted(windows, minutes, priority, self.at(code)[1])
        if change is not Change.NONE:
            self.count(code, change.value, lambda rule: _has_a_part(rule, windows, priority, change))
        return left, change

    def rows(self) -> tuple[dict[str, Any], ...]:
        return tuple(rule.as_row() | counted for rule, counted in self.counts.items())


def _has_a_part(rule: HeldRule, windows: Sequence[Span], priority: int, change: Change) -> bool:
    effect = rule.effect
    if change is Change.POSTPONED and effect.postpone_from is not None and priority >= effect.postpone_from:
        return True
    closed = effect.closed
    return closed is not None and any(start < closed[1] and closed[0] < end for start, end in windows)


def foreseen(code: str, on: date, visits: Sequence[DueVisit]) -> CalendarOfDay:
    """What the calendar will do to a day's visits, before anything is planned."""
    calendar = _Calendar(queries.holding(code, on))
    postponed = []
    for visit in visits:
        windows = spans_of(visit.windows, visit.window_from, visit.window_to)
        change = calendar.change(visit.division_code, windows, visit.duration_minutes, visit.priority)[1]
        if change is Change.POSTPONED:
            postponed.append(str(visit.id))
    return CalendarOfDay(calendar.rows(), {}, tuple(postponed))


def apply(
    code: str, on: date, problem: Problem, codes: Mapping[str, str], *, may_postpone: bool
) -> tuple[Problem, CalendarOfDay]:
    """The problem as the calendar leaves it. `codes`: the division of each visit and helper, by id.

    Without `may_postpone` nobody is taken out of the day: it has begun, and people know of it.
    """
    rules = queries.holding(code, on)
    if not rules:
        return problem, CalendarOfDay()
    calendar = _Calendar(rules)
    helpers = [one for one in problem.helpers if not (may_postpone and _stays_at_home(one, calendar, codes))]
    walkers = frozenset(helper.id for helper in helpers if helper.means == FOOT)
    visits: list[Visit] = []
    moved: dict[str, dict[str, Any]] = {}
    postponed: list[str] = []
    for visit in problem.visits:
        changed, change = _changed(visit, calendar, codes[visit.id], walkers if may_postpone else frozenset())
        if change is Change.POSTPONED and may_postpone:
            postponed.append(visit.id)
            continue
        if change is Change.MOVED:
            moved[visit.id] = {"was": _all_minutes(visit), "now": _all_minutes(changed)}
        visits.append(changed)
    travel = _slowed(problem, calendar, codes)
    done = CalendarOfDay(calendar.rows(), moved, tuple(postponed))
    return replace(problem, helpers=tuple(helpers), visits=tuple(visits), travel=travel), done


def slowed(code: str, on: date, problem: Problem, codes: Mapping[str, str]) -> Problem:
    """The problem with its ways as the weather leaves them, and nothing else of the calendar."""
    rules = queries.holding(code, on)
    return replace(problem, travel=_slowed(problem, _Calendar(rules), codes)) if rules else problem


def _stays_at_home(helper: Helper, calendar: _Calendar, codes: Mapping[str, str]) -> bool:
    is_out = helper.means == FOOT and calendar.at(codes[helper.id])[1].is_foot_out
    if is_out:
        calendar.count(codes[helper.id], "at_home", lambda rule: rule.effect.is_foot_out)
    return is_out


def _changed(visit: Visit, calendar: _Calendar, code: str, walkers: frozenset[str]) -> tuple[Visit, Change]:
    """The visit with its windows, its duration and who may not come on foot."""
    effects = calendar.at(code)[1]
    minutes = -(-visit.duration // MINUTE)
    if any(window.start >= window.end for window in visit.windows) or minutes <= 0:
        return visit, Change.NONE  # left to the optimiser, which says what is wrong with it
    left, change = calendar.change(code, [_minutes(one) for one in visit.windows], minutes, visit.priority)
    duration, second = visit.duration, visit.second
    if effects.duration_percent != UNCHANGED_PERCENT:
        duration = lengthened(minutes, effects) * MINUTE
        if second is not None:
            second = replace(second, duration=lengthened(-(-second.duration // MINUTE), effects) * MINUTE)
    windows = visit.windows
    if change in {Change.NARROWED, Change.MOVED}:
        windows = tuple(Window(start * MINUTE, end * MINUTE) for start, end in left)
    never = visit.never | walkers if effects.is_foot_out else visit.never
    return replace(visit, windows=windows, duration=duration, second=second, never=never), change


def _all_minutes(visit: Visit) -> list[Span]:
    return [_minutes(window) for window in visit.windows]


def _minutes(window: Window) -> Span:
    return window.start // MINUTE, window.end // MINUTE


def _slowed(problem: Problem, calendar: _Calendar, codes: Mapping[str, str]) -> Mapping[str, Travel]:
    """The ways, longer where either end lies in bad weather; what was out of reach stays so."""
    percent = np.full(problem.places, UNCHANGED_PERCENT, dtype=np.int64)
    for place, code in _places(problem, codes):
        percent[place] = max(int(percent[place]), calendar.at(code)[1].travel_percent)
    if (percent == UNCHANGED_PERCENT).all():
        return problem.travel
    factor = np.maximum.outer(percent, percent)
    slowed = {}
    for means, travel in problem.travel.items():
        longer = -(-travel.seconds * factor // UNCHANGED_PERCENT)
        reachable = travel.seconds < UNREACHABLE
        slowed[means] = Travel(np.where(reachable, np.minimum(longer, UNREACHABLE - 1), travel.seconds), travel.metres)
    return slowed


def _places(problem: Problem, codes: Mapping[str, str]) -> Iterable[tuple[int, str]]:
    for helper in problem.helpers:
        for place in {helper.start_place, helper.end_place}:
            if place >= 0:
                yield place, codes[helper.id]
    for visit in problem.visits:
        if visit.place is not None:
            yield visit.place, codes[visit.id]


def settle(proposal: Proposal) -> None:
    """Publishing: a moved visit has its new windows from now on, so that everybody is told the right time."""
    _rewrite(proposal, "was", "now")


def unsettle(proposal: Proposal) -> None:
    """Taking a publication back: a moved visit has its own windows again."""
    _rewrite(proposal, "now", "was")


def _rewrite(proposal: Proposal, before: str, after: str) -> None:
    """Change the windows of visits on its rounds that are still as they were: a statement for each pair of windows."""
    moved: dict[str, dict[str, Any]] = proposal.calendar.get("moved", {})
    if not moved:
        return
    on_it = select(Stop.visit_id).join(Round, Round.id == Stop.round_id).where(Round.proposal_id == proposal.id)
    groups: dict[tuple[tuple[Span, ...], tuple[Span, ...]], list[uuid.UUID]] = {}
    for visit_id in db.session.scalars(on_it.where(Stop.visit_id.in_([uuid.UUID(one) for one in moved]))):
        its = moved[str(visit_id)]
        groups.setdefault((_spans(its[before]), _spans(its[after])), []).append(visit_id)
    for (old, new), ids in groups.items():
        first, last = _hull(old)
        as_before = VisitRow.window_from == first, VisitRow.window_to == last
        window_from, window_to = _hull(new)
        several = [list(span) for span in new] if len(new) > 1 else []
        db.session.execute(
            update(VisitRow)
            .where(VisitRow.id.in_(ids), VisitRow.status == VisitStatus.DUE, *as_before)
            .values(window_from=window_from, window_to=window_to, windows=several)
            .execution_options(synchronize_session="fetch")
        )


def _spans(stored: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((one[0], one[1]) for one in stored)


def _hull(spans: Sequence[Span]) -> Span:
    return min(start for start, _end in spans), max(end for _start, end in spans)
