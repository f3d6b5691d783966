"""Which search does what: a first plan by a simple rule, then the engine that is best at this kind of problem."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from . import engine
from .compiled import Model, Sequences
from .limits import Limit
from .plan import Progress
from .search import Case, Cooling, State, anneal, empty_state, keep_best, rebuild
from .search.case import COUNTER, SIZE
from .search.greedy import fill, nearest_first, replay
from .search.state import BEST, LOAD

Report = Callable[[Progress], None]

PATIENCE = 1800.0
"""Seconds somebody would wait at a door rather than go to another."""
MOVES = 1_000
"""Moves of the own search in one iteration of a limit."""
TELL_EVERY = 0.5
"""Seconds between two words about how a search goes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case and a plan of it, timed."""

    case: Case
    state: State


def simple(model: Model, case: Case) -> Found:
    """What people do without a plan."""
    state = nobody_sent(case, 1)
    areas = np.array([model.problem.visits[row].area for row in model.rows], dtype=object)
    own = [areas == model.problem.helpers[slot.helper].area for slot in model.slots]
    is_own = np.array(own, dtype=np.bool_).reshape(len(model.slots), len(model.rows))
    if is_own.size:
        nearest_first(case, state, is_own, PATIENCE)
    return Found(case, state)


def emergency(model: Model, case: Case, seed: int) -> Found:
    """The plan people know, as far as it still holds; then the cheapest insertion of the rest."""
    state = nobody_sent(case, seed)
    if model.rows and model.slots:
        if model.problem.told:
            _replay_told(model, case, state)
        fill(case, state)
        keep_best(state)
    return Found(case, state)


def nobody_sent(case: Case, seed: int) -> State:
    """A state with nobody on any route, priced."""
    state = empty_state(case, seed)
    if len(case.routes) and len(case.visits):
        rebuild(case, state, state.key.copy(), np.full(len(case.nodes), -1, dtype=np.int64))
    return state


def _replay_told(model: Model, case: Case, state: State) -> None:
    """Put the stops that people know where they stand, in order of their times."""
    row_of = {model.problem.visits[index].id: row for row, index in enumerate(model.rows)}
    helper = np.full(2 * len(model.rows), -1, dtype=np.int64)
    first: dict[int, int] = {}
    for told in sorted(model.problem.told, key=lambda one: one.start):
        row = row_of.get(told.visit_id)
        routes = [
            number for number, slot in enumerate(model.slots) if model.problem.helpers[slot.helper].id == told.helper_id
        ]
        if row is not None and routes:
            node = 2 * row + told.is_second
            within = [number for number in routes if model.slots[number].end > told.start]
            chosen = within[0] if within else routes[-1]
            if case.able[chosen, node]:
                helper[node] = chosen
                first.setdefault(row, told.start)
    order = np.array(sorted(first, key=lambda row: first[row]), dtype=np.int64)
    replay(case, state, order, helper)


def improve(model: Model, found: Found, limit: Limit, seed: int, progress: Report | None) -> tuple[Found, int]:
    """The best plan that an engine finds from a first one, and the iterations it took. The own search draws by the
    state it is given, which was made with the seed."""
    if _is_plain(model):
        return _by_library(model, found, limit, seed, progress)
    case, state = found.case, found.state
    watcher = _Watcher(model, limit, progress, state)
    moves = 0
    for cooling in _coolings(limit):
        outcome = anneal(case, state, cooling, watch=watcher, clock=time.perf_counter)
        moves += outcome.moves
    rebuild(case, state, state.best_key.copy(), state.best_helper.copy())
    fill(case, state)
    return Found(case, state), moves // MOVES


def _coolings(limit: Limit) -> list[Cooling]:
    """One search as long as there is time; where iterations are counted, ever longer ones.

    Each number of iterations then contains all smaller ones: more of them never give a worse plan.
    """
    if limit.seconds is not None:
        return [Cooling(seconds=limit.seconds)]
    found, left, length = [], limit.iterations or 0, 1
    while left >= length:
        found.append(Cooling(moves=length * MOVES))
        left, length = left - length, 2 * length
    return found


def _is_plain(model: Model) -> bool:
    """Whether the library models all of it and is the better one: everybody can go everywhere, at no soft cost."""
    problem = model.problem
    has_own = any(visit.second or visit.is_soft for visit in problem.visits) or not engine.loads_at_start(model)
    has_day = problem.done or problem.told or problem.pins or any(helper.breaks for helper in problem.helpers)
    has_length = problem.weights.fairness or any(one.contracted_seconds is not None for one in problem.helpers)
    if has_own or has_day or has_length:
        return False
    rows, people = list(model.rows), [slot.helper for slot in model.slots]
    return bool(model.suits[np.ix_(people, rows)].all() and not model.soft[np.ix_(people, rows)].any())


def _by_library(model: Model, found: Found, limit: Limit, seed: int, progress: Report | None) -> tuple[Found, int]:
    start = _sequences(model, found)
    sequences, iterations = engine.search(model, limit, seed=seed, start=start, progress=progress)
    state = nobody_sent(found.case, seed)
    order, helper = _in_order(model, sequences)
    replay(found.case, state, order, helper)
    fill(found.case, state)
    keep_best(state)
    better = Found(found.case, state) if state.sums[BEST] <= found.state.sums[BEST] else found
    return better, iterations


def _sequences(model: Model, found: Found) -> Sequences:
    """A plan in options, for the library: the option of the window in which each visit begins.

    Nothing where somebody fetches twice: the library does not know how.
    """
    options: dict[int, list[int]] = {}
    for number, option in enumerate(model.options):
        options.setdefault(option.visit, []).append(number)
    state = found.state
    routes: list[list[tuple[float, int]]] = [[] for _slot in model.slots]
    size, load = found.case.visits[:, SIZE], state.nodes[0::2, LOAD]
    is_fetched = (found.case.visit_ints[:, COUNTER] >= 0) & (state.helper[0::2] >= 0) & (load <= size)
    if np.bincount(state.helper[0::2][is_fetched], minlength=1).max() > 1:
        return tuple(() for _slot in model.slots)
    for row, index in enumerate(model.rows):
        route, start = int(state.helper[2 * row]), float(state.start[2 * row])
        if route >= 0:
            fits = [one for one in options[index] if model.options[one].earliest <= start <= model.options[one].latest]
            routes[route].append((float(state.key[row]), fits[0]))
    return tuple(tuple(option for _key, option in sorted(route)) for route in routes)


def _in_order(model: Model, sequences: Sequences) -> tuple[np.ndarray, np.ndarray]:
    """(visits in an order that keeps each route's, the route of each node)."""
    row_of = {index: row for row, index in enumerate(model.rows)}
    helper = np.full(2 * len(model.rows), -1, dtype=np.int64)
    order = []
    for route, sequence in enumerate(sequences):
        for option in sequence:
            row = row_of[model.options[option].visit]
            helper[2 * row] = route
            order.append(row)
    return np.array(order, dtype=np.int64), helper


class _Watcher:
    """Tells how it goes, and ends the search when it is cancelled."""

    def __init__(self, model: Model, limit: Limit, progress: Report | None, state: State) -> None:
        self._model, self._limit, self._progress, self._state = model, limit, progress, state
        self._began = time.perf_counter()
        self._told = -TELL_EVERY

    def __call__(self, share: float, cost: float) -> bool:
        now = time.perf_counter()
        if self._progress is not None and now - self._told >= TELL_EVERY:
            self._told = now
            happened = {one.visit_id for one in self._model.problem.done}
            served = int((self._state.best_helper[0::2] >= 0).sum()) + len(happened)
            iterations = round(share * (self._limit.iterations or 0))
            visits = len(self._model.problem.visits)
            self._progress(Progress(now - self._began, iterations, round(cost), served, visits))
        return not self._limit.cancelled()
