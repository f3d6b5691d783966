"""What every travel model takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

FOOT = "foot"
MOTOR = "motor"
UNREACHABLE = 10_000_000
"""Seconds of a way that does not exist."""
AT_THE_DOOR = 120
"""Seconds between the road and the knock, on every way to another house."""

Matrix = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Point:
    """A door or a base. WGS84; ruggedness 0 (plain) .. 1 (deep valleys) of the land around it.

    Two points are the same house if their coordinates and their `house` are equal: give people whose door is only
    known by its village each their own `house`. `division` is the code of its village or township, where it is known:
    what has been learned of a township, and roads closed by their place, are found by it.
    """

    latitude: float
    longitude: float
    ruggedness: float = 0.5
    house: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Seconds and metres from every point (row) to every point (column); `by_road`: which a road map answered."""

    seconds: Matrix
    metres: Matrix
    by_road: Mask | None = None


class TravelModel(Protocol):
    """Knows how long it takes from door to door."""

    def table(self, points: Sequence[Point], means: str) -> Table:
        """Every way between `points` by FOOT or MOTOR; never fails, never leaves a pair without an answer."""
        ...


def same_house(points: Sequence[Point]) -> Mask:
    """Which pairs are one house."""
    numbers: dict[tuple[float, float, str], int] = {}
    keys = [(round(point.latitude, 6), round(point.longitude, 6), point.house) for point in points]
    houses = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
    same: Mask = houses[:, None] == houses[None, :]
    return same
