"""Roll call at the day-care centres: who is expected comes, is excused, or is not heard of yet."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select

from domain.codes import AbsenceReason
from domain.times import at_minute
from extensions import db, unit_of_work
from models import Attendance, Centre, Enrolment, Senior
from policy import SYSTEM
from queries.served import served_on
from services import attendance

from .dice import Dice

_CHUNK = 50
_EXCUSES = ((AbsenceReason.WITH_FAMILY, 4), (AbsenceReason.ILL, 3), (AbsenceReason.TRAVEL, 1))


class Expected(NamedTuple):
    """Somebody whose weekday it is, and who has not been called yet."""

    centre_id: uuid.UUID
    senior_id: uuid.UUID
    opens_minute: int


def expected(on: date) -> list[Expected]:
    """Who should come that day and has no line in the roster yet."""
    called = select(Attendance.senior_id).where(Attendance.on == on, Attendance.centre_id == Enrolment.centre_id)
    statement = (
        select(Enrolment.centre_id, Enrolment.senior_id, Centre.opens_minute, Centre.weekdays, Enrolment.weekdays)
        .join(Centre, Centre.id == Enrolment.centre_id)
        .join(Senior, Senior.id == Enrolment.senior_id)
        .where(Centre.is_demo, Centre.is_open, Enrolment.from_on <= on, served_on(on),
               or_(Enrolment.to_on.is_(None), Enrolment.to_on >= on), Enrolment.senior_id.not_in(called))
        .order_by(Enrolment.centre_id, Enrolment.senior_id)
    )  # fmt: skip
    today = on.isoweekday()
    return [Expected(*row[:3]) for row in db.session.execute(statement) if today in row[3] and today in row[4]]


def call(on: date, people: list[Expected], now: datetime, *, tell: Callable[[int], None]) -> int:
    """Check people in through the first hour and a half, and out in the afternoon; returns how many came."""
    came = 0
    for first in range(0, len(people), _CHUNK):
        chunk = people[first : first + _CHUNK]
        with unit_of_work():
            came += sum(_call(on, one, now) for one in chunk)
        tell(len(chunk))
    return came


def _call(on: date, one: Expected, now: datetime) -> int:
    """1 if the person came by now."""
    dice = Dice("roll call", one.senior_id, on)
    arrives = at_minute(on, one.opens_minute) + timedelta(minutes=dice.randint(-10, 75))
    fate = dice.random()
    if fate > 0.97 or arrives > now:
        return 0  # not heard of, or not yet
    if fate > 0.89:
        reason = dice.one(_EXCUSES)
        attendance.mark_absent(one.centre_id, one.senior_id, on, reason=reason, note="", by=SYSTEM, now=arrives)
        return 0
    attendance.check_in(one.centre_id, one.senior_id, on, by=SYSTEM, now=arrives)
    leaves = at_minute(on, 16 * 60 + dice.randint(0, 75))
    if leaves <= now:
        attendance.check_out(one.centre_id, one.senior_id, on, by=SYSTEM, now=leaves)
    return 1
