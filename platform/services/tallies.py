"""Counting what first pages show, now and then, so that they need not count it each time."""

from datetime import date, datetime

from sqlalchemy import delete, insert

from extensions import db
from models import VisitTally
from policy import SYSTEM, Permission
from queries.visit_rate import visit_rate

TOWNSHIP_DIGITS = 9


def count_visits(month: date, *, now: datetime) -> int:
    """Count the month's visit rate of every township anew; returns how many places. `month` is any day of it."""
    first = month.replace(day=1)
    rates = visit_rate(SYSTEM.scope(Permission.VISIT_READ), first, digits=TOWNSHIP_DIGITS)
    db.session.execute(delete(VisitTally).where(VisitTally.month == first))
    if rates:
        db.session.execute(
            insert(VisitTally),
            [
                {"month": first, "division_code": rate.code, "due": rate.due, "met": rate.met,
                 "by_phone": rate.by_phone, "counted_at": now}
                for rate in rates
            ],
        )  # fmt: skip
    return len(rates)
