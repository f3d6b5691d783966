"""Time as the platform knows it: UTC instants, and the city's own calendar days.

Nothing here reads the clock except `utc_now`, which only edges call (a request, a tick, a command);
everything below an edge is handed its `now`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The instant now, in UTC. For edges only."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """The instant `at` as the city's wall clock shows it."""
    return at.astimezone(CITY)


def local_day(at: datetime) -> date:
    """The city's calendar day at the instant `at`."""
    return at.astimezone(CITY).date()


def at_local(day: date, clock: time) -> datetime:
    """The UTC instant at which the city's wall clock shows `clock` on `day`."""
    return datetime.combine(day, clock, CITY).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The UTC instants at which `day` begins and ends in the city (half open)."""
    return at_local(day, time()), at_local(day + timedelta(days=1), time())


def at_minute(day: date, minute: int) -> datetime:
    """The UTC instant `minute` minutes after the city's midnight of `day`."""
    return at_local(day, time()) + timedelta(minutes=minute)


def minute_of_day(clock: time) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


def age_on(born_on: date, day: date) -> int:
    """周岁: full years on a day. Somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
