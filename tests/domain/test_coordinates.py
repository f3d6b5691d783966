"""Points between WGS84 and the displaced maps of China."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coordinates import Datum, from_bd09, from_gcj02, to_gcj02, to_wgs84

METRES_A_DEGREE = 111_195


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = (one[0] - other[0]) * METRES_A_DEGREE
    return hypot(north, (one[1] - other[1]) * METRES_A_DEGREE * cos(radians(one[0])))


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((22.543847, 113.912316), (22.540796, 113.917176)),  # Shenzhen
        ((31.1774276, 121.5272106), (31.175304, 121.531542)),  # Shanghai
        ((39.911954, 116.377817), (39.913348, 116.384048)),  # Beijing
    ],
)
def test_known_points_are_displaced_as_published(wgs84, gcj02):
    assert metres_between(to_gcj02(*wgs84), gcj02) < 1


@given(st.floats(1.0, 55.5), st.floats(72.1, 137.7))
def test_there_and_back_is_within_a_metre_everywhere_in_china(latitude, longitude):
    assert metres_between(from_gcj02(*to_gcj02(latitude, longitude)), (latitude, longitude)) < 0.01


@given(st.floats(35.3, 37.6), st.floats(107.6, 110.6))
def test_in_this_city_the_two_maps_are_hundreds_of_metres_apart(latitude, longitude):
    assert 300 < metres_between(to_gcj02(latitude, longitude), (latitude, longitude)) < 800


@pytest.mark.parametrize("point", [(48.8584, 2.2945), (-33.8568, 151.2153), (0.0, 0.0)])
def test_outside_china_nothing_is_displaced(point):
    assert to_gcj02(*point) == from_gcj02(*point) == from_bd09(*point) == point


def test_a_pin_of_baidu_is_displaced_twice():
    # 天安门: the same point in all three, to the accuracy of a pin.
    wgs84, bd09 = (39.907366, 116.397743), (39.915119, 116.410353)
    assert metres_between(from_bd09(*bd09), wgs84) < 15


def test_each_kind_of_pin_is_read_as_what_it_is():
    here = (36.585, 109.484)
    assert to_wgs84(*here, Datum.WGS84) == here
    assert to_wgs84(*to_gcj02(*here), Datum.GCJ02) == pytest.approx(here, abs=1e-7)
    assert metres_between(to_wgs84(*here, Datum.BD09), here) > 500
