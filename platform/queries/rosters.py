"""What pages read of rosters: who is enrolled, expected, here; who works; who is missing."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from domain.codes import AbsenceReason
from domain.identity import BadIdentity
from domain.identity import read as read_identity
from extensions import db
from models import (
    Attendance,
    Centre,
    CentreKind,
    CentreStaff,
    Enrolment,
    Helper,
    HelperLeave,
    HelperShift,
    Senior,
    prefix_bounds,
)
from models.keyring import identity_index
from policy import Scope, reach

from .paging import Page, page
from .served import served_on

MOST = 500
"""No centre has more people enrolled."""


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A senior's day at a centre."""

    senior_id: uuid.UUID
    name: str
    born_on: date
    diets: list[str]
    allergens: list[str]
    weekdays: list[int]
    is_served: bool
    arrived_at: datetime | None
    left_at: datetime | None
    absence_reason: str | None
    note: str

    def is_expected(self, on: date) -> bool:
        """Agreed for this day of the week, and served that day."""
        return self.is_served and on.isoweekday() in self.weekdays

    @property
    def reason(self) -> AbsenceReason | None:
        return AbsenceReason(self.absence_reason) if self.absence_reason in set(AbsenceReason) else None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who works at a centre that day."""

    name: str
    post: str
    hours: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    id: uuid.UUID
    senior_id: uuid.UUID
    name: str
    weekdays: list[int]
    from_on: date
    to_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class CentreDay:
    """A centre's day in one line, for whoever looks after many."""

    id: uuid.UUID
    name: str
    kind: CentreKind
    division_code: str
    enrolled: int
    present: int
    absent: int


@dataclass(frozen=True, slots=True)
class OpenCentre:
    id: uuid.UUID
    division_code: str
    opens_minute: int


@dataclass(frozen=True, slots=True)
class Missing:
    senior_id: uuid.UUID
    centre_name: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be enrolled."""

    id: uuid.UUID
    name: str
    born_on: date


def _enrolled_on(on: date) -> ColumnElement[bool]:
    return and_(Enrolment.from_on <= on, or_(Enrolment.to_on.is_(None), Enrolment.to_on >= on))


def roster(centre_id: uuid.UUID, on: date) -> list[RosterLine]:
    """Everybody enrolled that day, with what is known of it; by name. One statement."""
    statement = (
        select(
            Senior.id, Senior.name, Senior.born_on, Senior.diets, Senior.allergens, Enrolment.weekdays, served_on(on),
            Attendance.arrived_at, Attendance.left_at, Attendance.absence_reason, func.coalesce(Attendance.note, ""),
        )
        .join(Enrolment, Enrolment.senior_id == Senior.id)
        .outerjoin(
            Attendance,
            and_(Attendance.senior_id == Senior.id, Attendance.centre_id == centre_id, Attendance.on == on),
        )
        .where(Enrolment.centre_id == centre_id, _enrolled_on(on), Senior.merged_into_id.is_(None))
        .order_by(Senior.pinyin, Senior.id)
        .limit(MOST)
    )  # fmt: skip
    return [RosterLine(*row) for row in db.session.execute(statement)]


def on_duty(centre_id: uuid.UUID, on: date) -> list[OnDuty]:
    """Staff and helpers of the centre who work that day."""
    columns = (CentreStaff.name, CentreStaff.post, CentreStaff.weekdays)
    staff = db.session.execute(
        select(*columns).where(CentreStaff.centre_id == centre_id).order_by(CentreStaff.id).limit(200)
    )
    found = [OnDuty(row.name, row.post) for row in staff if on.isoweekday() in row.weekdays]
    away = exists().where(HelperLeave.helper_id == Helper.id, HelperLeave.from_on <= on, HelperLeave.to_on >= on)
    shifts = (
        select(Helper.id, Helper.name, HelperShift.start_minute, HelperShift.end_minute)
        .join(HelperShift, HelperShift.helper_id == Helper.id)
        .where(
            Helper.centre_id == centre_id,
            Helper.is_active,
            HelperShift.weekday == on.isoweekday(),
            ~away.correlate(Helper),
        )
        .order_by(Helper.pinyin, Helper.id, HelperShift.start_minute)
        .limit(200)
    )
    hours: dict[tuple[uuid.UUID, str], list[tuple[int, int]]] = {}
    for key, name, start, end in db.session.execute(shifts):
        hours.setdefault((key, name), []).append((start, end))
    return found + [OnDuty(name, "", tuple(spans)) for (_key, name), spans in hours.items()]


def is_enrolled(centre_id: uuid.UUID, senior_id: uuid.UUID, on: date) -> bool:
    """Whether the senior has an agreement with the centre that day."""
    statement = select(Enrolment.id).where(
        Enrolment.centre_id == centre_id, Enrolment.senior_id == senior_id, _enrolled_on(on)
    )
    return db.session.scalar(statement.limit(1)) is not None


def has_enrolment_after(centre_id: uuid.UUID, senior_id: uuid.UUID, from_on: date) -> bool:
    """Whether an agreement of the two reaches to or beyond that day."""
    statement = select(Enrolment.id).where(
        Enrolment.centre_id == centre_id,
        Enrolment.senior_id == senior_id,
        or_(Enrolment.to_on.is_(None), Enrolment.to_on >= from_on),
    )
    return db.session.scalar(statement.limit(1)) is not None


def enrolments(centre_id: uuid.UUID, today: date) -> list[EnrolmentLine]:
    """Agreements of today and later."""
    statement = (
        select(
            Enrolment.id, Senior.id, Senior.name, Enrolment.weekdays, Enrolment.from_on, Enrolment.to_on, Enrolment.note
        )
        .join(Senior, Senior.id == Enrolment.senior_id)
        .where(Enrolment.centre_id == centre_id, or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today))
        .order_by(Senior.pinyin, Enrolment.id)
        .limit(MOST)
    )
    return [EnrolmentLine(*row) for row in db.session.execute(statement)]


def index(scope: Scope, on: date, *, text: str, cursor: str | None) -> Page[CentreDay]:
    """The open centres of the scope and how their day stands, by name."""
    enrolled = (
        select(func.count()).where(Enrolment.centre_id == Centre.id, _enrolled_on(on)).correlate(Centre)
    ).scalar_subquery()
    day = select(func.count()).where(Attendance.centre_id == Centre.id, Attendance.on == on)
    present = day.where(Attendance.arrived_at.is_not(None)).correlate(Centre).scalar_subquery()
    absent = day.where(Attendance.absence_reason.is_not(None)).correlate(Centre).scalar_subquery()
    statement = select(
        Centre.id, Centre.name, Centre.kind, Centre.division_code, enrolled, present, absent, Centre.pinyin, Centre.id
    ).where(reach.centres(scope), Centre.is_open)
    if text:
        statement = statement.where(Centre.name.contains(text, autoescape=True))
    return page(
        statement,
        [Centre.pinyin, Centre.id],
        cursor,
        parse=lambda values: (values[0], uuid.UUID(values[1])),
        row=CentreDay,
    )


def open_centres(after: uuid.UUID | None, limit: int) -> Sequence[OpenCentre]:
    """Centres in use that have somebody enrolled, in order of id, a batch at a time."""
    columns = (Centre.id, Centre.division_code, Centre.opens_minute)
    statement = select(*columns).where(
        Centre.is_open, exists().where(Enrolment.centre_id == Centre.id).correlate(Centre)
    )
    if after is not None:
        statement = statement.where(Centre.id > after)
    return [OpenCentre(*row) for row in db.session.execute(statement.order_by(Centre.id).limit(limit))]


def missing(centre_ids: Iterable[uuid.UUID], on: date) -> list[Missing]:
    """Who is expected at these centres that day, is served, and of whom nothing is known. One statement."""
    known = exists().where(
        Attendance.centre_id == Enrolment.centre_id,
        Attendance.senior_id == Enrolment.senior_id,
        Attendance.on == on,
        or_(Attendance.arrived_at.is_not(None), Attendance.absence_reason.is_not(None)),
    )
    statement = (
        select(Senior.id, Centre.name, Enrolment.weekdays, Centre.weekdays)
        .join(Enrolment, Enrolment.senior_id == Senior.id)
        .join(Centre, Centre.id == Enrolment.centre_id)
        .where(Centre.id.in_(list(centre_ids)), _enrolled_on(on), served_on(on), ~known.correlate(Enrolment))
    )
    day = on.isoweekday()
    return [
        Missing(senior_id, name)
        for senior_id, name, agreed, opens in db.session.execute(statement)
        if day in agreed and day in opens
    ]


def find(text: str, division_code: str, today: date) -> list[Found]:
    """Seniors a centre may enrol: by whole identity number within its county, by exact name within its township."""
    base = select(Senior.id, Senior.name, Senior.born_on).where(Senior.merged_into_id.is_(None), served_on(today))
    try:
        number = read_identity(text, today=today, allow_demo=True).number
        low, high = prefix_bounds(division_code[:6])
        statement = base.where(Senior.identity_index == identity_index(number))
    except BadIdentity:
        low, high = prefix_bounds(division_code[:9])
        statement = base.where(Senior.name == text.strip())
    statement = statement.where(Senior.residence_code >= low, Senior.residence_code < high)
    return [Found(*row) for row in db.session.execute(statement.order_by(Senior.id).limit(5))]
