"""A generated mountain county's day: townships in valleys, villages along them, a motley of helpers and wishes."""

import math
import random
from dataclasses import replace

from dispatch import Helper, Problem, Travel, Visit, Window
from dispatch.problem import suits
from gateways.travel import FOOT, MOTOR, Point, StraightLine

SHARES = {"nursing": 0.45, "rehabilitation": 0.3, "bathing": 0.4, "vital_signs": 0.7}
"""How many helpers have each skill."""
KNOWN = 2 / 3
HOUR = 3600


def county_day(
    visits: int = 600, helpers: int = 60, *, seed: int = 1, townships: int = 12, change_cost: int = 0
) -> Problem:
    """A Problem of the size asked for; the same seed gives the same county.

    Two seniors in three know a helper; another one costs `change_cost` seconds of travel.
    """
    rng = random.Random(seed)
    centres = _townships(rng, townships)
    doors = [_door(rng, centres) for _visit in range(visits)]
    bases = [_base(rng, centres, number) for number in range(helpers)]
    points = [point for point, _area in (*bases, *doors)]
    people = tuple(_helper(rng, number, area) for number, (_point, area) in enumerate(bases))
    calls = tuple(_visit(rng, number, helpers + number, area) for number, (_point, area) in enumerate(doors))
    tables = {means: StraightLine().table(points, means) for means in (FOOT, MOTOR)}
    travel = {means: Travel(table.seconds, table.metres) for means, table in tables.items()}
    return Problem(people, _known(random.Random(seed + 1_000_000), people, calls, travel, change_cost), travel)


def _known(
    rng: random.Random, helpers: tuple[Helper, ...], visits: tuple[Visit, ...], travel: dict[str, Travel], cost: int
) -> tuple[Visit, ...]:
    """The helper a senior knows: one of the five nearest who may come. Its own dice: the county stays as it was."""
    found = []
    for visit in visits:
        near = [helper for helper in helpers if suits(helper, visit)]
        near.sort(key=lambda one, door=visit.place: int(travel[one.means].seconds[one.start_place, door]))  # type: ignore[misc]
        is_known = bool(near) and rng.random() < KNOWN
        known = rng.choice(near[:5]).id if is_known else None
        found.append(replace(visit, regular_helper=known, change_cost=cost if is_known else 0))
    return tuple(found)


def _townships(rng: random.Random, count: int) -> list[tuple[float, float, float, float]]:
    """(latitude, longitude, direction of the valley, ruggedness)."""
    return [
        (
            36.58 + rng.uniform(-0.22, 0.22),
            109.48 + rng.uniform(-0.27, 0.27),
            rng.uniform(0, math.pi),
            rng.uniform(0.4, 1),
        )
        for _township in range(count)
    ]


def _door(rng: random.Random, centres: list[tuple[float, float, float, float]]) -> tuple[Point, str]:
    number = min(int(rng.expovariate(0.18)), len(centres) - 1)
    latitude, longitude, direction, rugged = centres[number]
    along, aside = rng.gauss(0, 0.045), rng.gauss(0, 0.008)
    return (
        Point(
            latitude + along * math.sin(direction) + aside * math.cos(direction),
            longitude + along * math.cos(direction) - aside * math.sin(direction),
            rugged,
        ),
        f"{number:02d}",
    )


def _base(rng: random.Random, centres: list[tuple[float, float, float, float]], number: int) -> tuple[Point, str]:
    if number < len(centres):
        latitude, longitude, _direction, rugged = centres[number]
        return Point(latitude, longitude, rugged), f"{number:02d}"
    return _door(rng, centres)


def _helper(rng: random.Random, number: int, area: str) -> Helper:
    start = rng.choice((8 * HOUR, 8 * HOUR, 8 * HOUR + 1800, 9 * HOUR))
    return Helper(
        id=f"H{number:03d}",
        shifts=(Window(start, start + 9 * HOUR),),
        start_place=number,
        end_place=number,
        max_seconds=8 * HOUR,
        means=FOOT if rng.random() < 0.08 else MOTOR,
        skills=frozenset(skill for skill, share in SHARES.items() if rng.random() < share),
        sex="female" if rng.random() < 0.7 else "male",
        languages=frozenset({"zh"} | ({"shaanbei"} if rng.random() < 0.8 else set())),
        area=area,
    )


def _visit(rng: random.Random, number: int, place: int, area: str) -> Visit:
    kind = rng.random()
    if kind < 0.5:
        window = Window(8 * HOUR, 18 * HOUR)
    else:
        start = rng.choice((8, 9, 10, 14, 15)) * HOUR
        window = Window(start, start + rng.choice((2, 3, 4)) * HOUR)
    needs = frozenset(rng.sample(sorted(SHARES), 1)) if rng.random() < 0.45 else frozenset()
    return Visit(
        id=f"V{number:04d}",
        place=place,
        windows=(window,),
        duration=rng.choice((15, 20, 30, 30, 40, 50)) * 60,
        skills=needs,
        priority=rng.choices((1, 2, 3), (0.2, 0.5, 0.3))[0],
        wants_sex=rng.choice(("female", "female", "male")) if rng.random() < 0.12 else None,
        language="shaanbei" if rng.random() < 0.1 else None,
        needs_language=True,
        area=area,
    )
