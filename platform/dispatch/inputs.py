"""The input check: what can never be planned as it is entered, and why. Nothing here raises for a bad row."""

from dataclasses import dataclass

from .plan import Reason, ReasonCode
from .problem import Helper, Problem, Visit


@dataclass(frozen=True, slots=True)
class Findings:
    """Indices of visits and helpers that cannot take part, with their reasons."""

    visits: dict[int, tuple[Reason, ...]]
    helpers: dict[int, tuple[Reason, ...]]


def examine(problem: Problem) -> Findings:
    """Look at every row once."""
    visits: dict[int, tuple[Reason, ...]] = {}
    helpers: dict[int, tuple[Reason, ...]] = {}
    known = {helper.id for helper in problem.helpers}
    lost = {pin.visit_id: pin.helper_id for pin in problem.pins if pin.helper_id not in known}
    seen: set[str] = set()
    for index, visit in enumerate(problem.visits):
        reasons = _wrong_with_visit(visit, problem.places)
        if visit.id in lost:
            reasons.append(Reason(ReasonCode.PIN_UNKNOWN, {"helper": lost[visit.id]}))
        if visit.id in seen:
            reasons.insert(0, Reason(ReasonCode.DUPLICATE, {}))
        seen.add(visit.id)
        if reasons:
            visits[index] = tuple(reasons)
    seen = set()
    for index, helper in enumerate(problem.helpers):
        reasons = _wrong_with_helper(helper, problem)
        if helper.id in seen:
            reasons.insert(0, Reason(ReasonCode.DUPLICATE, {}))
        seen.add(helper.id)
        if reasons:
            helpers[index] = tuple(reasons)
    return Findings(visits, helpers)


def _wrong_with_visit(visit: Visit, places: int) -> list[Reason]:
    found = []
    if visit.place is None or not 0 <= visit.place < places:
        found.append(Reason(ReasonCode.NO_PLACE, {}))
    if visit.duration <= 0:
        found.append(Reason(ReasonCode.BAD_DURATION, {"minutes": visit.duration // 60}))
    usable = [window for window in visit.windows if window.end > max(window.start, 0)]
    if not usable:
        first = visit.windows[0] if visit.windows else None
        times = {"from_minute": first.start // 60, "to_minute": first.end // 60} if first else {}
        found.append(Reason(ReasonCode.BAD_WINDOW, times))
    elif visit.duration > 0 and all(window.end - max(window.start, 0) < visit.duration for window in usable):
        longest = max(window.end - max(window.start, 0) for window in usable)
        found.append(
            Reason(ReasonCode.WINDOW_TOO_SHORT, {"minutes": -(-visit.duration // 60), "window": longest // 60})
        )
    return found + _wrong_with_parts(visit, places)


def _wrong_with_parts(visit: Visit, places: int) -> list[Reason]:
    """Of the second helper, and of what is brought."""
    found = []
    if visit.second is not None and visit.second.duration <= 0:
        found.append(Reason(ReasonCode.BAD_DURATION, {"minutes": visit.second.duration // 60}))
    if visit.second is not None and visit.second.gap[0] > visit.second.gap[1]:
        found.append(Reason(ReasonCode.BAD_GAP, {}))
    if visit.fetch is not None and not 0 <= visit.fetch.place < places:
        found.append(Reason(ReasonCode.NO_FETCH_PLACE, {}))
    if visit.fetch is not None and (visit.fetch.size <= 0 or visit.fetch.duration < 0):
        found.append(Reason(ReasonCode.BAD_DURATION, {"minutes": visit.fetch.duration // 60}))
    return found


def _wrong_with_helper(helper: Helper, problem: Problem) -> list[Reason]:
    found = []
    if not any(shift.end > max(shift.start, 0) for shift in helper.shifts) or helper.max_seconds <= 0:
        found.append(Reason(ReasonCode.BAD_SHIFT, {}))
    if any(pause.duration <= 0 or pause.latest < pause.earliest for pause in helper.breaks):
        found.append(Reason(ReasonCode.BAD_BREAK, {}))
    if not all(0 <= place < problem.places for place in (helper.start_place, helper.end_place)):
        found.append(Reason(ReasonCode.NO_PLACE, {}))
    if helper.means not in problem.travel:
        found.append(Reason(ReasonCode.NO_MEANS, {"means": helper.means}))
    return found
