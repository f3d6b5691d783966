"""Real files for tests: workbooks written by XlsxWriter, tables in every encoding, and hostile ones."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import python_calamine
import xlsxwriter

SENIOR = ["姓名", "身份证号", "居住地", "电话", "居住情况"]


def workbook(rows: Iterable[Sequence[Any]], *, merges: Sequence[str] = (), sheet: str = "Sheet1") -> bytes:
    """An .xlsx with these rows; numbers stay numbers."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_numbers": False})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    for cells in merges:
        page.merge_range(cells, "合并")
    book.close()
    return target.getvalue()


def book_of(content: bytes) -> dict[str, list[list[Any]]]:
    """The rows of every sheet of a workbook."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(rows: Iterable[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A .csv in this encoding."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def bomb(megabytes: int, *, lies: bool = False) -> bytes:
    """A small workbook whose sheet unpacks to so many megabytes of blanks; one that `lies` says it has 10 bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (megabytes * 1024 * 1024))
    content = bytearray(target.getvalue())
    if lies:
        size = (megabytes * 1024 * 1024).to_bytes(4, "little")
        start = 0
        while (start := content.find(size, start)) >= 0:
            content[start : start + 4] = (10).to_bytes(4, "little")
    return bytes(content)


def far_corner() -> bytes:
    """A tiny workbook whose last cell stands in the last column of the last row."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_row(0, 0, SENIOR)
    page.write(1048575, 16383, "x")
    book.close()
    return target.getvalue()
