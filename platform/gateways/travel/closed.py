"""A model in which some roads are closed: ways across them take a detour, or do not exist."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .points import UNREACHABLE, Mask, Point, Table, TravelModel, same_house
from .straight_line import EARTH_M

IMPASSABLE = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Cut off: every way into or out of a division, of any level."""

    code: str

    def crosses(self, points: Sequence[Point]) -> Mask:
        """Which ways it is in the way of."""
        inside = _within(points, self.code)
        crossed: Mask = inside[:, None] != inside[None, :]
        return crossed


@dataclass(frozen=True, slots=True)
class Between:
    """The road between two divisions: every way from one to the other."""

    one: str
    other: str

    def crosses(self, points: Sequence[Point]) -> Mask:
        """Which ways it is in the way of."""
        here, there = _within(points, self.one), _within(points, self.other)
        return (here[:, None] & there[None, :]) | (there[:, None] & here[None, :])


@dataclass(frozen=True, slots=True)
class Circle:
    """Everything within so many metres of a point. The ways' straight lines decide: no road map is asked."""

    latitude: float
    longitude: float
    radius_m: float

    def crosses(self, points: Sequence[Point]) -> Mask:
        """Which ways it is in the way of."""
        stretch = np.cos(np.radians(self.latitude))
        metre = np.radians(1) * EARTH_M
        x = np.array([(point.longitude - self.longitude) * stretch * metre for point in points])
        y = np.array([(point.latitude - self.latitude) * metre for point in points])
        if min(x.min(), y.min()) > self.radius_m or max(x.max(), y.max()) < -self.radius_m:
            return np.zeros((len(points), len(points)), np.bool_)
        near: Mask = _nearest(x, y) <= self.radius_m**2
        return near


Shape = Place | Between | Circle


@dataclass(frozen=True, slots=True)
class Closure:
    """What is closed, for whom (None: by any means), and how many times longer a way across it is."""

    shape: Shape
    means: str | None = None
    times: float = IMPASSABLE


class Closed:
    """`base` with closures; where several are in one way, the worst counts."""

    def __init__(self, base: TravelModel, closures: Sequence[Closure]) -> None:
        self._base = base
        self._closures = closures

    def table(self, points: Sequence[Point], means: str) -> Table:
        """See TravelModel."""
        table = self._base.table(points, means)
        closures = [one for one in self._closures if one.means in {None, means}]
        if not closures or len(points) < 2:
            return table
        times = np.ones(table.seconds.shape)
        is_cut = np.zeros(table.seconds.shape, np.bool_)
        for closure in closures:
            crosses = closure.shape.crosses(points)
            if closure.times == IMPASSABLE:
                is_cut |= crosses
            else:
                times = np.where(crosses, np.maximum(times, closure.times), times)
        is_cut |= table.seconds >= UNREACHABLE
        seconds = np.where(is_cut, UNREACHABLE, np.rint(table.seconds * times).astype(np.int64))
        metres = np.where(is_cut, UNREACHABLE, np.rint(table.metres * times).astype(np.int64))
        same = same_house(points)
        seconds[same] = metres[same] = 0
        return Table(seconds, metres, table.by_road)


def _within(points: Sequence[Point], code: str) -> Mask:
    return np.array([bool(code) and point.division.startswith(code) for point in points])


def _nearest(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The square of the distance from the origin to the straight line between each two points, in a plane."""
    along_x, along_y = x[None, :] - x[:, None], y[None, :] - y[:, None]
    length = np.maximum(along_x**2 + along_y**2, 1e-9)
    share = np.clip(-(x[:, None] * along_x + y[:, None] * along_y) / length, 0, 1)
    nearest: NDArray[np.float64] = (x[:, None] + share * along_x) ** 2 + (y[:, None] + share * along_y) ** 2
    return nearest
