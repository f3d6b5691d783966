"""What a road server has answered, kept for a while in this process.

A row for each door it was asked from: the doors it was asked to, by number, and the answers. Rows are looked up by
binary search in arrays, because half a million single entries would take longer to look up than to ask for again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .points import Matrix, Point

UNKNOWN, NO_ANSWER = -1, -2
"""Instead of seconds and metres: never asked; asked, and there is no road."""
KEPT_S = 14 * 24 * 3600.0
"""Roads are built and maps are renewed; nobody plans by an answer older than this."""
MOST_WAYS = 2_000_000
"""Some 32 MB: the doors of three large counties' days."""
_PARTS = 100_000
"""To so many parts of a degree, about a metre, two doors are one."""

Keys = NDArray[np.int64]


@dataclass(slots=True)
class _Row:
    to: Keys
    ways: NDArray[np.int32]  # seconds and metres, one row each
    since: float


def keys_of(points: Sequence[Point]) -> Keys:
    """A number for each door."""
    latitudes = np.rint([(point.latitude + 90) * _PARTS for point in points]).astype(np.int64)
    longitudes = np.rint([(point.longitude + 180) * _PARTS for point in points]).astype(np.int64)
    keys: Keys = latitudes * 100_000_000 + longitudes
    return keys


class Memory:
    """Answers of one road server; the doors asked from longest ago are forgotten first. For any number of threads."""

    def __init__(
        self, *, most: int = MOST_WAYS, kept_s: float = KEPT_S, clock: Callable[[], float] = time.time
    ) -> None:
        self._most, self._kept_s, self._clock = most, kept_s, clock
        self._rows: OrderedDict[int, _Row] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return sum(row.to.size for row in self._rows.values())

    def recall(self, points: Sequence[Point]) -> tuple[Matrix, Matrix]:
        """Seconds and metres of every way, UNKNOWN or NO_ANSWER where there are none."""
        keys = keys_of(points)
        found = np.full((2, len(keys), len(keys)), UNKNOWN, np.int64)
        with self._lock:
            rows = [self._row(int(key)) for key in keys]
        for number, row in enumerate(rows):
            if row is not None:
                at = np.minimum(np.searchsorted(row.to, keys), row.to.size - 1)
                found[:, number] = np.where(row.to[at] == keys, row.ways[:, at], UNKNOWN)
        return found[0], found[1]

    def _row(self, key: int) -> _Row | None:
        row = self._rows.get(key)
        if row is None:
            return None
        if self._clock() - row.since > self._kept_s:
            del self._rows[key]
            return None
        self._rows.move_to_end(key)
        return row

    def keep(self, points: Sequence[Point], seconds: Matrix, metres: Matrix) -> None:
        """Remember everything in these tables that is not UNKNOWN."""
        keys = keys_of(points)
        _unique, first = np.unique(keys, return_index=True)
        with self._lock:
            for number in first:
                told = first[seconds[number, first] != UNKNOWN]
                if told.size:
                    self._keep(int(keys[number]), keys[told], np.stack((seconds[number, told], metres[number, told])))
            over = len(self) - self._most
            while over > 0:
                over -= self._rows.popitem(last=False)[1].to.size

    def _keep(self, key: int, to: Keys, ways: NDArray[Any]) -> None:
        """`to` is in order. A row is as old as its oldest answer."""
        row, since = self._row(key), self._clock()
        if row is not None:
            other = ~np.isin(row.to, to, assume_unique=True)
            to = np.concatenate((row.to[other], to))
            order = np.argsort(to)
            to, ways = to[order], np.concatenate((row.ways[:, other], ways), axis=1)[:, order]
            since = row.since
        self._rows[key] = _Row(to, ways.astype(np.int32), since)
        self._rows.move_to_end(key)
