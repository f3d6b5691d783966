"""Writing .xlsx: text stays text (identity numbers, phones), dates are dates, and no cell can become a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_HEAD = {"bold": True, "bg_color": "#E3F2E8", "border": 1, "text_wrap": True, "valign": "vcenter"}

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a written sheet: its header and its width in characters."""

    label: str
    width: int = 14


def escaped(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula, however it is opened or saved again."""
    return "'" + text if text.startswith(_DANGEROUS) else text


def unescaped(text: str) -> str:
    """What `escaped` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGEROUS) else text


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a book."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def write(target: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write one sheet with a header that stays in sight and filters; returns the number of rows.

    Memory does not grow with the rows. A time is written in its own zone, which Excel cannot know.
    """
    return write_book(target, [Sheet(title, columns, rows)])


def write_book(target: BinaryIO, sheets: Sequence[Sheet]) -> int:
    """Write several sheets, each as `write` does; returns the number of rows of all."""
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head, formats = book.add_format(_HEAD), _Formats(book)
    count = sum(_fill(book.add_worksheet(one.title[:31]), one, head, formats) for one in sheets)
    book.close()
    return count


class _Formats:
    """What a cell looks like, by what it holds."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})


def _fill(sheet: Worksheet, one: Sheet, head: Format, formats: _Formats) -> int:
    for number, column in enumerate(one.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.label, head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(one.rows, 1):
        for number, cell in enumerate(row):
            _put(sheet, count, number, cell, formats)
    if one.columns:
        sheet.autofilter(0, 0, count, len(one.columns) - 1)
    return count


def _put(sheet: Worksheet, row: int, number: int, cell: Cell, formats: _Formats) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, number, escaped(cell), formats.text)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, number, cell.replace(tzinfo=None), formats.moment)
    elif isinstance(cell, date):
        sheet.write_datetime(row, number, datetime.combine(cell, time()), formats.day)
    else:
        sheet.write_number(row, number, cell)
