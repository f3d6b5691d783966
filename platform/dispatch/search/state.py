"""A plan under way as arrays: who makes each node, in which order, when; and a journal to take a move back."""

from typing import NamedTuple

import numpy as np

from .case import CLOSES, NEVER, UNSERVED, Case, Floats, Ints

PRICE, LATE, WORST, BEST, CURRENT, LENGTH = range(6)
"""Columns of `State.sums`: travel, extras and unserved; the nodes' costs of time; the largest lateness; best and
current cost; what the lengths of the routes cost."""


START, TARDY, COST, LEFT, LOAD = range(5)
"""Columns of `State.nodes`: start; unweighted lateness; cost of lateness, of waiting for the other, of another time
than told and of the way round by the counter; when that counter was left, and the portions from it given out by now."""

HELPER, BEFORE, AFTER, RESTED, CARRYING = range(5)
"""Columns of `State.links`: the node's route, or -1; the nodes before and after it there, or -1; breaks taken so far;
the counter last fetched at, or -1."""

FIRST, LAST, SEEN = range(3)
"""Columns of `State.routes`: first and last node, or -1; the last move that measured the route."""

RANDOM, COUNT, TOUCHED, SIDES = 0, 1, 2, 10
"""Places in `State.few`: the generator's state, as int64 bits; moves measured; eight routes whose ends a move changes
(-1 for none); the two routes of `days.py`, ten numbers."""

NODE, NEW, OLD = 0, 1, 2
"""Columns of `State.move`: a node, its new route; its old route, and the nodes before and after it there."""


class State(NamedTuple):
    """A route is its first node, the node after that …, in rising `key`.

    What a node knows is of the moment its helper leaves it.
    """

    key: Floats  # (visits,) the shared order, in 0..1
    nodes: Floats  # (nodes, 5) see START …
    links: Ints  # (nodes, 5) see HELPER …
    routes: Ints  # (routes, 3) see FIRST …
    away: Floats  # (routes,) time from leaving to returning
    sums: Floats  # see PRICE …
    heap: Ints  # (visits + 2, 2) visits that wait to be timed, by key; and whether each waits
    log_node: Ints  # the journal: nodes, and what they knew before the move
    log: Floats  # (…, 7) as `nodes`, then breaks taken and the counter
    log_route: Ints  # routes whose length the move changed
    log_away: Floats  # and their length before
    few: Ints  # (20,) see RANDOM …
    move: Ints  # (4, 5) see NODE …
    swap: Ints  # (nodes, 3) the nodes of two routes in order, each with the side it has and will have
    best_key: Floats
    best_helper: Ints

    @property
    def helper(self) -> Ints:
        """(nodes,) each node's route, or -1."""
        return self.links[:, HELPER]

    @property
    def start(self) -> Floats:
        """(nodes,) when each begins."""
        return self.nodes[:, START]


def empty_state(case: Case, seed: int) -> State:
    """Nobody makes anything yet. Keys follow the windows."""
    visits, nodes, routes = len(case.visits), len(case.nodes), len(case.routes)
    generator = np.random.default_rng(seed)
    order = np.argsort(case.windows[:, 0, CLOSES] + generator.random(visits), kind="stable")
    key = np.zeros(visits)
    key[order] = (np.arange(visits) + 1.0) / (visits + 1.0)
    unserved = case.visits[:, UNSERVED]
    sums = np.zeros(6)
    sums[PRICE] = float(unserved[unserved < NEVER].sum())
    sums[BEST] = sums[CURRENT] = NEVER
    links = np.full((nodes, 5), -1, dtype=np.int64)
    links[:, RESTED] = 0
    ends = np.full((routes, 3), -1, dtype=np.int64)
    ends[:, SEEN] = 0
    few = np.zeros(20, dtype=np.int64)
    few[RANDOM] = (seed * 2654435761 + 88172645463325252) % (2**63 - 1) or 1
    few[TOUCHED:SIDES] = -1
    knows = np.zeros((nodes, 5))
    knows[:, START] = -1.0
    return State(
        key=key,
        nodes=knows,
        links=links,
        routes=ends,
        away=np.zeros(routes),
        sums=sums,
        heap=np.zeros((visits + 2, 2), dtype=np.int64),
        log_node=np.zeros(8 * nodes + 64, dtype=np.int64),
        log=np.zeros((8 * nodes + 64, 7)),
        log_route=np.zeros(2 * routes + 16, dtype=np.int64),
        log_away=np.zeros(2 * routes + 16),
        few=few,
        move=np.full((4, 5), -1, dtype=np.int64),
        swap=np.zeros((nodes, 3), dtype=np.int64),
        best_key=key.copy(),
        best_helper=np.full(nodes, -1, dtype=np.int64),
    )
