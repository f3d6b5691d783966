"""探访率: of the people to be visited in a month, how many were met; by county, township or village.

A person is due in a month in which a visit is to be made, or in which a promised one was put off beyond its last day.
Met means a visit done on a day of that month, entered in time or approved; who was only telephoned counts apart.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, case, func, or_, select

from extensions import db
from models import Division, Visit, VisitMode, VisitStatus
from models.visit import Approval
from policy import Scope, reach


@dataclass(frozen=True, slots=True)
class Rate:
    """One place's month. `met` includes `by_phone`: people met by telephone and never at the door."""

    code: str
    name: str
    due: int
    met: int
    by_phone: int

    @property
    def missing(self) -> int:
        return self.due - self.met

    @property
    def percent(self) -> float:
        """100.0 where nobody is due."""
        return 100.0 if self.due == 0 else 100.0 * self.met / self.due


def month_bounds(day: date) -> tuple[date, date]:
    """The first and the last day of the month that holds `day`."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def visit_rate(scope: Scope, month: date, *, digits: int = 6) -> list[Rate]:
    """By place (`digits` 6: county, 9: township, 12: village), the lowest rate first; one statement."""
    first, last = month_bounds(month)
    within = Visit.on.between(first, last)
    put_off = and_(Visit.due_on.between(first, last), Visit.on > last)
    met = and_(
        Visit.status == VisitStatus.DONE,
        Visit.met_on.between(first, last),
        or_(Visit.approval.is_(None), Visit.approval == Approval.APPROVED),
    )
    place = func.substr(Visit.division_code, 1, digits)
    person = (
        select(
            func.min(place).label("place"),
            func.max(case((or_(within, put_off), 1), else_=0)).label("due"),
            func.max(case((met, 1), else_=0)).label("met"),
            func.max(case((and_(met, Visit.mode == VisitMode.DOOR), 1), else_=0)).label("at_door"),
        )
        .where(or_(within, put_off, met), Visit.status != VisitStatus.CANCELLED, reach.visits(scope))
        .group_by(Visit.senior_id)
        .subquery()
    )
    statement = (
        select(
            person.c.place,
            func.coalesce(Division.name, person.c.place),
            func.sum(person.c.due),
            func.sum(person.c.due * person.c.met),
            func.sum(person.c.due * (person.c.met - person.c.at_door)),
        )
        .outerjoin(Division, Division.code == person.c.place)
        .group_by(person.c.place, Division.name)
    )
    rates = [Rate(code, name, int(due), int(done), int(phone)) for code, name, due, done, phone in
             db.session.execute(statement) if due]  # fmt: skip
    return sorted(rates, key=lambda rate: (rate.percent, -rate.missing, rate.code))


def total(rates: list[Rate], code: str = "", name: str = "") -> Rate:
    """All places together."""
    return Rate(
        code, name, sum(rate.due for rate in rates), sum(rate.met for rate in rates),
        sum(rate.by_phone for rate in rates),
    )  # fmt: skip
