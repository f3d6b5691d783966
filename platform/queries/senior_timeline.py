"""What happened with a senior, of every kind, the latest first."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from domain.times import at_local, local_day
from extensions import db
from models import (
    OUT,
    Attendance,
    AuditEntry,
    BookingStatus,
    Canteen,
    Centre,
    Dish,
    Helper,
    Meal,
    MealBooking,
    MealService,
    Message,
    MessageStatus,
    SeniorNote,
    User,
    Visit,
    VisitStatus,
)

from .halves import both_names
from .paging import Page

PAGE = 20
_EATEN_AT = {Meal.BREAKFAST: time(8), Meal.LUNCH: time(12), Meal.SUPPER: time(18)}
_TRIED = (*OUT, MessageStatus.UNDELIVERED, MessageStatus.FAILED, MessageStatus.DEAD)
_NO_CHANGE = ("senior.show", "senior.reveal", "senior.export", "senior.note")


class MomentKind(StrEnum):
    VISIT = "visit"
    MEAL = "meal"
    ATTENDANCE = "attendance"
    TEXT = "text"
    NOTE = "note"
    CHANGE = "change"


LIFE = frozenset({MomentKind.VISIT, MomentKind.MEAL, MomentKind.ATTENDANCE})
"""What a family sees."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `what` is an enum member, or the act of an audit entry."""

    at: datetime
    kind: MomentKind
    what: Any
    text: str = ""
    by: str = ""
    link_id: uuid.UUID | None = None
    changes: dict[str, Any] | None = None


def timeline(
    senior_id: uuid.UUID,
    *,
    today: date,
    kinds: frozenset[MomentKind] = frozenset(MomentKind),
    before: datetime | None = None,
) -> Page[Moment]:
    """At most PAGE moments before `before`; one statement of at most PAGE rows for each kind."""
    until = before or at_local(date(today.year + 1, 12, 31), time())
    moments = [one for kind in sorted(kinds) for one in _SOURCES[kind](senior_id, until, today)]
    moments.sort(key=lambda one: one.at, reverse=True)
    shown = moments[:PAGE]
    cursor = shown[-1].at.isoformat() if len(moments) > PAGE else None
    return Page(shown, cursor, is_first=before is None)


def parse_cursor(cursor: str | None) -> datetime | None:
    """The time a page ended with; None for the first page, and for what somebody made up."""
    try:
        at = datetime.fromisoformat(cursor or "")
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _visits(senior_id: uuid.UUID, before: datetime, _today: date) -> Iterator[Moment]:
    ended = (VisitStatus.DONE, VisitStatus.NOT_MET)
    second = aliased(Helper)
    statement = (
        select(
            Visit.id,
            Visit.on,
            Visit.arrived_at,
            Visit.left_at,
            Visit.outcome,
            Visit.status,
            Visit.note,
            both_names(second),
        )
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(Visit.senior_id == senior_id, Visit.status.in_(ended), Visit.on <= local_day(before))
        .order_by(Visit.on.desc(), Visit.id.desc())
        .limit(PAGE + 1)
    )
    for visit_id, on, arrived_at, left_at, outcome, status, note, helper in db.session.execute(statement):
        at = left_at or arrived_at or at_local(on, time(12))
        if at < before:
            yield Moment(at, MomentKind.VISIT, outcome or status, note, helper or "", visit_id)


def _meals(senior_id: uuid.UUID, before: datetime, today: date) -> Iterator[Moment]:
    past = (BookingStatus.SERVED, BookingStatus.NO_SHOW, BookingStatus.FAILED)
    statement = (
        select(MealBooking.on, MealBooking.meal, MealBooking.status, MealBooking.served_at, Dish.name, Canteen.name)
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Dish, Dish.id == MealBooking.dish_id)
        .where(
            MealBooking.senior_id == senior_id, MealBooking.status.in_(past),
            MealBooking.on <= min(local_day(before), today),
        )
        .order_by(MealBooking.on.desc(), MealBooking.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    for on, meal, status, served_at, dish, canteen in db.session.execute(statement):
        at = served_at or at_local(on, _EATEN_AT[meal])
        if at < before:
            yield Moment(at, MomentKind.MEAL, status, dish, canteen)


def _attendances(senior_id: uuid.UUID, before: datetime, _today: date) -> Iterator[Moment]:
    statement = (
        select(Attendance.on, Attendance.arrived_at, Attendance.absence_reason, Attendance.note, Centre.name)
        .join(Centre, Centre.id == Attendance.centre_id)
        .where(Attendance.senior_id == senior_id, Attendance.on <= local_day(before))
        .order_by(Attendance.on.desc(), Attendance.id.desc())
        .limit(PAGE + 1)
    )
    for on, arrived_at, reason, note, centre in db.session.execute(statement):
        at = arrived_at or at_local(on, time(9))
        if at < before:
            yield Moment(at, MomentKind.ATTENDANCE, reason, note, centre)


def _texts(senior_id: uuid.UUID, before: datetime, _today: date) -> Iterator[Moment]:
    statement = (
        select(Message.id, Message.purpose, Message.status, Message.due_at, Message.sent_at)
        .where(Message.senior_id == senior_id, Message.due_at < before, Message.status.in_(_TRIED))
        .order_by(Message.due_at.desc())
        .limit(PAGE + 1)
    )
    for message_id, purpose, status, due_at, sent_at in db.session.execute(statement):
        at = sent_at or due_at
        if at < before:
            yield Moment(at, MomentKind.TEXT, (purpose, status), link_id=message_id)


def _notes(senior_id: uuid.UUID, before: datetime, _today: date) -> Iterator[Moment]:
    statement = (
        select(SeniorNote.at, SeniorNote.body, User.name)
        .outerjoin(User, User.id == SeniorNote.author_id)
        .where(SeniorNote.senior_id == senior_id, SeniorNote.at < before)
        .order_by(SeniorNote.at.desc())
        .limit(PAGE + 1)
    )
    for at, body, author in db.session.execute(statement):
        yield Moment(at, MomentKind.NOTE, None, body, author or "")


def _changes(senior_id: uuid.UUID, before: datetime, _today: date) -> Iterator[Moment]:
    statement = (
        select(AuditEntry.at, AuditEntry.act, AuditEntry.reason, AuditEntry.actor_name, AuditEntry.changes)
        .where(
            AuditEntry.subject_type == "senior", AuditEntry.subject_id == str(senior_id), AuditEntry.at < before,
            AuditEntry.act.not_in(_NO_CHANGE),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
    for at, act, reason, actor, changes in db.session.execute(statement):
        yield Moment(at, MomentKind.CHANGE, act, reason, actor, changes=changes)


_SOURCES: dict[MomentKind, Callable[[uuid.UUID, datetime, date], Iterator[Moment]]] = {
    MomentKind.VISIT: _visits,
    MomentKind.MEAL: _meals,
    MomentKind.ATTENDANCE: _attendances,
    MomentKind.TEXT: _texts,
    MomentKind.NOTE: _notes,
    MomentKind.CHANGE: _changes,
}
