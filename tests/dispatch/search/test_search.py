"""The own search, watched by a second, slow and obvious reading of the same rules."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.search import Case, Cooling, State, anneal, empty_state, make_case
from dispatch.search.anneal import rebuild, start_from
from dispatch.search.case import (
    CLOSES,
    END,
    ENDS,
    GAP_MAX,
    GAP_MIN,
    HOME,
    LATE_COST,
    LIMIT,
    MEANS,
    NEVER,
    OPENS,
    STARTS,
    UNSERVED,
    WINDOWS,
)

CLOSE = 1e-6


def any_case(seed: int, *, visits: int = 9, helpers: int = 4) -> Case:
    """A small problem with everything in it: pairs, gaps, hard and soft windows, two means, shifts, limits."""
    rng = np.random.default_rng(seed)
    slots = rng.choice([1, 1, 2], visits)
    able = rng.random((helpers, 2 * visits)) < 0.7
    able[:2] = True
    points = rng.integers(0, 60, (visits + 2, 2))
    away = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1)).round(1)
    hard = rng.random(visits) < 0.5
    windows = []
    for _ in range(visits):
        first = float(rng.integers(0, 200))
        windows.append([(first, first + 60.0)] + ([(first + 120.0, first + 160.0)] if rng.random() < 0.3 else []))
    starts = rng.integers(0, 40, helpers).astype(float)
    return make_case(
        slots=slots.tolist(),
        place=list(range(1, visits + 1)),
        windows=windows,
        late=np.where(hard, NEVER, 2.0).tolist(),
        gap=[tuple(rng.choice([0.0, 10.0]) + np.array([0.0, rng.choice([0.0, 15.0])])) for _ in range(visits)],
        unserved=[300.0] * visits,
        duration=rng.integers(5, 30, 2 * visits).astype(float),
        able=able,
        time=np.array([away, 2 * away]),
        price=np.array([away, away]),
        extra=rng.choice([0.0, 0.0, 12.0], (helpers, 2 * visits)),
        means=rng.choice([0, 1], helpers).tolist(),
        home=[0] * helpers,
        end=rng.choice([0, visits + 1], helpers).tolist(),
        shift=[(first, first + 260.0) for first in starts],
        limit=[240.0] * helpers,
        worst_late=float(rng.choice([0.0, 1.0])),
    )


def last_close(case: Case, p: int) -> float:
    """The end of the last window of visit `p`."""
    return float(case.windows[p, case.visit_ints[p, WINDOWS] - 1, CLOSES])


def routes_of(state: State) -> list[list[int]]:
    """The nodes of each helper in order of the keys: not by the state's own links."""
    helpers = len(state.routes)
    routes: list[list[int]] = [[] for _ in range(helpers)]
    for v in sorted(range(len(state.helper)), key=lambda node: state.key[node >> 1]):
        if state.helper[v] >= 0:
            routes[state.helper[v]].append(v)
    return routes


def price_of(case: Case, routes: list[list[int]], served: set[int]) -> float:
    """Travel, extras and what is left out."""
    price = sum(float(case.visits[p, UNSERVED]) for p in range(len(case.slots)) if p not in served)
    for h, route in enumerate(routes):
        stops = [
            int(case.route_ints[h, HOME]),
            *(int(case.place[v >> 1]) for v in route),
            int(case.route_ints[h, END]),
        ]
        if route:
            price += sum(float(case.price[case.route_ints[h, MEANS], a, b]) for a, b in itertools.pairwise(stops))
        price += sum(float(case.extra[h, v]) for v in route)
    return price


def broken_on_route(case: Case, state: State, h: int, route: list[int]) -> list[str]:
    """What helper `h` could not do."""
    wrong, free, at = [], float(case.routes[h, STARTS]), int(case.route_ints[h, HOME])
    for v in route:
        travel = float(case.time[case.route_ints[h, MEANS], at, case.place[v >> 1]])
        if state.start[v] < free + travel - CLOSE:
            wrong.append(f"{v} too early")
        if not case.able[h, v]:
            wrong.append(f"{h} not able to {v}")
        free, at = float(state.start[v] + case.duration[v]), int(case.place[v >> 1])
    if route:
        back = free + float(case.time[case.route_ints[h, MEANS], at, case.route_ints[h, END]])
        leave = latest_leave(case, state, h, route)
        if back > case.routes[h, ENDS] + CLOSE or back - leave > case.routes[h, LIMIT] + CLOSE:
            wrong.append(f"{h} works too long")
    return wrong


def latest_leave(case: Case, state: State, h: int, route: list[int]) -> float:
    """When helper `h` may leave home at the latest for all that comes after the first wait to stay as it is."""
    latest = NEVER
    for v in reversed(route):
        p, start = v >> 1, float(state.start[v])
        ends = [float(last) for last in case.windows[p, :, CLOSES] if start <= last]
        own = min(ends, default=start) if case.slots[p] == 1 else start
        onward = latest - float(case.duration[v])
        latest = min(own, max(onward, start)) if v != route[-1] else start
        before = route[route.index(v) - 1] if v != route[0] else -1
        at = int(case.route_ints[h, HOME]) if before < 0 else int(case.place[before >> 1])
        latest -= float(case.time[case.route_ints[h, MEANS], at, case.place[p]])
    return latest


def broken_at_door(case: Case, state: State, p: int, nodes: list[int]) -> list[str]:
    """What visit `p` could not accept."""
    wrong = ["half made"] if nodes and len(nodes) < case.slots[p] else []
    for v in nodes:
        windows = zip(
            case.windows[p, :, OPENS], case.windows[p, :, CLOSES], range(case.visit_ints[p, WINDOWS]), strict=False
        )
        is_inside = any(first - CLOSE <= state.start[v] <= last + CLOSE for first, last, _index in windows)
        is_soft = case.visits[p, LATE_COST] < NEVER and state.start[v] >= last_close(case, p)
        if not (is_inside or is_soft):
            wrong.append(f"{v} outside its windows")
    if len(nodes) == 2:
        gap = state.start[nodes[1]] - state.start[nodes[0]]
        if not case.visits[p, GAP_MIN] - CLOSE <= gap <= case.visits[p, GAP_MAX] + CLOSE:
            wrong.append(f"helpers {gap} apart at {p}")
        if state.helper[nodes[0]] == state.helper[nodes[1]]:
            wrong.append(f"{p} gets one helper twice")
    return wrong


def broken_rules(case: Case, state: State, routes: list[list[int]]) -> list[str]:
    """Every hard rule the plan's own times break."""
    wrong = [one for h, route in enumerate(routes) for one in broken_on_route(case, state, h, route)]
    for p in range(len(case.slots)):
        nodes = [v for v in range(2 * p, 2 * p + int(case.slots[p])) if state.helper[v] >= 0]
        wrong += broken_at_door(case, state, p, nodes)
    return wrong


def cost_of(case: Case, state: State) -> float:
    """The whole cost, from the keys, the helpers and the starts alone."""
    served = {v >> 1 for v in range(len(state.helper)) if state.helper[v] >= 0}
    late = [
        (
            max(float(state.start[v] - last_close(case, v >> 1)), 0.0),
            v >> 1,
        )
        for v in range(len(state.helper))
        if state.helper[v] >= 0
    ]
    soft = sum(one * float(case.visits[p, LATE_COST]) for one, p in late if case.visits[p, LATE_COST] < NEVER)
    worst = max((one for one, _p in late), default=0.0)
    return price_of(case, routes_of(state), served) + soft + case.worst_late * worst


def searched(case: Case, seed: int = 1, moves: int = 4000) -> tuple[State, float]:
    state = empty_state(case, seed)
    start_from(case, state, np.full(2 * len(case.slots), -1, dtype=np.int64))
    outcome = anneal(case, state, Cooling(hot=100.0, cold=0.5, moves=moves))
    assert rebuild(case, state, state.best_key.copy(), state.best_helper.copy())
    return state, outcome.cost


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_plan_breaks_a_hard_rule_and_its_cost_is_what_it_says(seed):
    case = any_case(seed)
    state, cost = searched(case, seed=seed % 97)
    assert broken_rules(case, state, routes_of(state)) == []
    assert cost_of(case, state) == pytest.approx(cost)
    assert state.sums[4] == pytest.approx(cost)


def best_by_trying_everything(case: Case) -> float:
    """The lowest cost over every order of visits and every team at every door."""
    visits = len(case.slots)
    teams: list[list[tuple[int, ...]]] = []
    for p in range(visits):
        pairs = itertools.permutations(range(len(case.routes)), int(case.slots[p]))
        able = [team for team in pairs if all(case.able[h, 2 * p + k] for k, h in enumerate(team))]
        teams.append([(), *able])
    state, best = empty_state(case, 1), math.inf
    for order in itertools.permutations(range(visits)):
        key = np.empty(visits)
        key[list(order)] = (np.arange(visits) + 1.0) / (visits + 1.0)
        for choice in itertools.product(*teams):
            helper = np.full(2 * visits, -1, dtype=np.int64)
            for p, team in enumerate(choice):
                helper[2 * p : 2 * p + len(team)] = team
            if rebuild(case, state, key, helper) and not broken_rules(case, state, routes_of(state)):
                best = min(best, cost_of(case, state))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_a_tiny_problem_is_solved_to_the_best_there_is(seed):
    case = any_case(seed, visits=4, helpers=2)
    assert searched(case, moves=20_000)[1] == pytest.approx(best_by_trying_everything(case))


def test_the_same_seed_and_moves_give_the_same_plan():
    case = any_case(5)
    plans = [searched(case, seed=3)[0] for _ in range(2)]
    assert np.array_equal(plans[0].key, plans[1].key)
    assert np.array_equal(plans[0].helper, plans[1].helper)


def test_a_watcher_can_end_the_search_and_keep_the_best():
    case = any_case(5)
    state = empty_state(case, 1)
    start_from(case, state, np.full(18, -1, dtype=np.int64))
    seen: list[tuple[float, float]] = []

    def watch(share: float, cost: float) -> bool:
        seen.append((share, cost))
        return len(seen) < 3

    outcome = anneal(case, state, Cooling(hot=100.0, cold=0.5, moves=10**9), watch=watch)
    assert len(seen) == 3
    assert outcome.cost == seen[-1][1]


def _one_visit(**changes: Any) -> Case:
    given_: dict[str, Any] = {
        "slots": [1], "place": [1], "windows": [[(0.0, 100.0)]], "late": [NEVER], "gap": [(0.0, 0.0)],
        "unserved": [50.0], "duration": np.array([10.0, 0.0]), "able": np.ones((1, 2), dtype=bool),
        "time": np.array([[[0.0, 8.0], [8.0, 0.0]]]),
    }  # fmt: skip
    return make_case(**(given_ | changes))


def test_a_visit_worth_its_way_is_made():
    assert searched(_one_visit(), moves=500)[1] == pytest.approx(16.0)


@pytest.mark.parametrize(
    "change",
    [
        {"able": np.zeros((1, 2), dtype=bool)},
        {"windows": [[(0.0, 7.0)]]},
        {"shift": [(0.0, 25.0)]},
        {"limit": [25.0]},
        {"slots": [2], "able": np.ones((1, 2), dtype=bool)},
        {"unserved": [15.0]},
    ],
)
def test_a_visit_nobody_can_make_is_left_out(change):
    case = _one_visit(**change)
    assert searched(case, moves=500)[1] == pytest.approx(float(case.visits[0, UNSERVED]))


def test_a_day_without_visits_costs_nothing():
    case = make_case(slots=[], place=[], windows=[], late=[], gap=[], unserved=[], duration=np.zeros(0),
                     able=np.ones((2, 0), dtype=bool), time=np.zeros((1, 1, 1)))  # fmt: skip
    assert searched(case, moves=10)[1] == 0.0
