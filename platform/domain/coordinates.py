"""Where a point is, in the three ways China writes it down.

Yannian keeps WGS84, what a satellite receiver gives. Chinese maps must by law show places displaced: by GCJ-02
(高德, 腾讯, a Chinese iPhone's maps), or by BD-09 (百度), which displaces GCJ-02 once more. Mixing them up moves a door
by about 500 m, into the next valley. The formulas are those in common use since GCJ-02's was published. They are meant
for the edges only: what goes into a Chinese map's link, and pins that people copy out of one.
"""

from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt

_AXIS_M, _ECCENTRICITY = 6_378_245.0, 0.00669342162296594323
"""Krasovsky's ellipsoid of 1940, which the formula is written for."""
_FROM_LATITUDE, _FROM_LONGITUDE = 35.0, 105.0
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347
"""Where the displacement applies. A rectangle: the formula knows no border."""
_STEPS = 12
_NEAR_ENOUGH = 1e-9
"""Degrees; a tenth of a millimetre."""


class Datum(StrEnum):
    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """From WGS84; outside China the same point."""
    if not _is_displaced(latitude, longitude):
        return latitude, longitude
    north, east = _displacement(latitude, longitude)
    return latitude + north, longitude + east


def from_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """To WGS84: the point that `to_gcj02` would put here, found step by step."""
    if not _is_displaced(latitude, longitude):
        return latitude, longitude
    found = latitude, longitude
    for _step in range(_STEPS):
        north, east = _displacement(*found)
        better = latitude - north, longitude - east
        if max(abs(better[0] - found[0]), abs(better[1] - found[1])) < _NEAR_ENOUGH:
            return better
        found = better
    return found


def from_bd09(latitude: float, longitude: float) -> tuple[float, float]:
    """To WGS84, by way of GCJ-02."""
    if not _is_displaced(latitude, longitude):
        return latitude, longitude
    x, y = longitude - 0.0065, latitude - 0.006
    wave = pi * 3000 / 180
    distance = hypot(x, y) - 0.00002 * sin(y * wave)
    angle = atan2(y, x) - 0.000003 * cos(x * wave)
    return from_gcj02(distance * sin(angle), distance * cos(angle))


def to_wgs84(latitude: float, longitude: float, datum: Datum) -> tuple[float, float]:
    """What a pin of that kind means."""
    if datum is Datum.GCJ02:
        return from_gcj02(latitude, longitude)
    return from_bd09(latitude, longitude) if datum is Datum.BD09 else (latitude, longitude)


def _is_displaced(latitude: float, longitude: float) -> bool:
    return _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST


def _displacement(latitude: float, longitude: float) -> tuple[float, float]:
    """Degrees to the north and to the east."""
    y, x = latitude - _FROM_LATITUDE, longitude - _FROM_LONGITUDE
    common = 20 * _wave(6 * x) + 20 * _wave(2 * x)
    root = sqrt(abs(x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north_m += (common + 20 * _wave(y) + 40 * _wave(y / 3) + 160 * _wave(y / 12) + 320 * _wave(y / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east_m += (common + 20 * _wave(x) + 40 * _wave(x / 3) + 150 * _wave(x / 12) + 300 * _wave(x / 30)) * 2 / 3
    phi = radians(latitude)
    bend = 1 - _ECCENTRICITY * sin(phi) ** 2
    meridian = _AXIS_M * (1 - _ECCENTRICITY) / bend**1.5
    parallel = _AXIS_M / sqrt(bend) * cos(phi)
    return north_m * 180 / (meridian * pi), east_m * 180 / (parallel * pi)


def _wave(half_turns: float) -> float:
    return sin(half_turns * pi)
