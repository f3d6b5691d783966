"""Whatever is asked, the plan keeps every hard rule and loses nobody."""

import dataclasses
import pickle

import pytest
from hypothesis import HealthCheck, given, settings

from dispatch import Limit, Method, Plan, Window, baseline, check, solve
from dispatch.checker import Violation

from .problems import HOUR, helper, line, problem, problems, visit

MANY = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(problems())
def test_every_plan_of_the_search_passes_the_checker(day):
    plan = solve(day, Limit(iterations=30), seed=1)
    assert check(day, plan) == []
    assert plan.method in {Method.SEARCH, Method.NOTHING_TO_DO}  # else the search broke a rule, or got worse


@MANY
@given(problems())
def test_every_plan_of_the_simple_rules_passes_the_checker(day):
    for method in (Method.NEAREST_FIRST, Method.CHEAPEST_INSERTION):
        assert check(day, baseline(day, method)) == []


@MANY
@given(problems())
def test_every_visit_is_served_or_left_out_with_a_reason(day):
    plan = solve(day, Limit(iterations=30), seed=1)
    served = [stop.visit_id for one in plan.rounds for stop in one.stops]
    left = [one.visit_id for one in plan.left_out]
    assert sorted(served + left) == sorted(one.id for one in day.visits)
    assert all(one.reasons for one in plan.left_out)


@MANY
@given(problems())
def test_the_search_is_never_worse_than_the_emergency_plan(day):
    assert solve(day, Limit(iterations=30), seed=1).figures.cost <= solve(day, Limit()).figures.cost


def test_the_same_seed_and_iterations_give_the_same_plan():
    visits = [visit(f"v{n}", place=1 + n % 3, duration=900 + 60 * n, priority=1 + n % 3) for n in range(30)]
    day = problem([helper("li"), helper("wang", start_place=3, end_place=3)], visits)
    plans = [solve(day, Limit(iterations=200), seed=7) for _time in range(2)]
    assert plans[0] == plans[1]
    assert plans[0].method is Method.SEARCH


def test_without_time_the_emergency_plan_says_so():
    assert solve(problem([helper()], [visit()]), Limit()).method is Method.CHEAPEST_INSERTION


def test_a_failing_engine_ends_in_the_emergency_plan(monkeypatch, caplog):
    def fails(*_args: object, **_names: object) -> None:
        raise RuntimeError("the library moved")

    monkeypatch.setattr("dispatch.composing.anneal", fails)
    monkeypatch.setattr("dispatch.engine.search", fails)
    day = problem([helper()], [visit()])
    plan = solve(day, Limit(iterations=10))
    assert plan.method is Method.CHEAPEST_INSERTION
    assert check(day, plan) == []
    assert "the library moved" in caplog.text


def test_nothing_to_do_is_a_plan_too():
    for day in (problem([], []), problem([helper()], []), problem([], [visit()])):
        plan = solve(day, Limit(iterations=5))
        assert plan.method is Method.NOTHING_TO_DO
        assert check(day, plan) == []


def test_a_cancelled_search_keeps_the_best_so_far():
    asked = []

    def enough() -> bool:
        asked.append(1)
        return len(asked) > 5

    day = problem([helper()], [visit("a"), visit("b", place=2)])
    plan = solve(day, Limit(seconds=60, cancelled=enough))
    assert plan.figures.served == 2


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr("dispatch.engine.TELL_EVERY", 0)
    monkeypatch.setattr("dispatch.composing.TELL_EVERY", 0)
    told = []
    solve(problem([helper()], [visit()]), Limit(iterations=10), progress=told.append)
    assert told[-1].served == told[-1].visits == 1


def test_a_helper_leaves_home_as_late_as_the_first_door_allows():
    day = problem([helper()], [visit(windows=(Window(10 * HOUR, 12 * HOUR),))])
    tour = solve(day, Limit(iterations=10)).rounds[0].tours[0]
    assert tour.leave == 10 * HOUR - 600
    assert tour.stops[0].wait == 0


def test_a_helper_with_a_noon_break_goes_home_for_it():
    shifts = (Window(8 * HOUR, 9 * HOUR + 1800), Window(14 * HOUR, 15 * HOUR + 1800))
    day = problem([helper(shifts=shifts)], [visit("a", duration=3600), visit("b", duration=3600)])
    plan = solve(day, Limit(iterations=50))
    assert [len(tour.stops) for tour in plan.rounds[0].tours] == [1, 1]
    assert check(day, plan) == []


def test_one_of_several_windows_is_enough():
    windows = (Window(6 * HOUR, 7 * HOUR), Window(11 * HOUR, 12 * HOUR - 600))
    day = problem([helper()], [visit(windows=windows)])
    assert solve(day, Limit(iterations=20)).rounds[0].stops[0].start == 11 * HOUR


def test_the_regular_helper_goes_where_a_change_costs_more_than_the_way():
    far = helper("regular", start_place=3, end_place=3)
    near = helper("near", start_place=1, end_place=1)
    for cost, goes in ((60, "near"), (3 * HOUR, "regular")):
        day = problem([near, far], [visit(regular_helper="regular", change_cost=cost)])
        plan = solve(day, Limit(iterations=50))
        assert (plan.rounds[0].helper_id, plan.method) == (goes, Method.SEARCH)
        assert plan.figures.kept_regular == (goes == "regular")


def test_the_urgent_visit_goes_first_where_only_one_fits():
    day = problem(
        [helper(shifts=(Window(8 * HOUR, 9 * HOUR),))], [visit("later", priority=3), visit("now", priority=1)]
    )
    assert solve(day, Limit(iterations=50)).rounds[0].stops[0].visit_id == "now"


def test_matrices_that_do_not_fit_are_a_mistake_of_the_caller():
    ways = line(0, 10)
    with pytest.raises(ValueError, match="square"):
        problem([], [], dataclasses.replace(ways, metres=ways.metres[:1]))


def _spoilt(plan: Plan, **changes: object) -> Plan:
    """The plan with its first stop changed."""
    one = plan.rounds[0]
    tour = one.tours[0]
    stops = (dataclasses.replace(tour.stops[0], **changes), *tour.stops[1:])
    tours = (dataclasses.replace(tour, stops=stops), *one.tours[1:])
    return dataclasses.replace(plan, rounds=(dataclasses.replace(one, tours=tours), *plan.rounds[1:]))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"start": 7 * HOUR, "leave": 7 * HOUR + 1800}, "window"),
        ({"leave": 11 * HOUR}, "duration"),
        ({"travel": 1}, "travel"),
        ({"visit_id": "b"}, "served and left out"),
        ({"visit_id": "nobody"}, "unknown visit"),
    ],
)
def test_the_checker_sees_a_spoilt_stop(changes, what):
    day = problem([helper()], [visit("a"), visit("b", skills=frozenset({"nursing"}))])
    plan = solve(day, Limit(iterations=10))
    assert what in {found.what for found in check(day, _spoilt(plan, **changes))}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"skills": frozenset({"bathing"})}, "skill"),
        ({"wants_sex": "male"}, "sex"),
        ({"language": "shaanbei", "needs_language": True}, "language"),
    ],
)
def test_the_checker_sees_the_wrong_helper(change, what):
    plan = solve(problem([helper(sex="female")], [visit()]), Limit(iterations=10))
    stricter = problem([helper(sex="female")], [visit(**change)])
    assert Violation(what, "a") in check(stricter, plan)


@pytest.mark.parametrize(
    ("change", "what"),
    [({"shifts": (Window(9 * HOUR, 12 * HOUR),)}, "shift"), ({"max_seconds": 600}, "day too long")],
)
def test_the_checker_sees_a_day_that_is_too_long(change, what):
    plan = solve(problem([helper()], [visit(windows=(Window(8 * HOUR, 9 * HOUR),))]), Limit(iterations=10))
    stricter = problem([helper(**change)], [visit(windows=(Window(8 * HOUR, 9 * HOUR),))])
    assert Violation(what, "li") in check(stricter, plan)


def test_a_problem_travels_to_another_process_and_back():
    day = problem([helper()], [visit()])
    again = pickle.loads(pickle.dumps((day, Limit(iterations=5))))  # noqa: S301  our own bytes
    assert pickle.loads(pickle.dumps(solve(*again))) == solve(day, Limit(iterations=5))  # noqa: S301
