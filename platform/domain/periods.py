"""Periods of a promise: "at least once a week, a month, a quarter" as calendar spans, and a day within one.

The visit rate is counted by calendar month, so a promise of 30 days is kept once in each calendar month: a rolling
count of 30 days would miss most Februaries. Weeks and multiples of them begin on Mondays.
"""

import hashlib
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

_A_MONDAY = date(2024, 1, 1)


class Period(NamedTuple):
    """Its first and its last day."""

    first: date
    last: date


def period_of(day: date, every_days: int) -> Period:
    """The span that holds `day`: a calendar month, quarter or year where the number means one, else a block of days."""
    if 29 <= every_days <= 31:
        return _months(day.year, day.month, 1)
    if 89 <= every_days <= 92:
        return _months(day.year, day.month - (day.month - 1) % 3, 3)
    if every_days in {365, 366}:
        return Period(date(day.year, 1, 1), date(day.year, 12, 31))
    first = day - timedelta(days=(day - _A_MONDAY).days % every_days)
    return Period(first, first + timedelta(days=every_days - 1))


def _months(year: int, month: int, count: int) -> Period:
    end = month + count - 1
    return Period(date(year, month, 1), date(year, end, monthrange(year, end)[1]))


def periods_between(first: date, last: date, every_days: int) -> Iterator[Period]:
    """The periods that have a day in first..last, in order."""
    while first <= last:
        period = period_of(first, every_days)
        yield period
        first = period.last + timedelta(days=1)


def days_between(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included; none where `last` is earlier."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def share_of(key: UUID) -> float:
    """A number in [0, 1) that belongs to `key` for ever: it keeps the same place in every period."""
    return int.from_bytes(hashlib.blake2b(key.bytes, digest_size=6).digest()) / 2**48


def pick(days: Sequence[date], weights: Sequence[int], share: float) -> date:
    """The day at `share` of the weight of all days; days without weight count only where no day has any."""
    if not any(weights):
        weights = [1] * len(days)
    mark = share * sum(weights)
    for day, weight in zip(days, weights, strict=True):
        mark -= weight
        if mark < 0:
            return day
    return max(day for day, weight in zip(days, weights, strict=True) if weight)
