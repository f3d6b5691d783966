"""An office's month: how many are still to be visited, where, and how many days are left."""

import uuid
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from domain.divisions import CITY
from extensions import db
from models import Division, RiskTier, Senior, Visit, VisitStatus, VisitTally
from policy import Scope, reach
from policy.reach import code_within

SHOWN = 8
BEHIND = 0.10
"""A place this far behind the month's even pace is red; one merely behind it is to be watched."""


@dataclass(frozen=True, slots=True)
class PlaceMonth:
    """One place's month so far."""

    code: str
    name: str
    due: int
    met: int
    counted_at: datetime

    @property
    def missing(self) -> int:
        return self.due - self.met

    @property
    def share(self) -> float:
        """Of those due, met: 0 to 1."""
        return self.met / self.due if self.due else 1.0

    def tone(self, today: date) -> str:
        """Against the even pace of the month."""
        pace = today.day / monthrange(today.year, today.month)[1]
        if self.share >= pace:
            return "good"
        return "watch" if self.share >= pace - BEHIND else "problem"


@dataclass(frozen=True, slots=True)
class Month:
    """All places of a scope, the furthest behind first."""

    places: list[PlaceMonth]
    days_left: int

    @property
    def due(self) -> int:
        return sum(place.due for place in self.places)

    @property
    def met(self) -> int:
        return sum(place.met for place in self.places)

    @property
    def missing(self) -> int:
        return self.due - self.met

    @property
    def percent(self) -> float:
        return 100.0 * self.met / self.due if self.due else 100.0

    @property
    def counted_at(self) -> datetime | None:
        return min((place.counted_at for place in self.places), default=None)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to be visited this month who has not been met yet."""

    senior_id: uuid.UUID
    name: str
    tier: RiskTier
    place: str | None
    last_well_at: datetime | None


def month_of(scope: Scope, today: date) -> Month:
    """Counties for a city, townships for a county or a township; one statement over the tallies."""
    digits = 6 if CITY in scope.divisions else 9
    code = func.substr(VisitTally.division_code, 1, digits)
    tally = (
        select(
            code.label("code"),
            func.sum(VisitTally.due).label("due"),
            func.sum(VisitTally.met).label("met"),
            func.min(VisitTally.counted_at).label("counted_at"),
        )
        .where(VisitTally.month == today.replace(day=1), code_within(VisitTally.division_code, scope))
        .group_by(code)
        .subquery()
    )
    statement = (
        select(
            tally.c.code, func.coalesce(Division.name, tally.c.code), tally.c.due, tally.c.met, tally.c.counted_at
        )
        .outerjoin(Division, Division.code == tally.c.code)
        .where(tally.c.due > 0)
    )  # fmt: skip
    places = [PlaceMonth(row[0], row[1], int(row[2]), int(row[3]), row[4]) for row in db.session.execute(statement)]
    places.sort(key=lambda place: (place.share, -place.missing, place.code))
    return Month(places, monthrange(today.year, today.month)[1] - today.day)


def waiting(scope: Scope, today: date) -> list[Waiting]:
    """Who is to be visited this month and has not been met: the reddest first. For a township or two, not a city."""
    first, last = today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
    met = aliased(Visit)
    was_met = exists().where(met.senior_id == Senior.id, met.on.between(first, last), met.status == VisitStatus.DONE)
    is_due = exists().where(
        Visit.senior_id == Senior.id,
        Visit.on.between(first, last),
        Visit.status.in_((VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.NOT_MET)),
    )
    statement = (
        select(Senior.id, Senior.name, Senior.risk_tier, Division.name, Senior.last_well_at)
        .outerjoin(Division, Division.code == Senior.residence_code)
        .where(and_(reach.seniors(scope, today), is_due, ~was_met, Senior.merged_into_id.is_(None)))
        .order_by(Senior.risk_tier, Senior.last_well_at, Senior.id)
        .limit(SHOWN)
    )
    return [Waiting(*row) for row in db.session.execute(statement)]
