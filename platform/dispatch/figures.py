"""A plan in numbers, and what it costs: counted from the plan itself, not by the search."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import pstdev

from .plan import Figures, Round, Stop
from .problem import FULL_DAY, RETIME_FROM, Helper, Problem, Visit, soft_cost


def figures_of(problem: Problem, rounds: tuple[Round, ...], missing: Sequence[int], on_shift: Sequence[str]) -> Figures:
    """Count. `missing`: indices of the visits left out; `on_shift`: ids of the helpers who could have gone."""
    visits = {visit.id: visit for visit in reversed(problem.visits)}
    unserved = [0, 0, 0]
    for index in missing:
        unserved[min(max(problem.visits[index].priority, 1), 3) - 1] += 1
    people = set(on_shift)
    faces = [
        (one.helper_id, visits[stop.visit_id].regular_helper)
        for one in rounds
        for stop in one.stops
        if stop.visit_id in visits and not stop.is_second and visits[stop.visit_id].regular_helper in people
    ]
    away = dict.fromkeys(people, 0) | {one.helper_id: one.away for one in rounds if one.helper_id in people}
    moved, retimed = _changes(problem, rounds)
    figures = Figures(
        visits=len(problem.visits),
        served=len(problem.visits) - len(missing),
        unserved=(unserved[0], unserved[1], unserved[2]),
        rounds=len(rounds),
        travel=sum(one.travel for one in rounds),
        metres=sum(one.metres for one in rounds),
        work=sum(one.work for one in rounds),
        wait=sum(stop.wait for one in rounds for stop in one.stops),
        kept_regular=sum(goes == regular for goes, regular in faces),
        had_regular=len(faces),
        cost=0,
        late=sum(stop.late for one in rounds for stop in one.stops),
        overtime=sum(_overtime(problem, away).values()),
        pair_wait=_pair_wait(rounds, visits),
        spread=round(pstdev(away.values())) if away else 0,
        moved=moved,
        retimed=retimed,
    )
    return _with_cost(figures, problem, rounds, away, visits)


def _with_cost(
    figures: Figures, problem: Problem, rounds: tuple[Round, ...], away: dict[str, int], visits: dict[str, Visit]
) -> Figures:
    weights = problem.weights
    helpers = {helper.id: helper for helper in reversed(problem.helpers)}
    soft = sum(_soft(helpers.get(one.helper_id), stop, visits, problem) for one in rounds for stop in one.stops)
    left_out = sum(count * weights.of(priority) for priority, count in enumerate(figures.unserved, 1))
    fairness = sum(weights.fairness * seconds * seconds / (2 * FULL_DAY) for seconds in away.values())
    cost = (
        figures.travel + soft + left_out + fairness
        + weights.late * figures.late + weights.overtime * figures.overtime + weights.pair_wait * figures.pair_wait
        + weights.handover * figures.moved + weights.retime * figures.retimed
    )  # fmt: skip
    return replace(figures, cost=round(cost))


def _soft(helper: Helper | None, stop: Stop, visits: dict[str, Visit], problem: Problem) -> int:
    if helper is None or stop.is_second or stop.visit_id not in visits:
        return 0
    return soft_cost(helper, visits[stop.visit_id], problem.weights)


def _overtime(problem: Problem, away: dict[str, int]) -> dict[str, int]:
    """Seconds beyond what is contracted, for each helper who has such seconds."""
    return {
        helper.id: away[helper.id] - helper.contracted_seconds
        for helper in problem.helpers
        if helper.contracted_seconds is not None and away.get(helper.id, 0) > helper.contracted_seconds
    }


def _pair_wait(rounds: tuple[Round, ...], visits: dict[str, Visit]) -> int:
    """Seconds in which one helper stands at a door that is open and waits for the other."""
    waited = 0
    for one in rounds:
        for stop in one.stops:
            visit = visits.get(stop.visit_id)
            if visit is not None and visit.second is not None and not stop.is_done:
                waited += max(stop.start - _could(visit, stop.arrive), 0)
    return waited


def _could(visit: Visit, arrive: int) -> int:
    """When the visit could have begun for somebody who arrives then."""
    for window in sorted(visit.windows, key=lambda one: (one.end, one.start)):
        if window.end - window.start >= visit.duration and arrive <= window.end - visit.duration:
            return max(arrive, window.start)
    return arrive


def _changes(problem: Problem, rounds: tuple[Round, ...]) -> tuple[int, int]:
    """(stops that another helper makes than people know, stops at another time), of those still to come."""
    goes: dict[tuple[str, bool], list[tuple[str, int]]] = defaultdict(list)
    for one in rounds:
        for stop in one.stops:
            if not stop.is_done:
                goes[stop.visit_id, stop.is_second].append((one.helper_id, stop.start))
    moved = retimed = 0
    for told in problem.told:
        for helper_id, start in goes[told.visit_id, told.is_second]:
            moved += helper_id != told.helper_id
            retimed += abs(start - told.start) > RETIME_FROM
    return moved, retimed
