"""A roster as the rows of a file."""

from collections.abc import Iterator

from domain.times import local
from gateways.sheets.writing import Cell, Column
from queries.rosters import RosterLine
from wording import word

from .day import RosterDay

COLUMNS = [
    Column("姓名"),
    Column("应到", 8),
    Column("到站", 8),
    Column("离站", 8),
    Column("没来的原因", 16),
    Column("备注", 30),
]


def rows_of(day: RosterDay) -> Iterator[list[Cell]]:
    """One row per senior, in the order of the list."""
    for line in day.lines:
        yield [
            line.name,
            "是" if line.is_expected(day.on) else "否",
            f"{local(line.arrived_at):%H:%M}" if line.arrived_at else None,
            f"{local(line.left_at):%H:%M}" if line.left_at else None,
            _why(line),
            line.note,
        ]


def _why(line: RosterLine) -> str:
    return word(line.reason) if line.reason and not line.arrived_at else ""
