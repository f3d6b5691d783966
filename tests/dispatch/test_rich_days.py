"""Days with everything in them: two at one door, breaks, errands, soft windows; and in the middle of the day."""

import os

from hypothesis import HealthCheck, given, settings

from dispatch import Call, Fetch, Limit, Method, arrange, baseline, check, solve

from .problems import helper, problem, rich_problems, visit

# a nightly run asks for thousands: EXAMPLES=3000
MANY = settings(
    max_examples=int(os.environ.get("EXAMPLES", "30")), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@MANY
@given(rich_problems())
def test_every_plan_of_a_rich_day_passes_the_checker(day):
    plan = solve(day, Limit(iterations=3), seed=1)
    assert check(day, plan) == []
    assert plan.method in {Method.SEARCH, Method.NOTHING_TO_DO}


@MANY
@given(rich_problems(begun=True))
def test_every_plan_in_the_middle_of_a_day_passes_the_checker(day):
    plan = solve(day, Limit(iterations=3), seed=1)
    assert check(day, plan) == []
    assert plan.method in {Method.SEARCH, Method.NOTHING_TO_DO}


@MANY
@given(rich_problems(begun=None))
def test_the_simple_rules_keep_every_rule_too(day):
    for method in (Method.NEAREST_FIRST, Method.CHEAPEST_INSERTION):
        assert check(day, baseline(day, method)) == []


@MANY
@given(rich_problems(begun=True))
def test_what_has_happened_and_what_is_pinned_never_moves(day):
    plan = solve(day, Limit(iterations=3), seed=2)
    made = {(stop.visit_id, stop.is_second): (one.helper_id, stop) for one in plan.rounds for stop in one.stops}
    for one in day.done:
        helper, stop = made[one.visit_id, one.is_second]
        assert (helper, stop.arrive, stop.start, stop.leave) == (one.helper_id, one.arrive, one.start, one.leave)
    for pin in day.pins:
        if (pin.visit_id, False) in made:
            helper, stop = made[pin.visit_id, False]
            assert helper == pin.helper_id
            assert pin.start in {None, stop.start}


@MANY
@given(rich_problems(begun=None))
def test_more_time_never_gives_a_worse_plan(day):
    costs = [solve(day, Limit(iterations=count), seed=3).figures.cost for count in (0, 1, 4)]
    assert costs == sorted(costs, reverse=True)


@MANY
@given(rich_problems())
def test_a_plan_arranged_as_it_was_found_is_as_good(day):
    plan = solve(day, Limit(iterations=2), seed=4)
    order = {
        one.helper_id: [Call(stop.visit_id, stop.is_second, tour.shift) for tour in one.tours for stop in tour.stops]
        for one in plan.rounds
    }
    arranged = arrange(day, order)
    assert arranged.broken == ()
    assert arranged.plan.figures.served == plan.figures.served


def test_a_cold_meal_by_hand_breaks_nothing_of_anybody_else():
    lunch = visit("lunch", place=3, duration=300, fetch=Fetch(0, duration=60, fresh=300))
    day = problem([helper("li", capacity=3), helper("wang")], [lunch, visit("a"), visit("b", place=2)])
    arranged = arrange(day, {"li": [Call("lunch")], "wang": [Call("a"), Call("b")]})
    assert {(one.what, one.subject) for one in arranged.broken} == {("cold", "lunch")}
    assert arranged.plan.figures.served == 3
