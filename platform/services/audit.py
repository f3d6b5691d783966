"""The audit trail: written in the transaction that acts, sealed into a chain afterwards."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from extensions import db
from models import AuditEntry, AuditSeal
from policy import Actor

BATCH = 1000
_FIRST = "0" * 64


def record(
    act: str,
    subject_type: str,
    subject_id: uuid.UUID | str,
    *,
    by: Actor,
    now: datetime,
    division_code: str = "",
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> None:
    """Write down one act, or one read of personal data. `changes` maps a field to [before, after], masked."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_id=by.user_id,
            actor_name=by.name,
            act=act,
            subject_type=subject_type,
            subject_id=str(subject_id),
            division_code=division_code,
            reason=reason,
            changes=changes or {},
            address=by.address,
        )
    )


def digest_of(previous: str, entries: list[AuditEntry]) -> str:
    """The digest of a link: over the link before and every field of its entries, in order of id."""
    body = hashlib.sha256(previous.encode())
    for entry in sorted(entries, key=lambda one: one.id):
        fields = [
            str(entry.id), entry.at.isoformat(), str(entry.actor_id), entry.actor_name, entry.act, entry.subject_type,
            entry.subject_id, entry.division_code, entry.reason, entry.changes, entry.address,
        ]  # fmt: skip
        body.update(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode())
    return body.hexdigest()


def seal(now: datetime) -> int:
    """Chain the entries that are not yet sealed, at most BATCH of them; returns how many.

    Of two processes that seal at once, the later one meets UNIQUE(previous_digest) and leaves its share for next time.
    """
    statement = select(AuditEntry).where(AuditEntry.seal_id.is_(None)).order_by(AuditEntry.id).limit(BATCH)
    entries = list(db.session.scalars(statement.with_for_update(skip_locked=True)))
    if not entries:
        return 0
    last = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
    previous = last.digest if last else _FIRST
    link = AuditSeal(sealed_at=now, entries=len(entries), digest=digest_of(previous, entries), previous_digest=previous)
    try:
        with db.session.begin_nested():
            db.session.add(link)
    except IntegrityError:
        return 0
    ids = [entry.id for entry in entries]
    db.session.execute(update(AuditEntry).where(AuditEntry.id.in_(ids)).values(seal_id=link.id))
    return len(entries)


def broken_links(*, latest: int | None = None) -> Iterator[int]:
    """The ids of seals, all or the `latest`, whose entries or predecessor no longer give their digest."""
    statement = select(AuditSeal).order_by(AuditSeal.id)
    previous = _FIRST
    if latest is not None:
        recent = list(db.session.scalars(select(AuditSeal.id).order_by(AuditSeal.id.desc()).limit(latest + 1)))
        if len(recent) > latest:
            previous = db.session.get_one(AuditSeal, recent[-1]).digest
            statement = statement.where(AuditSeal.id > recent[-1])
    for link in db.session.scalars(statement):
        entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.seal_id == link.id)))
        is_whole = (
            link.previous_digest == previous
            and len(entries) == link.entries
            and digest_of(previous, entries) == link.digest
        )
        if not is_whole:
            yield link.id
        previous = link.digest
