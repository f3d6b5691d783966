"""How somebody looks at a proposal: which view, which round, which stops. All of it stands in the address."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from queries.paging import Page
from queries.round_lines import LeftOutLine, RoundLine, StopLine

ROWS = 100
"""Stops in a page of the table."""
MOST_LEFT_OUT = 100
"""Visits left out that the page lists; the file has all."""


class View(StrEnum):
    MAP = "map"
    TIMELINE = "timeline"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Row:
    """A stop in the table, with the round it is in."""

    line: RoundLine
    stop: StopLine


_SORTS: dict[str, Callable[[Row], Any]] = {
    "time": lambda row: (row.stop.start_minute, row.line.number),
    "round": lambda row: (row.line.number, row.stop.position),
    "township": lambda row: (row.stop.division_code, row.stop.start_minute),
    "priority": lambda row: (row.stop.priority, row.stop.start_minute),
    "late": lambda row: (-row.stop.late_minutes, row.stop.start_minute),
    "travel": lambda row: (-row.stop.travel_minutes, row.stop.start_minute),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A proposal as it is asked for."""

    view: View
    lines: Sequence[RoundLine]
    left_out: Sequence[LeftOutLine]
    chosen: RoundLine | None
    stop: StopLine | None
    filters: Mapping[str, str]
    sort: str
    rows: Page[Row]
    count: int
    pairs: Mapping[str, str]
    """Of visits by two helpers: the mark both halves carry, by the visit's id."""
    asked_visit: str = ""
    """A visit that is left out, to be put in."""

    @property
    def is_placing(self) -> bool:
        """Somebody is about to choose whom to give something to."""
        return self.stop is not None or bool(self.asked_visit)

    def reasons(self) -> Iterator[dict[str, Any]]:
        """Every reason the page puts into a sentence."""
        for stop in self.chosen.stops if self.chosen else ():
            yield from stop.why
        for one in self.left_out[:MOST_LEFT_OUT]:
            yield from one.reasons

    @property
    def shown_left_out(self) -> Sequence[LeftOutLine]:
        return self.left_out[:MOST_LEFT_OUT]

    def tally(self, of: Callable[[StopLine], Any]) -> Counter[Any]:
        """How many stops there are of each kind."""
        return Counter(of(stop) for line in self.lines for stop in line.stops)

    def townships(self) -> Counter[str]:
        return self.tally(lambda stop: stop.township)

    def priorities(self) -> Counter[int]:
        return self.tally(lambda stop: stop.priority)

    @property
    def late(self) -> int:
        return sum(1 for line in self.lines for stop in line.stops if stop.late_minutes)

    @property
    def by_two(self) -> int:
        return len(self.pairs)


def look(args: Mapping[str, str], lines: Sequence[RoundLine], left_out: Sequence[LeftOutLine]) -> Look:
    """What the address asks for. Whatever it asks for that is not there is left away."""
    view = View(args["view"]) if args.get("view") in set(View) else View.MAP
    by_number = {str(line.number): line for line in lines}
    chosen = by_number.get(args.get("round", ""))
    stop = next((one for one in chosen.stops if str(one.visit_id) == args.get("stop")), None) if chosen else None
    filters = {name: args[name] for name in ("township", "priority", "late", "two") if args.get(name)}
    sort = args["sort"] if args.get("sort") in _SORTS else "round"
    rows = sorted((row for row in _rows(lines) if _fits(row, chosen, filters)), key=_SORTS[sort])
    asked = next((str(one.visit_id) for one in left_out if str(one.visit_id) == args.get("visit")), "")
    page = _page(rows, args.get("after"))
    return Look(view, lines, left_out, chosen, stop, filters, sort, page, len(rows), _pairs(lines), asked)


def _rows(lines: Sequence[RoundLine]) -> Iterator[Row]:
    return (Row(line, stop) for line in lines for stop in line.stops)


def _fits(row: Row, chosen: RoundLine | None, filters: Mapping[str, str]) -> bool:
    return (
        (chosen is None or row.line is chosen)
        and filters.get("township") in {None, row.stop.township}
        and filters.get("priority") in {None, str(row.stop.priority)}
        and not ("late" in filters and not row.stop.late_minutes)
        and not ("two" in filters and not row.stop.needs_two)
    )


def _page(rows: Sequence[Row], after: str | None) -> Page[Row]:
    start = int(after) if after and after.isascii() and after.isdigit() and int(after) < len(rows) else 0
    more = str(start + ROWS) if start + ROWS < len(rows) else None
    return Page(list(rows[start : start + ROWS]), more, start == 0)


def _pairs(lines: Sequence[RoundLine]) -> dict[str, str]:
    """A, B … Z, AA …: in the order of the day."""
    halves: dict[str, list[int]] = {}
    for line in lines:
        for stop in line.stops:
            halves.setdefault(str(stop.visit_id), []).append(stop.start_minute)
    both = sorted((min(starts), visit) for visit, starts in halves.items() if len(starts) > 1)
    return {visit: _letters(number) for number, (_start, visit) in enumerate(both)}


def _letters(number: int) -> str:
    first, last = divmod(number, 26)
    return (_letters(first - 1) if first else "") + chr(ord("A") + last)
