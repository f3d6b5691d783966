"""How the own search spends its time, and that it finds its temperatures from the problem itself."""

import numpy as np
import pytest

from dispatch.search import Case, Cooling, State, anneal, empty_state, make_case
from dispatch.search.anneal import align_keys, rebuild, start_from


def pairs_in_a_town(seed: int, *, visits: int, helpers: int = 4, unit: float = 1.0) -> Case:
    """Soft windows, a third of the visits by two helpers; `unit` is that of time and cost."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 100, (visits + 1, 2))
    away = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1)) * unit
    able = rng.random((helpers, 2 * visits)) < 0.6
    able[:2] = True
    opens = rng.integers(0, 300, visits) * unit
    return make_case(
        slots=[2 if p % 3 == 0 else 1 for p in range(visits)],
        place=list(range(1, visits + 1)),
        windows=[[(first, first + 60.0 * unit)] for first in opens],
        late=[1.0] * visits,
        gap=[(0.0, 0.0)] * visits,
        unserved=[4000.0 * unit] * visits,
        duration=np.full(2 * visits, 15.0 * unit),
        able=able,
        time=np.array([away]),
        worst_late=1.0,
    )


def searched(case: Case, moves: int, **cooling: float) -> tuple[State, float, list[tuple[float, float]]]:
    state = empty_state(case, 3)
    start_from(case, state, np.full(2 * len(case.slots), -1, dtype=np.int64))
    seen: list[tuple[float, float]] = []
    outcome = anneal(
        case, state, Cooling(moves=moves, **cooling), watch=lambda share, cost: seen.append((share, cost)) or True
    )
    assert outcome.moves == moves
    return state, outcome.cost, seen


def test_another_unit_of_time_and_cost_changes_nothing():
    plan, cost, _seen = searched(pairs_in_a_town(1, visits=12), 200_000)
    plan_too, cost_too, _seen = searched(pairs_in_a_town(1, visits=12, unit=2.0), 200_000)
    assert np.array_equal(plan.best_helper, plan_too.best_helper)
    assert cost_too == pytest.approx(2.0 * cost)


def test_finding_the_temperatures_is_no_worse_than_being_told_bad_ones():
    case = pairs_in_a_town(2, visits=30)
    found = searched(case, 600_000)[1]
    assert found < searched(case, 600_000, hot=1.0, cold=0.5)[1]
    assert found < searched(case, 600_000, hot=9000.0, cold=3000.0)[1]


@pytest.mark.parametrize("moves", [1_000, 30_000, 500_000, 4_000_000])
def test_the_time_is_spent_once_whatever_the_rounds(moves):
    _state, cost, seen = searched(pairs_in_a_town(3, visits=3), moves)
    shares, costs = [share for share, _cost in seen], [cost for _share, cost in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == cost


def test_keys_that_follow_the_starts_are_still_those_of_the_same_plan():
    case = pairs_in_a_town(4, visits=30)
    state, cost, _seen = searched(case, 100_000)
    helper = state.best_helper.copy()
    assert rebuild(case, state, state.best_key.copy(), helper)
    before = np.argsort(state.key)
    align_keys(state)
    assert not np.array_equal(np.argsort(state.key), before)
    assert rebuild(case, state, state.key.copy(), helper)
    assert state.sums[4] == pytest.approx(cost)
