"""What pages and rounds read of ways: factors that were learned, and roads that are closed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from domain.travelling import HIGHEST, LOWEST, Basis
from extensions import db
from models import ClosureShape, Division, Means, RoadClosure, TravelFactor, User
from models.division import prefix_bounds
from policy import Scope
from policy.reach import code_within

from .paging import Page, page

MOST_CLOSURES = 500
"""More roads than are closed on any day in a city: the list of a flood."""


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One pair of townships, or a county as a whole, as the table shows it."""

    id: uuid.UUID
    basis: Basis
    means: Means
    one_code: str
    other_code: str
    one_name: str | None
    other_name: str | None
    legs: int
    low: float
    median: float
    high: float
    factor: float
    model_s: int
    observed_s: int
    from_on: date
    to_on: date
    learned_at: datetime
    reset_at: datetime | None
    reset_reason: str
    reset_by: str | None

    @property
    def holds(self) -> bool:
        return self.reset_at is None or self.learned_at > self.reset_at

    @property
    def is_county(self) -> bool:
        return len(self.one_code) == 6

    def place_of(self, times: float) -> float:
        """Where on a scale of 0 to 100 from LOWEST to HIGHEST so many times the model's time lie."""
        return round((min(max(times, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST) * 100, 1)

    @property
    def percent(self) -> int:
        """How much longer (or, below 0, shorter) ways are taken to be than the model says."""
        return round((self.factor - 1) * 100)


@dataclass(frozen=True, slots=True)
class FactorsTotal:
    """What there is in a scope: pairs that are learned, their legs, and when it was last learned."""

    pairs: int
    legs: int
    learned_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """One closed road, as the list shows it."""

    id: uuid.UUID
    shape: ClosureShape
    division_code: str
    other_code: str | None
    place: str
    other_place: str | None
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    from_on: date
    to_on: date | None
    means: Means | None
    detour: float | None
    reason: str
    set_by: str | None

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def factors_under(code: str) -> Sequence[TravelFactor]:
    """What corrects ways of a division's county, or of the whole city: those with an end in it that hold."""
    low, high = prefix_bounds(code[:6])
    statement = select(TravelFactor).where(
        or_(
            and_(TravelFactor.one_code >= low, TravelFactor.one_code < high),
            and_(TravelFactor.other_code >= low, TravelFactor.other_code < high),
        ),
        or_(TravelFactor.reset_at.is_(None), TravelFactor.learned_at > TravelFactor.reset_at),
    )
    return db.session.scalars(statement).all()


def closures_on(day: date) -> Sequence[RoadClosure]:
    """Every road of the city that is closed that day: a neighbour's landslide is in the way too."""
    statement = (
        select(RoadClosure)
        .where(RoadClosure.from_on <= day, or_(RoadClosure.to_on.is_(None), RoadClosure.to_on >= day))
        .order_by(RoadClosure.from_on.desc(), RoadClosure.id)
        .limit(MOST_CLOSURES)
    )
    return db.session.scalars(statement).all()


def _factors(scope: Scope) -> Any:
    return or_(code_within(TravelFactor.one_code, scope), code_within(TravelFactor.other_code, scope))


def factors(scope: Scope, *, means: Means | None, cursor: str | None) -> Page[FactorLine]:
    """The scope's pairs, counties first, then those with the most legs."""
    one, other = aliased(Division), aliased(Division)
    rank = case((func.length(TravelFactor.one_code) == 6, 1), else_=0)
    statement = (
        select(
            TravelFactor.id, TravelFactor.basis, TravelFactor.means, TravelFactor.one_code, TravelFactor.other_code,
            one.name, other.name, TravelFactor.legs, TravelFactor.low, TravelFactor.median, TravelFactor.high,
            TravelFactor.factor, TravelFactor.model_s, TravelFactor.observed_s, TravelFactor.from_on,
            TravelFactor.to_on, TravelFactor.learned_at, TravelFactor.reset_at, TravelFactor.reset_reason, User.name,
            rank, TravelFactor.legs, TravelFactor.id,
        )
        .outerjoin(one, one.code == TravelFactor.one_code)
        .outerjoin(other, other.code == TravelFactor.other_code)
        .outerjoin(User, User.id == TravelFactor.reset_by_id)
        .where(_factors(scope))
    )  # fmt: skip
    if means is not None:
        statement = statement.where(TravelFactor.means == means)
    return page(
        statement, [rank, TravelFactor.legs, TravelFactor.id], cursor, descending=True, row=FactorLine,
        parse=lambda values: [int(values[0]), int(values[1]), uuid.UUID(values[2])],
    )  # fmt: skip


def factors_total(scope: Scope) -> FactorsTotal:
    """Sums over the scope's pairs; counties left out, whose legs are the pairs' own."""
    statement = select(
        func.count(), func.coalesce(func.sum(TravelFactor.legs), 0), func.max(TravelFactor.learned_at)
    ).where(_factors(scope), func.length(TravelFactor.one_code) > 6)
    count, legs, learned_at = db.session.execute(statement).one()
    return FactorsTotal(count, int(legs), learned_at)


def _closures(scope: Scope) -> Select[Any]:
    place, other = aliased(Division), aliased(Division)
    return (
        select(
            RoadClosure.id, RoadClosure.shape, RoadClosure.division_code, RoadClosure.other_code, place.name,
            other.name, RoadClosure.latitude, RoadClosure.longitude, RoadClosure.radius_m, RoadClosure.from_on,
            RoadClosure.to_on, RoadClosure.means, RoadClosure.detour, RoadClosure.reason, User.name,
        )
        .join(place, place.code == RoadClosure.division_code)
        .outerjoin(other, other.code == RoadClosure.other_code)
        .outerjoin(User, User.id == RoadClosure.set_by_id)
        .where(or_(code_within(RoadClosure.division_code, scope), code_within(RoadClosure.other_code, scope)))
    )  # fmt: skip


def closures(scope: Scope, *, since: date, cursor: str | None) -> Page[ClosureLine]:
    """The scope's closed roads that are not over by `since`, the latest first."""
    statement = _closures(scope).add_columns(RoadClosure.from_on, RoadClosure.id)
    statement = statement.where(or_(RoadClosure.to_on.is_(None), RoadClosure.to_on >= since))
    return page(
        statement, [RoadClosure.from_on, RoadClosure.id], cursor, descending=True, row=ClosureLine,
        parse=lambda values: [date.fromisoformat(values[0]), uuid.UUID(values[1])],
    )  # fmt: skip


def closures_count(scope: Scope, day: date) -> int:
    """How many of the scope's roads are closed that day."""
    statement = select(func.count()).select_from(RoadClosure).where(
        or_(code_within(RoadClosure.division_code, scope), code_within(RoadClosure.other_code, scope)),
        RoadClosure.from_on <= day, or_(RoadClosure.to_on.is_(None), RoadClosure.to_on >= day),
    )  # fmt: skip
    return db.session.scalar(statement) or 0
