"""What other weights would have done to a day whose rounds are known: nothing is written, and nothing is promised.

day = weight_previews.read(code, today=today, osrm_url=url)    # reads; None where no rounds were ever published
tried = weight_previews.compare(day, now_held, typed, limit)   # neither reads nor writes; bounded by the limit
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from dispatch import Limit, Plan, Problem, solve
from domain.rules import RuleKey
from queries import round_days as queries
from queries import weight_previews as published
from queries.weight_previews import PublishedDay

from . import round_days, rules, travel

SEED = 1
LONGEST_SECONDS = 4.0
VISITS_A_SECOND = 60
"""A small day is as good after a moment as a large one after four seconds."""


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A published day, its problem, and the weights that hold in its place now."""

    published: PublishedDay
    problem: Problem
    held: dict[str, int]

    @property
    def seconds(self) -> float:
        """How long each of the two searches may take."""
        return min(LONGEST_SECONDS, 0.5 + len(self.problem.visits) / VISITS_A_SECOND)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A day in numbers that people care about; minutes and metres. `spread`: between the longest and shortest day."""

    visits: int
    served: int
    urgent_left: int
    metres: int
    travel_minutes: int
    kept_regular: int
    late_minutes: int
    overtime_minutes: int
    pair_wait_minutes: int
    spread_minutes: int

    @property
    def left_out(self) -> int:
        return self.visits - self.served


@dataclass(frozen=True, slots=True)
class Tried:
    """The day as it was published, with the weights that hold, and with those somebody typed."""

    on: date
    division_name: str
    actual: Outcome
    old: Outcome
    new: Outcome
    seconds: float


def read(division_code: str, *, today: date, osrm_url: str) -> KnownDay | None:
    """The last published day there before today, with its visits as they are known now."""
    its = published.last_day(division_code, today)
    if its is None:
        return None
    visits = queries.visits_of(its.visit_ids)
    helpers = queries.helpers_on_shift(its.division_code, its.on, but=its.proposal_id)
    model = travel.model_for(its.division_code, its.on, osrm_url=osrm_url)
    day = round_days.assemble(its.division_code, its.on, visits, helpers, model)
    held = rules.value(RuleKey.ROUND_WEIGHTS, its.division_code, today).value
    return KnownDay(its, day.problem, held)


def compare(day: KnownDay, terms: Mapping[str, int], limit: Limit | None = None) -> Tried:
    """Plan the day twice, with the same seed and for as long."""
    limit = limit or Limit(seconds=day.seconds)
    old = solve(weighed(day.problem, day.held), limit, seed=SEED)
    new = solve(weighed(day.problem, terms), limit, seed=SEED)
    its = day.published
    return Tried(its.on, its.division_name, _actual(its), _of(old), _of(new), limit.seconds or 0.0)


def weighed(problem: Problem, terms: Mapping[str, int]) -> Problem:
    """The same day with other weights."""
    change, weights = round_days.weights_of(terms)
    visits = tuple(
        replace(visit, change_cost=change if visit.regular_helper is not None else 0) for visit in problem.visits
    )
    return replace(problem, visits=visits, weights=weights)


def _of(plan: Plan) -> Outcome:
    figures = plan.figures
    return Outcome(
        visits=figures.visits,
        served=figures.served,
        urgent_left=figures.unserved[0],
        metres=figures.metres,
        travel_minutes=round(figures.travel / 60),
        kept_regular=figures.kept_regular,
        late_minutes=round(figures.late / 60),
        overtime_minutes=round(figures.overtime / 60),
        pair_wait_minutes=round(figures.pair_wait / 60),
        spread_minutes=_spread(one.away // 60 for one in plan.rounds),
    )


def _actual(its: PublishedDay) -> Outcome:
    """As it was published, or as somebody has edited it since."""
    figures = its.figures
    return Outcome(
        visits=figures.get("visits", 0),
        served=figures.get("served", 0),
        urgent_left=(figures.get("unserved") or [0])[0],
        metres=figures.get("metres", 0),
        travel_minutes=figures.get("travel_minutes", 0),
        kept_regular=figures.get("kept_regular", 0),
        late_minutes=figures.get("late_minutes", 0),
        overtime_minutes=figures.get("overtime_minutes", 0),
        pair_wait_minutes=figures.get("pair_wait_minutes", 0),
        spread_minutes=_spread(its.away_minutes),
    )


def _spread(minutes: Iterable[int]) -> int:
    every = list(minutes)
    return max(every) - min(every) if every else 0
