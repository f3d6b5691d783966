"""What the calendar does to a day: market days, festivals and weather notices move visits, and slow the road.

Effects of several rules compose to the same whatever their order: closed hours are joined, and of two percentages or
two priorities the stricter holds. Times are minutes after local midnight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]
DAY: Span = (0, 1440)
URGENT = 1
UNCHANGED_PERCENT = 100
MOST_PERCENT = 400


class Change(StrEnum):
    """What has become of a visit."""

    NONE = "none"
    NARROWED = "narrowed"
    MOVED = "moved"
    POSTPONED = "postponed"
    KEPT = "kept"  # urgent, and no other time: gone to all the same


@dataclass(frozen=True, slots=True)
class Effect:
    """What one rule asks for. `closed`: nobody calls then; `instead`: when those call who no longer can.

    `postpone_from`: visits of this priority and less urgent ones wait for another day. Percentages are of the usual.
    """

    closed: Span | None = None
    instead: Span | None = None
    travel_percent: int = UNCHANGED_PERCENT
    duration_percent: int = UNCHANGED_PERCENT
    is_foot_out: bool = False
    postpone_from: int | None = None

    @property
    def is_nothing(self) -> bool:
        return self == Effect(instead=self.instead)


@dataclass(frozen=True, slots=True)
class Effects:
    """What all rules of a day and place ask for together."""

    closed: tuple[Span, ...] = ()
    instead: tuple[Span, ...] = ()
    travel_percent: int = UNCHANGED_PERCENT
    duration_percent: int = UNCHANGED_PERCENT
    is_foot_out: bool = False
    postpone_from: int | None = None


NOTHING = Effects()


def combine(effects: Iterable[Effect]) -> Effects:
    """All of them at once. The order does not matter, and the same effect twice is the same as once."""
    every = list(effects)
    return Effects(
        closed=joined(one.closed for one in every if one.closed),
        instead=joined(one.instead for one in every if one.instead),
        travel_percent=_strictest(one.travel_percent for one in every),
        duration_percent=_strictest(one.duration_percent for one in every),
        is_foot_out=any(one.is_foot_out for one in every),
        postpone_from=min((one.postpone_from for one in every if one.postpone_from), default=None),
    )


def _strictest(percentages: Iterable[int]) -> int:
    return min(max(percentages, default=UNCHANGED_PERCENT), MOST_PERCENT)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, within the day, those that touch made one, empty and reversed ones left out."""
    found: list[Span] = []
    for start, end in sorted((max(start, DAY[0]), min(end, DAY[1])) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def without(spans: Sequence[Span], closed: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of spans once the closed hours, joined, are taken out."""
    left = list(joined(spans))
    for shut_from, shut_to in closed:
        left = [part for start, end in left for part in ((start, min(end, shut_from)), (max(start, shut_to), end))]
    return joined(left)


def lengthened(minutes: int, effects: Effects) -> int:
    """How long a call takes on such a day, in whole minutes."""
    return -(-minutes * effects.duration_percent // UNCHANGED_PERCENT)


def adjusted(windows: Sequence[Span], minutes: int, priority: int, effects: Effects) -> tuple[tuple[Span, ...], Change]:
    """The windows of a call of `minutes` on such a day, and what has become of it.

    Windows that come out are never reversed, lie within the day and hold the call; where nothing had to change, and
    for a call that waits or is kept, they are those that came in.
    """
    given = tuple(windows)
    if effects.postpone_from is not None and priority >= max(effects.postpone_from, URGENT + 1):
        return given, Change.POSTPONED
    if not any(start < shut_to and shut_from < end for start, end in given for shut_from, shut_to in effects.closed):
        return given, Change.NONE
    length = lengthened(minutes, effects)
    left = _that_hold(without(given, effects.closed), length)
    if left:
        return left, Change.NARROWED
    other = _that_hold(without(effects.instead, effects.closed), length)
    if other:
        return other, Change.MOVED
    return given, Change.KEPT if priority <= URGENT else Change.POSTPONED


def _that_hold(spans: Iterable[Span], length: int) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in spans if end - start >= length)
