"""When the sun rises and sets: NOAA's solar calculator, which follows Meeus, Astronomical Algorithms, chapters 25, 28.

Good to about a minute at our latitudes. It knows no mountains: in a narrow valley the sun is gone long before, though
the sky is not.
"""

from dataclasses import dataclass
from datetime import date
from math import acos, asin, cos, degrees, radians, sin, tan

from domain.times import at_minute, local

_HORIZON = 90.833
"""Zenith of the sun's centre as its upper edge meets the horizon: half its disc and the air's bending of light."""
_EPOCH = date(2000, 1, 1)
DAY = 1440


@dataclass(frozen=True, slots=True)
class Daylight:
    """Sunrise and sunset in minutes after the city's midnight."""

    rise: int
    set: int


def daylight(latitude: float, longitude: float, day: date) -> Daylight:
    """At a WGS84 point. Where the sun does not rise that day, both are its noon."""
    rise = _event(latitude, longitude, day, side=-1)
    return Daylight(rise, max(rise, _event(latitude, longitude, day, side=1)))


def _event(latitude: float, longitude: float, day: date, *, side: int) -> int:
    """The minute of sunrise (-1) or sunset (1): asked twice, because the sun moves between noon and then."""
    midnight = at_minute(day, 0)
    minutes_east = (local(midnight).replace(tzinfo=None) - midnight.replace(tzinfo=None)).total_seconds() / 60
    minute = 720.0
    for _step in range(2):
        noon, half = _noon_and_half_day(latitude, longitude, day, minute - minutes_east)
        minute = noon + minutes_east + side * half
    return round(min(max(minute, 0), DAY))


def _noon_and_half_day(latitude: float, longitude: float, day: date, utc_minute: float) -> tuple[float, float]:
    """Solar noon in UTC minutes, and half the time the sun is up, by the sun as it stands at `utc_minute`."""
    century = ((day - _EPOCH).days - 0.5 + utc_minute / DAY) / 36525
    mean = radians(280.46646 + century * (36000.76983 + century * 0.0003032))
    anomaly = radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    centre = (
        sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * century)
    apparent = mean + radians(centre - 0.00569 - 0.00478 * sin(node))
    tilt = radians(23.4392911 - century * (0.0130042 + 0.00000016 * century) + 0.00256 * cos(node))
    declination = asin(sin(tilt) * sin(apparent))
    y = tan(tilt / 2) ** 2
    equation = 4 * degrees(
        y * sin(2 * mean)
        - 2 * eccentricity * sin(anomaly)
        + 4 * eccentricity * y * sin(anomaly) * cos(2 * mean)
        - 0.5 * y * y * sin(4 * mean)
        - 1.25 * eccentricity**2 * sin(2 * anomaly)
    )
    phi = radians(latitude)
    cosine = cos(radians(_HORIZON)) / (cos(phi) * cos(declination)) - tan(phi) * tan(declination)
    half = degrees(acos(min(max(cosine, -1.0), 1.0))) * 4
    return 720 - 4 * longitude - equation, half
