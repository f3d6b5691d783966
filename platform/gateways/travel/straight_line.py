"""Travel without a road map: the straight line, lengthened by the land and slowed by the road.

The factors are assumptions until logged arrivals calibrate them: mountain roads wind (1.25 to 1.85 times the
straight line), the first kilometre is slow, valleys slow a car by up to a quarter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .points import AT_THE_DOOR, FOOT, Matrix, Point, Table, same_house

EARTH_M = 6_371_008.8
WINDING, WINDING_OF_VALLEYS = 1.25, 0.6
SLOWER_IN_VALLEYS = 0.25
FOOT_KMH = 4.5
MOTOR_KMH = ((1_000.0, 15.0), (5_000.0, 25.0), (float("inf"), 35.0))
"""Up to so many metres of a way, so fast."""


class StraightLine:
    """The model that always has an answer."""

    def table(self, points: Sequence[Point], means: str) -> Table:
        """See TravelModel."""
        if not points:
            return Table(np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
        rugged = np.array([point.ruggedness for point in points])
        rugged = np.clip((rugged[:, None] + rugged[None, :]) / 2, 0, 1)
        metres = _haversine(points) * (WINDING + WINDING_OF_VALLEYS * rugged)
        seconds = _seconds(metres, means) * (1 + SLOWER_IN_VALLEYS * rugged) + AT_THE_DOOR
        same = same_house(points)
        metres[same] = seconds[same] = 0
        return Table(_whole(seconds), _whole(metres))


def _haversine(points: Sequence[Point]) -> NDArray[np.float64]:
    """Metres as the crow flies."""
    latitude = np.radians([point.latitude for point in points])
    longitude = np.radians([point.longitude for point in points])
    up = np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
    along = np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    both = up + np.cos(latitude)[:, None] * np.cos(latitude)[None, :] * along
    metres: NDArray[np.float64] = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(both, 0, 1)))
    return metres


def _seconds(metres: NDArray[np.float64], means: str) -> NDArray[np.float64]:
    if means == FOOT:
        return metres / (FOOT_KMH / 3.6)
    seconds = np.zeros_like(metres)
    begin = 0.0
    for end, kmh in MOTOR_KMH:
        seconds += np.clip(metres - begin, 0, end - begin) / (kmh / 3.6)
        begin = end
    return seconds


def _whole(values: NDArray[np.float64]) -> Matrix:
    return np.rint(values).astype(np.int64)
