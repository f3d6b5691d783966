"""The independent checker: trusts nothing but the problem and the plan, and shares no code with the searches."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .plan import Plan, Round, Stop, Tour
from .problem import UNREACHABLE, Helper, Problem, Visit, Window


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule a plan breaks: `what` names the rule, `subject` the helper or visit; who, and by how many minutes."""

    what: str
    subject: str
    helper_id: str = field(default="", compare=False)
    minutes: int = field(default=0, compare=False)


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """Every hard rule the plan breaks; an empty list for a good plan."""
    found: list[Violation] = []
    helpers = {helper.id: helper for helper in reversed(problem.helpers)}
    visits = {visit.id: visit for visit in reversed(problem.visits)}
    for one in plan.rounds:
        helper = helpers.get(one.helper_id)
        if helper is not None:
            found += _round(problem, helper, one, visits)
        elif not all(stop.is_done for stop in one.stops):
            found.append(Violation("unknown helper", one.helper_id))
    found += [
        Violation("two rounds", helper)
        for helper, times in Counter(one.helper_id for one in plan.rounds).items()
        if times > 1
    ]
    return found + _coverage(problem, plan) + _together(plan, visits) + _promises(problem, plan) + _figures(plan)


def _coverage(problem: Problem, plan: Plan) -> list[Violation]:
    """Every visit exactly once, by as many helpers as it needs: in rounds, or left out with a reason."""
    asked = Counter(visit.id for visit in problem.visits)
    halves = Counter((stop.visit_id, stop.is_second) for one in plan.rounds for stop in one.stops)
    served = {visit for visit, _second in halves}
    left = Counter(one.visit_id for one in plan.left_out)
    found = [Violation("served twice", visit) for (visit, _second), times in halves.items() if times > 1]
    found += [Violation("served and left out", visit) for visit in served if 1 + left[visit] > asked[visit]]
    found += [Violation("lost", visit) for visit in asked if (visit in served) + left[visit] < asked[visit]]
    found += [Violation("unknown visit", visit) for visit in (served | set(left)) if visit not in asked]
    return found + [Violation("no reason", one.visit_id) for one in plan.left_out if not one.reasons]


def _together(plan: Plan, visits: dict[str, Visit]) -> list[Violation]:
    """Visits of two helpers: two different people, the gap between them kept."""
    made: dict[str, dict[bool, tuple[str, Stop]]] = defaultdict(dict)
    for one in plan.rounds:
        for stop in one.stops:
            made[stop.visit_id][stop.is_second] = (one.helper_id, stop)
    found = []
    for name, halves in made.items():
        visit = visits.get(name)
        if visit is None or any(stop.is_done for _helper, stop in halves.values()):
            continue
        if visit.second is None:
            found += [Violation("too many helpers", name)] if True in halves else []
        elif len(halves) < 2:
            found.append(Violation("half made", name))
        else:
            (first_helper, first), (second_helper, second) = halves[False], halves[True]
            least, most = visit.second.gap
            if first_helper == second_helper:
                found.append(Violation("one helper twice", name))
            if not least <= second.start - first.start <= most:
                found.append(Violation("gap", name))
    return found


def _promises(problem: Problem, plan: Plan) -> list[Violation]:
    """What has happened stands as it was; what is pinned is with its helper, at its time."""
    made = {(stop.visit_id, stop.is_second): (one.helper_id, stop) for one in plan.rounds for stop in one.stops}
    left = {one.visit_id for one in plan.left_out}
    found = []
    asked = {visit.id for visit in problem.visits}
    for one in problem.done:
        if one.visit_id not in asked:
            continue
        helper, stop = made.get((one.visit_id, one.is_second), ("", None))
        if stop is None or (helper, stop.arrive, stop.start, stop.leave) != (
            one.helper_id, one.arrive, one.start, one.leave
        ):  # fmt: skip
            found.append(Violation("history", one.visit_id, one.helper_id))
    done = {one.visit_id for one in problem.done}
    for pin in problem.pins:
        if pin.visit_id in done | left or pin.visit_id not in asked:
            continue
        helper, stop = made.get((pin.visit_id, pin.is_second), ("", None))
        if stop is None or helper != pin.helper_id or pin.start not in {None, stop.start}:
            found.append(Violation("pin", pin.visit_id, pin.helper_id))
    return found


def _round(problem: Problem, helper: Helper, one: Round, visits: dict[str, Visit]) -> list[Violation]:
    found = []
    for stop in one.stops:
        visit = visits.get(stop.visit_id)
        if visit is not None and not stop.is_done:
            found += [Violation(what, visit.id, helper.id) for what in _unsuited(helper, visit, stop.is_second)]
    for tour in one.tours:
        found += _tour(problem, helper, tour, visits)
    long = sum(tour.back - tour.leave for tour in one.tours) - helper.max_seconds
    if long > 0 and not any(stop.is_done for stop in one.stops):  # what has happened may have been too long
        found.append(Violation("day too long", helper.id, helper.id, _minutes(long)))
    for before, after in zip(one.tours, one.tours[1:], strict=False):
        if after.leave < before.back:
            found.append(Violation("two places at once", helper.id, helper.id))
    return found + _rest(problem, helper, one)


def _unsuited(helper: Helper, visit: Visit, is_second: bool) -> list[str]:
    """What the helper lacks for this half of the visit."""
    need = visit.second if is_second else visit
    if need is None:
        return []
    found = [] if need.skills <= helper.skills else ["skill"]
    is_needed = is_second or not visit.wishes_sex
    if is_needed and need.wants_sex is not None and need.wants_sex != helper.sex:
        found.append("sex")
    if not is_second and visit.needs_language and visit.language not in {None, *helper.languages}:
        found.append("language")
    if helper.id in visit.never:
        found.append("never")
    return found


def _tour(problem: Problem, helper: Helper, tour: Tour, visits: dict[str, Visit]) -> list[Violation]:
    seconds = problem.travel[helper.means].seconds
    found = []
    here, clock = helper.start_place, tour.leave
    to_come = [stop for stop in tour.stops if not stop.is_done]
    for stop in tour.stops:
        visit = visits.get(stop.visit_id)
        if stop.is_done:
            place = None if visit is None else visit.place
            here, clock = (here if place is None or not 0 <= place < problem.places else place), stop.leave
            continue
        if visit is None or visit.place is None:
            found.append(Violation("no place", stop.visit_id, helper.id))
            continue
        if problem.now is not None and stop.arrive - stop.travel < problem.now and stop is to_come[0]:
            found.append(Violation("in the past", stop.visit_id, helper.id))
        found += [Violation(what, stop.visit_id, helper.id) for what in _leg(seconds, here, clock, stop, visit.place)]
        found += _times(problem, helper, stop, visit)
        here, clock = visit.place, stop.leave
    if not to_come:
        return found
    way = int(seconds[here, helper.end_place])
    pause = sum(one.length for one in tour.breaks if one.start >= clock)
    if way >= UNREACHABLE or tour.travel_back != way or tour.back < clock + way + pause:
        found.append(Violation("way back", helper.id, helper.id))
    return found + _shift(helper, tour) + _carried(helper, tour, visits)


def _leg(seconds: object, here: int, clock: int, stop: Stop, place: int) -> list[str]:
    """The way to a stop, by the counter where something is fetched."""
    table: dict[tuple[int, int], int] = seconds  # type: ignore[assignment]
    if stop.fetched is None:
        way = int(table[here, place])
        is_good = way < UNREACHABLE and stop.travel == way and stop.arrive >= clock + way
        return [] if is_good else ["travel"]
    by = stop.fetched
    out, on = int(table[here, by.place]), int(table[by.place, place])
    is_good = (
        max(out, on) < UNREACHABLE
        and stop.travel == out + on
        and by.arrive >= clock + out
        and by.arrive <= by.start <= by.leave
        and stop.arrive >= by.leave + on
    )
    return [] if is_good else ["travel"]


def _times(problem: Problem, helper: Helper, stop: Stop, visit: Visit) -> list[Violation]:
    """How long, and within which window; a pinned moment stands above the windows."""
    lasts = visit.second.duration if stop.is_second and visit.second else visit.duration
    found = []
    if stop.start < stop.arrive or stop.leave - stop.start != lasts or lasts <= 0:
        found.append(Violation("duration", visit.id, helper.id))
    pinned = {pin.start for pin in problem.pins if pin.visit_id == visit.id and pin.start is not None}
    # both helpers of a visit begin within its windows; how long the second stays is their own affair
    end = stop.start + visit.duration
    if pinned or any(window.start <= stop.start and end <= window.end for window in visit.windows):
        return found
    last = max((one.end for one in visit.windows if one.length >= visit.duration), default=0)
    is_late = end > last and any(window.start <= stop.start for window in visit.windows)
    if not (visit.is_soft and is_late and stop.late == end - last):
        found.append(Violation("window", visit.id, helper.id, _minutes(max(end - last, 0))))
    return found


def _shift(helper: Helper, tour: Tour) -> list[Violation]:
    begun = any(stop.is_done for stop in tour.stops)
    if any((begun or shift.start <= tour.leave) and tour.back <= shift.end for shift in helper.shifts):
        return []
    over = min((tour.back - shift.end for shift in helper.shifts if shift.start <= tour.leave), default=0)
    return [Violation("shift", helper.id, helper.id, _minutes(max(over, 0)))]


def _carried(helper: Helper, tour: Tour, visits: dict[str, Visit]) -> list[Violation]:
    """Nothing is given out that was not fetched, too much to carry, or cold."""
    found = []
    place, left, room = -1, 0, 0
    for stop in tour.stops:
        visit = visits.get(stop.visit_id)
        if stop.fetched is not None:
            place, left, room = stop.fetched.place, stop.fetched.leave, stop.fetched.portions
            if room > helper.capacity:
                found.append(Violation("capacity", stop.visit_id, helper.id))
        if visit is None or visit.fetch is None or stop.is_second or stop.is_done:
            continue
        fetch = visit.fetch
        room -= fetch.size
        if place != fetch.place or room < 0:
            found.append(Violation("not fetched", visit.id, helper.id))
        if stop.fetched is not None and (
            stop.fetched.start < fetch.ready or stop.fetched.leave - stop.fetched.start < fetch.duration
        ):
            found.append(Violation("counter", visit.id, helper.id))
        if fetch.fresh is not None and stop.start - left > fetch.fresh:
            found.append(Violation("cold", visit.id, helper.id, _minutes(stop.start - left - fetch.fresh)))
    return found


def _rest(problem: Problem, helper: Helper, one: Round) -> list[Violation]:
    """Each break of a day that reaches over it: taken on the way, while nothing else is done, or at the base."""
    found: list[Violation] = []
    busy = [(stop.start, stop.leave) for stop in one.stops]
    busy += [(stop.arrive - _last_leg(stop), stop.arrive) for stop in one.stops]
    busy += [(stop.fetched.start, stop.fetched.leave) for stop in one.stops if stop.fetched]
    taken = [pause for tour in one.tours for pause in tour.breaks]
    found += [
        Violation("no rest", helper.id, helper.id)
        for pause in taken
        if any(start < pause.end and pause.start < end for start, end in busy if start < end)
    ]
    for rule in helper.breaks:
        is_sound = rule.duration > 0 and rule.earliest <= rule.latest
        is_had = any(
            rule.earliest <= rest.start <= rule.latest and rest.length >= rule.duration for rest in taken
        ) or _is_at_base(one, rule.earliest, rule.latest, rule.duration)
        is_over = any(stop.is_done for stop in one.stops) or (problem.now or 0) > rule.latest
        if is_sound and not is_had and not is_over:
            found.append(Violation("break", helper.id, helper.id))
    return found


def _last_leg(stop: Stop) -> int:
    """How long before the arrival at a stop its helper is on the way, at least."""
    if stop.is_done or stop.fetched is not None:
        return 0
    return stop.travel


def _is_at_base(one: Round, earliest: int, latest: int, duration: int) -> bool:
    """Whether the helper is at the base long enough, from some moment at which the break may begin."""
    at_base = [Window(-(2**40), one.tours[0].leave), Window(one.tours[-1].back, 2**40)]
    at_base += [Window(a.back, b.leave) for a, b in zip(one.tours, one.tours[1:], strict=False)]
    return any(
        max(stay.start, earliest) <= latest and max(stay.start, earliest) + duration <= stay.end for stay in at_base
    )


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _figures(plan: Plan) -> list[Violation]:
    served = len({stop.visit_id for one in plan.rounds for stop in one.stops})
    figures = plan.figures
    is_right = (
        figures.served == served
        and figures.visits == served + len(plan.left_out)
        and sum(figures.unserved) == len(plan.left_out)
        and figures.travel == sum(one.travel for one in plan.rounds)
        and figures.metres == sum(one.metres for one in plan.rounds)
        and figures.late == sum(stop.late for one in plan.rounds for stop in one.stops)
    )
    return [] if is_right else [Violation("figures", "plan")]
