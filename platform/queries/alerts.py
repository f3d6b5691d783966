"""What pages read of alerts."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select

from domain.codes import AlertKind
from extensions import db
from models import Alert, AlertLevel, AlertStatus, Division, Senior, User
from policy import Scope, reach

from .paging import PAGE, Page, page


class AlertView(StrEnum):
    """Which alerts a list shows: those somebody has to do something about, or those that are over."""

    LIVE = "live"
    OPEN = "open"
    TAKEN = "taken"
    MINE = "mine"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert, as a list and its own page show it."""

    id: uuid.UUID
    kind: AlertKind
    level: AlertLevel
    status: AlertStatus
    summary: str
    senior_id: uuid.UUID | None
    senior_name: str | None
    place: str | None
    raised_at: datetime
    due_at: datetime
    owner_id: uuid.UUID | None
    owner_name: str | None
    taken_at: datetime | None
    closed_at: datetime | None
    resolution: str

    def is_late(self, now: datetime) -> bool:
        return self.status is not AlertStatus.CLOSED and self.due_at < now


def _lines(scope: Scope, today: date) -> Select[Any]:
    return (
        select(
            Alert.id, Alert.kind, Alert.level, Alert.status, Alert.summary, Alert.senior_id, Senior.name,
            Division.name, Alert.raised_at, Alert.due_at, Alert.owner_id, User.name, Alert.taken_at, Alert.closed_at,
            Alert.resolution,
        )
        .outerjoin(Senior, Senior.id == Alert.senior_id)
        .outerjoin(Division, Division.code == Alert.division_code)
        .outerjoin(User, User.id == Alert.owner_id)
        .where(reach.alerts(scope, today))
    )  # fmt: skip


def _line(alert_id: uuid.UUID, kind: str, *rest: Any) -> AlertLine:
    return AlertLine(alert_id, AlertKind(kind), *rest)


def _parse(values: list[str]) -> tuple[datetime, uuid.UUID]:
    return datetime.fromisoformat(values[0]), uuid.UUID(values[1])


def listed(
    scope: Scope,
    today: date,
    *,
    view: AlertView,
    level: AlertLevel | None = None,
    kind: AlertKind | None = None,
    owner_id: uuid.UUID | None = None,
    cursor: str | None = None,
    size: int = PAGE,
) -> Page[AlertLine]:
    """A page of alerts: the live ones by deadline, the closed ones the latest first."""
    statement = _lines(scope, today)
    if level is not None:
        statement = statement.where(Alert.level == level)
    if kind is not None:
        statement = statement.where(Alert.kind == kind.value)
    if view is AlertView.CLOSED:
        statement = statement.where(Alert.status == AlertStatus.CLOSED).add_columns(Alert.closed_at, Alert.id)
        return page(statement, [Alert.closed_at, Alert.id], cursor, parse=_parse, row=_line, size=size, descending=True)
    statement = statement.where(Alert.status != AlertStatus.CLOSED)
    if view is AlertView.MINE:
        statement = statement.where(Alert.owner_id == owner_id)
    elif view is not AlertView.LIVE:
        statement = statement.where(Alert.status == AlertStatus(view.value))
    statement = statement.add_columns(Alert.due_at, Alert.id)
    return page(statement, [Alert.due_at, Alert.id], cursor, parse=_parse, row=_line, size=size)


def one(scope: Scope, today: date, alert_id: uuid.UUID) -> AlertLine | None:
    """The alert, if it lies in the scope."""
    row = db.session.execute(_lines(scope, today).where(Alert.id == alert_id)).one_or_none()
    return None if row is None else _line(*row)


def live_counts(scope: Scope, today: date) -> dict[tuple[AlertLevel, AlertStatus], int]:
    """How many alerts are not closed, by level and status."""
    statement = (
        select(Alert.level, Alert.status, func.count())
        .where(reach.alerts(scope, today), Alert.status != AlertStatus.CLOSED)
        .group_by(Alert.level, Alert.status)
    )
    return {(level, status): count for level, status, count in db.session.execute(statement)}
