"""Of a begun day only the part is planned anew that the event can touch."""

from dispatch import Done, Pin, Problem, Second, Told, Visit, Window
from services.narrowing import EARLIER, held, narrowed
from tests.dispatch.problems import HOUR, helper, line


def county() -> Problem:
    """Five helpers on a line, each with a visit at their own place, told for 10:00."""
    travel = {"motor": line(0, 10, 20, 30, 40)}
    helpers = tuple(helper(f"h{number}", start_place=number, end_place=number) for number in range(5))
    visits = tuple(Visit(f"v{number}", number, (Window(8 * HOUR, 17 * HOUR),), 1800) for number in range(5))
    told = tuple(Told(f"v{number}", f"h{number}", 10 * HOUR) for number in range(5))
    return Problem(helpers, visits, travel, told=told, now=9 * HOUR)


def names(rows):
    return {row.id for row in rows}


def test_the_nearest_helpers_and_what_they_were_told_are_the_problem():
    near = narrowed(county(), {"v0"}, most=2)
    assert names(near.helpers) == {"h0", "h1"}
    assert names(near.visits) == {"v0", "v1"}
    assert {one.visit_id for one in near.told} == {"v0", "v1"}


def test_who_is_in_it_always_is_in_it_however_far():
    assert names(narrowed(county(), {"v0"}, {"h4"}, most=1).helpers) == {"h0", "h4"}


def test_a_round_that_leads_past_the_door_counts_as_near():
    problem = county()
    told = (*problem.told, Told("v9", "h4", 11 * HOUR))
    passing = Visit("v9", 0, (Window(8 * HOUR, 17 * HOUR),), 1800)
    problem = Problem(problem.helpers, (*problem.visits, passing), problem.travel, told=told)
    assert names(narrowed(problem, {"v0"}, most=2).helpers) == {"h0", "h4"}


def test_two_who_go_together_are_planned_together():
    problem = county()
    pair = Visit("v9", 1, (Window(8 * HOUR, 17 * HOUR),), 1800, second=Second(1800))
    told = (*problem.told, Told("v9", "h1", 11 * HOUR), Told("v9", "h4", 11 * HOUR, is_second=True))
    problem = Problem(problem.helpers, (*problem.visits, pair), problem.travel, told=told)
    assert names(narrowed(problem, {"v1"}, most=1).helpers) == {"h1", "h4"}


def test_what_is_done_or_pinned_by_others_is_no_part_of_it():
    problem = county()
    done = (Done("v0", "h0", 0, 0, 1800), Done("v4", "h4", 0, 0, 1800))
    pins = (Pin("v1", "h1"), Pin("v3", "h3"))
    whole = Problem(problem.helpers, problem.visits, problem.travel, done=done, pins=pins, told=problem.told[1:4])
    near = narrowed(whole, {"v1"}, {"h0"}, most=1)
    assert [one.visit_id for one in near.done] == ["v0"]
    assert [one.visit_id for one in near.pins] == ["v1"]


def test_nobody_is_visited_much_earlier_than_they_were_told():
    windows = {visit.id: visit.windows[0] for visit in held(county(), {"v0"}).visits}
    assert windows["v0"].start == 8 * HOUR
    assert windows["v1"].start == 10 * HOUR - EARLIER


def test_a_window_too_short_to_hold_stays_as_it_is():
    problem = county()
    late = (Told("v1", "h1", 17 * HOUR - 120),)
    held_problem = held(Problem(problem.helpers, problem.visits, problem.travel, told=late))
    assert held_problem.visits[1].windows == problem.visits[1].windows
