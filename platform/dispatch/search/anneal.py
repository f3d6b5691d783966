"""The search itself: annealing from hot to cold, in stretches short enough to be stopped and watched."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .case import NEVER, Case
from .compiled import compiled, compiled_with_memory
from .kernel import draw, link, push, retime
from .moves import exchange, leave_out, relocate, swap_tails
from .state import BEST, CURRENT, LATE, PRICE, WORST, State

_STRETCH = 20_000
"""Moves between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Cooling:
    """Temperatures in units of cost, and how long: seconds of this thread's time, or moves (then repeatable)."""

    hot: float
    cold: float
    seconds: float | None = None
    moves: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best cost found, and the moves that were tried."""

    cost: float
    moves: int
    seconds: float


@compiled_with_memory
def spread_keys(s: State) -> None:
    """Even distances between the keys, so that there is always room between two of them."""
    order = np.argsort(s.key)
    for rank in range(len(order)):
        s.key[order[rank]] = (rank + 1.0) / (len(order) + 1.0)


@compiled_with_memory
def rebuild(c: Case, s: State, key: np.ndarray, helper: np.ndarray) -> bool:
    """Set the plan to these keys and helpers, and price and time it anew. False if a hard rule is broken."""
    s.key[:] = key
    s.helper[:] = -1
    s.first[:] = -1
    s.last[:] = -1
    s.start[:] = -1.0
    s.tardy[:] = 0.0
    price = 0.0
    size = 0
    order = np.argsort(s.key)
    for p in order:
        if helper[2 * p] < 0:
            price += c.unserved[p]
            continue
        for v in range(2 * p, 2 * p + c.slots[p]):
            price += link(c, s, v, helper[v], s.last[helper[v]], -1)
        size = push(s, size, p)
    _log, late, feasible = retime(c, s, size, 0, 0.0)
    s.sums[PRICE], s.sums[LATE] = price, late
    s.sums[WORST] = s.tardy.max() if c.worst_late > 0.0 else 0.0
    s.sums[CURRENT] = price + late + c.worst_late * s.sums[WORST]
    return feasible


@compiled
def keep_best(s: State) -> None:
    """Remember the current plan as the best."""
    s.sums[BEST] = s.sums[CURRENT]
    for p in range(len(s.key)):
        s.best_key[p] = s.key[p]
    for v in range(len(s.helper)):
        s.best_helper[v] = s.helper[v]


@compiled
def stretch(c: Case, s: State, hot: float, cold: float, moves: int) -> None:
    """So many moves, the temperature falling evenly in its logarithm; the best plan is kept."""
    temperature = hot
    factor = (cold / hot) ** (1.0 / moves)
    for _ in range(moves):
        temperature *= factor
        bar = s.sums[CURRENT] - temperature * math.log(draw(s) + 1e-300)
        kind = draw(s)
        if kind < 0.60:
            kept = relocate(c, s, bar)
        elif kind < 0.80:
            kept = swap_tails(c, s, bar)
        elif kind < 0.995:
            kept = exchange(c, s, bar)
        else:
            kept = leave_out(c, s, bar)
        if kept and s.sums[CURRENT] < s.sums[BEST] - 1e-9:
            keep_best(s)


def anneal(
    case: Case,
    state: State,
    cooling: Cooling,
    *,
    watch: Callable[[float, float], bool] | None = None,
) -> Outcome:
    """Search until the moves or the seconds are spent; the best plan is in `state.best_key` and `best_helper`.

    `watch(share done, best cost)` is asked between stretches and may end the search by answering False.
    """
    began = time.thread_time()
    done, share = 0, 0.0 if len(case.slots) else 1.0
    while share < 1.0:
        goal = _next_share(cooling, share, done, time.thread_time() - began)
        hot, cold = (_temperature(cooling, one) for one in (share, goal))
        count = _STRETCH if cooling.moves is None else min(_STRETCH, cooling.moves - done)
        spread_keys(state)
        stretch(case, state, hot, max(cold, cooling.cold), count)
        done += count
        share = done / cooling.moves if cooling.moves else (time.thread_time() - began) / (cooling.seconds or 1.0)
        if watch is not None and not watch(min(share, 1.0), float(state.sums[BEST])):
            break
    return Outcome(float(state.sums[BEST]), done, time.thread_time() - began)


def _temperature(cooling: Cooling, share: float) -> float:
    return float(cooling.hot * (cooling.cold / cooling.hot) ** min(share, 1.0))


def _next_share(cooling: Cooling, share: float, done: int, spent: float) -> float:
    """How far the search will be after the next stretch."""
    if cooling.moves:
        return min((done + _STRETCH) / cooling.moves, 1.0)
    pace = spent / done if done else 0.0
    return min(share + _STRETCH * pace / (cooling.seconds or 1.0), 1.0)


def start_from(case: Case, state: State, helper: np.ndarray) -> None:
    """Take this assignment (a helper per node, -1: left out) in the order of the state's keys as the first plan."""
    if rebuild(case, state, state.key.copy(), helper) and state.sums[CURRENT] < NEVER:
        keep_best(state)
