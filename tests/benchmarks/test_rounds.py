"""The county day of the benchmark: always the same, and nobody's plan of it breaks a rule."""

import pytest

from benchmarks.county import county_day
from benchmarks.county_rich import rich_county_day
from benchmarks.rounds_pricing import SECOND, flat, priced
from benchmarks.rounds_solvers import SOLVERS
from dispatch import Call, arrange, check


def test_a_seed_gives_the_same_county_each_time():
    one, again, other = county_day(40, 5, seed=1), county_day(40, 5, seed=1), county_day(40, 5, seed=2)
    assert (one.visits, one.helpers) == (again.visits, again.helpers)
    assert one.visits != other.visits


def test_the_rich_county_is_the_same_county_with_more_in_it():
    plain, rich = county_day(200, 20, change_cost=600), rich_county_day(200, 20)
    assert [visit.place for visit in plain.visits] == [visit.place for visit in rich.visits]
    assert any(visit.second and visit.second.gap == (0, 0) for visit in rich.visits)
    assert any(visit.second and visit.second.gap != (0, 0) for visit in rich.visits)
    assert any(visit.fetch for visit in rich.visits)
    assert any(visit.is_soft for visit in rich.visits)
    assert all(helper.breaks for helper in rich.helpers)


def test_a_pair_is_told_to_others_as_two_visits_at_once():
    told = flat(rich_county_day(200, 20))
    by_id = {visit.id: visit for visit in told.visits}
    pairs = [visit for visit in told.visits if visit.id.endswith(SECOND)]
    assert pairs
    for half in pairs:
        assert half.windows[0].start == by_id[half.id.removesuffix(SECOND)].windows[0].start
    assert all(visit.second is None and visit.fetch is None and not visit.is_soft for visit in told.visits)


def test_what_breaks_a_rule_is_left_out_of_a_price():
    problem = county_day(12, 2)
    everything = {problem.helpers[0].id: [visit.id for visit in problem.visits]}
    assert arrange(problem, {name: [Call(visit) for visit in day] for name, day in everything.items()}).broken
    plan = priced(problem, everything)
    assert check(problem, plan) == []
    assert 0 < plan.figures.served < 12


@pytest.mark.parametrize("make", [county_day, rich_county_day])
@pytest.mark.parametrize("solver", SOLVERS)
def test_everybodys_plan_passes_the_checker(solver, make):
    problem = make(24, 4, seed=1)
    plan = priced(problem, SOLVERS[solver](flat(problem), 0.4, 1))
    assert check(problem, plan) == []
    assert plan.figures.served
