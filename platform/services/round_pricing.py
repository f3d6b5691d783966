"""What an order of somebody's making costs and breaks, for a whole day or for the helpers that a change touches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import dispatch
from dispatch import Arranged, Pin, Problem
from domain.round_orders import Called

from .round_days import MINUTE

Order = Mapping[str, Sequence[Called]]
Shifts = Mapping[tuple[str, str, bool], int]
"""In which of their shifts helpers make a call; only of helpers who have several."""


def arranged(problem: Problem, order: Order, shifts: Shifts | None = None, *, is_explained: bool = True) -> Arranged:
    """What the order costs and breaks, with its locks. `is_explained`: with the reasons for everything."""
    pins = tuple(
        Pin(call.visit_id, helper, is_second=call.is_second)
        for helper, calls in order.items()
        for call in calls
        if call.is_pinned
    )
    calls = {helper: _calls(helper, its, shifts or {}) for helper, its in order.items() if its}
    return dispatch.arrange(replace(problem, pins=pins), calls, is_explained=is_explained)


def _calls(helper: str, its: Sequence[Called], shifts: Shifts) -> list[dispatch.Call]:
    """A call without a shift of its own is made in that of the call before it, the first ones in that of the next."""
    known = [shifts.get((helper, *call.key)) for call in its]
    current = next((shift for shift in known if shift is not None), None)
    calls = []
    for call, shift in zip(its, known, strict=True):
        current = current if shift is None else shift
        calls.append(dispatch.Call(call.visit_id, call.is_second, current))
    return calls


def shifts_of(problem: Problem, starts: Mapping[tuple[str, str, bool], int]) -> Shifts:
    """From when each call of a helper begins."""
    several = {helper.id: helper.shifts for helper in problem.helpers if len(helper.shifts) > 1}
    return {
        key: number
        for key, minute in starts.items()
        for number, shift in enumerate(several.get(key[0], ()))
        if shift.start <= minute * MINUTE <= shift.end
    }


def part_of(problem: Problem, before: Order, after: Order) -> Problem:
    """The helpers whose calls differ, whoever meets them at a door, whoever meets those; and their visits."""
    both = [before, after]
    touched = {helper for helper in {*before, *after} if before.get(helper, ()) != after.get(helper, ())}
    while True:
        visits = {call.visit_id for one in both for helper in touched for call in one.get(helper, ())}
        more = {
            helper for one in both for helper, calls in one.items() if any(call.visit_id in visits for call in calls)
        }
        if more <= touched:
            break
        touched |= more
    return replace(
        problem,
        helpers=tuple(helper for helper in problem.helpers if helper.id in touched),
        visits=tuple(visit for visit in problem.visits if visit.id in visits),
    )
