"""The benchmark of single-helper routes reads what the files mean, and believes no solver."""

from pathlib import Path

import pytest

from benchmarks.vrptw_case import Case, cost, read_case, refusals
from benchmarks.vrptw_solvers import SOLVERS

TEXT = """NAME : TOY
TYPE : CVRPTW
DIMENSION : 5
VEHICLES : 2
CAPACITY : 10
SERVICE_TIME : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
4 1 1
5 0 7
DEMAND_SECTION
1 0
2 4
3 6
4 6
5 3
TIME_WINDOW_SECTION
1 0 100
2 0 30
3 15 20
4 0 90
5 0 90
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def case(tmp_path: Path) -> Case:
    path = tmp_path / "TOY.vrp"
    path.write_text(TEXT, encoding="ascii")
    return read_case(path)


def test_distances_are_cut_off_after_one_decimal(case):
    assert case.way[0, 3] == 14  # √2 = 1.414…
    assert (case.way == case.way.T).all()
    assert cost(case, [[1, 2], [3, 4]]) == 5.0 + 5.0 + 10.0 + 1.4 + 6.0 + 7.0


def test_good_routes_are_not_refused(case):
    assert refusals(case, [[1, 2], [3, 4]]) == []


@pytest.mark.parametrize(
    ("routes", "why"),
    [
        ([[1, 2], [3]], "4 clients, but 3 calls at 3 of them"),
        ([[1, 2], [3, 4, 4]], "4 clients, but 5 calls at 4 of them"),
        ([[1], [2], [3, 4]], "3 routes for 2 vehicles"),
        ([[1, 2, 4], [3]], "route 1 carries too much"),
        ([[4, 1, 2], [3]], "route 1 is late at 2"),
        ([[2, 1], [3, 4]], "route 1 is late at 1"),
    ],
)
def test_routes_that_break_a_rule_are_refused(case, routes, why):
    case.window[1] = (0, 240)  # too early for who comes from 2
    assert why in refusals(case, routes)


def test_coming_back_late_is_refused(case):
    case.window[0] = (0, 299)
    assert refusals(case, [[1, 2], [3, 4]]) == ["route 1 is back late"]


@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_finds_the_short_way(case, solver):
    routes = SOLVERS[solver](case, 0.5, 1)
    assert refusals(case, routes) == []
    assert cost(case, routes) == pytest.approx(33.0)
