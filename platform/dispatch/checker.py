"""The independent checker: trusts nothing but the problem and the plan, and shares no code with the searches."""

from collections import Counter
from dataclasses import dataclass

from .plan import Plan, Round, Tour
from .problem import UNREACHABLE, Helper, Problem, Visit


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule a plan breaks: `what` names the rule, `subject` the helper or visit."""

    what: str
    subject: str


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Every hard rule the plan breaks; an empty list for a good plan."""
    found: list[Violation] = []
    helpers = {helper.id: helper for helper in reversed(problem.helpers)}
    visits = {visit.id: visit for visit in reversed(problem.visits)}
    for one in plan.rounds:
        helper = helpers.get(one.helper_id)
        if helper is None:
            found.append(Violation("unknown helper", one.helper_id))
        else:
            found += _round(problem, helper, one, visits)
    found += [
        Violation("two rounds", helper)
        for helper, times in Counter(one.helper_id for one in plan.rounds).items()
        if times > 1
    ]
    return found + _coverage(problem, plan) + _figures(plan)


def _coverage(problem: Problem, plan: Plan) -> list[Violation]:
    """Every visit exactly once: in a round, or left out with a reason."""
    asked = Counter(visit.id for visit in problem.visits)
    served = Counter(stop.visit_id for one in plan.rounds for stop in one.stops)
    left = Counter(one.visit_id for one in plan.left_out)
    found = [Violation("served twice", visit) for visit, times in served.items() if times > 1]
    found += [Violation("served and left out", visit) for visit in served if served[visit] + left[visit] > asked[visit]]
    found += [Violation("lost", visit) for visit in asked if served[visit] + left[visit] < asked[visit]]
    found += [Violation("unknown visit", visit) for visit in (served | left) if visit not in asked]
    return found + [Violation("no reason", one.visit_id) for one in plan.left_out if not one.reasons]


def _round(problem: Problem, helper: Helper, one: Round, visits: dict[str, Visit]) -> list[Violation]:
    found = []
    for stop in one.stops:
        visit = visits.get(stop.visit_id)
        if visit is not None and not visit.skills <= helper.skills:
            found.append(Violation("skill", visit.id))
        if visit is not None and visit.wants_sex is not None and visit.wants_sex != helper.sex:
            found.append(Violation("sex", visit.id))
        if visit is not None and visit.needs_language and visit.language not in {None, *helper.languages}:
            found.append(Violation("language", visit.id))
    for tour in one.tours:
        if not any(shift.start <= tour.leave and tour.back <= shift.end for shift in helper.shifts):
            found.append(Violation("shift", helper.id))
        found += _tour(problem, helper, tour, visits)
    if sum(tour.back - tour.leave for tour in one.tours) > helper.max_seconds:
        found.append(Violation("day too long", helper.id))
    for before, after in zip(one.tours, one.tours[1:], strict=False):
        if after.leave < before.back:
            found.append(Violation("two places at once", helper.id))
    return found


def _tour(problem: Problem, helper: Helper, tour: Tour, visits: dict[str, Visit]) -> list[Violation]:
    seconds = problem.travel[helper.means].seconds
    found = []
    here, clock = helper.start_place, tour.leave
    for stop in tour.stops:
        visit = visits.get(stop.visit_id)
        if visit is None or visit.place is None:
            found.append(Violation("no place", stop.visit_id))
            continue
        way = int(seconds[here, visit.place])
        if way >= UNREACHABLE or stop.travel != way or stop.arrive != clock + way:
            found.append(Violation("travel", stop.visit_id))
        if stop.start < stop.arrive or stop.leave - stop.start != visit.duration or visit.duration <= 0:
            found.append(Violation("duration", stop.visit_id))
        if not any(window.start <= stop.start and stop.leave <= window.end for window in visit.windows):
            found.append(Violation("window", stop.visit_id))
        here, clock = visit.place, stop.leave
    way = int(seconds[here, helper.end_place])
    if way >= UNREACHABLE or tour.travel_back != way or tour.back != clock + way:
        found.append(Violation("way back", helper.id))
    return found


def _figures(plan: Plan) -> list[Violation]:
    served = sum(len(one.stops) for one in plan.rounds)
    figures = plan.figures
    is_right = (
        figures.served == served
        and figures.visits == served + len(plan.left_out)
        and sum(figures.unserved) == len(plan.left_out)
        and figures.travel == sum(one.travel for one in plan.rounds)
        and figures.metres == sum(one.metres for one in plan.rounds)
    )
    return [] if is_right else [Violation("figures", "plan")]
