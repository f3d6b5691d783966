"""A small OSRM on loopback: every way takes 100 s a hundredth of a degree and is as many metres."""

import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

NO_ROAD_EAST_OF = 110.0
"""Degrees: there it answers null."""


@dataclass
class Roads:
    """The running service: where it is, what it was asked, and what goes wrong with it.

    `broken` holds numbers of questions that fail, or "all"; `far` longitudes of doors far from any road.
    """

    url: str = ""
    asked: list[tuple[int, int]] = field(default_factory=list)
    broken: set[int | str] = field(default_factory=set)
    far: set[float] = field(default_factory=set)
    seconds_to_answer: float = 0.0

    def body(self, path: str, query: dict[str, str]) -> dict[str, object]:
        """The answer to one question."""
        points = [tuple(map(float, one.split(","))) for one in path.removeprefix("/table/v1/driving/").split(";")]
        sources = [points[int(index)] for index in query["sources"].split(";")]
        destinations = [points[int(index)] for index in query["destinations"].split(";")]
        number = len(self.asked)
        self.asked.append((len(sources), len(destinations)))
        if "all" in self.broken or number in self.broken:
            return {"code": "TooBig", "message": "Too many table coordinates"}
        rows = [[self._way(one, other) for other in destinations] for one in sources]
        return {
            "code": "Ok", "durations": rows, "distances": rows,
            "sources": [self._snapped(one) for one in sources],
            "destinations": [self._snapped(one) for one in destinations],
        }  # fmt: skip

    def _way(self, one: tuple[float, ...], other: tuple[float, ...]) -> float | None:
        return None if other[0] > NO_ROAD_EAST_OF else math.dist(one, other) * 10_000

    def _snapped(self, point: tuple[float, ...]) -> dict[str, float]:
        return {"distance": 5_000.0 if round(point[0], 4) in self.far else 12.5}


@contextmanager
def running_roads() -> Iterator[Roads]:
    """The service, while it is needed."""
    roads = Roads()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            time.sleep(roads.seconds_to_answer)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(roads.body(parts.path, query)).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    roads.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield roads
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
