"""The lunar calendar: birthdays with leap months and thirtieths, and the words of a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import lunar
from domain.lunar import LunarDay


def test_the_fifteenth_of_the_leap_fourth_month_of_1944():
    assert lunar.solar(LunarDay(1944, 4, 15, is_leap=True)) == date(1944, 6, 5)
    assert lunar.of(date(1944, 6, 5)) == LunarDay(1944, 4, 15, is_leap=True)


@pytest.mark.parametrize(
    "day", [date(2026, 10, 18), date(2027, 10, 8), date(2028, 10, 26), date(2029, 10, 16), date(2030, 10, 5)]
)
def test_the_ninth_of_the_ninth_of_coming_years(day):
    assert lunar.birthday_in(day.year, 9, 9) == day


def test_a_birthday_of_a_leap_month_is_kept_in_the_ordinary_one():
    assert lunar.birthday_in(2026, 4, 15, is_leap=True) == lunar.birthday_in(2026, 4, 15)
    assert lunar.birthday_in(2025, 6, 3, is_leap=True) == lunar.solar(LunarDay(2025, 6, 3, is_leap=True))


def test_the_thirtieth_falls_back_where_there_is_none():
    for year in (2025, 2026, 2027):
        assert lunar.birthday_in(year, 12, 30) == lunar.birthday_in(year, 12, 29)


def test_a_twelfth_month_birthday_may_come_soon_after_new_year():
    assert lunar.next_birthday(12, 8, on_or_after=date(2027, 1, 1)) == date(2027, 1, 15)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (1, 0), (1, 31)])
def test_a_day_that_no_calendar_has_is_refused(month, day):
    with pytest.raises(ValueError, match="lunar"):
        lunar.birthday_in(2026, month, day)


@given(st.dates(date(1905, 1, 1), date(2060, 12, 31)))
def test_there_and_back_again(day):
    assert lunar.solar(lunar.of(day)) == day


@given(st.integers(1, 12), st.integers(1, 30), st.booleans(), st.dates(date(2020, 1, 1), date(2050, 1, 1)))
def test_a_birthday_comes_within_thirteen_months(month, day, is_leap, today):
    kept = lunar.next_birthday(month, day, is_leap=is_leap, on_or_after=today)
    assert 0 <= (kept - today).days <= 400


def test_dates_in_words():
    assert lunar.words(date(2026, 11, 23)) == "十月十五"
    assert lunar.words(date(2025, 7, 25)) == "闰六月初一"
    assert lunar.birthday_words(12, 30) == "腊月三十"
    assert lunar.birthday_words(4, 21, is_leap=True) == "闰四月廿一"
