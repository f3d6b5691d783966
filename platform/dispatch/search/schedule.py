"""How a search spends its time: coolings side by side of which the better ones go on, and all of it again.

A plan's large features (who works at all, in which order the one helper with a rare skill goes round) freeze early and
by chance, so several coolings are begun and the better half of them goes on whenever it has become a step colder.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .anneal import align_keys, rebuild, stretch
from .case import NEVER, UNSERVED, Case
from .state import BEST, CURRENT, LATE, PRICE, State

_STRETCH = 20_000
"""Moves between two looks at the clock."""

_STEPS = ((4, 0.35, 0.2), (2, 0.6, 0.3), (1, 1.0, 0.5))
"""Plans side by side, how far the cooling is after it (in the logarithm), and its part of the time."""

_HOT, _COLD = 3.0, 0.05
"""Times the cost of a node in a quickly found plan: where nearly all is possible, and where nearly nothing moves."""

_PILOT = 0.02
"""Part of the time for that quickly found plan."""

_ROUND = 400_000
"""Moves for each visit from hot to cold; whoever has time for more begins anew."""

_NARROW = 75_000
"""Moves for each visit below which one plan after another is dropped from those side by side."""

_POLISH, _WARM = 0.1, 0.25
"""Part of the time for cooling the best of several rounds again, and from which heat."""


@dataclass(frozen=True, slots=True)
class Cooling:
    """How long to search: seconds of this thread's time, or moves (then repeatable); and temperatures.

    Temperatures are in units of cost. Without them they are found from the problem itself, which takes a little time.
    """

    hot: float | None = None
    cold: float | None = None
    seconds: float | None = None
    moves: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best cost found, and the moves that were tried."""

    cost: float
    moves: int
    seconds: float


def anneal(
    case: Case,
    state: State,
    cooling: Cooling,
    *,
    watch: Callable[[float, float], bool] | None = None,
    clock: Callable[[], float] = time.thread_time,
) -> Outcome:
    """Search until the moves, or the seconds of `clock`, are spent.

    The best plan is in `state.best_key` and `best_helper`.

    `watch(share done, best cost)` is asked between stretches and may end the search by answering False.
    """
    search = _Search(case, state, cooling, watch, clock, clock())
    if len(case.slots):
        search.run()
    return Outcome(float(state.sums[BEST]), search.done, clock() - search.began)


@dataclass(slots=True)
class _Search:
    """One search under way."""

    case: Case
    state: State
    cooling: Cooling
    watch: Callable[[float, float], bool] | None
    clock: Callable[[], float]
    began: float
    done: int = 0
    is_over: bool = False

    def run(self) -> None:
        """Everything from hot to cold, as often as there is time."""
        hot, cold = self.temperatures()
        moves = self.moves_for_each_visit()
        rounds = max(1, round(moves / _ROUND))
        first = self.share()
        last = 1.0 - (_POLISH if rounds > 1 else 0.0)
        for number in range(1, rounds + 1):
            self.round(first + (last - first) * number / rounds, hot, cold, width=int(moves / rounds / _NARROW))
        if rounds > 1 and self.state.sums[BEST] < NEVER:
            rebuild(self.case, self.state, self.state.best_key.copy(), self.state.best_helper.copy())
            self.cool(1.0, max(_WARM / _HOT * hot, cold), cold)

    def temperatures(self) -> tuple[float, float]:
        """Hot and cold: as told, or from what a node costs in a plan that was cooled in a hurry."""
        if self.cooling.hot is not None and self.cooling.cold is not None:
            return self.cooling.hot, self.cooling.cold
        places = self.case.price[:, self.case.place][:, :, self.case.place]
        usual = float(np.median(places[places > 0.0])) if (places > 0.0).any() else 1.0
        self.cool(_PILOT, 2.0 * usual, 0.03 * usual)
        made = self.state.helper >= 0
        is_out = ~made[0::2]
        cost = float(self.state.sums[PRICE] + self.state.sums[LATE] - self.case.visits[is_out, UNSERVED].sum())
        unit = max(cost / max(int(made.sum()), 1), 0.05 * usual)
        return _HOT * unit, _COLD * unit

    def moves_for_each_visit(self) -> float:
        """How many moves there is time for, for each visit."""
        if not self.done:
            self.cool(1e-9, usual := self.cooling.hot or 1.0, usual)
        return self.done / max(self.share(), 1e-9) / len(self.case.slots)

    def round(self, until: float, hot: float, cold: float, width: int) -> None:
        """Cool several plans side by side, from this one on; the better half goes on at each step."""
        steps = [step for step in _STEPS if step[0] <= width] or [_STEPS[-1]]
        start, level = self.share(), 0.0
        pace = (until - start) / sum(part for _count, _level, part in steps)
        plans = [(0.0, self.state.key.copy(), self.state.helper.copy())] * steps[0][0]
        for count, next_level, part in steps:
            cooled = []
            for number, (_cost, key, helper) in enumerate(plans[:count], 1):
                rebuild(self.case, self.state, key, helper)
                goal = start + part * pace * number / count
                cost = self.cool(goal, hot * (cold / hot) ** level, hot * (cold / hot) ** next_level)
                cooled.append((cost, self.state.key.copy(), self.state.helper.copy()))
            plans = sorted(cooled, key=lambda plan: plan[0])
            start, level = start + part * pace, next_level

    def cool(self, until: float, hot: float, cold: float) -> float:
        """Search with falling heat until so much of the time is spent; returns the mean cost towards the end."""
        start = share = self.share()
        costs: list[float] = []
        while share < until - 1e-12 and not self.is_over:
            pace = share / self.done if self.done else 0.0
            moves = _STRETCH if self.cooling.moves is None else min(_STRETCH, self.cooling.moves - self.done)
            now, then = (
                hot * (cold / hot) ** min((one - start) / (until - start), 1.0) for one in (share, share + moves * pace)
            )
            align_keys(self.state)
            stretch(self.case, self.state, now, then, moves)
            self.done += moves
            share = self.share()
            costs.append(float(self.state.sums[CURRENT]))
            if self.watch is not None and not self.watch(min(share, 1.0), float(self.state.sums[BEST])):
                self.is_over = True
        return float(np.mean(costs[len(costs) * 2 // 3 :])) if costs else float(self.state.sums[CURRENT])

    def share(self) -> float:
        """How much of the time is behind us."""
        if self.cooling.moves is not None:
            return self.done / self.cooling.moves
        return (self.clock() - self.began) / (self.cooling.seconds or 1.0)
