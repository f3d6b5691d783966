"""Learning how long ways take from the arrivals that helpers log.

Reading takes no transaction that others would wait for; an edge observes, lets go, and writes:

    seen = travel_learning.observe(travel_model(url), today=today)
    with unit_of_work():
        travel_learning.learn(seen, now=utc_now())
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import delete, func, select

from domain.times import local_day
from domain.travelling import COUNTY_LEAST, Basis, Lesson, between, lesson, ratio
from extensions import db
from gateways.travel import Pair, Point, TravelModel
from models import Means, TravelFactor
from queries import travel_legs
from queries.travel_legs import Logged

OBSERVED_DAYS = 90
"""A season: the same road is another one in the rains or under ice."""
_DOORS = 100
"""So many doors are measured at once: one question to a road server."""


@dataclass(slots=True)
class Legs:
    """What was observed of one pair: a value of each leg, in any order."""

    model_s: "array[float]" = field(default_factory=lambda: array("f"))
    observed_s: "array[float]" = field(default_factory=lambda: array("f"))
    day: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, model_s: float, observed_s: float, day: date) -> None:
        """One more leg."""
        self.model_s.append(model_s)
        self.observed_s.append(observed_s)
        self.day.append(day.toordinal())

    @property
    def ratios(self) -> list[float]:
        return [took / said for took, said in zip(self.observed_s, self.model_s, strict=True)]


@dataclass(frozen=True, slots=True)
class _Leg:
    """From one visit to the next."""

    here: Logged
    there: Logged

    @property
    def seconds(self) -> float:
        left_at = self.here.left_at
        return (self.there.arrived_at - left_at).total_seconds() if left_at else 0.0


Observed = dict[Pair, Legs]


@dataclass(frozen=True, slots=True)
class Learnt:
    """How much was learned: legs counted, pairs and counties that have a factor."""

    legs: int
    pairs: int
    counties: int


def observe(model: TravelModel, *, today: date) -> Observed:
    """Every usable leg of the last OBSERVED_DAYS before today, by pair of townships and by county.

    A pair that was reset counts only legs of later days. Three statements, however many visits there are.
    """
    reset_on = _resets()
    rugged = travel_legs.ruggedness()
    seen: Observed = {}
    first, last = today - timedelta(days=OBSERVED_DAYS), today - timedelta(days=1)
    for days in travel_legs.days_of_helpers(first, last):
        for legs in _portions(_legs(days)):
            _measure(legs, model, rugged, reset_on, seen)
    return seen


def _resets() -> dict[Pair, date]:
    statement = select(TravelFactor).where(TravelFactor.reset_at.is_not(None))
    return {pair_of(row): local_day(row.reset_at) for row in db.session.scalars(statement) if row.reset_at is not None}


def pair_of(row: TravelFactor) -> Pair:
    """Which ways a stored factor is for."""
    return Pair(row.basis, row.means, row.one_code, row.other_code)


def _legs(days: Sequence[Logged]) -> Iterator[_Leg]:
    """From door to door within a day, where both are known and something lies between them."""
    for here, there in pairwise(days):
        if here.on == there.on and here.is_known and there.is_known and here.left_at is not None:
            yield _Leg(here, there)


def _portions(legs: Iterator[_Leg]) -> Iterator[list[_Leg]]:
    """Legs of at most _DOORS doors together."""
    portion: list[_Leg] = []
    doors: set[tuple[float, float]] = set()
    for leg in legs:
        ends = {_door(leg.here), _door(leg.there)}
        if portion and len(doors | ends) > _DOORS:
            yield portion
            portion, doors = [], set()
        portion.append(leg)
        doors |= ends
    if portion:
        yield portion


def _door(one: Logged) -> tuple[float, float]:
    return one.latitude, one.longitude


def _measure(
    legs: Sequence[_Leg], model: TravelModel, rugged: dict[str, float], reset_on: dict[Pair, date], seen: Observed
) -> None:
    """Hold what a helper logged against what the model says."""
    numbers: dict[tuple[float, float], int] = {}
    points: list[Point] = []
    for one in (end for leg in legs for end in (leg.here, leg.there)):
        if _door(one) not in numbers:
            numbers[_door(one)] = len(points)
            land = travel_legs.ruggedness_of(one.division_code, rugged)
            points.append(Point(one.latitude, one.longitude, land, division=one.division_code))
    means = legs[0].here.means
    table = model.table(points, means)
    for leg in legs:
        at = numbers[_door(leg.here)], numbers[_door(leg.there)]
        model_s, observed_s = float(table.seconds[at]), leg.seconds
        if ratio(model_s, observed_s) is None:
            continue
        basis = Basis.ROAD if table.by_road is not None and table.by_road[at] else Basis.LINE
        for pair in _pairs(basis, means, leg):
            if leg.here.on > reset_on.get(pair, date.min):
                seen.setdefault(pair, Legs()).add(model_s, observed_s, leg.here.on)


def _pairs(basis: Basis, means: Means, leg: _Leg) -> Iterator[Pair]:
    """The leg's townships, and its county where it stays in one."""
    one, other = between(leg.here.division_code, leg.there.division_code)
    yield Pair(basis, means, one, other)
    if one[:6] == other[:6]:
        yield Pair(basis, means, one[:6], one[:6])


def learn(seen: Observed, *, now: datetime) -> Learnt:
    """Write what the legs say. What no leg of the last days speaks for any more is forgotten, unless somebody has
    reset it: that may still be undone."""
    rows = {pair_of(row): row for row in db.session.scalars(select(TravelFactor))}
    counties = {pair: found for pair, legs in seen.items() if is_county(pair) and (found := _of_county(legs))}
    pairs = {
        pair: found for pair, legs in seen.items() if not is_county(pair) and (found := _of_pair(pair, legs, counties))
    }
    for pair, found in (counties | pairs).items():
        _write(rows.get(pair), pair, found, seen[pair], now)
    stale = TravelFactor.learned_at < now, TravelFactor.reset_at.is_(None)
    db.session.flush()
    db.session.execute(delete(TravelFactor).where(*stale))
    return Learnt(sum(len(seen[pair].day) for pair in seen if not is_county(pair)), len(pairs), len(counties))


def is_county(pair: Pair) -> bool:
    """Whether it stands for a whole county."""
    return len(pair.one) == 6


def _of_county(legs: Legs) -> Lesson | None:
    return lesson(legs.ratios, least=COUNTY_LEAST)


def _of_pair(pair: Pair, legs: Legs, counties: dict[Pair, Lesson]) -> Lesson | None:
    prior = 1.0
    for code in (pair.one[:6], pair.other[:6]):
        known = counties.get(Pair(pair.basis, pair.means, code, code))
        prior *= known.factor**0.5 if known else 1.0
    return lesson(legs.ratios, prior=prior)


def _write(row: TravelFactor | None, pair: Pair, found: Lesson, legs: Legs, now: datetime) -> None:
    if row is None:
        row = TravelFactor(
            basis=Basis(pair.basis), means=Means(pair.means), one_code=pair.one, other_code=pair.other, created_at=now
        )
        db.session.add(row)
    row.legs, row.factor = found.count, found.factor
    row.low, row.median, row.high = found.low, found.median, found.high
    row.model_s, row.observed_s = round(median(legs.model_s)), round(median(legs.observed_s))
    row.from_on, row.to_on = date.fromordinal(min(legs.day)), date.fromordinal(max(legs.day))
    row.learned_at = row.updated_at = now


def learned_at() -> datetime | None:
    """When it was last learned, if anything is known."""
    return db.session.scalar(select(func.max(TravelFactor.learned_at)))
