"""The calendar of promises."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.periods import days_between, period_of, periods_between, pick, share_of

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))
lengths = st.integers(1, 366)


def test_a_promise_of_thirty_days_is_kept_once_in_each_calendar_month() -> None:
    assert period_of(date(2028, 2, 29), 30) == (date(2028, 2, 1), date(2028, 2, 29))
    assert period_of(date(2026, 11, 23), 31) == (date(2026, 11, 1), date(2026, 11, 30))


def test_a_promise_of_ninety_days_is_kept_once_in_each_quarter() -> None:
    assert period_of(date(2026, 11, 23), 90) == (date(2026, 10, 1), date(2026, 12, 31))


def test_weeks_begin_on_mondays() -> None:
    assert period_of(date(2026, 11, 23), 7) == (date(2026, 11, 23), date(2026, 11, 29))
    assert period_of(date(2026, 11, 23), 14).first.weekday() == 0


@given(day=days, every=lengths)
def test_every_day_lies_in_its_period_and_the_neighbours_touch(day: date, every: int) -> None:
    period = period_of(day, every)
    assert period.first <= day <= period.last
    assert period_of(period.first, every) == period == period_of(period.last, every)
    assert period_of(period.last + timedelta(days=1), every).first == period.last + timedelta(days=1)


@given(day=days, every=lengths)
def test_a_period_is_as_long_as_promised_but_for_the_calendar(day: date, every: int) -> None:
    period = period_of(day, every)
    length = (period.last - period.first).days + 1
    assert abs(length - every) <= (3 if every in {29, 30, 31} | {89, 90, 91, 92} | {365, 366} else 0)


@given(first=days, every=lengths, span=st.integers(0, 200))
def test_periods_between_cover_every_day_once(first: date, every: int, span: int) -> None:
    last = first + timedelta(days=span)
    covered = [day for period in periods_between(first, last, every) for day in days_between(*period)]
    assert len(covered) == len(set(covered))
    assert set(days_between(first, last)) <= set(covered)


@given(weights=st.lists(st.integers(0, 5), min_size=1, max_size=40), key=st.uuids())
def test_a_day_with_hands_is_picked_where_there_is_one(weights: list[int], key: UUID) -> None:
    span = days_between(date(2026, 11, 1), date(2026, 11, 1) + timedelta(days=len(weights) - 1))
    chosen = pick(span, weights, share_of(key))
    assert chosen in span
    assert weights[span.index(chosen)] > 0 or not any(weights)


def test_many_plans_spread_over_a_month_as_the_hands_do() -> None:
    span = days_between(date(2026, 11, 1), date(2026, 11, 30))
    weights = [0 if day.weekday() == 6 else 2 if day.weekday() == 0 else 1 for day in span]
    counts = dict.fromkeys(span, 0)
    for number in range(20_000):
        counts[pick(span, weights, share_of(UUID(int=number)))] += 1
    fair = 20_000 / sum(weights)
    for day, weight in zip(span, weights, strict=True):
        assert abs(counts[day] - fair * weight) < 0.2 * fair * max(weight, 1)
