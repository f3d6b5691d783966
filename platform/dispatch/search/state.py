"""A plan under way as arrays: who makes each node, in which order, when; and a journal to take a move back."""

from typing import NamedTuple

import numpy as np

from .case import NEVER, Case, Flags, Floats, Ints

PRICE, LATE, WORST, BEST, CURRENT = range(5)
"""Columns of `State.sums`: travel, extras and unserved; weighted lateness; largest lateness; best and current cost."""


class State(NamedTuple):
    """`helper` is -1 for a node nobody makes. A route is the list first[h], after[first[h]], … in rising `key`."""

    key: Floats  # (visits,) the shared order, in 0..1
    helper: Ints  # (nodes,)
    before: Ints  # (nodes,) node before on the route, or -1
    after: Ints  # (nodes,)
    first: Ints  # (helpers,)
    last: Ints  # (helpers,)
    start: Floats  # (nodes,)
    tardy: Floats  # (nodes,) unweighted lateness
    sums: Floats  # see PRICE …
    heap: Ints  # visits that wait to be timed, by key
    waiting: Flags  # (visits,)
    log_node: Ints  # the journal: node, its start and lateness before the move
    log_start: Floats
    log_tardy: Floats
    best_key: Floats
    best_helper: Ints
    random: Ints  # (1,) the generator's state, as int64 bits
    touched: Ints  # (8,) helpers whose shift a move may break; -1 for none
    nodes: Ints  # (4,) the move's nodes, and for each its old helper, before, after, and new helper
    old: Ints  # (4, 3)
    new: Ints  # (4,)
    sides: Ints  # (10,) and the two routes of `days.py`
    swap: Ints  # (nodes, 3) their nodes in order, each with the side it has and will have


def empty_state(case: Case, seed: int) -> State:
    """Nobody makes anything yet. Keys follow the windows."""
    visits, nodes, helpers = len(case.slots), 2 * len(case.slots), len(case.home)
    generator = np.random.default_rng(seed)
    order = np.argsort(case.closes[:, 0] + generator.random(visits), kind="stable")
    key = np.zeros(visits)
    key[order] = (np.arange(visits) + 1.0) / (visits + 1.0)
    sums = np.zeros(5)
    sums[PRICE] = float(case.unserved[case.unserved < NEVER].sum())
    sums[BEST] = sums[CURRENT] = NEVER
    none = np.full(nodes, -1, dtype=np.int64)
    return State(
        key=key,
        helper=none.copy(),
        before=none.copy(),
        after=none.copy(),
        first=np.full(helpers, -1, dtype=np.int64),
        last=np.full(helpers, -1, dtype=np.int64),
        start=np.full(nodes, -1.0),
        tardy=np.zeros(nodes),
        sums=sums,
        heap=np.zeros(visits + 2, dtype=np.int64),
        waiting=np.zeros(visits, dtype=np.bool_),
        log_node=np.zeros(8 * nodes + 64, dtype=np.int64),
        log_start=np.zeros(8 * nodes + 64),
        log_tardy=np.zeros(8 * nodes + 64),
        best_key=key.copy(),
        best_helper=none.copy(),
        touched=np.full(8, -1, dtype=np.int64),
        nodes=np.zeros(4, dtype=np.int64),
        old=np.full((4, 3), -1, dtype=np.int64),
        new=np.full(4, -1, dtype=np.int64),
        sides=np.zeros(10, dtype=np.int64),
        swap=np.zeros((nodes, 3), dtype=np.int64),
        random=np.array([(seed * 2654435761 + 88172645463325252) % (2**63 - 1) or 1], dtype=np.int64),
    )
