"""A list as a file: exactly what the page's filters show, as .xlsx."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from flask import Response, send_file

from gateways.sheets.writing import MIME, Cell, Column, Sheet, write_book


def spreadsheet(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Response:
    """`name`.xlsx for download; memory holds the packed file, never all the rows."""
    return workbook(name, [Sheet(name, columns, rows)])


def workbook(name: str, sheets: Sequence[Sheet]) -> Response:
    """`name`.xlsx of several sheets."""
    target = BytesIO()
    write_book(target, sheets)
    target.seek(0)
    return send_file(target, mimetype=MIME, as_attachment=True, download_name=f"{name}.xlsx")
