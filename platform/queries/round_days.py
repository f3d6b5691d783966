"""What a division's day consists of: the visits to be made, who is on shift, and where everything is."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from domain.divisions import lineage
from extensions import db
from models import (
    Centre,
    Division,
    Helper,
    HelperLeave,
    HelperShift,
    Means,
    Proposal,
    ProposalStatus,
    Round,
    Senior,
    Visit,
    VisitMode,
    VisitStatus,
)
from models.division import prefix_bounds

from .served import served_on
from .workdays import weekday_of_shifts

CARRIED_DAYS = 14
"""A visit nobody could make is planned again for so many days."""


@dataclass(frozen=True, slots=True)
class DueVisit:
    """A visit to be planned, with what the senior wishes."""

    id: uuid.UUID
    senior_id: uuid.UUID
    division_code: str
    window_from: int
    window_to: int
    duration_minutes: int
    skills: list[str]
    wants_sex: str | None
    priority: int
    language: str
    regular_helper_id: uuid.UUID | None
    windows: list[list[int]] = field(default_factory=list)
    is_soft: bool = False
    wishes_sex: bool = False
    needs_language: bool = False
    needs_two: bool = False
    second_skills: list[str] = field(default_factory=list)
    second_sex: str | None = None
    second_minutes: int | None = None
    second_gap_least: int = 0
    second_gap_most: int = 0


@dataclass(frozen=True, slots=True)
class EndPoint:
    """A station where a helper's day ends."""

    division_code: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class OnShift:
    """A helper who works that day, and when: (start, end) minutes; `days_left` with a shift this week, this one too."""

    id: uuid.UUID
    division_code: str
    latitude: float | None
    longitude: float | None
    skills: list[str]
    languages: list[str]
    sex: str
    means: Means
    max_daily_minutes: int
    shifts: tuple[tuple[int, int], ...]
    contracted_minutes: int | None = None
    break_minutes: int = 0
    break_earliest: int | None = None
    break_latest: int | None = None
    capacity: int = 0
    end: EndPoint | None = None
    days_left: int = 1


@dataclass(frozen=True, slots=True)
class Land:
    """A division's point, and how rugged it is there."""

    latitude: float | None
    longitude: float | None
    ruggedness: float


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What there is to plan: visits by priority, helpers on shift."""

    urgent: int
    normal: int
    can_wait: int
    helpers: int

    @property
    def visits(self) -> int:
        return self.urgent + self.normal + self.can_wait


def _under(column: Any, code: str) -> ColumnElement[bool]:
    low, high = prefix_bounds(code)
    return and_(column >= low, column < high)


def _to_plan(code: str, on: date, today: date) -> ColumnElement[bool]:
    """Door visits of the day nobody is planned for; and earlier ones that a day which has been planned left out."""
    left_out = (
        exists()
        .where(
            Proposal.on == Visit.on,
            Proposal.division_code == code,
            Proposal.status == ProposalStatus.PUBLISHED,
        )
        .correlate(Visit)
    )
    earlier = or_(Visit.on < today, left_out)
    return and_(
        _under(Visit.division_code, code),
        Visit.status == VisitStatus.DUE,
        Visit.mode == VisitMode.DOOR,
        Visit.on.between(on - timedelta(days=CARRIED_DAYS), on),  # what an index can use
        or_(Visit.on == on, earlier),
    )


def visits_to_plan(code: str, on: date, today: date) -> list[DueVisit]:
    """In a fixed order, so that the same rows make the same problem."""
    return _visits(_to_plan(code, on, today), served_on(on))


def visits_of(ids: Iterable[uuid.UUID]) -> list[DueVisit]:
    """The same of these visits, whatever their status: to plan a day anew that has begun."""
    return _visits(Visit.id.in_(list(ids)))


def _visits(*conditions: ColumnElement[bool]) -> list[DueVisit]:
    statement = (
        select(
            Visit.id, Visit.senior_id, Visit.division_code, Visit.window_from, Visit.window_to,
            Visit.duration_minutes, Visit.skills, Visit.wants_sex, Visit.priority, Senior.language,
            Senior.regular_helper_id, Visit.windows, Visit.is_soft, Visit.wishes_sex, Visit.needs_language,
            Visit.needs_two, Visit.second_skills, Visit.second_sex, Visit.second_minutes, Visit.second_gap_least,
            Visit.second_gap_most,
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .where(*conditions)
        .order_by(Visit.id)
    )  # fmt: skip
    return [DueVisit(*row) for row in db.session.execute(statement)]


def _works(code: str, on: date, even: uuid.UUID | None = None) -> ColumnElement[bool]:
    """Works there that day: active, and not on leave; the helper `even` whatever leave says."""
    on_leave = exists().where(
        HelperLeave.helper_id == Helper.id,
        HelperLeave.from_on <= on,
        HelperLeave.to_on >= on,
        *([] if even is None else [HelperLeave.helper_id != even]),
    )
    return and_(_under(Helper.division_code, code), Helper.is_active, ~on_leave)


def _is_on_a_round(on: date, but: uuid.UUID | None = None) -> ColumnElement[bool]:
    """Already in a published round other than of the proposal `but`."""
    return (
        exists()
        .where(
            Round.helper_id == Helper.id,
            Round.on == on,
            Round.proposal_id == Proposal.id,
            Proposal.status == ProposalStatus.PUBLISHED,
            *([] if but is None else [Proposal.id != but]),
        )
        .correlate(Helper)
    )


def helpers_on_shift(
    code: str,
    on: date,
    *,
    but: uuid.UUID | None = None,
    with_planned: bool = False,
    even: uuid.UUID | None = None,
) -> list[OnShift]:
    """Everybody who works that day and is not yet on a published round, but for rounds of the proposal `but`.

    `with_planned`: also who is on a round; something else may be done in the time that leaves. `even`: this helper
    as well, whatever leave says.
    """
    later = aliased(HelperShift)
    days_left = (
        select(func.count(later.weekday.distinct()))
        .where(later.helper_id == Helper.id, later.weekday >= on.isoweekday())
        .scalar_subquery()
    )
    statement = (
        select(
            Helper.id, Helper.division_code, Helper.latitude, Helper.longitude, Helper.skills, Helper.languages,
            Helper.sex, Helper.means, Helper.max_daily_minutes, HelperShift.start_minute, HelperShift.end_minute,
            Helper.contracted_minutes, Helper.break_minutes, Helper.break_earliest, Helper.break_latest,
            Helper.capacity, Centre.division_code.label("end_code"), Centre.latitude.label("end_latitude"),
            Centre.longitude.label("end_longitude"), days_left.label("days_left"),
        )
        .join(HelperShift, HelperShift.helper_id == Helper.id)
        .outerjoin(Centre, Centre.id == Helper.end_centre_id)
        .where(_works(code, on, even), HelperShift.weekday == weekday_of_shifts(on))
        .where(or_(literal(with_planned), ~_is_on_a_round(on, but)))
        .order_by(Helper.id, HelperShift.start_minute)
    )  # fmt: skip
    shifts: dict[uuid.UUID, list[tuple[int, int]]] = {}
    first: dict[uuid.UUID, Row[Any]] = {}
    for row in db.session.execute(statement):
        first.setdefault(row.id, row)
        shifts.setdefault(row.id, []).append((row.start_minute, row.end_minute))
    return [
        OnShift(
            id=row.id, division_code=row.division_code, latitude=row.latitude, longitude=row.longitude,
            skills=row.skills, languages=row.languages, sex=row.sex, means=row.means,
            max_daily_minutes=row.max_daily_minutes, shifts=tuple(shifts[row.id]),
            contracted_minutes=row.contracted_minutes, break_minutes=row.break_minutes,
            break_earliest=row.break_earliest, break_latest=row.break_latest, capacity=row.capacity,
            end=EndPoint(row.end_code, row.end_latitude, row.end_longitude) if row.end_code else None,
            days_left=row.days_left,
        )
        for row in first.values()
    ]  # fmt: skip


def lands(codes: Iterable[str]) -> dict[str, Land]:
    """The point of each of these divisions, or of the nearest one above it that has one."""
    wanted = sorted(set(codes))
    lines = {code: lineage(code) for code in wanted}
    every = sorted({one for line in lines.values() for one in line})
    statement = select(Division.code, Division.latitude, Division.longitude, Division.ruggedness).where(
        Division.code.in_(every)
    )
    known = {
        code: Land(latitude, longitude, rugged) for code, latitude, longitude, rugged in db.session.execute(statement)
    }
    found = {}
    for code, line in lines.items():
        there = [known[one] for one in line if one in known]
        found[code] = next((land for land in there if land.latitude is not None), Land(None, None, 0.5))
    return found


def counts(code: str, on: date, today: date) -> DayCounts:
    """What somebody sees before pressing 规划."""
    by_priority = dict(
        db.session.execute(
            select(Visit.priority, func.count())
            .join(Senior, Senior.id == Visit.senior_id)
            .where(_to_plan(code, on, today), served_on(on))
            .group_by(Visit.priority)
        )
        .tuples()
        .all()
    )
    works = exists().where(HelperShift.helper_id == Helper.id, HelperShift.weekday == weekday_of_shifts(on))
    free = select(func.count()).select_from(Helper).where(_works(code, on), ~_is_on_a_round(on), works)
    helpers = db.session.scalar(free) or 0
    return DayCounts(by_priority.get(1, 0), by_priority.get(2, 0), by_priority.get(3, 0), helpers)


def names_of_helpers(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of helpers, for sentences."""
    return dict(db.session.execute(select(Helper.id, Helper.name).where(Helper.id.in_(ids))).tuples().all())
