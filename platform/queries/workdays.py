"""What has been entered of holidays and make-up days, over the built-in calendar of `domain.workdays`."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from domain.workdays import DayKind, SetApart, Source, set_apart, shift_weekday
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


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that are set apart alike."""

    first: date
    last: date
    apart: SetApart

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def spans_of(year: int) -> list[Span]:
    """The holidays and make-up days of a year, days in a row together."""
    spans: list[Span] = []
    for day, apart in days_apart(date(year, 1, 1), date(year, 12, 31)).items():
        goes_on = spans and spans[-1].apart == apart and (day - spans[-1].last).days == 1
        if goes_on and apart.source is not Source.ENTERED:
            spans[-1] = Span(spans[-1].first, day, apart)
        else:
            spans.append(Span(day, day, apart))
    return spans


def weekday_of_shifts(on: date) -> int:
    """Whose shifts hold on a day: Sunday's on a holiday, Monday's on a make-up day at a weekend."""
    return shift_weekday(on, days_apart(on, on).get(on))
