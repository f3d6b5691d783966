"""OSRM's table service. Whatever it does not answer, in time or at all, the straight line does: pair by pair."""

import logging
from collections.abc import Sequence
from typing import Any

import numpy as np
import requests

from .points import AT_THE_DOOR, FOOT, Matrix, Point, Table, TravelModel, same_house

_log = logging.getLogger(__name__)

BLOCK = 100
"""So many points a side in one question: the service's usual limit."""
SECONDS_TO_WAIT = (3.05, 15)
GIVE_UP_AFTER = 2
"""So many failed questions in a row, and the rest of the table is not asked for."""


class Osrm:
    """Ways by car from an OSRM server; on foot, and where it fails, from `fallback`."""

    def __init__(self, url: str, fallback: TravelModel, *, block: int = BLOCK) -> None:
        self._url = url.rstrip("/")
        self._fallback = fallback
        self._block = block

    def table(self, points: Sequence[Point], means: str) -> Table:
        """See TravelModel."""
        table = self._fallback.table(points, means)
        if means == FOOT or len(points) < 2:
            return table
        seconds, metres = table.seconds.copy(), table.metres.copy()
        blocks = [range(first, min(first + self._block, len(points))) for first in range(0, len(points), self._block)]
        failures = 0
        with requests.Session() as session:
            for rows in blocks:
                for columns in blocks:
                    if failures < GIVE_UP_AFTER:
                        is_filled = self._fill(session, points, rows, columns, seconds, metres)
                        failures = 0 if is_filled else failures + 1
        same = same_house(points)
        seconds[same] = metres[same] = 0
        return Table(seconds, metres)

    def _fill(
        self,
        session: requests.Session,
        points: Sequence[Point],
        rows: range,
        columns: range,
        seconds: Matrix,
        metres: Matrix,
    ) -> bool:
        """Put one block of answers in place; pairs without an answer stay as they are."""
        try:
            answer = self._ask(session, points, rows, columns)
            shape = (len(rows), len(columns))
            durations = np.array(answer["durations"], dtype=np.float64).reshape(shape)
            distances = np.array(answer["distances"], dtype=np.float64).reshape(shape)
        except (requests.RequestException, KeyError, TypeError, ValueError) as error:
            _log.warning("OSRM gave no table (%s); the straight line is used", error)
            return False
        known = np.isfinite(durations) & np.isfinite(distances)
        part = np.ix_(rows, columns)
        seconds[part] = np.where(known, np.rint(np.nan_to_num(durations)) + AT_THE_DOOR, seconds[part])
        metres[part] = np.where(known, np.rint(np.nan_to_num(distances)), metres[part])
        return True

    def _ask(self, session: requests.Session, points: Sequence[Point], rows: range, columns: range) -> dict[str, Any]:
        chosen = [points[index] for index in (*rows, *columns)]
        where = ";".join(f"{point.longitude:.6f},{point.latitude:.6f}" for point in chosen)
        parameters = {
            "sources": ";".join(str(index) for index in range(len(rows))),
            "destinations": ";".join(str(index) for index in range(len(rows), len(chosen))),
            "annotations": "duration,distance",
        }
        reply = session.get(f"{self._url}/table/v1/driving/{where}", params=parameters, timeout=SECONDS_TO_WAIT)
        reply.raise_for_status()
        body: dict[str, Any] = reply.json()
        if body.get("code") != "Ok":
            raise ValueError(str(body.get("message") or body.get("code")))
        return body
