"""Which days are worked: the State Council's holidays and make-up working days, and what a county sets apart itself.

The built-in calendar ends with the last year that has been announced. Later years are estimated from the statutory
holidays alone, without bridges and make-up days, until somebody enters what was announced.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from chinese_calendar import constants

from .festivals import Festival, day_of


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    WORKDAY = "workday"  # a make-up working day


class Source(StrEnum):
    """Who says so."""

    ENTERED = "entered"
    ANNOUNCED = "announced"
    ESTIMATED = "estimated"


class SetApart(NamedTuple):
    """A day unlike others of its weekday. `name`: the code of a Festival or of a statutory holiday, or free text."""

    kind: DayKind
    name: str
    source: Source


SUNDAY, MONDAY = 7, 1
FIRST_YEAR = min(constants.holidays).year
LAST_YEAR = max(constants.holidays).year
"""The last year whose holidays are built in."""

_CODES = {
    "New Year's Day": "new_year",
    "Spring Festival": Festival.SPRING.value,
    "Tomb-sweeping Day": Festival.TOMB_SWEEPING.value,
    "Labour Day": "labour",
    "Dragon Boat Festival": Festival.DRAGON_BOAT.value,
    "Mid-autumn Festival": Festival.MID_AUTUMN.value,
    "National Day": "national",
}


def is_announced(year: int) -> bool:
    """Whether the year's holidays and make-up days are built in."""
    return FIRST_YEAR <= year <= LAST_YEAR


def set_apart(day: date, entered: Mapping[date, tuple[DayKind, str]] | None = None) -> SetApart | None:
    """What somebody entered for the day, else what was announced, else an estimate; None for an ordinary day."""
    if entered and day in entered:
        return SetApart(*entered[day], Source.ENTERED)
    if is_announced(day.year):
        return _announced(day)
    name = _statutory(day.year).get(day)
    return SetApart(DayKind.HOLIDAY, name, Source.ESTIMATED) if name else None


def _announced(day: date) -> SetApart | None:
    if day in constants.holidays:
        return SetApart(DayKind.HOLIDAY, _code(constants.holidays[day]), Source.ANNOUNCED)
    if day in constants.workdays:
        return SetApart(DayKind.WORKDAY, _code(constants.workdays[day]), Source.ANNOUNCED)
    return None


def _code(name: str) -> str:
    return _CODES.get(name, name)


@lru_cache(maxsize=64)
def _statutory(year: int) -> dict[date, str]:
    """The thirteen days that the regulation of 2024 names, wherever weekends and bridges will lie."""
    spring = day_of(Festival.SPRING, year)
    days = {date(year, 1, 1): "new_year", date(year, 5, 1): "labour", date(year, 5, 2): "labour"}
    days |= {date(year, 10, number): "national" for number in (1, 2, 3)}
    days |= {date.fromordinal(spring.toordinal() + shift): Festival.SPRING.value for shift in (-1, 0, 1, 2)}
    for festival in (Festival.TOMB_SWEEPING, Festival.DRAGON_BOAT, Festival.MID_AUTUMN):
        days.setdefault(day_of(festival, year), festival.value)
    return days


def is_workday(day: date, apart: SetApart | None) -> bool:
    """Whether offices work: Monday to Friday but for holidays, and make-up days."""
    if apart is None:
        return day.isoweekday() < 6
    return apart.kind is DayKind.WORKDAY


def shift_weekday(day: date, apart: SetApart | None) -> int:
    """Whose shifts hold: Sunday's on a holiday, Monday's on a make-up day at a weekend, else those of the weekday."""
    if apart is None:
        return day.isoweekday()
    if apart.kind is DayKind.HOLIDAY:
        return SUNDAY
    return MONDAY if day.isoweekday() > 5 else day.isoweekday()
