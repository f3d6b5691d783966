"""A generated mountain county's lunches: canteens in their valleys, doors around them, and who carries."""

import math
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from benchmarks.county import HOUR, county_day
from dispatch import Fetch, Helper, Problem, Travel, Visit, Window
from gateways.travel import FOOT, MOTOR, Point, StraightLine
from models import Meal, MealRunKind
from services.meal_run_days import Drop, RunDay
from services.round_calendar import CalendarOfDay
from services.round_days import Spot

READY, DEADLINE = 11 * HOUR, 12 * HOUR + 1800
AT_THE_COUNTER, AT_THE_DOOR = 300, 180
NEAR, FAR = 0.015, 0.045
"""Degrees along a valley: lunches go to doors about 1.7 km from the counter, helpers and visits are further away."""
SOMEWHERE = Spot(36.6, 109.5)


def lunch_day(
    lunches: int,
    canteens: int,
    *,
    hot: int = 60,
    couriers: int = 3,
    room: int = 20,
    visits: int = 0,
    helpers: int = 0,
    seed: int = 1,
) -> RunDay:
    """Lunches for doors, each from the nearest canteen, within `hot` minutes; `couriers` for each canteen.

    With visits and helpers a joint day: helpers have room for 12, make the visits and may carry too.
    """
    rng = random.Random(seed)
    towns = [_town(rng) for _canteen in range(canteens)]
    counters = [town for town, _way in towns]
    points = list(counters)

    def place_of(point: Point) -> int:
        points.append(point)
        return len(points) - 1

    people = [
        Helper(
            f"C{number:02d}-{one}", (Window(READY - 1800, DEADLINE + HOUR),), number, number, max_seconds=3 * HOUR,
            capacity=room,
        )
        for number in range(canteens)
        for one in range(couriers)
    ]  # fmt: skip
    carriers = frozenset(helper.id for helper in people)
    county = county_day(visits, helpers, seed=seed)
    for one in county.helpers:
        base = place_of(_near(rng, rng.choice(towns), FAR))
        people.append(replace(one, start_place=base, end_place=base, capacity=12))
    calls = [replace(one, place=place_of(_near(rng, rng.choice(towns), FAR)), never=carriers) for one in county.visits]
    drops: dict[str, Drop] = {}
    while sum(len(drop.booking_ids) for drop in drops.values()) < lunches:
        door = _near(rng, towns[len(drops) % len(towns)], NEAR)
        size = 2 if rng.random() < 0.15 else 1
        calls.append(
            _lunch(f"L{len(drops):04d}", place_of(door), _nearest(door, counters), size, hot, people, carriers)
        )
        drops[calls[-1].id] = Drop(uuid.UUID(int=len(drops)), tuple(uuid.UUID(int=one) for one in range(size)))
    means = {helper.means for helper in people} | {MOTOR}
    tables = {one: StraightLine().table(points, one) for one in (FOOT, MOTOR) if one in means}
    problem = Problem(
        tuple(people), tuple(calls), {one: Travel(table.seconds, table.metres) for one, table in tables.items()}
    )
    return RunDay(
        "610602", None, date(2026, 11, 24), Meal.LUNCH, MealRunKind.JOINT if visits else MealRunKind.MEALS, problem,
        drops, {call.id: SOMEWHERE for call in calls}, {}, {}, carriers, CalendarOfDay(),
    )  # fmt: skip


def _town(rng: random.Random) -> tuple[Point, float]:
    """Where a canteen is, and which way its valley runs."""
    point = Point(36.58 + rng.uniform(-0.22, 0.22), 109.48 + rng.uniform(-0.27, 0.27), rng.uniform(0.4, 1))
    return point, rng.uniform(0, math.pi)


def _near(rng: random.Random, town: tuple[Point, float], spread: float) -> Point:
    """A door along the valley, mostly within so many degrees."""
    centre, way = town
    along, aside = rng.gauss(0, spread), rng.gauss(0, spread / 4)
    latitude = centre.latitude + along * math.sin(way) + aside * math.cos(way)
    return Point(latitude, centre.longitude + along * math.cos(way) - aside * math.sin(way), centre.ruggedness)


def _nearest(door: Point, counters: Sequence[Point]) -> int:
    away = [(one.latitude - door.latitude) ** 2 + (one.longitude - door.longitude) ** 2 for one in counters]
    return away.index(min(away))


def _lunch(
    name: str, place: int, counter: int, size: int, hot: int, people: Sequence[Helper], carriers: frozenset[str]
) -> Visit:
    """Nobody's courier carries for another canteen."""
    others = frozenset(one.id for one in people if one.id in carriers and one.start_place != counter)
    return Visit(
        name, place, (Window(READY, DEADLINE),), AT_THE_DOOR, priority=1, never=others,
        fetch=Fetch(counter, AT_THE_COUNTER, size, READY, hot * 60),
    )  # fmt: skip
