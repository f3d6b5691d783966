"""A problem made ready for searching: what can be planned at all, as indices and arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .inputs import Findings, examine
from .problem import Matrix, Problem, soft_cost, suits

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
    """One shift of one helper: a tour may fill it. `budget` limits the time away from the base."""

    helper: int
    shift: int
    start: int
    end: int
    budget: int
    start_place: int
    end_place: int
    means: str


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Indices into `problem.visits` and `problem.helpers`; `suits` and `soft` are helpers × visits."""

    problem: Problem
    findings: Findings
    options: tuple[Option, ...]
    slots: tuple[Slot, ...]
    suits: NDArray[np.bool_]
    soft: Matrix

    def seconds(self, slot: Slot) -> Matrix:
        return self.problem.travel[slot.means].seconds

    def weight(self, option: int) -> int:
        """What leaving this option's visit out costs."""
        return self.problem.weights.of(self.problem.visits[self.options[option].visit].priority)


def compile_problem(problem: Problem) -> Model:
    """Examine the input and set out every option and slot."""
    findings = examine(problem)
    options = tuple(
        Option(index, visit.place or 0, max(window.start, 0), window.end - visit.duration, visit.duration)
        for index, visit in enumerate(problem.visits)
        if index not in findings.visits
        for window in visit.windows
        if window.end - max(window.start, 0) >= visit.duration
    )
    shape = (len(problem.helpers), len(problem.visits))
    can = np.zeros(shape, dtype=np.bool_)
    soft = np.zeros(shape, dtype=np.int64)
    for row, helper in enumerate(problem.helpers):
        for column, visit in enumerate(problem.visits):
            can[row, column] = suits(helper, visit)
            soft[row, column] = soft_cost(helper, visit, problem.weights)
    return Model(problem, findings, options, _slots(problem, findings), can, soft)


def _slots(problem: Problem, findings: Findings) -> tuple[Slot, ...]:
    """Every usable shift. Where the shifts together are longer than the day may be, each gets its share."""
    slots = []
    for index, helper in enumerate(problem.helpers):
        if index in findings.helpers:
            continue
        shifts = [(number, shift) for number, shift in enumerate(helper.shifts) if shift.length > 0]
        whole = sum(shift.length for _number, shift in shifts)
        for number, shift in shifts:
            budget = min(shift.length, helper.max_seconds * shift.length // whole)
            slots.append(
                Slot(index, number, max(shift.start, 0), shift.end, budget,
                     helper.start_place, helper.end_place, helper.means)
            )  # fmt: skip
    return tuple(slots)
