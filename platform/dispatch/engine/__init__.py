"""PyVRP behind one package: its API moves between versions, nothing else of ours imports it."""

import time
import warnings
from collections.abc import Callable
from itertools import pairwise

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from dispatch.compiled import Model, Sequences
from dispatch.limits import Limit
from dispatch.plan import Progress

from .data import crews_of, data_of, loads_at_start, neighbours_of

__all__ = ["loads_at_start", "search"]

SKILL_PENALTY = 50_000.0
PHASES = ((0.2, 300.0), (1.0, 10.0))
"""Up to this share of the limit, a second of lateness costs this much to begin with: first quick gains that keep
to the rules, then wide detours through plans that break them. Turned around, a short search finds nothing."""
SMALL = 150
NEIGHBOURS = 30
TELL_EVERY = 0.5

Report = Callable[[Progress], None]


def search(
    model: Model, limit: Limit, *, seed: int, start: Sequences, progress: Report | None = None
) -> tuple[Sequences, int]:
    """The best sequences found within the limit, never worse than `start`, and the iterations it took."""
    is_whole = _leaves_nobody_out(model, start)
    data = data_of(model, is_required=is_whole)
    is_plain = is_whole or (len(data.clients()) < SMALL and data.num_load_dimensions <= 1)
    watcher = _Watcher(model, limit, progress)
    type_of = {row: number for number, crew in enumerate(crews_of(model)) for row in crew}
    best = pyvrp.Solution(
        data, [pyvrp.Route(data, list(sequence), type_of[row]) for row, sequence in enumerate(start) if sequence]
    )
    local = _local_search(model, data, seed, is_plain=is_plain)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        for share, late in PHASES[-1:] if is_plain else PHASES:
            watcher.share = share
            run = _plain(data, local, best, watcher) if is_plain else _tuned(data, local, best, watcher, late)
            best = run.run(watcher.is_over, False, False).best
    return _sequences(model, best), watcher.iterations


def _local_search(model: Model, data: pyvrp.ProblemData, seed: int, *, is_plain: bool) -> LocalSearch:
    near = NeighbourhoodParams(num_neighbours=NEIGHBOURS)
    neighbours = compute_neighbours(data, near) if is_plain else neighbours_of(model)
    perturbation = PerturbationManager(PerturbationParams() if is_plain else PerturbationParams(1, 8))
    local = LocalSearch(data, pyvrp.RandomNumberGenerator(seed=seed), neighbours, perturbation)
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    return local


def _plain(
    data: pyvrp.ProblemData, local: LocalSearch, first: pyvrp.Solution, watcher: "_Watcher"
) -> pyvrp.IteratedLocalSearch:
    """Days that fit whole, or a few dozen visits and one skill: nearly the library's own settings.

    Fewer neighbours, and no exhaustive search of every new best, make it half as fast again; in ten seconds a quarter
    to a half nearer to the best known (docs/decisions/0025).
    """
    penalties = pyvrp.PenaltyParams()
    manager = pyvrp.PenaltyManager(penalties.midpoint_penalties(data), penalties)
    params = pyvrp.IteratedLocalSearchParams(exhaustive_on_best=False, callbacks=watcher)
    return pyvrp.IteratedLocalSearch(data, manager, local, first, params)


def _tuned(
    data: pyvrp.ProblemData, local: LocalSearch, first: pyvrp.Solution, watcher: "_Watcher", late: float
) -> pyvrp.IteratedLocalSearch:
    """For over-full days with many skills."""
    penalties = pyvrp.PenaltyParams(solutions_between_updates=200, target_feasible=0.3)
    manager = pyvrp.PenaltyManager(([SKILL_PENALTY] * data.num_load_dimensions, late, 1.0), penalties)
    params = pyvrp.IteratedLocalSearchParams(history_length=30, exhaustive_on_best=False, callbacks=watcher)
    return pyvrp.IteratedLocalSearch(data, manager, local, first, params)


class _Watcher(pyvrp.IteratedLocalSearchCallbacks):
    """Ends a phase when its `share` of the limit is used up, and tells how it goes."""

    def __init__(self, model: Model, limit: Limit, progress: Report | None) -> None:
        self.share = 1.0
        self.iterations = 0
        self._model, self._limit, self._progress = model, limit, progress
        self._started = self._told = time.perf_counter()
        self._best: pyvrp.Solution | None = None

    def on_start(self, ils: pyvrp.IteratedLocalSearch) -> None:
        self._best = ils.initial_solution

    def on_best(self, best: pyvrp.Solution) -> None:
        self._best = best

    def is_over(self, best_cost: int) -> bool:
        """PyVRP asks before every iteration."""
        now = time.perf_counter()
        if self._progress and self._best is not None and now - self._told >= TELL_EVERY:
            self._told = now
            visits, served = len(self._model.problem.visits), self._best.num_clients()
            self._progress(Progress(now - self._started, self.iterations, best_cost, served, visits))
        limit = self._limit
        is_over = (
            (limit.seconds is not None and now - self._started >= self.share * limit.seconds)
            or (limit.iterations is not None and self.iterations >= self.share * limit.iterations)
            or limit.cancelled()
        )
        self.iterations += not is_over
        return is_over


def _sequences(model: Model, solution: pyvrp.Solution) -> Sequences:
    """The options of each slot's route; nothing where the search found nothing feasible."""
    sequences: list[tuple[int, ...]] = [() for _slot in model.slots]
    if solution.is_feasible():
        free = [list(reversed(crew)) for crew in crews_of(model)]
        for route in solution.routes():
            stops = tuple(activity.idx for activity in route.schedule() if activity.is_client())
            sequences[free[route.vehicle_type()].pop()] = stops
    return tuple(sequences)


def _leaves_nobody_out(model: Model, start: Sequences) -> bool:
    """Whether a plan is known that serves everybody for less than leaving out one would cost: so does the best plan."""
    served = [option for sequence in start for option in sequence]
    if not served or len(served) < len(model.options):
        return False
    cost = 0
    for slot, sequence in zip(model.slots, start, strict=True):
        places = [slot.start_place, *(model.options[option].place for option in sequence), slot.end_place]
        cost += sum(int(model.seconds(slot)[a, b]) for a, b in pairwise(places)) if sequence else 0
        cost += sum(int(model.soft[slot.helper, model.options[option].visit]) for option in sequence)
    return cost < min(model.weight(option) for option in served)
