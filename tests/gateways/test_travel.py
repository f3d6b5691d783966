"""How long it takes from door to door, without a road map."""

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


def test_the_model_follows_the_setting():
    assert isinstance(travel_model(""), StraightLine)
    assert isinstance(travel_model("http://roads.example"), Osrm)


def test_a_server_is_known_by_one_object_in_the_whole_process():
    assert travel_model("http://roads.example") is travel_model("http://roads.example")
