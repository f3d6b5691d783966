"""Back before dark: the rule `round.daylight` narrows shifts by sunrise and sunset where each helper sets out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from dispatch import Helper, Window
from domain.daylight import Daylight, daylight
from domain.rules import RuleKey
from queries import round_days as queries

from . import rules

MINUTE = 60


class Placed(Protocol):
    """Something at a WGS84 point."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


@dataclass(frozen=True, slots=True)
class DayOut:
    """A day as people go by it: sun up, sun down, and between which minutes they may be out."""

    light: Daylight
    out_from: int
    back_by: int


def day_out(division_code: str, latitude: float, longitude: float, on: date) -> DayOut | None:
    """What the rule makes of a day at a WGS84 point; None where it does not apply."""
    rule = rules.value(RuleKey.ROUND_DAYLIGHT, division_code, on).value
    if not rule["applies"]:
        return None
    light = daylight(latitude, longitude, on)
    return DayOut(light, light.rise - rule["before_sunrise"], light.set + rule["after_sunset"])


def at_division(division_code: str, on: date) -> DayOut | None:
    """For a page: the day in the middle of a division. Two statements."""
    land = queries.lands([division_code])[division_code]
    if land.latitude is None or land.longitude is None:
        return None
    return day_out(division_code, land.latitude, land.longitude, on)


def narrowed(
    helpers: Iterable[Helper], on: date, codes: Mapping[str, str], bases: Mapping[str, Placed]
) -> list[Helper]:
    """The helpers with shifts that end in time to be back. `codes` and `bases`: where each is from, by id.

    A shift that lies wholly in the dark is left as it is: somebody meant it so.
    """
    return [_narrowed(helper, on, codes[helper.id], bases.get(helper.id)) for helper in helpers]


def _narrowed(helper: Helper, on: date, code: str, base: Placed | None) -> Helper:
    out = day_out(code, base.latitude, base.longitude, on) if base else None
    if out is None:
        return helper
    low, high = out.out_from * MINUTE, out.back_by * MINUTE
    shifts = tuple(
        Window(max(shift.start, low), min(shift.end, high)) if shift.start < high and low < shift.end else shift
        for shift in helper.shifts
    )
    return helper if shifts == helper.shifts else replace(helper, shifts=shifts)
