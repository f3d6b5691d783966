"""The day's own clock: the moments a working day is replayed at, from yesterday morning up to now."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.times import at_minute, local_day


@dataclass(frozen=True, slots=True)
class Moments:
    """When things happen around `now`. Nothing is ever done at a moment that has not come yet."""

    now: datetime

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That time of that day, or now if it is still to come."""
        return min(at_minute(day, hour * 60 + minute), self.now)

    def has_come(self, day: date, hour: int, minute: int = 0) -> bool:
        """Whether that time of that day is over."""
        return at_minute(day, hour * 60 + minute) <= self.now


class RunningClock:
    """Starts at a moment and goes on at the pace of the world: what a sender of texts is told the time by."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._begun = time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun)
