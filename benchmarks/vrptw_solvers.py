"""Who solves a VRPTW case: the platform's optimiser, PyVRP itself, OR-Tools routing, VROOM. Routes back, each.

All see the same integers. One thread each, `seconds` of wall time each; building the data and reading the answer
count too, except PyVRP's reading of the file.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from benchmarks.vrptw_case import Case, Routes
from dispatch import Fetch, Helper, Limit, Problem, Travel, Visit, Weights, Window, solve

UNSERVED = 1_000_000
"""No client is left out for its way."""


def ours(case: Case, seconds: float, seed: int) -> Routes:
    """`dispatch.solve`: each vehicle a helper, each client a visit that brings its demand from the depot.

    The plan's own weights: travel, and so much for a client left out that none is.
    """
    day = (Window(case.window[0][0], case.horizon),)
    helpers = tuple(
        Helper(f"{number:04d}", day, 0, 0, max_seconds=case.horizon, means="", capacity=case.capacity)
        for number in range(case.vehicles)
    )
    visits = tuple(
        Visit(
            f"{client:05d}", client, (Window(early, late + case.service),), case.service,
            fetch=Fetch(0, duration=0, size=case.demand[client]),
        )
        for client, (early, late) in enumerate(case.window)
        if client
    )  # fmt: skip
    problem = Problem(helpers, visits, {"": Travel(case.way, case.way)}, Weights((UNSERVED,) * 3))
    plan = solve(problem, Limit(seconds=seconds), seed=seed)
    routes: Routes = []
    for one in plan.rounds:
        for stop in one.stops:
            if stop.fetched is not None or not routes or stop is one.stops[0]:
                routes.append([])  # who fetches again at the depot begins a route of their own
            routes[-1].append(int(stop.visit_id))
    return routes


def pyvrp_itself(case: Case, seconds: float, seed: int) -> Routes:
    """PyVRP as it comes: its own reading of the file, its default parameters."""
    import pyvrp

    data = pyvrp.read(case.path, round_func="dimacs")
    found = pyvrp.solve(data, pyvrp.stop.MaxRuntime(seconds), seed=seed, display=False).best
    return [[activity.idx + 1 for activity in route.schedule() if activity.is_client()] for route in found.routes()]


def ortools(case: Case, seconds: float, _seed: int) -> Routes:
    """OR-Tools routing: cheapest insertion, then guided local search. It has no seed."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(case.demand), case.vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    way, service = case.way.tolist(), case.service
    lasts = [[cell + (service if row else 0) for cell in cells] for row, cells in enumerate(way)]
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(way))
    routing.AddDimension(routing.RegisterTransitMatrix(lasts), case.horizon, case.horizon, False, "time")
    routing.AddDimension(routing.RegisterUnaryTransitVector(case.demand), 0, case.capacity, True, "load")
    time = routing.GetDimensionOrDie("time")
    for client, (early, late) in enumerate(case.window):
        if client:
            time.CumulVar(manager.NodeToIndex(client)).SetRange(early, late)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(asked)
    if found is None:
        return []
    routes = [_followed(routing, manager, found, vehicle) for vehicle in range(case.vehicles)]
    return [route for route in routes if route]


def _followed(routing: Any, manager: Any, found: Any, vehicle: int) -> list[int]:
    route, index = [], found.Value(routing.NextVar(routing.Start(vehicle)))
    while not routing.IsEnd(index):
        route.append(manager.IndexToNode(index))
        index = found.Value(routing.NextVar(index))
    return route


def vroom(case: Case, seconds: float, _seed: int) -> Routes:
    """VROOM at its highest level; it ends by itself, or at the time limit. It has no seed."""
    import vroom as library

    problem = library.Input()
    problem.set_durations_matrix("car", case.way.astype(np.uint32))
    problem.add_vehicle([
        library.Vehicle(
            number, start=0, end=0, capacity=[case.capacity], time_window=library.TimeWindow(0, case.horizon)
        )
        for number in range(case.vehicles)
    ])  # fmt: skip
    problem.add_job([
        library.Job(
            client, client, default_service=case.service, delivery=library.Amount([case.demand[client]]),
            time_windows=[library.TimeWindow(early, late)],
        )
        for client, (early, late) in enumerate(case.window)
        if client
    ])  # fmt: skip
    found = problem.solve(5, nb_threads=1, timeout=timedelta(seconds=seconds))
    steps = found.routes[found.routes["type"] == "job"]
    return [[int(client) for client in of_one["id"]] for _vehicle, of_one in steps.groupby("vehicle_id", sort=True)]


SOLVERS: dict[str, Callable[[Case, float, int], Routes]] = {
    "ours": ours,
    "PyVRP": pyvrp_itself,
    "OR-Tools": ortools,
    "VROOM": vroom,
}
