"""Holidays and make-up working days that somebody enters over the built-in calendar: one calendar for the city."""

from datetime import date, datetime, timedelta

from domain.divisions import CITY
from domain.errors import NotFound, Refusal
from domain.periods import days_between
from domain.times import local_day
from domain.workdays import DayKind
from extensions import db
from extensions.babel import gettext as _
from models import CalendarDay
from policy import Actor, Permission

from . import audit

LONGEST = timedelta(days=30)


def set_days(kind: DayKind, first: date, last: date, name: str, *, by: Actor, now: datetime) -> int:
    """Every day of a span is a holiday, or is worked; returns how many days. What was entered before is replaced."""
    _check_city(by)
    if last < first:
        raise Refusal(_("结束的日子不能早于开始的日子。"), field="last")
    if last - first > LONGEST:
        raise Refusal(_("太长了，最多一个月。"), field="last")
    if first < local_day(now):
        raise Refusal(_("过去的日子不能再改。"), field="first")
    days = days_between(first, last)
    for on in days:
        db.session.merge(CalendarDay(on=on, kind=kind, name=name.strip()))
    db.session.flush()
    audit.record(
        "calendar.set_days", "calendar_day", first.isoformat(), by=by, now=now, division_code=CITY,
        changes={"kind": [None, kind.value], "last": [None, last.isoformat()], "name": [None, name.strip()]},
    )  # fmt: skip
    return len(days)


def remove(on: date, *, by: Actor, now: datetime) -> None:
    """The day is again what the built-in calendar says."""
    _check_city(by)
    day = db.session.get(CalendarDay, on)
    if day is None:
        raise NotFound("")
    if on < local_day(now):
        raise Refusal(_("过去的日子不能再改。"))
    db.session.delete(day)
    db.session.flush()
    audit.record("calendar.remove_day", "calendar_day", on.isoformat(), by=by, now=now, division_code=CITY)


def _check_city(by: Actor) -> None:
    """Holidays are the whole city's: only who looks after all of it sets them."""
    if not by.scope(Permission.CALENDAR_EDIT).holds_division(CITY):
        raise NotFound("")
