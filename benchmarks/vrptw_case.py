"""A VRPTW instance in VRPLIB form, in integers of the DIMACS convention, and a checker of its own."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SCALE = 10
"""DIMACS cuts distances and durations off after one decimal: ten units are one unit of the file."""

Routes = list[list[int]]
"""Clients by their row in the file, from 1 on; the depot is not named."""


@dataclass(frozen=True, slots=True)
class Case:
    """`way`: distance, and duration, between any two rows. The depot is row 0. Times and distances × `SCALE`."""

    name: str
    path: Path
    vehicles: int
    capacity: int
    service: int
    way: NDArray[np.int64]
    demand: list[int]
    window: list[tuple[int, int]]
    """Earliest and latest start of the service."""

    @property
    def horizon(self) -> int:
        return self.window[0][1]


def read_case(path: Path) -> Case:
    """One file of Solomon's or of Gehring and Homberger's in VRPLIB form."""
    head: dict[str, str] = {}
    rows: dict[str, list[list[float]]] = {}
    section: list[list[float]] = []
    for line in path.read_text(encoding="ascii").splitlines():
        key, colon, value = line.partition(":")
        if colon:
            head[key.strip()] = value.strip()
        elif line.strip().endswith("_SECTION"):
            section = rows.setdefault(line.strip(), [])
        elif line.strip() and line.strip() != "EOF":
            section.append([float(word) for word in line.split()])
    place = [(row[1], row[2]) for row in rows["NODE_COORD_SECTION"]]
    way = [[math.floor(SCALE * math.dist(a, b)) for b in place] for a in place]
    return Case(
        name=path.stem,
        path=path,
        vehicles=int(head["VEHICLES"]),
        capacity=int(head["CAPACITY"]),
        service=int(float(head["SERVICE_TIME"]) * SCALE),
        way=np.array(way, dtype=np.int64),
        demand=[int(row[1]) for row in rows["DEMAND_SECTION"]],
        window=[(int(row[1] * SCALE), int(row[2] * SCALE)) for row in rows["TIME_WINDOW_SECTION"]],
    )


def refusals(case: Case, routes: Routes) -> list[str]:
    """Every rule that these routes break; follows each route by itself and asks no solver."""
    found = []
    seen = sorted(client for route in routes for client in route)
    if seen != list(range(1, len(case.demand))):
        found.append(f"{len(case.demand) - 1} clients, but {len(seen)} calls at {len(set(seen))} of them")
    if len(routes) > case.vehicles:
        found.append(f"{len(routes)} routes for {case.vehicles} vehicles")
    for number, route in enumerate(routes, 1):
        if sum(case.demand[client] for client in route) > case.capacity:
            found.append(f"route {number} carries too much")
        here, clock = 0, case.window[0][0]
        for client in route:
            clock = max(clock + int(case.way[here, client]), case.window[client][0])
            if clock > case.window[client][1]:
                found.append(f"route {number} is late at {client}")
            here, clock = client, clock + case.service
        if clock + int(case.way[here, 0]) > case.horizon:
            found.append(f"route {number} is back late")
    return found


def cost(case: Case, routes: Routes) -> float:
    """Total distance in units of the file."""
    stops = [[0, *route, 0] for route in routes]
    return sum(int(case.way[a, b]) for route in stops for a, b in pairwise(route)) / SCALE
