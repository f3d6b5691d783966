"""Market days and festivals come back on their days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import lunar
from domain.festivals import Festival, Recurrence, Repeats, day_of, festivals_of, lunar_day_in

NEW_YEAR = date(2026, 1, 1)
DAYS = st.dates(date(2020, 1, 1), date(2045, 12, 31))


@pytest.mark.parametrize(
    ("festival", "day"),
    [
        (Festival.SPRING, date(2026, 2, 17)),
        (Festival.LANTERN, date(2026, 3, 3)),
        (Festival.TOMB_SWEEPING, date(2026, 4, 5)),
        (Festival.DRAGON_BOAT, date(2026, 6, 19)),
        (Festival.MID_AUTUMN, date(2026, 9, 25)),
        (Festival.DOUBLE_NINTH, date(2026, 10, 18)),
        (Festival.LABA, date(2027, 1, 15)),
        (Festival.EVE, date(2027, 2, 5)),
        (Festival.TOMB_SWEEPING, date(2025, 4, 4)),
    ],
)
def test_a_festival_is_on_its_day(festival, day):
    found = [day_of(festival, year) for year in (day.year - 1, day.year)]
    assert day in found
    assert festival in festivals_of(day)


def test_new_years_eve_is_the_day_before_the_spring_festival():
    for year in range(2020, 2050):
        assert day_of(Festival.EVE, year) == day_of(Festival.SPRING, year + 1) - timedelta(days=1)


def test_a_market_by_weekday():
    market = Recurrence(Repeats.WEEKDAYS, NEW_YEAR, numbers=frozenset({3}))
    assert market.days(date(2026, 11, 23), date(2026, 12, 6)) == [date(2026, 11, 25), date(2026, 12, 2)]


def test_a_market_on_fives_and_tens():
    market = Recurrence(Repeats.SOLAR_ENDINGS, NEW_YEAR, numbers=frozenset({5, 0}))
    days = [day.day for day in market.days(date(2026, 11, 1), date(2026, 11, 30))]
    assert days == [5, 10, 15, 20, 25, 30]


def test_a_market_on_lunar_threes():
    market = Recurrence(Repeats.LUNAR_ENDINGS, NEW_YEAR, numbers=frozenset({3}))
    days = market.days(date(2026, 11, 1), date(2026, 12, 31))
    assert {lunar.of(day).day for day in days} == {3, 13, 23}
    assert len(days) in {6, 7}


def test_a_notice_holds_from_its_first_to_its_last_day():
    notice = Recurrence(Repeats.DATES, date(2026, 11, 25), date(2026, 11, 27))
    assert notice.days(date(2026, 11, 1), date(2026, 12, 1)) == [date(2026, 11, day) for day in (25, 26, 27)]
    assert notice.occurrence(date(2026, 11, 26)) == (date(2026, 11, 25), date(2026, 11, 27))


def test_a_festival_has_days_before_and_after_across_the_turn_of_the_year():
    eve = Recurrence(Repeats.FESTIVAL, NEW_YEAR, festival=Festival.EVE, lead_days=3, lag_days=5)
    assert eve.occurrence(date(2027, 2, 2)) == (date(2027, 2, 2), date(2027, 2, 10))
    assert eve.occurrence(date(2027, 2, 11)) is None
    assert list(eve.occurrences(NEW_YEAR, date(2027, 12, 31)))[-1] == (date(2027, 2, 2), date(2027, 2, 10))


def test_a_temple_fair_on_the_eighth_of_the_fourth_month():
    fair = Recurrence(Repeats.LUNAR_DATE, NEW_YEAR, lunar_month=4, lunar_day=8)
    assert fair.days(NEW_YEAR, date(2026, 12, 31)) == [lunar_day_in(2026, 4, 8)]


RECURRENCES = st.builds(
    Recurrence,
    st.sampled_from(Repeats),
    DAYS,
    st.none() | DAYS,
    st.frozensets(st.integers(0, 9)),
    st.sampled_from(Festival),
    st.integers(1, 12),
    st.integers(1, 30),
    st.integers(0, 15),
    st.integers(0, 15),
)


@given(RECURRENCES, DAYS)
def test_an_occurrence_holds_each_of_its_days_and_never_leaves_the_rules_own(its, day):
    found = its.occurrence(day)
    assert its.holds_on(day) == (found is not None)
    if found is not None:
        first, last = found
        assert its.from_on <= first <= day <= last
        assert its.to_on is None or last <= its.to_on
        assert its.holds_on(first)
        assert its.holds_on(last)


@given(RECURRENCES, DAYS)
def test_occurrences_together_hold_exactly_the_days(its, first):
    last = first + timedelta(days=60)
    named = {
        day
        for start, end in its.occurrences(first, last)
        for day in (start + timedelta(days=n) for n in range((end - start).days + 1))
    }
    assert {day for day in named if first <= day <= last} == set(its.days(first, last))
