"""Helpers' days on one axis of time, in per cent of its width: drawn by the server, light enough for sixty of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from queries.round_lines import RoundLine, StopLine

FROM, TO = 7 * 60, 19 * 60
"""The axis, in minutes after midnight; it grows where somebody is out earlier or later."""


class Hour(NamedTuple):
    """A line of the axis."""

    x: float
    label: str


class Piece(NamedTuple):
    """A stretch of a day. `kind`: away, wait, visit, late, break, fetch."""

    kind: str
    x: float
    width: float
    stop: StopLine | None = None
    mark: str = ""

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


class Axis(NamedTuple):
    """The time that is shown."""

    start: int
    end: int

    def at(self, minute: int) -> float:
        """Where a minute is, in per cent."""
        return round(100 * (min(max(minute, self.start), self.end) - self.start) / (self.end - self.start), 2)

    def hours(self) -> list[Hour]:
        return [Hour(self.at(minute), f"{minute // 60}") for minute in range(self.start, self.end + 1, 60)]

    def piece(self, kind: str, start: int, end: int, stop: StopLine | None = None, mark: str = "") -> Piece:
        """A stretch, never too thin to see."""
        x = self.at(start)
        return Piece(kind, x, round(max(self.at(end) - x, 0.25), 2), stop, mark)


def axis_of(lines: Sequence[RoundLine]) -> Axis:
    """From 7 to 19, by whole hours further where the rounds are."""
    first = min((line.start_minute for line in lines), default=FROM)
    last = max((line.end_minute for line in lines), default=TO)
    return Axis(min(FROM, first // 60 * 60), max(TO, -(-last // 60) * 60))


def pieces(line: RoundLine, axis: Axis, pairs: Mapping[str, str]) -> list[Piece]:
    """One helper's day, what lies beneath first."""
    return [*_away(line, axis), *_at_doors(line, axis, pairs), *_breaks(line, axis)]


def _away(line: RoundLine, axis: Axis) -> Iterator[Piece]:
    for tour in line.tours:
        yield axis.piece("away", tour["leave"], tour["back"])


def _at_doors(line: RoundLine, axis: Axis, pairs: Mapping[str, str]) -> Iterator[Piece]:
    for stop in line.stops:
        if stop.fetched:
            yield axis.piece("fetch", stop.fetched["arrive"], stop.fetched["leave"], stop)
        if stop.wait_minutes > 1:
            yield axis.piece("wait", stop.arrive_minute, stop.start_minute, stop)
        yield axis.piece("visit", stop.start_minute, stop.leave_minute, stop, pairs.get(str(stop.visit_id), ""))
        if stop.late_minutes:
            late = min(stop.late_minutes, stop.leave_minute - stop.start_minute)
            yield axis.piece("late", stop.leave_minute - late, stop.leave_minute, stop)


def _breaks(line: RoundLine, axis: Axis) -> Iterator[Piece]:
    for tour in line.tours:
        for start, end in tour.get("breaks", ()):
            yield axis.piece("break", start, end)
