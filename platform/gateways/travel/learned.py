"""A model corrected by what logged arrivals have taught, township by township."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.travelling import Basis, between

from .points import UNREACHABLE, Point, Table, TravelModel, same_house


class Pair(NamedTuple):
    """Which ways a factor is for: between two townships in order, or within a county (its code twice)."""

    basis: Basis
    means: str
    one: str
    other: str


class Learned:
    """Multiplies `base`'s seconds; metres stay. A pair of townships nobody has learned has its counties' factor."""

    def __init__(self, base: TravelModel, factors: Mapping[Pair, float]) -> None:
        self._base = base
        self._factors = factors

    def table(self, points: Sequence[Point], means: str) -> Table:
        """See TravelModel."""
        table = self._base.table(points, means)
        if not self._factors or len(points) < 2:
            return table
        numbers: dict[str, int] = {}
        places = [numbers.setdefault(point.division[:9], len(numbers)) for point in points]
        index = np.ix_(places, places)
        factor = self._between(list(numbers), Basis.LINE, means)[index]
        if table.by_road is not None:
            factor = np.where(table.by_road, self._between(list(numbers), Basis.ROAD, means)[index], factor)
        seconds = np.rint(table.seconds * factor).astype(np.int64)
        seconds = np.where(table.seconds >= UNREACHABLE, table.seconds, seconds)
        seconds[same_house(points)] = 0
        return Table(seconds, table.metres, table.by_road)

    def _between(self, townships: Sequence[str], basis: Basis, means: str) -> NDArray[np.float64]:
        return np.array([[self._factor(basis, means, one, other) for other in townships] for one in townships])

    def _factor(self, basis: Basis, means: str, one: str, other: str) -> float:
        known = self._factors.get(Pair(basis, means, *between(one, other)))
        if known is not None:
            return known
        counties = (one[:6], other[:6])
        of_counties = [self._factors.get(Pair(basis, means, county, county), 1.0) for county in counties]
        return float(np.sqrt(of_counties[0] * of_counties[1]))
