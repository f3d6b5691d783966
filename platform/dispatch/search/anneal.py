"""The search itself: one stretch of annealing, and the plans it starts from and keeps."""

import heapq
import math

import numpy as np

from .case import FIRST_ROUTE, NEVER, NONE, SLOTS, UNSERVED, ZERO, Case
from .compiled import compiled, compiled_with_memory
from .days import swap_days
from .journey import length_cost, length_of
from .kernel import draw, link, push
from .moves import exchange, leave_out, relocate, swap_tails
from .spans import swap_spans
from .state import (
    AFTER,
    BEFORE,
    BEST,
    CARRYING,
    CURRENT,
    FIRST,
    HELPER,
    LAST,
    LATE,
    LENGTH,
    PRICE,
    RESTED,
    START,
    TARDY,
    WORST,
    State,
)
from .timing import retime


@compiled_with_memory
def align_keys(s: State) -> None:
    """Keys in the order of the starts as far as the routes allow, evenly apart.

    So there is always room between two of them, and who is free at the same time can take over from each other.
    """
    visits = len(s.key)
    ahead = np.zeros(visits, dtype=np.int64)
    key = np.zeros(visits)
    queue = [(0.0, 0.0, 0)]
    queue.pop()
    for p in range(visits):
        for v in (2 * p, 2 * p + 1):
            ahead[p] += s.links[v, HELPER] >= 0 and s.links[v, BEFORE] >= 0
        if ahead[p] == 0:
            heapq.heappush(queue, (s.nodes[2 * p, START], s.key[p], p))
    for rank in range(visits):
        p = heapq.heappop(queue)[2]
        key[p] = (rank + 1.0) / (visits + 1.0)
        for v in (2 * p, 2 * p + 1):
            if s.links[v, HELPER] >= 0 and s.links[v, AFTER] >= 0:
                q = s.links[v, AFTER] >> 1
                ahead[q] -= 1
                if ahead[q] == 0:
                    heapq.heappush(queue, (s.nodes[2 * q, START], s.key[q], q))
    s.key[:] = key


@compiled_with_memory
def rebuild(c: Case, s: State, key: np.ndarray, helper: np.ndarray) -> bool:
    """Set the plan to these keys and helpers, and price and time it anew. False if a hard rule is broken."""
    s.key[:] = key
    s.links[:, HELPER] = s.links[:, CARRYING] = -1
    s.links[:, RESTED] = 0
    s.routes[:, FIRST] = s.routes[:, LAST] = -1
    s.nodes[:] = 0.0
    s.nodes[:, START] = -1.0
    price = 0.0
    size = ZERO
    order = np.argsort(s.key)
    for p in order:
        if helper[2 * p] < 0:
            price += c.visits[p, UNSERVED]
            continue
        for v in range(2 * p, 2 * p + c.visit_ints[p, SLOTS]):
            price += link(c, s, v, helper[v], s.routes[helper[v], LAST], NONE)
        size = push(s, size, p)
    _log, late, feasible = retime(c, s, size, ZERO, 0.0, NEVER)
    s.sums[PRICE], s.sums[LATE] = price, late
    s.sums[WORST] = s.nodes[:, TARDY].max() if c.worst_late > 0.0 else 0.0
    length = 0.0
    for h in range(len(s.routes)):
        s.away[h] = length_of(c, s, h) if c.has_limits else 0.0
        feasible = feasible and s.away[h] >= 0.0
    for h in range(len(s.routes)):
        if c.has_limits and c.route_ints[h, FIRST_ROUTE] == h:
            length += length_cost(c, s, h)
    s.sums[LENGTH] = length
    s.sums[CURRENT] = price + late + length + c.worst_late * s.sums[WORST]
    return feasible


@compiled
def keep_best(s: State) -> None:
    """Remember the current plan as the best."""
    s.sums[BEST] = s.sums[CURRENT]
    for p in range(len(s.key)):
        s.best_key[p] = s.key[p]
    for v in range(len(s.links)):
        s.best_helper[v] = s.links[v, HELPER]


@compiled
def stretch(c: Case, s: State, hot: float, cold: float, moves: int) -> None:
    """So many moves, the temperature falling evenly in its logarithm; the best plan is kept."""
    temperature = hot
    factor = (cold / hot) ** (1.0 / moves)
    for _ in range(moves):
        temperature *= factor
        bar = s.sums[CURRENT] - temperature * math.log(draw(s) + 1e-300)
        kind = draw(s)
        if kind < 0.50:
            kept = relocate(c, s, bar)
        elif kind < 0.58:
            kept = swap_spans(c, s, bar)
        elif kind < 0.72:
            kept = swap_tails(c, s, bar)
        elif kind < 0.80:
            kept = swap_days(c, s, bar)
        elif kind < 0.995:
            kept = exchange(c, s, bar)
        else:
            kept = leave_out(c, s, bar)
        if kept and s.sums[CURRENT] < s.sums[BEST] - 1e-9:
            keep_best(s)


def start_from(case: Case, state: State, helper: np.ndarray) -> None:
    """Take this assignment (a helper per node, -1: left out) in the order of the state's keys as the first plan."""
    if rebuild(case, state, state.key.copy(), helper) and state.sums[CURRENT] < NEVER:
        keep_best(state)
