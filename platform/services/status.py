"""A senior's status over days: paused, in hospital, moved; and a death, which takes two people."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from domain.errors import Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Senior, SeniorStatus, SeniorStatusPeriod
from policy import Actor, Permission
from queries.served import status_expression, why_not_served

from . import audit, releases, seniors
from .releases import Released

DAY = timedelta(days=1)


def change(
    senior_id: uuid.UUID,
    status: SeniorStatus,
    *,
    from_on: date,
    to_on: date | None = None,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Released:
    """From `from_on` (to `to_on`, its last day) the senior is this. What was said of those days before gives way.

    Returns what was let go for these days. A death is not changed here, it is reported and confirmed.
    """
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, today=today)
    _refuse_bad_days(status, from_on, to_on, today)
    periods = _periods(senior.id)
    if any(period.status is SeniorStatus.DECEASED for period in periods):
        raise Refusal(_("已有去世报告，不能再改状态。"), suggestion=_("如果报错了，请先撤销去世报告。"))
    _give_way(periods, from_on, to_on)
    period = SeniorStatusPeriod(
        senior_id=senior.id, status=status, from_on=from_on, to_on=to_on, reason=reason, reported_by_id=by.user_id
    )
    released = _write(senior, period, by=by, now=now)
    audit.record(
        "senior.status", "senior", senior.id, by=by, now=now, division_code=senior.residence_code, reason=reason,
        changes={"status": [None, status.value], "from_on": [None, str(from_on)], "to_on": [None, _day(to_on)]},
    )  # fmt: skip
    return released


def report_death(
    senior_id: uuid.UUID,
    *,
    on: date,
    reason: str,
    by: Actor,
    now: datetime,
    permission: Permission = Permission.SENIOR_EDIT,
) -> Released:
    """Somebody says the senior has died. Service stops at once; another person must confirm it."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, permission=permission, today=today)
    if on > today:
        raise Refusal(_("去世日期不能晚于今天。"), field="on")
    if _death(senior.id) is not None:
        raise Refusal(_("已经有人报告过了，正在等另一位同事核实。"))
    period = SeniorStatusPeriod(
        senior_id=senior.id, status=SeniorStatus.DECEASED, from_on=on, reason=reason, reported_by_id=by.user_id
    )
    released = _write(senior, period, by=by, now=now)
    audit.record(
        "senior.report_death", "senior", senior.id, by=by, now=now, division_code=senior.residence_code, reason=reason,
        changes={"from_on": [None, str(on)]},
    )  # fmt: skip
    return released


def confirm_death(senior_id: uuid.UUID, *, by: Actor, now: datetime) -> SeniorStatusPeriod:
    """A second person has made sure of it. Refuses the one who reported it."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, permission=Permission.SENIOR_CONFIRM_DEATH, today=today)
    period = _death(senior.id)
    if period is None or period.confirmed_by_id is not None:
        raise Refusal(_("没有等待核实的去世报告。"))
    if by.user_id is None or period.reported_by_id == by.user_id:
        raise Refusal(_("报告和核实要由两个人做。"), suggestion=_("请另一位同事核实后确认。"))
    period.confirmed_by_id = by.user_id
    _settle(senior, today)
    audit.record(
        "senior.confirm_death", "senior", senior.id, by=by, now=now, division_code=senior.residence_code,
        changes={"status": [SeniorStatus.PAUSED.value, SeniorStatus.DECEASED.value]},
    )  # fmt: skip
    return period


def withdraw_death(senior_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> None:
    """The report was wrong: service goes on. The trail keeps who said what."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, permission=Permission.SENIOR_CONFIRM_DEATH, today=today)
    period = _death(senior.id)
    if period is None:
        raise Refusal(_("没有去世报告可以撤销。"))
    if not reason.strip():
        raise Refusal(_("请写明为什么撤销。"), field="reason")
    db.session.delete(period)
    db.session.flush()
    _settle(senior, today)
    releases.take_up(senior, by=by, now=now)
    audit.record(
        "senior.withdraw_death", "senior", senior.id, by=by, now=now, division_code=senior.residence_code,
        reason=reason, changes={"from_on": [str(period.from_on), None]},
    )  # fmt: skip


def settle_today(now: datetime) -> int:
    """Bring `seniors.status`, which lists show, up to today where a period began or ended. For a daily tick."""
    today = local_day(now)
    dated = select(SeniorStatusPeriod.senior_id).distinct()
    right = status_expression(today)
    statement = update(Senior).where(Senior.id.in_(dated), Senior.status != right)
    changed = db.session.execute(
        statement.values(status=right, updated_at=now), execution_options={"synchronize_session": False}
    )
    return int(getattr(changed, "rowcount", 0))


def _write(senior: Senior, period: SeniorStatusPeriod, *, by: Actor, now: datetime) -> Released:
    db.session.add(period)
    db.session.flush()
    _settle(senior, local_day(now))
    if period.status is SeniorStatus.ACTIVE:
        releases.take_up(senior, by=by, now=now)
        return Released()
    return releases.let_go(senior, period.status, from_on=period.from_on, to_on=period.to_on, by=by, now=now)


def _settle(senior: Senior, today: date) -> None:
    senior.status = why_not_served(senior.id, today) or SeniorStatus.ACTIVE
    db.session.flush()


def _periods(senior_id: uuid.UUID) -> list[SeniorStatusPeriod]:
    statement = select(SeniorStatusPeriod).where(SeniorStatusPeriod.senior_id == senior_id)
    return list(db.session.scalars(statement.order_by(SeniorStatusPeriod.from_on)))


def _death(senior_id: uuid.UUID) -> SeniorStatusPeriod | None:
    statement = select(SeniorStatusPeriod).where(
        SeniorStatusPeriod.senior_id == senior_id, SeniorStatusPeriod.status == SeniorStatus.DECEASED
    )
    return db.session.scalars(statement).first()


def _give_way(periods: list[SeniorStatusPeriod], from_on: date, to_on: date | None) -> None:
    """Cut what was said before out of the new days; what lies around them stays, split in two if need be."""
    for period in periods:
        ends_before = period.to_on is not None and period.to_on < from_on
        begins_after = to_on is not None and period.from_on > to_on
        if ends_before or begins_after:
            continue
        goes_on = to_on is not None and (period.to_on is None or period.to_on > to_on)
        if goes_on and to_on is not None:
            db.session.add(_rest(period, to_on + DAY))
        if period.from_on < from_on:
            period.to_on = from_on - DAY
        else:
            db.session.delete(period)
    db.session.flush()


def _rest(period: SeniorStatusPeriod, from_on: date) -> SeniorStatusPeriod:
    return SeniorStatusPeriod(
        senior_id=period.senior_id,
        status=period.status,
        from_on=from_on,
        to_on=period.to_on,
        reason=period.reason,
        reported_by_id=period.reported_by_id,
    )


def _refuse_bad_days(status: SeniorStatus, from_on: date, to_on: date | None, today: date) -> None:
    if status is SeniorStatus.DECEASED:
        raise Refusal(_("去世要先报告，再由另一个人核实。"), field="status")
    if to_on is not None and to_on < from_on:
        raise Refusal(_("结束日期不能早于开始日期。"), field="to_on")
    if abs((from_on - today).days) > 366:
        raise Refusal(_("开始日期离今天太远了，请核对年份。"), field="from_on")


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)
