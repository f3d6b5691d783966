"""Who else plans a county's day: PyVRP by itself, VROOM, OR-Tools. Each gives the order of visits for each helper.

All are given the same rows: who may go where, windows, the priorities' weights, what a change of helper costs, eight
hours a day. Building their model counts as their time, except OR-Tools' copies of the matrices from Python.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch import Helper, Problem
from dispatch.problem import soft_cost, suits

Order = dict[str, list[str]]


@dataclass(frozen=True, eq=False)
class Rows:
    """A problem as arrays. Nodes are the helpers' bases, then the visits' doors, one for each row.

    `fits` and `soft` are helpers × visits; `team` (means, township) groups helpers who share a matrix.
    """

    problem: Problem
    fits: NDArray[np.bool_]
    soft: NDArray[np.int64]
    team: list[tuple[str, str]]

    @property
    def first(self) -> int:
        """The node of the first visit."""
        return len(self.problem.helpers)

    def seconds(self, means: str) -> NDArray[np.int64]:
        """Travel between nodes. Days end where they begin."""
        problem = self.problem
        places = [*(helper.start_place for helper in problem.helpers), *(visit.place for visit in problem.visits)]
        return problem.travel[means].seconds[np.ix_(places, places)]

    def cost(self, team: tuple[str, str]) -> NDArray[np.int64]:
        """Travel, and into a door the cheapest change of helper that the team can offer."""
        members = [row for row, its in enumerate(self.team) if its == team]
        cost = self.seconds(team[0])
        cost[:, self.first :] += self.soft[members].min(axis=0)
        np.fill_diagonal(cost, 0)
        return cost


def rows_of(problem: Problem) -> Rows:
    """Where nothing is soft, helpers of one means are one team; else those of one township."""
    shape = (len(problem.helpers), len(problem.visits))
    fits, soft = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.int64)
    for row, helper in enumerate(problem.helpers):
        for column, visit in enumerate(problem.visits):
            fits[row, column] = suits(helper, visit)
            soft[row, column] = soft_cost(helper, visit, problem.weights)
    area = [helper.area if soft.any() else "" for helper in problem.helpers]
    return Rows(problem, fits, soft, [(helper.means, its) for helper, its in zip(problem.helpers, area, strict=True)])


def eight_hours(number: int, helper: Helper) -> tuple[int, int]:
    """For who cannot limit a day within a longer shift: every other helper takes the first hours, the rest the last."""
    shift, length = helper.shifts[0], helper.max_seconds
    return (shift.start, shift.start + length) if number % 2 else (shift.end - length, shift.end)


def vroom(problem: Problem, seconds: float, _seed: int) -> Order:
    """VROOM at its highest level: skills, priorities and a cost matrix for each team are its own notions."""
    import vroom as library

    rows = rows_of(problem)
    model = library.Input()
    for team in sorted(set(rows.team)):
        model.set_durations_matrix("/".join(team), rows.seconds(team[0]).astype(np.uint32))
        model.set_costs_matrix("/".join(team), rows.cost(team).astype(np.uint32))
    classes = {mask: number for number, mask in enumerate(sorted({column.tobytes() for column in rows.fits.T}))}
    model.add_vehicle([
        library.Vehicle(
            number, start=number, end=number, profile="/".join(rows.team[number]),
            skills={its for mask, its in classes.items() if np.frombuffer(mask, dtype=np.bool_)[number]},
            time_window=library.TimeWindow(*eight_hours(number, helper)),
            breaks=[
                library.Break(row, [library.TimeWindow(pause.earliest, pause.latest)], pause.duration)
                for row, pause in enumerate(helper.breaks)
            ],
        )
        for number, helper in enumerate(problem.helpers)
    ])  # fmt: skip
    model.add_job([
        library.Job(
            number, rows.first + number, default_service=visit.duration,
            skills={classes[rows.fits[:, number].tobytes()]},
            priority=problem.weights.of(visit.priority) // 1000,
            time_windows=[library.TimeWindow(window.start, window.end - visit.duration) for window in visit.windows],
        )
        for number, visit in enumerate(problem.visits)
    ])  # fmt: skip
    found = model.solve(5, nb_threads=1, timeout=timedelta(seconds=seconds))
    steps = found.routes[found.routes["type"] == "job"]
    return {
        problem.helpers[int(vehicle)].id: [problem.visits[int(number)].id for number in its["id"]]
        for vehicle, its in steps.groupby("vehicle_id")
    }


def ortools(problem: Problem, seconds: float, _seed: int) -> Order:
    """OR-Tools routing: a penalty for whom it leaves out, spans for the day, vehicles allowed; guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    rows = rows_of(problem)
    bases = list(range(rows.first))
    manager = pywrapcp.RoutingIndexManager(rows.first + len(problem.visits), len(bases), bases, bases)
    routing = pywrapcp.RoutingModel(manager)
    cost = {team: routing.RegisterTransitMatrix(rows.cost(team).tolist()) for team in sorted(set(rows.team))}
    lasts = np.array([*(0 for _base in bases), *(visit.duration for visit in problem.visits)], dtype=np.int64)
    clock = {
        means: routing.RegisterTransitMatrix((rows.seconds(means) + lasts[:, None]).tolist())
        for means in problem.travel
    }
    for number, team in enumerate(rows.team):
        routing.SetArcCostEvaluatorOfVehicle(cost[team], number)
    day = 24 * 3600
    routing.AddDimensionWithVehicleTransits([clock[means] for means, _area in rows.team], day, day, False, "time")
    time = routing.GetDimensionOrDie("time")
    for number, helper in enumerate(problem.helpers):
        time.CumulVar(routing.Start(number)).SetRange(helper.shifts[0].start, helper.shifts[0].end)
        time.CumulVar(routing.End(number)).SetRange(helper.shifts[0].start, helper.shifts[0].end)
        time.SetSpanUpperBoundForVehicle(helper.max_seconds, number)
        if helper.breaks:
            pauses = [
                routing.solver().FixedDurationIntervalVar(pause.earliest, pause.latest, pause.duration, False, "pause")
                for pause in helper.breaks
            ]
            time.SetBreakIntervalsOfVehicle(pauses, number, lasts.tolist())
    for number, visit in enumerate(problem.visits):
        index = manager.NodeToIndex(rows.first + number)
        routing.AddDisjunction([index], problem.weights.of(visit.priority))
        routing.VehicleVar(index).SetValues([-1, *(int(row) for row in np.flatnonzero(rows.fits[:, number]))])
        time.CumulVar(index).SetRange(visit.windows[0].start, visit.windows[0].end - visit.duration)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(asked)
    order: Order = {}
    for number, helper in enumerate(problem.helpers if found else ()):
        index = found.Value(routing.NextVar(routing.Start(number)))
        while not routing.IsEnd(index):
            order.setdefault(helper.id, []).append(problem.visits[manager.IndexToNode(index) - rows.first].id)
            index = found.Value(routing.NextVar(index))
    return order


def _shorter(helper: Helper) -> Helper:
    """A day shorter by its breaks, for who cannot plan them."""
    pauses = sum(pause.duration for pause in helper.breaks)
    return replace(helper, max_seconds=helper.max_seconds - pauses, breaks=())


def _pyvrp(problem: Problem, seconds: float, seed: int, make: Callable[[Any, Any], tuple[Any, Any]]) -> Order:
    """PyVRP by itself on our model of the day; `make` gives its parameters and neighbours."""
    import pyvrp
    from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager

    from dispatch.compiled import compile_problem
    from dispatch.engine.data import data_of

    problem = Problem(tuple(_shorter(one) for one in problem.helpers), problem.visits, problem.travel, problem.weights)
    stop = pyvrp.stop.MaxRuntime(seconds)
    stop(0)  # its clock starts when it is first asked
    model = compile_problem(problem)
    data = data_of(model)
    params, neighbours = make(model, data)
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    local = LocalSearch(data, rng, neighbours, PerturbationManager(params.perturbation))
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    penalties = params.start if hasattr(params, "start") else params.penalty.midpoint_penalties(data)
    manager = pyvrp.PenaltyManager(penalties, params.penalty)
    first = local(pyvrp.Solution.make_random(data, rng), manager.max_cost_evaluator(), exhaustive=True)
    best = pyvrp.IteratedLocalSearch(data, manager, local, first, params.ils).run(stop, False, False).best
    order: Order = {}
    for route in best.routes() if best.is_feasible() else ():
        helper = problem.helpers[model.slots[route.vehicle_type()].helper].id
        stops = [model.options[one.idx].visit for one in route.schedule() if one.is_client()]
        order.setdefault(helper, []).extend(problem.visits[visit].id for visit in stops)
    return order


def pyvrp_defaults(problem: Problem, seconds: float, seed: int) -> Order:
    """PyVRP with its own parameters."""
    import pyvrp
    from pyvrp.search import NeighbourhoodParams, compute_neighbours

    return _pyvrp(
        problem, seconds, seed,
        lambda _model, data: (pyvrp.SolveParams(), compute_neighbours(data, NeighbourhoodParams())),
    )  # fmt: skip


def pyvrp_tuned(problem: Problem, seconds: float, seed: int) -> Order:
    """PyVRP with the settings found best for over-full days of many skills, and neighbours who can be served alike."""
    import pyvrp
    from pyvrp.search import PerturbationParams

    from dispatch.engine.data import neighbours_of

    class Tuned(pyvrp.SolveParams):
        start: tuple[Sequence[float], float, float]

    def make(model: Any, data: Any) -> tuple[Any, Any]:
        tuned = Tuned(
            pyvrp.IteratedLocalSearchParams(history_length=30, exhaustive_on_best=False),
            pyvrp.PenaltyParams(solutions_between_updates=200, target_feasible=0.3),
            perturbation=PerturbationParams(1, 8),
        )
        tuned.start = ([50_000.0] * data.num_load_dimensions, 10.0, 1.0)
        return tuned, neighbours_of(model)

    return _pyvrp(problem, seconds, seed, make)


SOLVERS: dict[str, Callable[[Problem, float, int], Order]] = {
    "PyVRP, defaults": pyvrp_defaults,
    "PyVRP, tuned": pyvrp_tuned,
    "VROOM": vroom,
    "OR-Tools": ortools,
}
