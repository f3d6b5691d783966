"""A centre's morning: who is expected, who is here, who is not and why."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import and_, or_, select

from domain.codes import AbsenceReason
from domain.times import local
from extensions import db
from models import Attendance, Centre, Enrolment, Senior
from policy import Scope
from queries.served import served_on

PEOPLE = 600


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody enrolled at the centre, today."""

    senior_id: uuid.UUID
    name: str
    is_expected: bool
    arrived_at: datetime | None
    left_at: datetime | None
    absence: AbsenceReason | None

    @property
    def is_here(self) -> bool:
        return self.arrived_at is not None and self.left_at is None

    @property
    def is_missing(self) -> bool:
        """Expected, not here, and nothing is known."""
        unknown = self.absence in {None, AbsenceReason.UNKNOWN}
        return self.is_expected and self.arrived_at is None and unknown


@dataclass(slots=True)
class CentreDay:
    """One centre today."""

    id: uuid.UUID
    name: str
    places: int
    opens_minute: int
    closes_minute: int
    weekdays: list[int]
    on: date
    guests: list[Guest] = field(default_factory=list)

    @property
    def is_open_today(self) -> bool:
        return self.on.isoweekday() in self.weekdays

    def has_opened(self, now: datetime) -> bool:
        clock: time = local(now).time()
        return clock.hour * 60 + clock.minute >= self.opens_minute

    @property
    def expected(self) -> int:
        return sum(guest.is_expected for guest in self.guests)

    @property
    def here(self) -> int:
        return sum(guest.is_here for guest in self.guests)

    @property
    def excused(self) -> int:
        return sum(guest.is_expected and guest.arrived_at is None and not guest.is_missing for guest in self.guests)

    @property
    def missing(self) -> list[Guest]:
        return [guest for guest in self.guests if guest.is_missing]


def centre_days(scope: Scope, today: date) -> list[CentreDay]:
    """The scope's own centres with everybody enrolled today; two statements."""
    if not scope.centres:
        return []
    columns = (Centre.id, Centre.name, Centre.places, Centre.opens_minute, Centre.closes_minute, Centre.weekdays)
    days = {
        centre_id: CentreDay(centre_id, name, places, opens, closes, weekdays, today)
        for centre_id, name, places, opens, closes, weekdays in db.session.execute(
            select(*columns).where(Centre.id.in_(scope.centres), Centre.is_open).order_by(Centre.pinyin).limit(5)
        )
    }
    statement = (
        select(
            Enrolment.centre_id, Senior.id, Senior.name, Enrolment.weekdays, Attendance.arrived_at,
            Attendance.left_at, Attendance.absence_reason,
        )
        .join(Senior, Senior.id == Enrolment.senior_id)
        .outerjoin(
            Attendance,
            and_(
                Attendance.centre_id == Enrolment.centre_id,
                Attendance.senior_id == Enrolment.senior_id,
                Attendance.on == today,
            ),
        )
        .where(
            Enrolment.centre_id.in_(days),
            Enrolment.from_on <= today,
            or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today),
            served_on(today),
        )
        .order_by(Senior.pinyin, Senior.id)
        .limit(PEOPLE)
    )  # fmt: skip
    for centre_id, senior_id, name, weekdays, arrived_at, left_at, reason in db.session.execute(statement):
        is_expected = days[centre_id].is_open_today and today.isoweekday() in weekdays
        absence = AbsenceReason(reason) if reason in set(AbsenceReason) else None
        days[centre_id].guests.append(Guest(senior_id, name, is_expected, arrived_at, left_at, absence))
    return list(days.values())
