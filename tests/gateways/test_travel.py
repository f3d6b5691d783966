"""How long it takes from door to door, with a road map and without."""

import json
import math
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from gateways.travel import FOOT, MOTOR, Osrm, Point, StraightLine, travel_model

HERE = Point(36.585, 109.484, 0.0)
KM = 1 / 111.195
"""Degrees of latitude in a kilometre."""


def north(kilometres: float, ruggedness: float = 0.0) -> Point:
    return Point(HERE.latitude + kilometres * KM, HERE.longitude, ruggedness)


def test_the_same_house_is_no_way_at_all():
    table = StraightLine().table([HERE, HERE, north(1)], MOTOR)
    assert table.seconds[0, 1] == table.metres[0, 1] == 0
    assert table.seconds[0, 2] > 0


def test_two_people_known_only_by_their_village_live_in_two_houses():
    one, two = Point(36.5, 109.5, 0.5, "senior 1"), Point(36.5, 109.5, 0.5, "senior 2")
    assert StraightLine().table([one, two], MOTOR).seconds[0, 1] == 120


def test_ten_kilometres_over_the_plain():
    table = StraightLine().table([HERE, north(8)], MOTOR)
    assert table.metres[0, 1] == pytest.approx(10_000, rel=0.001)
    expected = 1 / 15 + 4 / 25 + 5 / 35
    assert table.seconds[0, 1] == pytest.approx(expected * 3600 + 120, abs=3)


def test_valleys_make_the_way_longer_and_slower():
    plain = StraightLine().table([north(0), north(5)], MOTOR)
    valley = StraightLine().table([north(0, 1), north(5, 1)], MOTOR)
    assert valley.metres[0, 1] / plain.metres[0, 1] == pytest.approx(1.85 / 1.25, rel=0.001)
    assert valley.seconds[0, 1] > plain.seconds[0, 1] * 1.4


def test_on_foot_takes_longer():
    ways = StraightLine()
    assert ways.table([HERE, north(2)], FOOT).seconds[0, 1] > 3 * ways.table([HERE, north(2)], MOTOR).seconds[0, 1]


def test_no_points_give_an_empty_table():
    assert StraightLine().table([], MOTOR).seconds.shape == (0, 0)


class _Roads(BaseHTTPRequestHandler):
    """A small OSRM: every way takes 100 s a hundredth of a degree and is as many metres; some questions go wrong."""

    asked: ClassVar[list[tuple[int, int]]] = []
    broken: ClassVar[set[int | str]] = set()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        points = [tuple(map(float, one.split(","))) for one in parts.path.removeprefix("/table/v1/driving/").split(";")]
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        sources = [points[int(index)] for index in query["sources"].split(";")]
        destinations = [points[int(index)] for index in query["destinations"].split(";")]
        number = len(self.asked)
        self.asked.append((len(sources), len(destinations)))
        rows = [[None if b[0] > 110 else math.dist(a, b) * 10_000 for b in destinations] for a in sources]
        body = {"code": "Ok", "durations": rows, "distances": rows}
        if "all" in self.broken or number in self.broken:
            body = {"code": "TooBig", "message": "Too many table coordinates"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def roads() -> Iterator[str]:
    """The address of a running table service."""
    _Roads.asked, _Roads.broken = [], set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Roads)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.server
def test_osrm_is_asked_in_blocks(roads):
    points = [north(kilometres) for kilometres in range(25)]
    table = Osrm(roads, StraightLine(), block=10).table(points, MOTOR)
    assert sorted(set(_Roads.asked)) == [(5, 5), (5, 10), (10, 5), (10, 10)]
    assert len(_Roads.asked) == 9
    expected = KM * 10_000 * np.arange(25)
    assert np.allclose(table.metres[0], expected, atol=1)
    assert np.allclose(table.seconds[0, 1:], expected[1:] + 120, atol=1)


@pytest.mark.server
def test_a_pair_without_a_road_falls_back_to_the_straight_line(roads):
    points = [HERE, north(3), Point(36.6, 110.5)]
    table = Osrm(roads, StraightLine()).table(points, MOTOR)
    straight = StraightLine().table(points, MOTOR)
    assert table.seconds[0, 2] == straight.seconds[0, 2]
    assert table.seconds[0, 1] != straight.seconds[0, 1]


@pytest.mark.server
def test_a_failed_block_falls_back_alone(roads, caplog):
    _Roads.broken = {0}
    points = [north(kilometres) for kilometres in range(20)]
    table = Osrm(roads, StraightLine(), block=10).table(points, MOTOR)
    straight = StraightLine().table(points, MOTOR)
    assert (table.seconds[:10, :10] == straight.seconds[:10, :10]).all()
    assert (table.seconds[:10, 10:] != straight.seconds[:10, 10:]).any()
    assert "Too many table coordinates" in caplog.text


@pytest.mark.server
def test_after_two_failures_nobody_waits_for_the_rest(roads):
    _Roads.broken = {"all"}
    points = [north(kilometres) for kilometres in range(40)]
    table = Osrm(roads, StraightLine(), block=10).table(points, MOTOR)
    assert len(_Roads.asked) == 2
    assert (table.seconds == StraightLine().table(points, MOTOR).seconds).all()


def test_on_foot_osrm_is_not_asked():
    table = Osrm("http://127.0.0.1:9", StraightLine()).table([HERE, north(2)], FOOT)
    assert (table.seconds == StraightLine().table([HERE, north(2)], FOOT).seconds).all()


def test_the_model_follows_the_setting():
    assert isinstance(travel_model(""), StraightLine)
    assert isinstance(travel_model("http://roads.example"), Osrm)
