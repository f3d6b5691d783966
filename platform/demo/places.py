"""The demo city's townships and villages: generated names and points around the real seats of the counties."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from domain.divisions import EAST, NORTH, SOUTH, WEST

from . import words
from .dice import Dice
from .shape import COUNTIES, VILLAGES, CountyShape

KM_LATITUDE = 111.2


@dataclass(frozen=True, slots=True)
class Place:
    """A division with its point (WGS84). `is_urban`: a street, or a community of one."""

    code: str
    name: str
    latitude: float
    longitude: float
    ruggedness: float
    is_urban: bool = False

    @property
    def county(self) -> str:
        return self.code[:6]


@dataclass(frozen=True, slots=True)
class City:
    """Everything placed: counties as given, townships and villages as generated, in order of code."""

    counties: tuple[Place, ...]
    townships: tuple[Place, ...]
    villages: tuple[Place, ...]

    def villages_of(self, code: str) -> list[Place]:
        return [village for village in self.villages if village.code.startswith(code)]


def build(seats: Sequence[tuple[str, str, float, float]]) -> City:
    """The city around `seats`, the (code, name, latitude, longitude) of its counties."""
    shapes = {shape.code: shape for shape in COUNTIES}
    counties = tuple(Place(code, name, lat, lon, shapes[code].ruggedness) for code, name, lat, lon in sorted(seats))
    townships = tuple(town for county in counties for town in _townships(county, shapes[county.code], counties))
    sizes = _village_counts(len(townships))
    villages = tuple(v for town, size in zip(townships, sizes, strict=True) for v in _villages(town, size))
    return City(counties, townships, villages)


def _village_counts(townships: int) -> list[int]:
    """How many villages each township has: as even as whole numbers allow."""
    base, more = divmod(VILLAGES, townships)
    return [base + (1 if number < more else 0) for number in range(townships)]


def _townships(county: Place, shape: CountyShape, counties: Sequence[Place]) -> list[Place]:
    dice = Dice("townships", county.code)
    names = words.town_names(dice, shape.streets, shape.townships)
    towns = []
    for number, name in enumerate(names):
        is_urban = number < shape.streets
        code = f"{county.code}{number + 1 if is_urban else 100 + number - shape.streets:03d}"
        if is_urban:
            latitude, longitude = scattered(dice, county.latitude, county.longitude, 0.6, 3.5)
        else:
            latitude, longitude = _within_county(dice, county, counties)
        towns.append(Place(code, name, latitude, longitude, county.ruggedness, is_urban))
    return towns


def _within_county(dice: Dice, county: Place, counties: Sequence[Place]) -> tuple[float, float]:
    """A point some way from the seat, nearer to it than to any other county's."""
    for reach in (38.0, 30.0, 24.0, 18.0, 12.0):
        for _ in range(12):
            point = scattered(dice, county.latitude, county.longitude, 7.0, reach)
            nearest = min(counties, key=lambda one: distance_km(point, (one.latitude, one.longitude)))
            if nearest == county and SOUTH < point[0] < NORTH and WEST < point[1] < EAST:
                return point
    return scattered(dice, county.latitude, county.longitude, 3.0, 8.0)


def _villages(town: Place, count: int) -> list[Place]:
    dice = Dice("villages", town.code)
    names = words.village_names(dice, count, is_urban=town.is_urban)
    reach = 2.0 if town.is_urban else 6.5
    villages = []
    for number, name in enumerate(names):
        latitude, longitude = scattered(dice, town.latitude, town.longitude, 0.2, reach)
        code = f"{town.code}{(1 if town.is_urban else 201) + number:03d}"
        villages.append(Place(code, name, latitude, longitude, town.ruggedness, town.is_urban))
    return villages


def scattered(dice: Dice, latitude: float, longitude: float, least_km: float, most_km: float) -> tuple[float, float]:
    """A point between two distances, in any direction, inside the city's bounds; five decimals are a metre."""
    angle = dice.uniform(0, 2 * math.pi)
    away = math.sqrt(dice.uniform(least_km**2, most_km**2))
    north = latitude + away * math.sin(angle) / KM_LATITUDE
    east = longitude + away * math.cos(angle) / (KM_LATITUDE * math.cos(math.radians(latitude)))
    return round(min(max(north, SOUTH), NORTH), 5), round(min(max(east, WEST), EAST), 5)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points, flat: near enough inside a city."""
    narrowing = math.cos(math.radians((one[0] + other[0]) / 2))
    return KM_LATITUDE * math.hypot(one[0] - other[0], (one[1] - other[1]) * narrowing)
