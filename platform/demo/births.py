"""Birth dates and identity numbers: ages as a register of older people has them, no number twice."""

from datetime import date, timedelta
from functools import lru_cache
from math import gcd

from domain.identity import DEMO_AREA, check_digit

_PER_DAY = {(1962, 1966): 3, (1957, 1961): 6, (1952, 1956): 8, (1947, 1951): 8, (1942, 1946): 7, (1937, 1941): 4,
            (1932, 1936): 2, (1927, 1931): 1}  # fmt: skip
_MOST = max(_PER_DAY.values())
_CENTENARY = (1923, 1926)


@lru_cache(maxsize=1)
def _slots() -> list[tuple[date, int]]:
    """Every birth date as often as its year is common, numbered within the date; the oldest on each 25th day."""
    slots = []
    for (first, last), often in _PER_DAY.items():
        for day in _days(first, last, 1):
            slots += [(day, rank) for rank in range(often)]
    return slots + [(day, 0) for day in _days(*_CENTENARY, 25)]


def _days(first: int, last: int, step: int) -> list[date]:
    begin, end = date(first, 1, 1), date(last + 1, 1, 1)
    return [begin + timedelta(days=number) for number in range(0, (end - begin).days, step)]


@lru_cache(maxsize=1)
def _stride() -> int:
    """A step that visits every slot once before any twice, and jumps about."""
    size = len(_slots())
    return next(step for step in range(int(size * 0.618), size) if gcd(step, size) == 1)


def birth(number: int) -> tuple[date, int]:
    """The birth date of person `number`, and their ordinal among those born that day: unlike for all persons."""
    slots = _slots()
    lap, _rest = divmod(number, len(slots))
    day, rank = slots[number * _stride() % len(slots)]
    return day, lap * _MOST + rank


def identity_number(born_on: date, ordinal: int, *, is_woman: bool) -> str:
    """A demo number with its right check digit; the order is even for women. Up to 500 of a sex on one day."""
    digits = f"{DEMO_AREA}{born_on:%Y%m%d}{2 * ordinal + (0 if is_woman else 1):03d}"
    return digits + check_digit(digits)
