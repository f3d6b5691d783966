"""Holidays and make-up days: as announced, as entered, and as a careful guess for years nobody has announced."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.festivals import Festival, day_of
from domain.workdays import (
    LAST_YEAR,
    DayKind,
    SetApart,
    Source,
    is_announced,
    is_workday,
    set_apart,
    shift_weekday,
)

NATIONAL_DAY = date(2026, 10, 1)  # a Thursday
MAKE_UP = date(2026, 10, 10)  # a Saturday
FAR = date(LAST_YEAR + 1, 10, 1)


def test_a_make_up_day_is_a_working_day_with_mondays_shifts():
    apart = set_apart(MAKE_UP)
    assert apart == SetApart(DayKind.WORKDAY, "national", Source.ANNOUNCED)
    assert is_workday(MAKE_UP, apart)
    assert shift_weekday(MAKE_UP, apart) == 1


def test_a_holiday_is_no_working_day_and_has_sundays_shifts():
    apart = set_apart(NATIONAL_DAY)
    assert not is_workday(NATIONAL_DAY, apart)
    assert shift_weekday(NATIONAL_DAY, apart) == 7


def test_what_somebody_entered_comes_before_what_is_built_in():
    entered = {NATIONAL_DAY: (DayKind.WORKDAY, "抗洪")}
    apart = set_apart(NATIONAL_DAY, entered)
    assert apart == SetApart(DayKind.WORKDAY, "抗洪", Source.ENTERED)
    assert shift_weekday(NATIONAL_DAY, apart) == 4
    assert is_workday(NATIONAL_DAY, apart)


def test_a_year_nobody_has_announced_is_estimated_and_says_so():
    assert not is_announced(FAR.year)
    assert set_apart(FAR) == SetApart(DayKind.HOLIDAY, "national", Source.ESTIMATED)
    eve = day_of(Festival.SPRING, FAR.year) - timedelta(days=1)
    assert set_apart(eve) is not None
    assert set_apart(date(FAR.year, 10, 4)) is None


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_every_day_of_sixty_years_is_one_or_the_other(day):
    apart = set_apart(day)
    if apart is None:
        assert is_workday(day, apart) == (day.isoweekday() <= 5)
        assert shift_weekday(day, apart) == day.isoweekday()
    else:
        assert is_workday(day, apart) == (apart.kind is DayKind.WORKDAY)
        assert shift_weekday(day, apart) <= 5 or apart.kind is DayKind.HOLIDAY


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_estimate_never_calls_an_announced_holiday_a_working_day_by_mistake(year):
    """Every day the estimate would name is a day off in years that were announced."""
    from domain.workdays import _statutory

    missed = [day for day in _statutory(year) if is_workday(day, set_apart(day))]
    assert missed in ([], [day_of(Festival.SPRING, 2024) - timedelta(days=1)])  # 除夕 became a holiday in 2025
