"""A dispatcher's now: what is late, what is unplanned, what is under way."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from domain.times import local
from extensions import db
from models import Division, Helper, RiskTier, Senior, Visit, VisitStatus
from policy import Scope, reach
from queries.halves import both_names

SHOWN = 8
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Today's visits of the scope, and what of the weeks before is still open."""

    total: int
    done: int
    under_way: int
    late: int
    unplanned: int
    overdue: int


@dataclass(frozen=True, slots=True)
class LateVisit:
    """A visit whose time has passed and of which nothing was heard."""

    visit_id: uuid.UUID
    on: date
    window_to: int
    senior_name: str
    tier: RiskTier
    place: str | None
    helper_name: str | None


def _minute(now: datetime) -> int:
    return local(now).hour * 60 + local(now).minute


def figures(scope: Scope, today: date, now: datetime) -> DayFigures:
    """One statement over today and the weeks before."""
    visit, status = Visit, Visit.status
    is_today = visit.on == today
    silent = status.in_((VisitStatus.PLANNED, VisitStatus.UNDER_WAY))

    def counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0)

    statement = select(
        counted(is_today, status != VisitStatus.CANCELLED),
        counted(is_today, status.in_((VisitStatus.DONE, VisitStatus.NOT_MET))),
        counted(is_today, status == VisitStatus.UNDER_WAY),
        counted(is_today, status == VisitStatus.PLANNED, visit.window_to < _minute(now)),
        counted(visit.on <= today, status == VisitStatus.DUE),
        counted(visit.on < today, silent),
    ).where(
        reach.visits(scope),
        or_(is_today, and_(visit.on.between(today - LOOK_BACK, today), or_(status == VisitStatus.DUE, silent))),
    )
    return DayFigures(*(int(value) for value in db.session.execute(statement).one()))


def late_visits(scope: Scope, today: date, now: datetime) -> list[LateVisit]:
    """Nothing heard of them: those of today whose time is over, and those of the days before; the reddest first."""
    visit = Visit
    over = or_(visit.on < today, and_(visit.on == today, visit.window_to < _minute(now)))
    second = aliased(Helper)
    statement = (
        select(visit.id, visit.on, visit.window_to, Senior.name, Senior.risk_tier, Division.name, both_names(second))
        .join(Senior, Senior.id == visit.senior_id)
        .outerjoin(Division, Division.code == visit.division_code)
        .outerjoin(Helper, Helper.id == visit.helper_id)
        .outerjoin(second, second.id == visit.second_helper_id)
        .where(
            reach.visits(scope),
            visit.on.between(today - timedelta(days=7), today),
            visit.status == VisitStatus.PLANNED,
            over,
        )
        .order_by(Senior.risk_tier, visit.on, visit.window_to, visit.id)
        .limit(SHOWN)
    )
    return [LateVisit(*row) for row in db.session.execute(statement)]
