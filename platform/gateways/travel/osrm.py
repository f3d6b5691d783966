"""OSRM's table service. Whatever it does not answer, in time or at all, the straight line does: pair by pair."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import requests
from numpy.typing import NDArray

from .circuit import Circuit, Health
from .memory import NO_ANSWER, UNKNOWN, Memory
from .points import AT_THE_DOOR, FOOT, Matrix, Point, Table, TravelModel, same_house

_log = logging.getLogger(__name__)

BLOCK = 100
"""So many points a side in one question: the service's usual limit."""
SECONDS_TO_WAIT = (3.05, 15)
SNAP_M = 1_000.0
"""A door further than this from the nearest road of the map is not on the map: its ways are not the map's to tell."""


class Osrm:
    """Ways by car from an OSRM server; on foot, and where it fails, from `fallback`."""

    def __init__(
        self,
        url: str,
        fallback: TravelModel,
        *,
        block: int = BLOCK,
        memory: Memory | None = None,
        circuit: Circuit | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._fallback = fallback
        self._block = block
        self._memory = memory or Memory()
        self.circuit = circuit or Circuit()

    def table(self, points: Sequence[Point], means: str) -> Table:
        """See TravelModel."""
        table = self._fallback.table(points, means)
        if means == FOOT or len(points) < 2:
            return table
        seconds, metres = self._memory.recall(points)
        same = same_house(points)
        seconds[same] = metres[same] = 0
        if (seconds == UNKNOWN).any() and self._ask_for_unknown(points, seconds, metres):
            self._memory.keep(points, seconds, metres)
        by_road = seconds >= 0
        seconds = np.where(by_road, seconds + AT_THE_DOOR, table.seconds)
        metres = np.where(by_road, metres, table.metres)
        seconds[same] = metres[same] = 0
        return Table(seconds, metres, by_road)

    def health(self) -> Health:
        """How the server has done in this process."""
        return self.circuit.health()

    def _ask_for_unknown(self, points: Sequence[Point], seconds: Matrix, metres: Matrix) -> bool:
        """Put answers in place, as long as there are any; whether there was one."""
        is_any = False
        with requests.Session() as session:
            for rows, columns in _questions(seconds == UNKNOWN, self._block):
                if not self.circuit.may_ask():
                    break
                try:
                    answer = self._ask(session, points, rows, columns)
                except (requests.RequestException, KeyError, TypeError, ValueError) as error:
                    _log.warning("OSRM gave no table (%s); the straight line is used", error)
                    self.circuit.failed(str(error))
                    continue
                self.circuit.answered()
                is_any = True
                part = np.ix_(rows, columns)
                seconds[part] = np.where(seconds[part] == UNKNOWN, answer[0], seconds[part])
                metres[part] = np.where(metres[part] == UNKNOWN, answer[1], metres[part])
        return is_any

    def _ask(
        self, session: requests.Session, points: Sequence[Point], rows: Sequence[int], columns: Sequence[int]
    ) -> tuple[Matrix, Matrix]:
        """One block's seconds and metres, NO_ANSWER where there is no road or a door is far from every road."""
        body = self._body(session, [points[index] for index in (*rows, *columns)], len(rows))
        shape = (len(rows), len(columns))
        durations = np.array(body["durations"], dtype=np.float64).reshape(shape)
        distances = np.array(body["distances"], dtype=np.float64).reshape(shape)
        known = np.isfinite(durations) & np.isfinite(distances)
        known &= _on_the_map(body.get("sources"), len(rows))[:, None]
        known &= _on_the_map(body.get("destinations"), len(columns))[None, :]
        whole = [np.where(known, np.rint(np.nan_to_num(one)), NO_ANSWER) for one in (durations, distances)]
        return whole[0].astype(np.int64), whole[1].astype(np.int64)

    def _body(self, session: requests.Session, chosen: Sequence[Point], rows: int) -> dict[str, Any]:
        where = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in chosen)
        parameters = {
            "sources": ";".join(str(index) for index in range(rows)),
            "destinations": ";".join(str(index) for index in range(rows, len(chosen))),
            "annotations": "duration,distance",
        }
        reply = session.get(f"{self._url}/table/v1/driving/{where}", params=parameters, timeout=SECONDS_TO_WAIT)
        reply.raise_for_status()
        body: dict[str, Any] = reply.json()
        if body.get("code") != "Ok":
            raise ValueError(str(body.get("message") or body.get("code")))
        return body


def _questions(unknown: NDArray[np.bool_], block: int) -> Iterator[tuple[list[int], list[int]]]:
    """Blocks that hold every unknown pair. Doors of which most is unknown come first, so that one new door among
    many known ones is one row and one column of blocks, not all of them."""
    order = np.argsort(-(unknown.sum(axis=0) + unknown.sum(axis=1)), kind="stable")
    parts = [order[first : first + block] for first in range(0, len(order), block)]
    for rows in parts:
        for columns in parts:
            part = unknown[np.ix_(rows, columns)]
            if part.any():
                yield rows[part.any(axis=1)].tolist(), columns[part.any(axis=0)].tolist()


def _on_the_map(waypoints: Any, count: int) -> NDArray[np.bool_]:
    """Which doors are near a road; all of them where the server does not say."""
    if not isinstance(waypoints, list) or len(waypoints) != count:
        return np.ones(count, np.bool_)
    far = [one.get("distance") if isinstance(one, dict) else None for one in waypoints]
    return np.array([metres is None or float(metres) <= SNAP_M for metres in far])
