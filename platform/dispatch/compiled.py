"""A problem made ready for searching: what can be planned at all, as indices and arrays."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .inputs import Findings, examine
from .problem import UNREACHABLE, Done, Helper, Matrix, Pin, Problem, Visit, soft_cost, suits

Sequences = tuple[tuple[int, ...], ...]
"""For each slot, the options in the order in which they are visited."""


@dataclass(frozen=True, slots=True)
class Option:
    """One window of one visit: the search chooses at most one option of a visit. `latest` is the latest start."""

    visit: int
    place: int
    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift of one helper, or what is left of it: a tour may fill it. `budget` limits the time away from the base.

    `done` has happened in it already; then `start` and `start_place` are where and when the helper is free, and
    `since` is when they left the base.
    """

    helper: int
    shift: int
    start: int
    end: int
    budget: int
    start_place: int
    end_place: int
    means: str
    done: tuple[Done, ...] = ()
    since: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Indices into `problem.visits` and `problem.helpers`; `suits`, `suits_second` and `soft` are helpers × visits.

    `rows` are the visits that can be planned: those with options.
    """

    problem: Problem
    findings: Findings
    options: tuple[Option, ...]
    slots: tuple[Slot, ...]
    suits: NDArray[np.bool_]
    suits_second: NDArray[np.bool_]
    soft: Matrix
    pins: dict[tuple[int, bool], Pin]
    rows: tuple[int, ...] = field(default=())

    def seconds(self, slot: Slot) -> Matrix:
        return self.problem.travel[slot.means].seconds

    def weight(self, option: int) -> int:
        """What leaving this option's visit out costs."""
        return self.problem.weights.of(self.problem.visits[self.options[option].visit].priority)


def compile_problem(problem: Problem) -> Model:
    """Examine the input and set out every option and slot."""
    findings = examine(problem)
    index_of: dict[str, int] = {}
    for index, visit in enumerate(problem.visits):
        index_of.setdefault(visit.id, index)
    pins = {
        (index_of[pin.visit_id], pin.is_second): pin
        for pin in problem.pins
        if pin.visit_id in index_of and index_of[pin.visit_id] not in findings.visits
    }
    happened = {one.visit_id for one in problem.done}
    options = tuple(
        option
        for index, visit in enumerate(problem.visits)
        if index not in findings.visits and visit.id not in happened
        for option in _options(index, visit, moment_of(pins, index, visit))
    )
    first, second, soft = _who(problem)
    for (index, is_second), pin in pins.items():
        chosen = second if is_second else first
        chosen[:, index] &= np.array([helper.id == pin.helper_id for helper in problem.helpers], dtype=np.bool_)
    rows = tuple(dict.fromkeys(option.visit for option in options))
    return Model(problem, findings, options, _slots(problem, findings), first, second, soft, pins, rows)


def moment_of(pins: dict[tuple[int, bool], Pin], index: int, visit: Visit) -> int | None:
    """When a visit is pinned to begin, by its own pin or by that of its second helper."""
    first, second = pins.get((index, False)), pins.get((index, True))
    if first is not None and first.start is not None:
        return first.start
    if second is not None and second.start is not None and visit.second is not None:
        return second.start - visit.second.gap[0]
    return None


def gap_of(pins: dict[tuple[int, bool], Pin], index: int, visit: Visit) -> tuple[int, int]:
    """How much later the second helper begins, at least and at most; exactly so much where both are pinned."""
    if visit.second is None:
        return 0, 0
    second, moment = pins.get((index, True)), moment_of(pins, index, visit)
    if second is None or second.start is None or moment is None:
        return visit.second.gap
    return second.start - moment, second.start - moment


def _options(index: int, visit: Visit, moment: int | None) -> list[Option]:
    """Its windows in order; the moment it is pinned to, where it is."""
    place = visit.place or 0
    if moment is not None:
        return [Option(index, place, moment, moment, visit.duration)]
    usable = [
        (max(window.start, 0), window.end - visit.duration)
        for window in visit.windows
        if window.end - max(window.start, 0) >= visit.duration
    ]
    return [Option(index, place, earliest, latest, visit.duration) for earliest, latest in _apart(usable)]


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same moments in order, overlapping spans joined."""
    joined: list[tuple[int, int]] = []
    for earliest, latest in sorted(spans):
        if joined and earliest <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], latest))
        else:
            joined.append((earliest, latest))
    return joined


def _who(problem: Problem) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Matrix]:
    shape = (len(problem.helpers), len(problem.visits))
    first, second = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    soft = np.zeros(shape, dtype=np.int64)
    for row, helper in enumerate(problem.helpers):
        for column, visit in enumerate(problem.visits):
            first[row, column] = suits(helper, visit)
            second[row, column] = visit.second is not None and suits(helper, visit, is_second=True)
            soft[row, column] = soft_cost(helper, visit, problem.weights)
    return first, second, soft


def _slots(problem: Problem, findings: Findings) -> tuple[Slot, ...]:
    """Every usable shift. Where the shifts together are longer than the day may be, each gets its share."""
    done: dict[str, list[Done]] = {}
    places = {visit.id: visit.place for visit in reversed(problem.visits)}
    for one in sorted(problem.done, key=lambda stop: stop.start):
        if one.visit_id in places:
            done.setdefault(one.helper_id, []).append(one)
    slots = []
    for index, helper in enumerate(problem.helpers):
        if index not in findings.helpers:
            shifts = [(number, shift) for number, shift in enumerate(helper.shifts) if shift.length > 0]
            whole = sum(shift.length for _number, shift in shifts)
            happened = _by_shift(helper, done.get(helper.id, []))
            for number, shift in shifts:
                budget = min(shift.length, helper.max_seconds * shift.length // whole)
                start = max(shift.start, 0, problem.now or 0)
                slot = Slot(index, number, start, shift.end, budget,
                            helper.start_place, helper.end_place, helper.means)  # fmt: skip
                if happened.get(number):
                    slots.append(_begun(slot, problem, happened[number], places))
                elif start < shift.end:
                    slots.append(slot)
    return tuple(slots)


def _by_shift(helper: Helper, done: list[Done]) -> dict[int, list[Done]]:
    """Each stop that has happened, by the shift it belongs to: the last that had begun, else the first."""
    found: dict[int, list[Done]] = {}
    usable = [number for number, shift in enumerate(helper.shifts) if shift.length > 0]
    for stop in done:
        begun = [number for number in usable if helper.shifts[number].start <= stop.start]
        found.setdefault(begun[-1] if begun else usable[0], []).append(stop)
    return found


def _begun(slot: Slot, problem: Problem, done: list[Done], places: dict[str, int | None]) -> Slot:
    """The rest of a shift: from the last door on, free when done there, and not in the past."""
    seconds = problem.travel[slot.means].seconds
    where = [places.get(stop.visit_id) for stop in done]
    known = [place if place is not None and 0 <= place < problem.places else slot.start_place for place in where]
    out = int(seconds[slot.start_place, known[0]])
    return Slot(
        slot.helper, slot.shift, max(done[-1].leave, problem.now or 0), slot.end, slot.budget, known[-1],
        slot.end_place, slot.means, tuple(done), done[0].arrive - (out if out < UNREACHABLE else 0),
    )  # fmt: skip
