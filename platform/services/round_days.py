"""From rows to a problem: a division's day as the optimiser sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dispatch import Helper, Problem, Travel, Visit, Weights, Window
from domain.rules import RuleKey
from gateways.travel import Point, TravelModel
from models import Sex
from queries import round_days as queries
from queries.round_days import DueVisit, Land, OnShift
from queries.whereabouts import Place, places_on

from . import rules

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a door or a base was taken to be; `is_approximate` where it is only known by its division."""

    latitude: float
    longitude: float
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A division's day: the problem, and where its ids are. May be pickled: another process can solve it."""

    division_code: str
    on: date
    problem: Problem
    doors: dict[str, Spot]
    bases: dict[str, Spot]


def prepare(division_code: str, on: date, *, today: date, travel: TravelModel) -> Day:
    """Read the visits to be made and the helpers on shift, six statements whatever their number."""
    visits = queries.visits_to_plan(division_code, on, today)
    return assemble(division_code, on, visits, queries.helpers_on_shift(division_code, on), travel)


def assemble(
    division_code: str, on: date, visits: Sequence[DueVisit], helpers: Sequence[OnShift], travel: TravelModel
) -> Day:
    """A day of these visits and helpers, with the places and the ways between them."""
    places = places_on({visit.senior_id for visit in visits}, on)
    codes = {place.division_code for place in places.values()} | {helper.division_code for helper in helpers}
    lands = queries.lands(codes | {visit.division_code for visit in visits})
    points: list[Point] = []
    doors: dict[str, Spot] = {}
    bases: dict[str, Spot] = {}
    change, weights = _weights(division_code, on)
    people = [_helper(helper, lands[helper.division_code], points, bases) for helper in helpers]
    calls = [_visit(visit, places.get(visit.senior_id), lands, points, doors, change) for visit in visits]
    return Day(
        division_code, on, Problem(tuple(people), tuple(calls), _travel(points, people, travel), weights), doors, bases
    )


def _travel(points: list[Point], helpers: list[Helper], travel: TravelModel) -> dict[str, Travel]:
    tables = {means: travel.table(points, means) for means in sorted({helper.means for helper in helpers})}
    return {means: Travel(table.seconds, table.metres) for means, table in tables.items()}


def _weights(division_code: str, on: date) -> tuple[int, Weights]:
    """What another helper than the regular one costs, and the rest, in seconds of travel."""
    rule = rules.value(RuleKey.ROUND_WEIGHTS, division_code, on).value
    unserved = (rule["urgent"] * MINUTE, rule["normal"] * MINUTE, rule["can_wait"] * MINUTE)
    return rule["change"] * MINUTE, Weights(unserved, rule["language"] * MINUTE)


def _spot(latitude: float | None, longitude: float | None, land: Land) -> Spot | None:
    if latitude is not None and longitude is not None:
        return Spot(latitude, longitude)
    if land.latitude is not None and land.longitude is not None:
        return Spot(land.latitude, land.longitude, True)
    return None


def _add(points: list[Point], spot: Spot, land: Land, house: str) -> int:
    """The index of a point. Doors known only by their village are all in it, but in houses of their own."""
    points.append(Point(spot.latitude, spot.longitude, land.ruggedness, house if spot.is_approximate else ""))
    return len(points) - 1


def _helper(row: OnShift, land: Land, points: list[Point], bases: dict[str, Spot]) -> Helper:
    key = str(row.id)
    spot = _spot(row.latitude, row.longitude, land)
    place = -1
    if spot is not None:
        bases[key] = spot
        place = _add(points, spot, land, key)
    return Helper(
        id=key,
        shifts=tuple(Window(start * MINUTE, end * MINUTE) for start, end in row.shifts),
        start_place=place,
        end_place=place,
        max_seconds=row.max_daily_minutes * MINUTE,
        means=str(row.means),
        skills=frozenset(row.skills),
        sex=str(row.sex),
        languages=frozenset(row.languages),
        area=row.division_code[:9],
    )


def _visit(
    row: DueVisit, where: Place | None, lands: dict[str, Land], points: list[Point], doors: dict[str, Spot], change: int
) -> Visit:
    key = str(row.id)
    code = where.division_code if where else row.division_code
    spot = _spot(where.latitude if where else None, where.longitude if where else None, lands[code])
    place = None
    if spot is not None:
        doors[key] = spot
        place = _add(points, spot, lands[code], str(row.senior_id))
    return Visit(
        id=key,
        place=place,
        windows=(Window(row.window_from * MINUTE, row.window_to * MINUTE),),
        duration=row.duration_minutes * MINUTE,
        skills=frozenset(row.skills),
        priority=row.priority,
        wants_sex=row.wants_sex if row.wants_sex in {Sex.FEMALE, Sex.MALE} else None,
        language=row.language or None,
        regular_helper=str(row.regular_helper_id) if row.regular_helper_id else None,
        change_cost=change if row.regular_helper_id else 0,
        area=code[:9],
    )
