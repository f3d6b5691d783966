"""Reading .xlsx and .csv into rows of text: what the file is, is told by its bytes, never by its name.

A file from outside is hostile until shown otherwise: its true unpacked size and the extent of its sheets are measured
before a parser sees it. Nothing is guessed about content: numbers that Excel has already mangled stay visible as such.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from . import archive
from .writing import unescaped

ROW_LIMIT = 50_000
COLUMN_LIMIT = 78
HEADER_WITHIN = 10
SHEETS_TRIED = 5
HINT = "【说明】"
"""How the first cell of a template's line of hints begins: such a line is no data."""


class SheetProblem(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    NOT_A_TABLE = "not_a_table"
    PROGRAM = "program"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105  the name of a problem
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    TOO_WIDE = "too_wide"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    NO_HEADER = "no_header"
    TWICE = "twice"
    TOO_MANY_ROWS = "too_many_rows"


class BadSheet(Exception):
    """The file cannot be read; `detail` is the header or number the sentence needs."""

    def __init__(self, problem: SheetProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Row:
    """One line of data: its number in the file, its cells by header, and the headers of cells lost in a merge."""

    number: int
    cells: dict[str, str]
    merged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: known headers in order, headers nobody knows, and the rows that are not empty."""

    headers: tuple[str, ...]
    ignored: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


def read(content: bytes, known: Mapping[str, str], *, row_limit: int = ROW_LIMIT) -> Table:
    """The table in a file; `known` gives every spelling of a header its own header. Raises BadSheet."""
    if not content.strip(b"\x00 \r\n\t"):
        raise BadSheet(SheetProblem.EMPTY)
    labels = {plain(spelling): header for spelling, header in known.items()}
    if content.startswith(b"PK"):
        return _read_workbook(content, labels, row_limit)
    _refuse_foreign(content)
    return _assembled(list(_read_text(content)), labels, row_limit, frozenset())


def plain(header: str) -> str:
    """A header without what people add to it: blanks, stars, colons, remarks in brackets."""
    return re.sub(r"[（(【\[].*?[）)】\]]|[\s*＊:：]", "", header)


def _refuse_foreign(content: bytes) -> None:
    """Programs, pictures and the like under the name of a table."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise BadSheet(SheetProblem.PASSWORD if locked else SheetProblem.OLD_EXCEL)
    if content.startswith((b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")):
        raise BadSheet(SheetProblem.PROGRAM)
    if content.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc", b"\x1f\x8b", b"{\\rtf")):
        raise BadSheet(SheetProblem.NOT_A_TABLE)


def _read_workbook(content: bytes, labels: dict[str, str], row_limit: int) -> Table:
    try:
        archive.measure(content)
    except archive.Unsafe as unsafe:
        raise BadSheet(_ARCHIVE_PROBLEMS[unsafe.reason]) from unsafe
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        last: BadSheet | None = None
        for name in book.sheet_names[:SHEETS_TRIED]:
            sheet = book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            try:
                return _assembled(rows, labels, row_limit, _covered(sheet.merged_cell_ranges))
            except BadSheet as bad:
                if bad.problem not in {SheetProblem.NO_HEADER, SheetProblem.EMPTY}:
                    raise
                last = last or bad
        raise last or BadSheet(SheetProblem.EMPTY)
    except (CalamineError, ValueError, OverflowError) as error:
        raise BadSheet(SheetProblem.DAMAGED) from error


_ARCHIVE_PROBLEMS = {
    archive.Reason.NOT_A_WORKBOOK: SheetProblem.NOT_A_TABLE,
    archive.Reason.DAMAGED: SheetProblem.DAMAGED,
    archive.Reason.TOO_LARGE: SheetProblem.UNPACKS_TOO_LARGE,
    archive.Reason.TOO_WIDE: SheetProblem.TOO_WIDE,
    archive.Reason.ENCRYPTED: SheetProblem.PASSWORD,
}


def _covered(ranges: Iterable[Any] | None) -> frozenset[tuple[int, int]]:
    """The cells whose content a merge has swallowed: all of each range but its first. At most a million."""
    cells: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in ranges or ():
        if (bottom - top + 1) * (right - left + 1) + len(cells) > 1_000_000:
            raise BadSheet(SheetProblem.TOO_WIDE)
        cells |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        cells.discard((top, left))
    return frozenset(cells)


def _read_text(content: bytes) -> Iterable[list[str]]:
    text = decoded(content)
    if "\x00" in text or sum(sign < " " and sign not in "\t\r\n\x0c" for sign in text[:4096]) > 2:
        raise BadSheet(SheetProblem.NOT_A_TABLE)
    first = text[:2000].partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise BadSheet(SheetProblem.DAMAGED) from error


def decoded(content: bytes) -> str:
    """The text of a .csv in whichever of the encodings offices use: UTF-8, UTF-16, GB18030."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[1:200:2]) // 3:
        candidates = ["utf-16-le"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(SheetProblem.ENCODING)


def _assembled(
    grid: Sequence[Sequence[Any]], labels: dict[str, str], row_limit: int, covered: frozenset[tuple[int, int]]
) -> Table:
    start, columns, ignored = _header(grid, labels)
    rows: list[Row] = []
    for index in range(start + 1, len(grid)):
        line = grid[index]
        cells = {label: text for column, label in columns if column < len(line) and (text := as_text(line[column]))}
        if not cells or next(iter(cells.values())).startswith(HINT):
            continue
        if len(rows) >= row_limit:
            raise BadSheet(SheetProblem.TOO_MANY_ROWS, f"{row_limit:,}")
        lost = frozenset(label for column, label in columns if (index, column) in covered) if covered else frozenset()
        rows.append(Row(index + 1, cells, lost))
    if not rows:
        raise BadSheet(SheetProblem.EMPTY)
    return Table(tuple(label for _column, label in columns), ignored, rows)


def _header(
    grid: Sequence[Sequence[Any]], labels: dict[str, str]
) -> tuple[int, list[tuple[int, str]], tuple[str, ...]]:
    """The row of headers, which may stand under a title: the one of the first rows that knows most of them."""
    best, best_row = 0, -1
    for index, line in enumerate(grid[:HEADER_WITHIN]):
        count = sum(plain(as_text(cell)) in labels for cell in line[:COLUMN_LIMIT])
        if count > best:
            best, best_row = count, index
    if best < min(2, len(labels)):
        raise BadSheet(SheetProblem.NO_HEADER)
    columns: list[tuple[int, str]] = []
    ignored = []
    for column, cell in enumerate(grid[best_row]):
        text = as_text(cell)
        label = labels.get(plain(text))
        if label is None:
            ignored += [text[:30]] if text else []
        elif any(label == other for _column, other in columns):
            raise BadSheet(SheetProblem.TWICE, label)
        else:
            columns.append((column, label))
    return best_row, columns, tuple(ignored[:20])


def as_text(cell: Any) -> str:
    """A cell as text: days as 2026-11-23, whole numbers without a point, 1.23E+17 left as the warning it is."""
    if isinstance(cell, str):
        text = cell.strip().strip("\ufeff\u200b\u00a0\u3000")
        if text.startswith('="') and text.endswith('"'):
            text = text[2:-1]
        return unescaped(text)
    writer = _TEXTS.get(type(cell))
    return writer(cell) if writer else str(cell if cell is not None else "")


def _number_text(number: float) -> str:
    """Excel keeps fifteen digits: a longer number has lost its tail, and is shown the way Excel shows it."""
    if abs(number) >= 1e15:
        return f"{number:.5E}"
    return str(int(number)) if number.is_integer() else repr(number)


def _moment_text(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.strftime("%Y-%m-%d %H:%M")


def _span_text(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


_TEXTS: dict[type, Callable[[Any], str]] = {
    bool: lambda flag: "是" if flag else "否",
    float: _number_text,
    datetime: _moment_text,
    date: date.isoformat,
    time: lambda clock: clock.strftime("%H:%M"),
    timedelta: _span_text,
}
