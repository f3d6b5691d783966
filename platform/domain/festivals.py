"""Days that come back: market days by weekday or by the ending of the date, festivals by the lunar calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lunar_python.Solar import Solar

from . import lunar

MOST_DAYS_AROUND = 15
"""So many days at most before and after a festival."""


class Festival(StrEnum):
    """Festivals on which older people are thought of. All by the lunar calendar but 清明, which is a solar term."""

    SPRING = "spring"  # 春节
    LANTERN = "lantern"  # 元宵
    TOMB_SWEEPING = "tomb_sweeping"  # 清明
    DRAGON_BOAT = "dragon_boat"  # 端午
    MID_AUTUMN = "mid_autumn"  # 中秋
    DOUBLE_NINTH = "double_ninth"  # 重阳
    LABA = "laba"  # 腊八
    LITTLE_YEAR = "little_year"  # 小年
    EVE = "eve"  # 除夕


_LUNAR = {
    Festival.SPRING: (1, 1), Festival.LANTERN: (1, 15), Festival.DRAGON_BOAT: (5, 5), Festival.MID_AUTUMN: (8, 15),
    Festival.DOUBLE_NINTH: (9, 9), Festival.LABA: (12, 8), Festival.LITTLE_YEAR: (12, 23), Festival.EVE: (12, 30),
}  # fmt: skip


@lru_cache(maxsize=512)
def day_of(festival: Festival, year: int) -> date:
    """The festival of the lunar year that begins in this solar year; 清明 of the solar year itself."""
    if festival is Festival.TOMB_SWEEPING:
        found = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()["清明"]
        return date(found.getYear(), found.getMonth(), found.getDay())
    return lunar_day_in(year, *_LUNAR[festival])


@lru_cache(maxsize=2048)
def lunar_day_in(year: int, month: int, day: int) -> date:
    """The lunar date in the lunar year that begins in this solar year; a thirtieth that is missing is the last day."""
    return lunar.birthday_in(year, month, day)


@lru_cache(maxsize=64)
def festivals_of(day: date) -> tuple[Festival, ...]:
    """The festivals that fall on a day."""
    return tuple(one for one in Festival if day in {day_of(one, year) for year in (day.year - 1, day.year)})


class Repeats(StrEnum):
    """How a calendar rule comes back."""

    DATES = "dates"  # every day from its first to its last
    WEEKDAYS = "weekdays"
    SOLAR_ENDINGS = "solar_endings"  # 逢五逢十: the 5th, 10th, 15th, …
    LUNAR_ENDINGS = "lunar_endings"  # 农历逢三: 初三、十三、廿三
    FESTIVAL = "festival"
    LUNAR_DATE = "lunar_date"  # a temple fair on 四月初八


@dataclass(frozen=True, slots=True)
class Recurrence:
    """On which days a rule holds, from `from_on` to `to_on` (None: for ever).

    `numbers`: weekdays 1 Monday .. 7, or last digits of the date 0 .. 9. `lead_days` and `lag_days` before and after a
    festival or lunar date belong to it.
    """

    repeats: Repeats
    from_on: date
    to_on: date | None = None
    numbers: frozenset[int] = frozenset()
    festival: Festival | None = None
    lunar_month: int | None = None
    lunar_day: int | None = None
    lead_days: int = 0
    lag_days: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether the rule holds on this day."""
        return self.occurrence(day) is not None

    def occurrence(self, day: date) -> tuple[date, date] | None:
        """The first and last day of the occurrence that holds this day; a market day is one by itself."""
        if not (self.from_on <= day and (self.to_on is None or day <= self.to_on)):
            return None
        if self.repeats is Repeats.DATES:
            return self.from_on, self.to_on or day
        if self.repeats in {Repeats.FESTIVAL, Repeats.LUNAR_DATE}:
            return self._around(day)
        return (day, day) if self._number(day) in self.numbers else None

    def occurrences(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The occurrences that have a day in first..last, in order."""
        day = first
        while day <= last:
            found = self.occurrence(day)
            if found:
                yield found
            day = (found[1] if found else day) + timedelta(days=1)

    def days(self, first: date, last: date) -> list[date]:
        """The days in first..last on which it holds."""
        span = (last - first).days + 1
        return [day for day in (first + timedelta(days=n) for n in range(span)) if self.holds_on(day)]

    def _number(self, day: date) -> int:
        if self.repeats is Repeats.WEEKDAYS:
            return day.isoweekday()
        return (day.day if self.repeats is Repeats.SOLAR_ENDINGS else lunar.of(day).day) % 10

    def _around(self, day: date) -> tuple[date, date] | None:
        for year in (day.year - 1, day.year, day.year + 1):
            middle = self._middle(year)
            first, last = middle - timedelta(days=self.lead_days), middle + timedelta(days=self.lag_days)
            if first <= day <= last:
                return max(first, self.from_on), last if self.to_on is None else min(last, self.to_on)
        return None

    def _middle(self, year: int) -> date:
        if self.repeats is Repeats.FESTIVAL and self.festival is not None:
            return day_of(self.festival, year)
        return lunar_day_in(year, self.lunar_month or 1, self.lunar_day or 1)
