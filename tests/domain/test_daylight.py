"""Sunrise and sunset."""

from datetime import date
from itertools import pairwise

import pytest

from domain.daylight import daylight

YANAN = (36.6, 109.5)


def minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@pytest.mark.parametrize(
    ("place", "day", "rise", "sets"),
    [  # the almanac's times
        ((39.9042, 116.4074), date(2026, 6, 21), "04:46", "19:46"),  # Beijing
        ((39.9042, 116.4074), date(2026, 12, 22), "07:33", "16:53"),
        ((31.2304, 121.4737), date(2026, 1, 1), "06:53", "17:02"),  # Shanghai
        (YANAN, date(2026, 12, 21), "07:50", "17:30"),
        (YANAN, date(2026, 6, 21), "05:24", "20:03"),
    ],
)
def test_the_sun_rises_and_sets_when_the_almanac_says(place, day, rise, sets):
    light = daylight(*place, day)
    assert light.rise == pytest.approx(minute(rise), abs=3)
    assert light.set == pytest.approx(minute(sets), abs=3)


def test_the_equinox_has_twelve_hours_and_a_little():
    light = daylight(*YANAN, date(2026, 3, 20))
    assert 12 * 60 < light.set - light.rise < 12 * 60 + 15


def test_every_day_of_a_year_moves_by_a_few_minutes_at_most():
    lights = [daylight(*YANAN, date.fromordinal(date(2026, 1, 1).toordinal() + day)) for day in range(365)]
    assert all(abs(one.set - other.set) <= 2 for one, other in pairwise(lights))
    assert all(abs(one.rise - other.rise) <= 2 for one, other in pairwise(lights))


def test_the_east_of_the_city_is_dark_first():
    assert daylight(36.6, 110.5, date(2026, 12, 1)).set < daylight(36.6, 107.7, date(2026, 12, 1)).set


def test_where_the_sun_stays_down_the_day_is_empty():
    light = daylight(80.0, 109.5, date(2026, 12, 21))
    assert light.rise == light.set
