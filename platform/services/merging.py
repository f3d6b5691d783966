"""Merging two records of one person: see what would move, move it, and undo it.

Everything that points at the dropped record moves to the kept one, in whatever table it lies. What the kept record has
already (a meal of the same day, a running plan of the same kind) stays behind. The audit entry holds what moved.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import AuditEntry, Base, Senior, SeniorKey
from policy import Actor, Permission, reach
from queries.served import why_not_served

from . import audit, search_keys, seniors

STAYS = {"senior_keys", "senior_statuses", "residences", "audit_entries", "seniors"}
"""Tables whose rows speak of the record, not of the person's life: they stay where they are."""
FILLED = ("lunar_month", "lunar_day", "household_code", "landmark", "latitude", "longitude", "regular_helper_id")
ACT, UNDO = "senior.merge", "senior.unmerge"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do: rows to move by table, and which empty fields of the kept record would be filled."""

    kept: Senior
    dropped: Senior
    rows: dict[str, int]
    filled: tuple[str, ...]


def preview(kept_id: uuid.UUID, dropped_id: uuid.UUID, *, by: Actor, now: datetime) -> Preview:
    """What `merge` would do. Both records must be within `by`'s reach."""
    kept, dropped = _pair(kept_id, dropped_id, by=by, now=now)
    rows = {}
    for table, column in _pointing():
        statement = select(func.count()).select_from(table).where(table.c[column] == dropped.id)
        rows[table.name] = int(db.session.scalar(statement) or 0)
    return Preview(
        kept, dropped, {name: count for name, count in rows.items() if count}, tuple(_fillable(kept, dropped))
    )


def merge(kept_id: uuid.UUID, dropped_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> Senior:
    """Make the dropped record part of the kept one."""
    kept, dropped = _pair(kept_id, dropped_id, by=by, now=now)
    if kept.identity_number and dropped.identity_number and kept.identity_number != dropped.identity_number:
        raise Refusal(
            _("两份记录的身份证号不同，不像是同一个人。"), suggestion=_("如果有一个抄错了，请先改正，再合并。")
        )
    if why_not_served(dropped.id, local_day(now)) is not None and why_not_served(kept.id, local_day(now)) is None:
        raise Refusal(_("要并掉的记录现在不在服务中，请先核实它的状态。"))
    moved = {f"{table.name}.{column}": _move(table, column, dropped.id, kept.id) for table, column in _pointing()}
    filled = _fillable(kept, dropped)
    dropped.merged_into_id = kept.id
    db.session.flush()  # the number is the kept record's from here on
    for name in filled:
        setattr(kept, name, getattr(dropped, name))
    kept.updated_at = now
    db.session.flush()
    _write_keys(kept)
    db.session.execute(delete(SeniorKey).where(SeniorKey.senior_id == dropped.id))
    changes = {"dropped": [None, str(dropped.id)], "moved": {key: ids for key, ids in moved.items() if ids}}
    audit.record(
        ACT, "senior", kept.id, by=by, now=now, division_code=kept.residence_code, reason=reason,
        changes=changes | {"filled": filled},
    )  # fmt: skip
    return kept


def undo(dropped_id: uuid.UUID, *, by: Actor, now: datetime) -> Senior:
    """Two records again: what moved goes back, as far as it still is where the merge put it."""
    within = reach.seniors(by.scope(Permission.SENIOR_EDIT), local_day(now))
    dropped = db.session.scalars(select(Senior).where(Senior.id == dropped_id, within)).one_or_none()
    if dropped is None or dropped.merged_into_id is None:
        raise NotFound("")
    kept = seniors.find(dropped.merged_into_id, by=by, today=local_day(now))
    entry = _entry(kept.id, dropped.id)
    for place, ids in entry.changes["moved"].items():
        name, column = place.split(".")
        _move_back(Base.metadata.tables[name], column, kept.id, dropped.id, [uuid.UUID(one) for one in ids])
    for name in entry.changes["filled"]:
        setattr(kept, name, None if Senior.__table__.c[name].nullable else "")
    kept.updated_at = now
    db.session.flush()
    dropped.merged_into_id = None
    db.session.flush()
    for senior in (kept, dropped):
        _write_keys(senior)
    audit.record(
        UNDO, "senior", kept.id, by=by, now=now, division_code=kept.residence_code,
        changes={"dropped": [str(dropped.id), None]},
    )  # fmt: skip
    return dropped


def _pair(kept_id: uuid.UUID, dropped_id: uuid.UUID, *, by: Actor, now: datetime) -> tuple[Senior, Senior]:
    if kept_id == dropped_id:
        raise Refusal(_("这是同一份记录，请选另一份。"))
    today = local_day(now)
    return seniors.find(kept_id, by=by, today=today), seniors.find(dropped_id, by=by, today=today)


def _pointing() -> Iterator[tuple[Table, str]]:
    """Every column that points at a senior, but those of STAYS."""
    for table in Base.metadata.sorted_tables:
        if table.name in STAYS:
            continue
        for column in table.columns:
            if any(key.column.table.name == "seniors" for key in column.foreign_keys):
                yield table, column.name


def _fillable(kept: Senior, dropped: Senior) -> list[str]:
    names = [name for name in FILLED if not getattr(kept, name) and getattr(dropped, name)]
    if not kept.identity_number and dropped.identity_number:
        names += ["identity_number", "identity_index"]
    return names


def _move(table: Table, column: str, source: uuid.UUID, target: uuid.UUID) -> list[str]:
    """Point the rows at `target`; gives the ids of those that could move."""
    key = table.c.id
    ids = list(db.session.scalars(select(key).where(table.c[column] == source)))
    moved = []
    for one in ids:
        try:
            with db.session.begin_nested():
                db.session.execute(update(table).where(key == one).values({column: target}))
        except IntegrityError:
            continue  # the kept record has one already
        moved.append(str(one))
    return moved


def _move_back(table: Table, column: str, source: uuid.UUID, target: uuid.UUID, ids: list[uuid.UUID]) -> None:
    for one in ids:
        db.session.execute(update(table).where(table.c.id == one, table.c[column] == source).values({column: target}))


def _write_keys(senior: Senior) -> None:
    fresh = select(Senior).where(Senior.id == senior.id).execution_options(populate_existing=True)
    db.session.flush()
    search_keys.write([seniors.findable(db.session.scalars(fresh.options(*seniors.WITH_CHILDREN)).one())])


def _entry(kept_id: uuid.UUID, dropped_id: uuid.UUID) -> AuditEntry:
    statement = select(AuditEntry).where(
        AuditEntry.subject_type == "senior", AuditEntry.subject_id == str(kept_id), AuditEntry.act == ACT
    )
    for entry in db.session.scalars(statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())):
        if entry.changes.get("dropped", [None, None])[1] == str(dropped_id):
            return entry
    raise NotFound("")
