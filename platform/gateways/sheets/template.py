"""An empty sheet to fill in: headers, a line of hints, lists to choose from, columns that stay text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xlsxwriter

from .reading import HINT

ROWS = 5_000
"""How far down the lists and the text format reach."""


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column to fill in. Excel shows a list of at most 255 characters of `options`."""

    header: str
    hint: str
    is_required: bool
    options: tuple[str, ...] = ()
    width: int = 14


def write_template(target: BinaryIO, title: str, columns: Sequence[TemplateColumn]) -> None:
    """Write the template: every cell is text, so that Excel leaves long numbers alone."""
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet(title[:31])
    text = book.add_format({"num_format": "@"})
    look = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
    head = book.add_format(look | {"bg_color": "#E3F2E8"})
    needed = book.add_format(look | {"bg_color": "#FDF0D5"})
    hint = book.add_format({"italic": True, "font_color": "#52605E", "text_wrap": True, "valign": "top"})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width, text)
        mark, its = ("*", needed) if column.is_required else ("", head)
        sheet.write_string(0, number, column.header + mark, its)
        sheet.write_string(1, number, (HINT if number == 0 else "") + column.hint, hint)
        if column.options and len(",".join(column.options)) <= 255:
            rule = {"validate": "list", "source": list(column.options), "error_type": "warning"}
            sheet.data_validation(2, number, ROWS, number, rule)
    sheet.set_row(0, 28)
    sheet.set_row(1, 48)
    sheet.freeze_panes(2, 1)
    book.close()
