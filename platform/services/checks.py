"""What every registry checks the same way: names, points on the map, phones, hours, days."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from domain import phones
from domain.divisions import is_in_city
from domain.errors import Refusal
from extensions.babel import gettext as _


class Placed(Protocol):
    """Something with a point on the map."""

    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


def name(text: str, *, field: str = "name", longest: int = 80) -> str:
    """A name without blanks around it; not empty and not endless."""
    text = " ".join(text.split())
    if not text:
        raise Refusal(_("请填写名称。"), field=field)
    if len(text) > longest:
        raise Refusal(_("名称最多 %(longest)d 个字。", longest=longest), field=field)
    return text


def point(data: Placed) -> None:
    """Both numbers or neither, and within the city."""
    if (data.latitude is None) != (data.longitude is None):
        raise Refusal(_("经度和纬度要一起填写。"), field="latitude")
    if data.latitude is not None and data.longitude is not None and not is_in_city(data.latitude, data.longitude):
        raise Refusal(_("这个位置不在本市范围内，请检查经纬度是否填反。"), field="latitude")


def phone(text: str, *, field: str = "phone") -> str:
    """The stored form of a phone number; empty stays empty."""
    if not text.strip():
        return ""
    number = phones.normalise(text)
    if number is None:
        raise Refusal(_("这个电话号码不对，手机号是 11 位，座机请带区号，如 0911-2112345。"), field=field)
    return number


def hours(from_minute: int, to_minute: int, *, field: str) -> None:
    """A span within one day."""
    if not 0 <= from_minute < to_minute <= 1440:
        raise Refusal(_("结束时间要晚于开始时间。"), field=field)


def weekdays(days: Iterable[int], *, field: str = "weekdays") -> list[int]:
    """Days of the week in order, at least one."""
    chosen = sorted(set(days))
    if not chosen or not set(chosen) <= set(range(1, 8)):
        raise Refusal(_("请至少选一天。"), field=field)
    return chosen


def count(number: int, *, field: str, most: int = 5000) -> int:
    """A number of places, beds, portions."""
    if not 0 <= number <= most:
        raise Refusal(_("请填写 0 到 %(most)d 之间的数。", most=most), field=field)
    return number


def period(from_on: date, to_on: date | None, *, field: str = "to_on") -> None:
    """A last day that is not before the first."""
    if to_on is not None and to_on < from_on:
        raise Refusal(_("结束的日子不能早于开始的日子。"), field=field)
