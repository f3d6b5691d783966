"""The files an import hands out: the template to fill in, and the bad rows to mend."""

import uuid
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from flask import Response, send_file

from blueprints.exports import spreadsheet
from extensions.babel import gettext as _
from gateways.sheets.template import TemplateColumn, write_template
from gateways.sheets.writing import MIME, Cell, Column
from models import ImportBatch, ImportRegistry
from queries import imports as queries
from services.import_columns import values
from services.imports import IMPORTERS
from wording import word


def template(into: ImportRegistry) -> Response:
    """An empty sheet for this registry."""
    columns = [
        TemplateColumn(one.header, one.hint, one.is_required, _options(one.options), one.width)
        for one in IMPORTERS[into].columns
    ]
    target = BytesIO()
    write_template(target, word(into), columns)
    target.seek(0)
    name = _("%(registry)s导入模板", registry=word(into))
    return send_file(target, mimetype=MIME, as_attachment=True, download_name=f"{name}.xlsx")


def _options(options: Any) -> tuple[str, ...]:
    return options if isinstance(options, tuple) else tuple(values.words(options))


def bad_rows(batch: ImportBatch) -> Response:
    """The bad rows as they were, each with what is wrong: mend them there and upload the file again."""
    headers = {one.name: one.header for one in IMPORTERS[batch.into].columns if one.header in batch.headers}
    columns = [Column(_("原来的行号"), 10), Column(_("要改的地方"), 60), *(Column(one, 16) for one in headers.values())]
    return spreadsheet(_("需要修改的行"), columns, _bad(batch.id, list(headers)))


def _bad(batch_id: uuid.UUID, names: list[str]) -> Iterator[list[Cell]]:
    for number, cells, issues in queries.bad_rows(batch_id):
        told = "；".join(f"{one['column']} {one['reason']}".strip() for one in issues)
        yield [number, told, *(cells.get(name, "") for name in names)]
