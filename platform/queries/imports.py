"""What pages read of imports."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from extensions import db
from models import Decision, ImportBatch, ImportRegistry, ImportRow, ImportStatus, RowKind

from .paging import Page, page

RECENT = 10


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One of somebody's imports."""

    id: uuid.UUID
    into: ImportRegistry
    file_name: str
    status: ImportStatus
    created_at: datetime
    counts: dict[str, int]
    saved: dict[str, int]


@dataclass(frozen=True, slots=True)
class RowLine:
    """A row as the preview shows it: who, what would change or what is wrong."""

    number: int
    kind: RowKind
    label: str
    decision: Decision | None
    issues: list[dict[str, str]]
    changes: dict[str, list[Any]]
    candidates: list[dict[str, str]]


def recent(by_id: uuid.UUID | None, into: ImportRegistry) -> list[BatchLine]:
    """Somebody's last imports into one registry."""
    statement = (
        select(
            ImportBatch.id, ImportBatch.into, ImportBatch.file_name, ImportBatch.status, ImportBatch.created_at,
            ImportBatch.counts, ImportBatch.saved,
        )
        .where(ImportBatch.by_id == by_id, ImportBatch.into == into)
        .order_by(ImportBatch.id.desc())
        .limit(RECENT)
    )  # fmt: skip
    return [BatchLine(*row) for row in db.session.execute(statement)]


def rows(batch_id: uuid.UUID, kind: RowKind, cursor: str | None) -> Page[RowLine]:
    """Rows of one kind in the order of the file."""
    statement = select(
        ImportRow.number, ImportRow.kind, ImportRow.label, ImportRow.decision, ImportRow.payload, ImportRow.number
    ).where(ImportRow.batch_id == batch_id, ImportRow.kind == kind)
    return page(statement, [ImportRow.number], cursor, parse=lambda values: [int(values[0])], row=_line)


def _line(number: int, kind: RowKind, label: str, decision: Decision | None, payload: str) -> RowLine:
    kept = json.loads(payload)
    return RowLine(number, kind, label, decision, kept["issues"], kept["changes"], kept["candidates"])


def bad_rows(batch_id: uuid.UUID) -> Iterator[tuple[int, dict[str, str], list[dict[str, str]]]]:
    """Number, cells and issues of every bad row, for the report."""
    statement = (
        select(ImportRow.number, ImportRow.payload)
        .where(ImportRow.batch_id == batch_id, ImportRow.kind == RowKind.BAD)
        .order_by(ImportRow.number)
        .execution_options(yield_per=500)
    )
    for number, payload in db.session.execute(statement):
        kept = json.loads(payload)
        yield number, kept["cells"], kept["issues"]
