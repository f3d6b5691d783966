"""What has been entered of holidays and make-up days, over the built-in calendar of `domain.workdays`."""

from datetime import date

from sqlalchemy import select

from domain.workdays import DayKind, SetApart, set_apart, shift_weekday
from extensions import db
from models import CalendarDay


def entered(first: date, last: date) -> dict[date, tuple[DayKind, str]]:
    """The days somebody has set apart in first..last."""
    columns = (CalendarDay.on, CalendarDay.kind, CalendarDay.name)
    statement = select(*columns).where(CalendarDay.on.between(first, last))
    return {on: (kind, name) for on, kind, name in db.session.execute(statement)}


def days_apart(first: date, last: date) -> dict[date, SetApart]:
    """The holidays and make-up days in first..last, one statement."""
    ours = entered(first, last)
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return {day: apart for day in days if (apart := set_apart(day, ours)) is not None}


def weekday_of_shifts(on: date) -> int:
    """Whose shifts hold on a day: Sunday's on a holiday, Monday's on a make-up day at a weekend."""
    return shift_weekday(on, days_apart(on, on).get(on))
