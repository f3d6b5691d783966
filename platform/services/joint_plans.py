"""顺路单: portions and visits planned together, and the same day planned apart to measure it against. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dispatch import (
    Figures,
    Helper,
    Limit,
    Plan,
    Problem,
    Progress,
    Round,
    Tour,
    Visit,
    Window,
    baseline_figures,
    solve,
)

from .meal_run_days import RunDay

LEAST_SECONDS = 15 * 60
"""A shorter piece of a shift is no time to go anywhere."""
SHARE_OF_RUNS = 0.2
"""Of the time for planning apart; the rest is for the visits, of which there are more."""

Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Found:
    """A plan; of a joint day also the one made apart, and the figures of its visits by nearest first."""

    plan: Plan
    apart: Plan | None = None
    nearest: Figures | None = None


def search(day: RunDay, limit: Limit, *, seed: int, progress: Watch | None = None) -> Found:
    """The plan of a meal's runs. A joint day is searched twice, half of the time each: together, and apart."""
    if not any(visit.id not in day.drops for visit in day.problem.visits):
        return Found(solve(day.problem, limit, seed=seed, progress=progress))
    half = _part(limit, 0.5)
    other = apart(day, half, seed=seed)
    together = solve(day.problem, half, seed=seed, progress=_after(progress, half.seconds or 0))
    return Found(together, other, baseline_figures(_visits_only(day.problem, day, day.problem.helpers)))


def _part(limit: Limit, share: float) -> Limit:
    return replace(limit, seconds=limit.seconds * share if limit.seconds is not None else None)


def _after(progress: Watch | None, seconds: float) -> Watch | None:
    """The same watcher, told that so much time had gone by before."""
    if progress is None:
        return None
    return lambda one: progress(replace(one, seconds=one.seconds + seconds))


def apart(day: RunDay, limit: Limit, *, seed: int) -> Plan:
    """First who carries the portions, then the visits in the time that leaves; one plan of the whole day."""
    problem = day.problem
    drops = tuple(visit for visit in problem.visits if visit.id in day.drops)
    runs = solve(replace(problem, visits=drops), _part(limit, SHARE_OF_RUNS), seed=seed)
    away = {one.helper_id: [Window(tour.leave, tour.back) for tour in one.tours] for one in runs.rounds}
    rest = [_left(helper, away.get(helper.id, [])) for helper in problem.helpers]
    visits = solve(_visits_only(problem, day, rest), _part(limit, 1 - SHARE_OF_RUNS), seed=seed)
    return _joined(problem, runs, visits)


def _visits_only(problem: Problem, day: RunDay, helpers: Iterable[Helper]) -> Problem:
    visits: tuple[Visit, ...] = tuple(visit for visit in problem.visits if visit.id not in day.drops)
    people = tuple(helper for helper in helpers if helper.id not in day.couriers and helper.shifts)
    return replace(problem, helpers=people, visits=visits)


def _left(helper: Helper, away: list[Window]) -> Helper:
    """The helper with the pieces of the shifts that the runs leave."""
    pieces = list(helper.shifts)
    for busy in away:
        before = [Window(piece.start, min(piece.end, busy.start)) for piece in pieces]
        after = [Window(max(piece.start, busy.end), piece.end) for piece in pieces]
        pieces = sorted({piece for piece in before + after if piece.length >= LEAST_SECONDS}, key=lambda one: one.start)
    rest = max(helper.max_seconds - sum(one.length for one in away), 0)
    contracted = helper.contracted_seconds
    if contracted is not None:
        contracted = max(contracted - sum(one.length for one in away), 0)
    return replace(helper, shifts=tuple(pieces), max_seconds=rest, contracted_seconds=contracted)


def _joined(problem: Problem, runs: Plan, visits: Plan) -> Plan:
    """Both as one plan of the whole problem."""
    tours: dict[str, list[Tour]] = {}
    for one in (*runs.rounds, *visits.rounds):
        tours.setdefault(one.helper_id, []).extend(one.tours)
    helpers = {helper.id: helper for helper in problem.helpers}
    return Plan(
        rounds=tuple(Round(key, _in_order(tours[key], helpers[key])) for key in helpers if key in tours),
        left_out=runs.left_out + visits.left_out,
        set_aside=tuple({one.helper_id: one for one in (*visits.set_aside, *runs.set_aside)}.values()),
        figures=_summed(runs.figures, visits.figures, rounds=len(tours)),
        method=visits.method if visits.rounds else runs.method,
        iterations=runs.iterations + visits.iterations,
    )


def _in_order(tours: list[Tour], helper: Helper) -> tuple[Tour, ...]:
    """By time, each within the shift of the whole day that it lies in."""
    numbered = (
        replace(tour, shift=number)
        for tour in sorted(tours, key=lambda one: one.leave)
        for number, shift in enumerate(helper.shifts)
        if shift.start <= tour.leave and tour.back <= shift.end
    )
    return tuple(numbered)


def _summed(one: Figures, other: Figures, *, rounds: int) -> Figures:
    first, second, third = (mine + its for mine, its in zip(one.unserved, other.unserved, strict=True))
    names = set(Figures.__dataclass_fields__) - {"unserved", "rounds", "spread"}
    sums = {name: getattr(one, name) + getattr(other, name) for name in names}
    return replace(other, **sums, unserved=(first, second, third), rounds=rounds, spread=max(one.spread, other.spread))
