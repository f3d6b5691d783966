"""A list as a file: exactly what the page's filters show, as .xlsx."""

from collections.abc import Iterable, Sequence
from tempfile import TemporaryFile

from flask import Response, send_file

from gateways.sheets.writing import MIME, Cell, Column, write


def spreadsheet(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Response:
    """`name`.xlsx for download, written to a temporary file so that memory does not grow with the rows."""
    target = TemporaryFile()  # noqa: SIM115  the response reads and closes it
    write(target, name, columns, rows)
    target.seek(0)
    return send_file(target, mimetype=MIME, as_attachment=True, download_name=f"{name}.xlsx")
