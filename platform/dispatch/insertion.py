"""Cheapest insertion: the baseline, the emergency plan, and the repair after a search."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .compiled import Model, Sequences
from .problem import UNREACHABLE
from .timing import timed

_NEVER = 2**60


class Inserter:
    """Sequences that grow by the cheapest feasible insertion. For each slot, one row of costs over all options."""

    def __init__(self, model: Model, sequences: Sequences | None = None) -> None:
        self.model = model
        self.sequences = [list(sequence) for sequence in sequences or [()] * len(model.slots)]
        self.visit = np.array([option.visit for option in model.options], dtype=np.int64)
        self._place = np.array([option.place for option in model.options], dtype=np.int64)
        self._earliest = np.array([option.earliest for option in model.options], dtype=np.int64)
        self._latest = np.array([option.latest for option in model.options], dtype=np.int64)
        self._duration = np.array([option.duration for option in model.options], dtype=np.int64)
        self.open = np.ones(len(model.options), dtype=np.bool_)
        for sequence in self.sequences:
            for option in sequence:
                self.open &= self.visit != self.visit[option]
        shape = (len(model.slots), len(model.options))
        self.cost = np.full(shape, _NEVER, dtype=np.int64)
        self._position = np.zeros(shape, dtype=np.int64)
        for row in range(len(model.slots)):
            self._evaluate(row)

    def frozen(self) -> Sequences:
        return tuple(tuple(sequence) for sequence in self.sequences)

    def fill(self, options: Iterable[int], *, only_worth: bool = False) -> None:
        """Insert the cheapest of `options` again and again until none fits (or none is worth its weight)."""
        wanted = np.zeros(len(self.model.options), dtype=np.bool_)
        wanted[list(options)] = True
        weights = np.array([self.model.weight(option) for option in range(len(wanted))], dtype=np.int64)
        while True:
            allowed = wanted & self.open
            if not allowed.any() or not self.model.slots:
                return
            costs = np.where(allowed, self.cost, _NEVER)
            if only_worth:
                costs = np.where(costs <= weights, costs, _NEVER)
            row, option = divmod(int(costs.argmin()), len(wanted))
            if costs[row, option] >= _NEVER:
                return
            self._insert(row, option)

    def _insert(self, row: int, option: int) -> None:
        at = int(self._position[row, option])
        longer = [*self.sequences[row][:at], option, *self.sequences[row][at:]]
        times = timed(self.model, self.model.slots[row], longer)
        if times is None or times.over:
            self.cost[row, option] = _NEVER  # the day would be too long: try again when the tour has changed
            return
        self.sequences[row] = longer
        self.open &= self.visit != self.visit[option]
        self._evaluate(row)

    def _evaluate(self, row: int) -> None:
        """The cheapest position of every open option in one tour, by windows and the shift's end."""
        slot = self.model.slots[row]
        able = np.flatnonzero(self.open & self.model.suits[slot.helper][self.visit])
        self.cost[row] = _NEVER
        if not able.size:
            return
        seconds = self.model.seconds(slot)
        places, ready, due = self._bounds(row, seconds)
        door = self._place[able]
        there = seconds[places[:-1]][:, door]
        onward = seconds[door][:, places[1:]].T
        start = np.maximum(ready[:, None] + there, self._earliest[able])
        fits = (start <= self._latest[able]) & (start + self._duration[able] + onward <= due[:, None])
        fits &= (there < UNREACHABLE) & (onward < UNREACHABLE)
        detour = there + onward - seconds[places[:-1], places[1:]][:, None] * bool(self.sequences[row])
        detour = np.where(fits, detour, _NEVER)
        best = detour.argmin(axis=0)
        cheapest = detour[best, np.arange(able.size)]
        soft = self.model.soft[slot.helper][self.visit[able]]
        self.cost[row, able] = np.where(cheapest < _NEVER, cheapest + soft, _NEVER)
        self._position[row, able] = best

    def _bounds(
        self, row: int, seconds: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Places of the tour, when each is done with at the earliest, and when each must be reached at the latest."""
        slot = self.model.slots[row]
        options = [self.model.options[option] for option in self.sequences[row]]
        places = np.array([slot.start_place, *(option.place for option in options), slot.end_place])
        ready = [slot.start]
        for number, option in enumerate(options):
            arrive = ready[-1] + int(seconds[places[number], option.place])
            ready.append(max(arrive, option.earliest) + option.duration)
        due = [slot.end]
        for number in range(len(options) - 1, -1, -1):
            option = options[number]
            leave = due[0] - int(seconds[option.place, places[number + 2]])
            due.insert(0, min(leave - option.duration, option.latest))
        return places, np.array(ready), np.array(due)


def cheapest_insertion(model: Model) -> Sequences:
    """The most urgent first, each where it costs the least."""
    inserter = Inserter(model)
    priorities = [model.problem.visits[option.visit].priority for option in model.options]
    for priority in sorted(set(priorities)):
        inserter.fill(index for index, its in enumerate(priorities) if its == priority)
    return inserter.frozen()


def repaired(model: Model, sequences: Sequences) -> Sequences:
    """What a search left out although it fits and is worth its way."""
    inserter = Inserter(model, sequences)
    inserter.fill(range(len(model.options)), only_worth=True)
    return inserter.frozen()
