"""Attendance 出勤: checking in and out at a centre, absence and its reason; the sign of life that an arrival is."""

import uuid
from datetime import date, datetime, timedelta

from flask_babel import force_locale
from sqlalchemy import or_, select, update

from domain.codes import AbsenceReason, AlertKind
from domain.errors import NotFound, Refusal
from domain.rules import RuleKey
from domain.times import at_minute, local_day
from extensions import db
from extensions.babel import DEFAULT
from extensions.babel import gettext as _
from models import AlertLevel, Attendance, Centre, Enrolment, RiskTier, Senior
from policy import Actor, Permission
from queries import rosters as queries
from queries.served import why_not_served
from wording import word

from . import alerts, audit, centres, rules

BACK = timedelta(days=7)
"""A day is corrected for a week, not longer."""
AHEAD = timedelta(days=30)
"""An absence is announced at most so long before."""
_WELL_BY = "attendance"
BATCH = 500


def check_in(centre_id: uuid.UUID, senior_id: uuid.UUID, on: date, *, by: Actor, now: datetime) -> Attendance:
    """The senior is here. Said twice, or by two people at once, it is one arrival: the first."""
    row = _row(centre_id, senior_id, on, by=by, now=now)
    if row.arrived_at is not None:
        return row
    reason = why_not_served(senior_id, on)
    if reason is not None:
        raise Refusal(
            _("这位老人现在的状态是“%(status)s”。", status=word(reason)),
            suggestion=_("请先在老人的资料里恢复服务，再签到。"),
        )
    row.arrived_at = _moment(on, now)
    row.absence_reason, row.note, row.recorded_by_id = None, "", by.user_id
    _seen_well(row)
    _record("attendance.check_in", row, by, now)
    return row


def check_out(centre_id: uuid.UUID, senior_id: uuid.UUID, on: date, *, by: Actor, now: datetime) -> Attendance:
    """The senior has left."""
    row = _row(centre_id, senior_id, on, by=by, now=now)
    if row.arrived_at is None:
        raise Refusal(_("还没有签到，不能签退。"))
    if row.left_at is None:
        row.left_at = max(_moment(on, now), row.arrived_at)
        row.recorded_by_id = by.user_id
        _record("attendance.check_out", row, by, now)
    return row


def mark_absent(
    centre_id: uuid.UUID, senior_id: uuid.UUID, on: date, *, reason: AbsenceReason, note: str, by: Actor, now: datetime
) -> Attendance:
    """The senior does not come, and why. Where nobody knows why, somebody is asked to find out."""
    row = _row(centre_id, senior_id, on, by=by, now=now, ahead=AHEAD)
    if row.arrived_at is not None:
        raise Refusal(_("已经签到了。"), suggestion=_("如果点错了，请先撤销签到。"))
    row.absence_reason, row.note, row.recorded_by_id = reason.value, note.strip()[:200], by.user_id
    _record("attendance.absent", row, by, now)
    if reason is AbsenceReason.UNKNOWN and on <= local_day(now):
        centre = db.session.get_one(Centre, centre_id)
        _raise_alert(senior_id, centre.name, on, now)
    return row


def undo(centre_id: uuid.UUID, senior_id: uuid.UUID, on: date, *, by: Actor, now: datetime) -> None:
    """Take back what was last said of this day: the leaving, the arrival, or the absence."""
    row = _row(centre_id, senior_id, on, by=by, now=now, ahead=AHEAD)
    if row.left_at is not None:
        row.left_at = None
    elif row.arrived_at is not None:
        _forget_well(row)
        row.arrived_at = row.well_before_at = row.well_before_by = None
    else:
        row.absence_reason, row.note = None, ""
    row.recorded_by_id = by.user_id
    _record("attendance.undo", row, by, now)


def _row(
    centre_id: uuid.UUID, senior_id: uuid.UUID, on: date, *, by: Actor, now: datetime, ahead: timedelta = timedelta()
) -> Attendance:
    """The day's row of an enrolled senior, made if there is none. Whoever asks at the same time waits here."""
    centre = centres.get(centre_id, by=by, permission=Permission.ATTENDANCE_RECORD)
    today = local_day(now)
    if not today - BACK <= on <= today + ahead:
        raise Refusal(_("只能登记最近 %(days)d 天和今天的出勤。", days=BACK.days))
    locked = select(Senior.id).where(Senior.id == senior_id).with_for_update()
    if db.session.scalar(locked) is None or not queries.is_enrolled(centre.id, senior_id, on):
        raise NotFound("")
    statement = select(Attendance).where(
        Attendance.centre_id == centre.id, Attendance.senior_id == senior_id, Attendance.on == on
    )
    row = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        row = Attendance(centre_id=centre.id, senior_id=senior_id, on=on)
        db.session.add(row)
        db.session.flush()
    return row


def _moment(on: date, now: datetime) -> datetime:
    """Now, for today; noon, for a day that is corrected afterwards."""
    return now if on == local_day(now) else at_minute(on, 720)


def _record(act: str, row: Attendance, by: Actor, now: datetime) -> None:
    db.session.flush()
    changes = {"on": [None, row.on.isoformat()]} | (
        {"reason": [None, row.absence_reason]} if row.absence_reason else {}
    )
    audit.record(act, "senior", row.senior_id, by=by, now=now, changes=changes)


def _seen_well(row: Attendance) -> None:
    """平安钟: somebody met the senior at that moment. The clock is never set back; what it said before is kept."""
    columns = (Senior.last_well_at, Senior.last_well_by)
    row.well_before_at, row.well_before_by = db.session.execute(
        select(*columns).where(Senior.id == row.senior_id)
    ).one()
    older = or_(Senior.last_well_at.is_(None), Senior.last_well_at < row.arrived_at)
    statement = update(Senior).where(Senior.id == row.senior_id, older)
    values = {"last_well_at": row.arrived_at, "last_well_by": _WELL_BY}
    db.session.execute(statement.values(values).execution_options(synchronize_session=False))


def _forget_well(row: Attendance) -> None:
    """An arrival that never was is no sign of life."""
    ours = (Senior.id == row.senior_id, Senior.last_well_by == _WELL_BY, Senior.last_well_at == row.arrived_at)
    values = {"last_well_at": row.well_before_at, "last_well_by": row.well_before_by}
    statement = update(Senior).where(*ours).values(values)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _raise_alert(senior_id: uuid.UUID, centre_name: str, on: date, now: datetime) -> bool:
    """Once per senior and day, whoever notices first. An alert's words are the office's: always Chinese."""
    columns = (Senior.risk_tier, Senior.residence_code)
    tier, code = db.session.execute(select(*columns).where(Senior.id == senior_id)).one()
    with force_locale(DEFAULT):
        summary = _(
            "%(month)d月%(day)d日应到%(centre)s，没有来，原因不明。", month=on.month, day=on.day, centre=centre_name
        )
    return alerts.raise_once(
        kind=AlertKind.ABSENT_UNEXPLAINED,
        level=AlertLevel.ORANGE if tier in {RiskTier.A, RiskTier.B} else AlertLevel.YELLOW,
        division_code=code,
        cause=f"absence:{senior_id}:{on}",
        summary=summary,
        senior_id=senior_id,
        now=now,
    )


def alert_missing(now: datetime) -> int:
    """For the clock: whoever is expected today, has not come and has no reason, some time after the doors opened.

    Goes through the open centres a batch at a time; returns how many alerts are new.
    """
    today = local_day(now)
    raised, after = 0, None
    while found := queries.open_centres(after, BATCH):
        due = [one for one in found if now >= at_minute(today, one.opens_minute + _patience(one.division_code, today))]
        for one in queries.missing([centre.id for centre in due], today):
            raised += _raise_alert(one.senior_id, one.centre_name, today, now)
        after = found[-1].id
    return raised


def _patience(division_code: str, today: date) -> int:
    return rules.value(RuleKey.ROSTER_ABSENCE, division_code, today).value["alert_after"]


def enrol(
    centre_id: uuid.UUID,
    senior_id: uuid.UUID,
    *,
    weekdays: list[int],
    from_on: date,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Enrolment:
    """An agreement begins: the senior comes on these days of the week."""
    centre = centres.get(centre_id, by=by, permission=Permission.CENTRE_EDIT)
    if not centre.is_open:
        raise Refusal(_("这个站点已经停办，不能再接收老人。"))
    if not weekdays:
        raise Refusal(_("请至少选一天。"), field="weekdays")
    if not local_day(now) - timedelta(days=31) <= from_on <= local_day(now) + timedelta(days=366):
        raise Refusal(_("开始的日子要在一个月前到一年后之间。"), field="from_on")
    if queries.has_enrolment_after(centre.id, senior_id, from_on):
        raise Refusal(_("这位老人已经在册了。"), field="who")
    row = Enrolment(
        centre_id=centre.id, senior_id=senior_id, weekdays=sorted(weekdays), from_on=from_on, note=note.strip()[:200]
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        "centre.enrol", "senior", senior_id, by=by, now=now, division_code=centre.division_code,
        changes={"centre": [None, centre.name], "from_on": [None, from_on.isoformat()]},
    )  # fmt: skip
    return row


def end_enrolment(centre_id: uuid.UUID, enrolment_id: uuid.UUID, *, last_on: date, by: Actor, now: datetime) -> None:
    """The agreement's last day."""
    centre = centres.get(centre_id, by=by, permission=Permission.CENTRE_EDIT)
    row = db.session.get(Enrolment, enrolment_id)
    if row is None or row.centre_id != centre.id:
        raise NotFound("")
    if last_on < row.from_on - timedelta(days=1):
        raise Refusal(_("最后一天不能早于开始的日子。"), field="last_on")
    row.to_on = last_on
    db.session.flush()
    audit.record(
        "centre.end_enrolment", "senior", row.senior_id, by=by, now=now, division_code=centre.division_code,
        changes={"centre": [centre.name, None], "to_on": [None, last_on.isoformat()]},
    )  # fmt: skip
