"""Alerts: raised once per cause, taken by somebody, closed with what was found."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from uuid_utils.compat import uuid7

from domain.codes import AlertKind
from domain.errors import NotFound, Refusal
from domain.rules import RuleKey
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Alert, AlertLevel, AlertStatus
from policy import Actor, Permission, reach

from . import audit, rules

SUMMARY_LENGTH = 200
RESOLUTION_LENGTH = 200


def raise_once(
    *,
    kind: AlertKind,
    level: AlertLevel,
    division_code: str,
    cause: str,
    summary: str,
    now: datetime,
    senior_id: uuid.UUID | None = None,
) -> bool:
    """Raise an alert, unless `kind` has already been raised for this `cause` ("visit:<id>", "absence:<id>:<day>").

    Returns whether it is new. Never fails for being the second, so a tick or a phone may say the same thing again.
    """
    minutes = _deadlines(division_code, now)[f"{level}_take"]
    row = {
        "id": uuid7(),
        "senior_id": senior_id,
        "division_code": division_code,
        "kind": kind.value,
        "level": level,
        "dedup_key": f"{kind.value}:{cause}",
        "summary": summary[:SUMMARY_LENGTH],
        "raised_at": now,
        "due_at": now + timedelta(minutes=minutes),
        "status": AlertStatus.OPEN,
        "resolution": "",
        "created_at": now,
        "updated_at": now,
    }
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(Alert).values(row).on_conflict_do_nothing(index_elements=["dedup_key"]).returning(Alert.id)
    return db.session.scalars(statement).one_or_none() is not None


def take(alert_id: uuid.UUID, *, by: Actor, now: datetime, from_owner: uuid.UUID | None = None) -> Alert:
    """`by` looks into it from now on. `from_owner` is whom the page named: nobody else is pushed aside."""
    alert = _within_reach(alert_id, by=by, now=now)
    if alert.status is AlertStatus.TAKEN and alert.owner_id != from_owner:
        raise Refusal(_("另一位同事刚刚接手了这条预警。"), suggestion=_("请先和对方联系，需要时再由您接手。"))
    before = alert.owner_id
    due_at = alert.raised_at + timedelta(minutes=_deadlines(alert.division_code, now)[f"{alert.level}_close"])
    alert.take(by.user_id, due_at=due_at, now=now)
    audit.record(
        "alert.take", "alert", alert.id, by=by, now=now, division_code=alert.division_code,
        changes={"owner_id": [str(before or ""), str(by.user_id or "")]},
    )  # fmt: skip
    db.session.flush()
    return alert


def close(alert_id: uuid.UUID, resolution: str, *, by: Actor, now: datetime) -> Alert:
    """It has been looked into; `resolution` says what was found and done."""
    alert = _within_reach(alert_id, by=by, now=now)
    before = alert.status
    alert.close(resolution[:RESOLUTION_LENGTH], now=now)
    alert.owner_id = alert.owner_id or by.user_id
    audit.record(
        "alert.close", "alert", alert.id, by=by, now=now, division_code=alert.division_code,
        changes={"status": [before.value, alert.status.value]},
    )  # fmt: skip
    db.session.flush()
    return alert


def _within_reach(alert_id: uuid.UUID, *, by: Actor, now: datetime) -> Alert:
    """The alert, locked, if `by` may handle it."""
    within = reach.alerts(by.scope(Permission.ALERT_HANDLE), local_day(now))
    statement = select(Alert).where(Alert.id == alert_id, within).with_for_update()
    alert = db.session.scalars(statement).one_or_none()
    if alert is None:
        raise NotFound("")
    return alert


def _deadlines(division_code: str, now: datetime) -> dict[str, int]:
    """Minutes to take and to close, by level, as the rule of the place has them today."""
    return rules.value(RuleKey.ALERT_DEADLINES, division_code, local_day(now)).value
