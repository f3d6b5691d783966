"""What happened to one thing, from the audit trail."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from extensions import db
from models import AuditEntry

from .paging import PAGE, Page, decode, encode


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act: `changes` maps a field to [before, after]."""

    at: datetime
    act: str
    by: str
    reason: str
    changes: dict[str, Any]


def of(subject_type: str, subject_id: uuid.UUID | str, cursor: str | None) -> Page[HistoryLine]:
    """The acts on one subject, the newest first. Whoever asks has been let see the subject."""
    columns = (
        AuditEntry.at,
        AuditEntry.act,
        AuditEntry.actor_name,
        AuditEntry.reason,
        AuditEntry.changes,
        AuditEntry.id,
    )
    statement = (
        select(*columns)
        .where(AuditEntry.subject_type == subject_type, AuditEntry.subject_id == str(subject_id))
        .order_by(AuditEntry.id.desc())
    )
    before = decode(cursor, 1)
    if before is not None:
        try:
            statement = statement.where(AuditEntry.id < uuid.UUID(before[0]))
        except ValueError:
            before = None
    rows = db.session.execute(statement.limit(PAGE + 1)).all()
    more = encode(rows[PAGE - 1][-1]) if len(rows) > PAGE else None
    return Page([HistoryLine(*row[:-1]) for row in rows[:PAGE]], more, before is None)
