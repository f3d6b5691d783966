"""How many helpers a frequency needs: a typical week is made from the plans, and a number is searched that serves it.

Each working day of the week gets the visits that the frequency asks of it. A number of helpers is enough for a day
if a quick plan leaves out no more than a plan with plenty of them; the least such number is found by bisection, for
the day in the middle and for the busiest. Quick plans err on the safe side, so a margin below is stated.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dispatch import Helper, Limit, Problem, solve
from domain.periods import share_of
from gateways.travel import TravelModel
from models import RiskTier
from queries import round_days as day_queries
from queries.round_days import DueVisit, OnShift
from queries.typical_week import Promise, promises

from . import round_days, visit_plans

WORKDAYS = 5
PROBE_SECONDS = 2.0
MARGIN = 0.05
"""How much fewer a longer search was seen to need than a quick plan."""
PLENTY = 400

Tell = Callable[[int, int, int], None]
"""Told of each probe: its number, helpers, visits left out."""


@dataclass(frozen=True, slots=True)
class Week:
    """The visits of each working day, now and as asked, and who is on shift on a usual one."""

    now: tuple[int, ...]
    days: tuple[tuple[DueVisit, ...], ...]
    helpers: tuple[OnShift, ...]

    def by_size(self) -> list[int]:
        """The days, the quietest first."""
        return sorted(range(len(self.days)), key=lambda day: (len(self.days[day]), day))


@dataclass(frozen=True, slots=True)
class Probe:
    """So many helpers on that day leave out so many visits."""

    day: int
    helpers: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Needed:
    """The least number that served the middle day and the busiest, and what was tried. None: not within reach."""

    usual: int | None
    busiest: int | None
    probes: tuple[Probe, ...]

    @property
    def at_least(self) -> int | None:
        return None if self.usual is None else max(round(self.usual * (1 - MARGIN)), 1)


def week(code: str, on: date, tier: RiskTier | None, every: int) -> Week:
    """From the running plans of a division. `tier` None: of all tiers."""
    found = promises(code, on)
    asked = [(one.visit, every if tier in {None, one.tier} else _every(one, on)) for one in found]
    now = [(one.visit, _every(one, on)) for one in found]
    helpers = day_queries.helpers_on_shift(code, on, with_planned=True)
    return Week(tuple(len(day) for day in _days(now)), tuple(_days(asked)), tuple(helpers))


def _every(one: Promise, on: date) -> int:
    return visit_plans.every_days(one.every_days, one.tier, one.visit.division_code, on)


def _days(asked: Sequence[tuple[DueVisit, int]]) -> list[tuple[DueVisit, ...]]:
    """Each visit on the working days of one week, by its own place in its period."""
    days: dict[int, list[DueVisit]] = defaultdict(list)
    for visit, every in asked:
        period = every * WORKDAYS / 7
        first = share_of(visit.id) * period
        for day in range(WORKDAYS):
            if period <= 1 or int((day - first) // period) != int((day + 1 - first) // period):
                days[day].append(visit)
    return [tuple(days[day]) for day in range(WORKDAYS)]


def problem_of(code: str, on: date, its: Week, day: int, travel: TravelModel) -> Problem:
    """The problem of one day with plenty of helpers: those there are, then more like them, township by township."""
    helpers = _in_turn(its.helpers, its.days[day])
    extra = [
        replace(helpers[number % len(helpers)], id=uuid.UUID(int=number + 1))
        for number in range(min(PLENTY, 2 * len(helpers)) if helpers else 0)
    ]
    return round_days.assemble(code, on, its.days[day], [*helpers, *extra], travel).problem


def _in_turn(helpers: Sequence[OnShift], visits: Sequence[DueVisit]) -> list[OnShift]:
    """So that the first so many are always where the visits are: by township, the one that lacks most first."""
    wanted: dict[str, int] = defaultdict(int)
    for visit in visits:
        wanted[visit.division_code[:9]] += 1
    waiting: dict[str, list[OnShift]] = defaultdict(list)
    for helper in sorted(helpers, key=lambda one: one.id):
        waiting[helper.division_code[:9]].append(helper)
    taken: dict[str, int] = defaultdict(int)
    ordered: list[OnShift] = []
    while waiting:
        place = max(waiting, key=lambda code: (wanted[code] / (taken[code] + 1), code))
        taken[place] += 1
        ordered.append(waiting[place].pop(0))
        if not waiting[place]:
            del waiting[place]
    return ordered


def search(problems: Sequence[Problem], *, seed: int, tell: Tell, seconds: float = PROBE_SECONDS) -> Needed:
    """The least number of helpers for each of these days (the middle one, the busiest). Pure but for `tell`."""
    probes: list[Probe] = []
    least: list[int | None] = []
    start = 0
    for day, problem in enumerate(problems):
        found = _least(problem, day, start, probes, seed=seed, tell=tell, seconds=seconds)
        least.append(found)
        start = found or 0
    usual, busiest = least[0], least[-1]
    return Needed(usual, busiest, tuple(probes))


def _least(
    problem: Problem, day: int, start: int, probes: list[Probe], *, seed: int, tell: Tell, seconds: float
) -> int | None:
    """By bisection between what is too few and what is enough; None where nobody can say: all were too few."""
    if not problem.visits or not problem.helpers:
        return 0 if not problem.visits else None

    def left_with(count: int) -> int:
        plan = solve(replace(problem, helpers=problem.helpers[:count]), Limit(seconds=seconds), seed=seed)
        probes.append(Probe(day, count, len(plan.left_out)))
        tell(len(probes), count, len(plan.left_out))
        return len(plan.left_out)

    most = len(problem.helpers)
    floor = left_with(most)  # what nobody could make, however many they were
    low, high = max(start - 1, 0), most
    guess = max(_guess(problem), start, 1)
    while guess < most and high == most:
        if left_with(guess) <= floor:
            high = guess
        else:
            low, guess = max(low, guess), min(guess + max(guess // 4, 1), most)
    while high - low > 1:
        middle = (low + high) // 2
        if left_with(middle) <= floor:
            high = middle
        else:
            low = middle
    return high if high < most or not floor else None


def _guess(problem: Problem) -> int:
    """By the work alone, with a third more for the ways."""
    work = sum(visit.duration for visit in problem.visits) * 4 / 3
    return max(round(work / _mean_day(problem.helpers)), 1)


def _mean_day(helpers: Sequence[Helper]) -> float:
    days = [min(sum(shift.length for shift in one.shifts), one.max_seconds) for one in helpers]
    return max(sum(days) / len(days), 3600.0)
