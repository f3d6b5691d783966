"""Imports 导入: a file is read and judged row by row, waits for one decision, and is saved whole or not at all."""

import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from domain.errors import NotFound, Refusal
from extensions import db
from extensions.babel import gettext as _
from gateways.sheets.reading import BadSheet, read
from models import Decision, ImportBatch, ImportRegistry, ImportRow, ImportStatus, RowKind
from policy import Actor, Permission

from . import audit
from .import_columns import canteens, centres, divisions, helpers, seniors
from .import_columns.core import ImportColumn, Importer, Issue, Line, read_cells
from .import_problems import refusal_of

CHUNK = 500
KEEP = timedelta(days=7)
"""A file nobody decided on is forgotten after this time."""
Progress = Callable[[int, int], None]

IMPORTERS: dict[ImportRegistry, Importer] = {
    ImportRegistry.SENIORS: seniors.importer,
    ImportRegistry.DIVISIONS: divisions.importer,
    ImportRegistry.CENTRES: centres.importer,
    ImportRegistry.CANTEENS: canteens.importer,
    ImportRegistry.HELPERS: helpers.importer,
}


def may_import(into: ImportRegistry, by: Actor) -> bool:
    """Whether the actor may import here: the permission, over whole divisions."""
    permission: Permission = IMPORTERS[into].permission
    return by.can(permission) and bool(by.scope(permission).divisions)


def stage(into: ImportRegistry, file_name: str, content: bytes, *, by: Actor, now: datetime) -> ImportBatch:
    """Read and judge a file; nothing of it is saved in the registry. Raises Refusal for a file that cannot be read."""
    if not may_import(into, by):
        raise NotFound("")
    importer = IMPORTERS[into]
    headers, ignored, lines = _lines(importer, content)
    importer.judge([line for line in lines if _readable(line, importer)], by=by, now=now)
    forget_old(now)
    batch = ImportBatch(
        into=into, file_name=file_name[-120:] or "?", by_id=by.user_id, headers=headers, ignored=ignored, created_at=now
    )
    db.session.add(batch)
    db.session.flush()
    _keep(batch, lines)
    audit.record(
        f"{_subject(into)}.import_preview", "import", batch.id, by=by, now=now, changes={"rows": [None, len(lines)]}
    )
    return batch


def _subject(into: ImportRegistry) -> str:
    return into.value.removesuffix("s")


def _lines(importer: Importer, content: bytes) -> tuple[list[str], list[str], list[Line]]:
    by_header = {column.header: column for column in importer.columns}
    spellings = {one: column.header for column in importer.columns for one in (column.header, *column.aliases)}
    try:
        table = read(content, spellings)
    except BadSheet as bad:
        raise refusal_of(bad) from bad
    columns = [by_header[header] for header in table.headers]
    _refuse_missing(importer, columns)
    lines = []
    for row in table.rows:
        line = Line(row.number, {by_header[header].name: text for header, text in row.cells.items()})
        line.issues += [
            Issue(header, "", _("这一格和旁边的格子合并了，看不出是不是也属于这一行。请取消合并，逐行填写。"))
            for header in sorted(row.merged)
        ]
        lines.append(line)
    return [column.header for column in columns], list(table.ignored), lines


def _refuse_missing(importer: Importer, columns: Sequence[ImportColumn]) -> None:
    missing = [one.header for one in importer.columns if one.is_required and one not in columns]
    if missing:
        sentence = _("缺少这些列：%(headers)s。请下载模板，照着模板的标题填写。", headers="、".join(missing))
        raise Refusal(sentence, field="file")


def _readable(line: Line, importer: Importer) -> bool:
    """Read the cells; only rows without issues go on to be judged against the registry."""
    read_cells(line, {column.name: column for column in importer.columns})
    line.label = line.label or str(line.cells.get("name", ""))[:1] + "*"
    return not line.issues


def _keep(batch: ImportBatch, lines: Sequence[Line]) -> None:
    """Write the rows, and how many there are of each kind."""
    for start in range(0, len(lines), CHUNK):
        db.session.execute(insert(ImportRow), [_row(batch.id, line) for line in lines[start : start + CHUNK]])
    batch.counts = {kind.value: sum(line.kind is kind for line in lines) for kind in RowKind}
    db.session.flush()


def _row(batch_id: uuid.UUID, line: Line) -> dict[str, Any]:
    payload = {
        "cells": line.cells,
        "resolved": line.resolved,
        "issues": [asdict(issue) for issue in line.issues],
        "changes": line.changes,
        "candidates": line.candidates,
    }
    return {
        "batch_id": batch_id,
        "number": line.number,
        "kind": line.kind,
        "subject": line.subject,
        "label": line.label[:120],
        "decision": Decision.SKIP if line.kind is RowKind.DUPLICATE else None,
        "payload": json.dumps(payload, ensure_ascii=False, default=str, separators=(",", ":")),
    }


def get(batch_id: uuid.UUID, *, by: Actor, lock: bool = False) -> ImportBatch:
    """The actor's own import; anybody else's does not exist."""
    statement = select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.by_id == by.user_id)
    batch = db.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if batch is None or not may_import(batch.into, by):
        raise NotFound("")
    return batch


def _staged(batch_id: uuid.UUID, by: Actor) -> ImportBatch:
    batch = get(batch_id, by=by, lock=True)
    if batch.status is not ImportStatus.STAGED:
        raise Refusal(_("这份表格已经处理过了。"), suggestion=_("如果还有数据要导入，请重新上传。"))
    return batch


def decide(batch_id: uuid.UUID, decisions: dict[int, Decision], *, by: Actor) -> None:
    """What is to become of possible duplicates: merged into the first candidate, entered as new, or left out."""
    batch = _staged(batch_id, by)
    statement = select(ImportRow).where(
        ImportRow.batch_id == batch.id, ImportRow.number.in_(decisions), ImportRow.kind == RowKind.DUPLICATE
    )
    for row in db.session.scalars(statement):
        row.decision = decisions[row.number]
        candidates = json.loads(row.payload)["candidates"]
        row.subject = candidates[0]["id"] if row.decision is Decision.MERGE else None
    db.session.flush()


def recheck(batch_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Judge the waiting rows again, as the registry is now."""
    batch = _staged(batch_id, by)
    importer = IMPORTERS[batch.into]
    lines = [Line(row.number, json.loads(row.payload)["cells"]) for row in _all_rows(batch.id)]
    importer.judge([line for line in lines if _readable(line, importer)], by=by, now=now)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    _keep(batch, lines)


def _all_rows(batch_id: uuid.UUID) -> Iterable[ImportRow]:
    statement = select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)
    return db.session.scalars(statement.execution_options(yield_per=CHUNK))


def confirm(batch_id: uuid.UUID, *, by: Actor, now: datetime, progress: Progress | None = None) -> ImportBatch:
    """Save every good row, all in the caller's transaction; `progress` hears (done, total) after each chunk."""
    for done, total in confirming(batch_id, by=by, now=now):
        if progress is not None:
            progress(done, total)
    return get(batch_id, by=by)


def confirming(batch_id: uuid.UUID, *, by: Actor, now: datetime) -> Iterator[tuple[int, int]]:
    """`confirm` step by step: yields (done, total) after each chunk. Nothing holds until the caller commits."""
    batch = _staged(batch_id, by)
    importer, into, counts = IMPORTERS[batch.into], batch.into, dict(batch.counts)
    numbers = list(db.session.scalars(_good(batch.id)))
    saved = {"new": 0, "changed": 0}
    for start in range(0, len(numbers), CHUNK):
        lines = _again(batch_id, numbers[start : start + CHUNK], importer)
        importer.save(lines, by=by, now=now)
        saved["new"] += sum(line.subject is None for line in lines)
        saved["changed"] += sum(line.subject is not None for line in lines)
        db.session.flush()
        db.session.expunge_all()  # twenty thousand seniors need not stay in memory
        yield start + len(lines), len(numbers)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.kind != RowKind.BAD))
    values = {"status": ImportStatus.SAVED, "saved": saved, "finished_at": now}
    db.session.execute(update(ImportBatch).where(ImportBatch.id == batch_id).values(**values))
    told = {name: [None, count] for name, count in (saved | {"bad": counts.get("bad", 0)}).items()}
    audit.record(f"{_subject(into)}.import", "import", batch_id, by=by, now=now, changes=told)
    db.session.flush()


def _good(batch_id: uuid.UUID) -> Any:
    return (
        select(ImportRow.number)
        .where(
            ImportRow.batch_id == batch_id,
            or_(
                ImportRow.kind.in_([RowKind.NEW, RowKind.CHANGED]),
                and_(ImportRow.kind == RowKind.DUPLICATE, ImportRow.decision.in_([Decision.NEW, Decision.MERGE])),
            ),
        )
        .order_by(ImportRow.number)
    )


def _again(batch_id: uuid.UUID, numbers: Sequence[int], importer: Importer) -> list[Line]:
    """Waiting rows as lines ready to be saved."""
    statement = select(ImportRow.number, ImportRow.subject, ImportRow.payload).where(
        ImportRow.batch_id == batch_id, ImportRow.number.in_(numbers)
    )
    columns = {column.name: column for column in importer.columns}
    lines = []
    for number, subject, payload in db.session.execute(statement.order_by(ImportRow.number)):
        kept = json.loads(payload)
        line = Line(number, kept["cells"], resolved=kept["resolved"], subject=subject)
        read_cells(line, columns)
        line.given |= line.resolved
        lines.append(line)
    return lines


def discard(batch_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Throw the file away; nothing of it stays but the fact."""
    batch = _staged(batch_id, by)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    batch.status, batch.finished_at = ImportStatus.DISCARDED, now
    audit.record(f"{_subject(batch.into)}.import_discard", "import", batch.id, by=by, now=now)
    db.session.flush()


def forget_old(now: datetime) -> None:
    """Rows of files that are older than KEEP are personal data without a purpose."""
    old = select(ImportBatch.id).where(ImportBatch.created_at < now - KEEP)
    db.session.execute(delete(ImportRow).where(ImportRow.batch_id.in_(old)))
    abandoned = update(ImportBatch).where(
        ImportBatch.created_at < now - KEEP, ImportBatch.status == ImportStatus.STAGED
    )
    db.session.execute(abandoned.values(status=ImportStatus.DISCARDED, finished_at=now))
