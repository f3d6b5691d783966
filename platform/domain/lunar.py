"""The lunar calendar 农历, which older people live by: birthdays, and the date in a page's header."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter

from lunar_python.Lunar import Lunar
from lunar_python.LunarYear import LunarYear
from lunar_python.Solar import Solar


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar. `is_leap`: of the inserted month that follows the ordinary one of its number."""

    year: int
    month: int
    day: int
    is_leap: bool = False


def of(day: date) -> LunarDay:
    """The lunar date of a day."""
    year = day.year if day >= _months(day.year)[0][0] else day.year - 1
    months = _months(year)
    first, month, is_leap = months[bisect_right(months, day, key=itemgetter(0)) - 1]
    return LunarDay(year, month, (day - first).days + 1, is_leap)


@lru_cache(maxsize=256)
def _months(year: int) -> tuple[tuple[date, int, bool], ...]:
    """The months of a lunar year: first day, number, leap or not. Astronomy is slow; a year is worked out once."""
    found = [month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year]
    firsts = [Solar.fromJulianDay(month.getFirstJulianDay()) for month in found]
    return tuple(
        (date(first.getYear(), first.getMonth(), first.getDay()), abs(month.getMonth()), month.getMonth() < 0)
        for first, month in zip(firsts, found, strict=True)
    )


def solar(lunar: LunarDay) -> date:
    """The day of a lunar date. Raises ValueError for one that does not exist."""
    days = days_in(lunar.year, lunar.month, is_leap=lunar.is_leap)
    if not 1 <= lunar.day <= days:
        raise ValueError(f"lunar {lunar.year} has no such day")
    month = -lunar.month if lunar.is_leap else lunar.month
    found = Lunar.fromYmd(lunar.year, month, lunar.day).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


def days_in(year: int, month: int, *, is_leap: bool = False) -> int:
    """29 or 30; 0 for a month that the year does not have."""
    if not 1 <= month <= 12:
        return 0
    found = LunarYear.fromYear(year).getMonth(-month if is_leap else month)
    return int(found.getDayCount()) if found is not None else 0


def birthday_in(lunar_year: int, month: int, day: int, *, is_leap: bool = False) -> date:
    """The day on which a lunar birthday is kept in the lunar year that begins in this solar year.

    Somebody born in a leap month keeps the ordinary month where the year has no such leap month; the thirtieth is
    kept on the twenty-ninth where the month has no thirtieth. Raises ValueError for no day of the calendar.
    """
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError("a lunar birthday has a month from 1 to 12 and a day from 1 to 30")
    is_leap = is_leap and days_in(lunar_year, month, is_leap=True) > 0
    day = min(day, days_in(lunar_year, month, is_leap=is_leap))
    return solar(LunarDay(lunar_year, month, day, is_leap))


def next_birthday(month: int, day: int, *, is_leap: bool = False, on_or_after: date) -> date:
    """The first day from `on_or_after` on that this lunar birthday is kept."""
    year = on_or_after.year - 1  # a twelfth month ends in the next solar year
    while True:
        kept = birthday_in(year, month, day, is_leap=is_leap)
        if kept >= on_or_after:
            return kept
        year += 1


@lru_cache(maxsize=512)
def words(day: date) -> str:
    """十月十五, 闰六月初一: for a header beside the date."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


_MONTHS = "正二三四五六七八九十冬腊"
_TENS = ("初", "十", "廿")
_UNITS = "一二三四五六七八九十"


def birthday_words(month: int, day: int, *, is_leap: bool = False) -> str:
    """The words of a birthday without its year: 腊月三十."""
    if day in {20, 30}:
        day_words = "二十" if day == 20 else "三十"
    else:
        day_words = _TENS[(day - 1) // 10] + _UNITS[(day - 1) % 10]
    return f"{'闰' if is_leap else ''}{_MONTHS[month - 1]}月{day_words}"
