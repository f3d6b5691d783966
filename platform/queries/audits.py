"""What pages read of the audit trail."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true

from domain.divisions import CITY
from domain.times import day_bounds
from extensions import db
from models import AuditEntry, AuditSeal, Division, User
from policy import Scope
from policy.reach import code_within

from .paging import Page, page

UNSEALED_MOST = 10_000


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act, as the list shows it. `changes` maps a field to [before, after]."""

    id: uuid.UUID
    at: datetime
    actor_id: uuid.UUID | None
    actor_name: str
    act: str
    subject_type: str
    subject_id: str
    place: str | None
    reason: str
    changes: dict[str, Any]
    address: str
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the trail is sealed. `unsealed` counts no further than UNSEALED_MOST."""

    seals: int
    sealed_at: datetime | None
    unsealed: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody, and how often they looked at personal data."""

    actor_id: uuid.UUID | None
    name: str
    reads: int
    last_at: datetime


def _within(scope: Scope) -> ColumnElement[bool]:
    """The city's auditors see every entry; others those that name a place of theirs."""
    return true() if CITY in scope.divisions else code_within(AuditEntry.division_code, scope)


def _parse(values: list[str]) -> tuple[datetime, uuid.UUID]:
    return datetime.fromisoformat(values[0]), uuid.UUID(values[1])


def listed(
    scope: Scope,
    *,
    person: str = "",
    acts: Collection[str] = (),
    day: date | None = None,
    cursor: str | None = None,
) -> Page[AuditLine]:
    """A page of the trail, the latest first. `person` is a name or user name, whole."""
    entry = AuditEntry
    statement = (
        select(
            entry.id, entry.at, entry.actor_id, entry.actor_name, entry.act, entry.subject_type, entry.subject_id,
            Division.name, entry.reason, entry.changes, entry.address, entry.seal_id.is_not(None),
            entry.at, entry.id,
        )
        .outerjoin(Division, Division.code == entry.division_code)
        .where(_within(scope))
    )  # fmt: skip
    if person:
        whose = select(User.id).where(or_(User.name == person, User.user_name == person))
        statement = statement.where(entry.actor_id.in_(whose))
    if acts:
        statement = statement.where(entry.act.in_(sorted(acts)))
    if day is not None:
        start, end = day_bounds(day)
        statement = statement.where(entry.at >= start, entry.at < end)
    return page(statement, [entry.at, entry.id], cursor, parse=_parse, row=AuditLine, descending=True)


def chain_state() -> ChainState:
    """How many links the chain has, when the last was made, and how many entries wait for the next."""
    waiting = select(AuditEntry.id).where(AuditEntry.seal_id.is_(None)).limit(UNSEALED_MOST).subquery()
    row = db.session.execute(
        select(
            select(func.max(AuditSeal.id)).scalar_subquery(),
            select(AuditSeal.sealed_at).order_by(AuditSeal.id.desc()).limit(1).scalar_subquery(),
            select(func.count()).select_from(waiting).scalar_subquery(),
        )
    ).one()
    return ChainState(row[0] or 0, row[1], row[2])


def readers(scope: Scope, acts: Collection[str], since: datetime, *, most: int = 10) -> list[Reader]:
    """Who looked at personal data since then, the busiest first."""
    entry = AuditEntry
    reads = func.count().label("reads")
    statement = (
        select(entry.actor_id, entry.actor_name, reads, func.max(entry.at))
        .where(_within(scope), entry.at >= since, entry.act.in_(sorted(acts)))
        .group_by(entry.actor_id, entry.actor_name)
        .order_by(reads.desc(), entry.actor_name)
        .limit(most)
    )
    return [Reader(*row) for row in db.session.execute(statement)]
