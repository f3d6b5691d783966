"""Writing .xlsx: text stays text (identity numbers, phones), dates are dates, and no cell can become a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO

import xlsxwriter

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


def write(target: BinaryIO, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write one sheet with a header that stays in sight and filters; returns the number of rows.

    Memory does not grow with the rows. A time is written in its own zone, which Excel cannot know.
    """
    book = xlsxwriter.Workbook(
        target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(title[:31])
    head, text = book.add_format(_HEAD), book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, column.label, head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for number, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                sheet.write_string(count, number, escaped(cell), text)
            elif isinstance(cell, datetime):
                sheet.write_datetime(count, number, cell.replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(count, number, datetime.combine(cell, time()), day)
            else:
                sheet.write_number(count, number, cell)
    if columns:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return count
