"""What somebody should be told now, from live state.

The same statements serve the planner (what has not been planned yet) and the claim (is this subject still to be told,
and what are the facts now?), so the two can never disagree.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from domain.codes import ConsentKind
from extensions import db
from models import (
    OUT,
    BookingStatus,
    Canteen,
    Consent,
    Contact,
    Handover,
    Helper,
    Meal,
    MealBooking,
    MealService,
    Message,
    MessageSubject,
    Proposal,
    ProposalStatus,
    Purpose,
    Round,
    Senior,
    SeniorPhone,
    SeniorStatus,
    SeniorStatusPeriod,
    Sex,
    Stop,
    SubjectType,
    Visit,
    VisitStatus,
)

from .served import reasons_not_served, served_on

BATCH = 300
Ids = Collection[uuid.UUID] | None
"""Only these subjects; None: those no text was planned for."""
After = uuid.UUID | None
"""Subjects after this one: a planner walks through all of them, batch by batch."""


@dataclass(frozen=True, slots=True)
class Person:
    """The senior a text is about."""

    id: uuid.UUID
    name: str
    sex: Sex
    language: str
    division_code: str


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit somebody should hear of. `is_change`: they have heard something else before."""

    id: uuid.UUID
    on: date
    person: Person
    start_minute: int
    helper_name: str
    done_at: datetime | None
    second_name: str = ""
    is_change: bool = False

    @property
    def told(self) -> str:
        """What a reminder says of it: when, and who."""
        return f"{self.start_minute} {self.helper_name} {self.second_name}".rstrip()


@dataclass(frozen=True, slots=True)
class MealFacts:
    """A portion somebody should hear of. `told` is what a text would say of it; another `told` is a change."""

    id: uuid.UUID
    on: date
    person: Person
    meal: Meal
    canteen_name: str
    handover: Handover
    told: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A number a senior's texts may go to."""

    number: str
    is_own: bool


_LIVE = (BookingStatus.BOOKED, BookingStatus.LOCKED)
_PERSON = (Senior.id, Senior.name, Senior.sex, Senior.language, Senior.residence_code)


def consents(kind: ConsentKind, day: date) -> ColumnElement[bool]:
    """The senior of the statement allows `kind` on `day`: the one consent rule of all texts."""
    return (
        exists()
        .where(
            Consent.senior_id == Senior.id,
            Consent.kind == kind,
            Consent.given_on <= day,
            or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day),
        )
        .correlate(Senior)
    )


def _lives(day: date) -> ColumnElement[bool]:
    """Nobody has reported a death; the weaker condition of corrections, which also reach who is paused."""
    died = exists().where(
        SeniorStatusPeriod.senior_id == Senior.id,
        SeniorStatusPeriod.status == SeniorStatus.DECEASED,
        SeniorStatusPeriod.from_on <= day,
    )
    return and_(Senior.merged_into_id.is_(None), ~died.correlate(Senior))


def _unplanned(purpose: Purpose, subject: Any, on: Any) -> ColumnElement[bool]:
    return ~exists().where(
        MessageSubject.purpose == purpose, MessageSubject.subject_id == subject, MessageSubject.on == on
    )


def coming_visits(purpose: Purpose, on: date, ids: Ids = None, after: After = None) -> list[VisitFacts]:
    """Published visits on `on` to people served that day who allow texts; without `ids`, those not planned yet."""
    second = aliased(Helper)
    statement = (
        select(Visit.id, Visit.on, Stop.start_minute, Helper.name, second.name, Visit.left_at, *_PERSON)
        .join(Stop, Stop.visit_id == Visit.id)
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, and_(Proposal.id == Round.proposal_id, Proposal.status == ProposalStatus.PUBLISHED))
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Helper, Helper.id == Round.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(
            ~Stop.is_second,
            Visit.on == on,
            Visit.status.in_((VisitStatus.DUE, VisitStatus.PLANNED)),
            served_on(on),
            consents(ConsentKind.TEXTS, on),
        )
    )
    return _visits(_narrow(statement, purpose, Visit.id, Visit.on, ids, after))


def done_visits(since: datetime, day: date, ids: Ids = None, after: After = None) -> list[VisitFacts]:
    """Visits done since then, to people whose family may be told."""
    second = aliased(Helper)
    statement = (
        select(Visit.id, Visit.on, Visit.window_from, Helper.name, second.name, Visit.left_at, *_PERSON)
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(
            Visit.status == VisitStatus.DONE,
            Visit.left_at >= since,
            Visit.on.in_([day - timedelta(days=back) for back in range(3)]),
            _lives(day),
            consents(ConsentKind.FAMILY_TOLD, day),
        )
    )
    return _visits(_narrow(statement, Purpose.VISIT_DONE, Visit.id, Visit.on, ids, after))


def called_off_visits(pairs: Collection[tuple[uuid.UUID, date]], day: date) -> list[VisitFacts]:
    """Of visits somebody was told of for a day, those no longer on it, or on no round of it any more.

    `start_minute` is when waiting would end.
    """
    told = dict(pairs)
    on_a_round = exists().where(
        Stop.visit_id == Visit.id,
        Round.id == Stop.round_id,
        Round.on == Visit.on,
        Proposal.id == Round.proposal_id,
        Proposal.status == ProposalStatus.PUBLISHED,
    )
    second = aliased(Helper)
    statement = (
        select(
            Visit.id, Visit.on, Visit.window_to, Helper.name, second.name, Visit.left_at, *_PERSON, Visit.status,
            on_a_round.correlate(Visit),
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(Visit.id.in_(told), _lives(day), consents(ConsentKind.TEXTS, day))
        .limit(BATCH)
    )  # fmt: skip
    found = []
    for *facts, status, is_on_a_round in db.session.execute(statement):
        visit = _visit(*facts)
        planned_for = told[visit.id]
        is_dropped = status is VisitStatus.DUE and not is_on_a_round
        if status is VisitStatus.CANCELLED or visit.on != planned_for or is_dropped:
            found.append(replace(visit, on=planned_for, done_at=None))
    return found


def booked_meals(since: datetime, day: date, ids: Ids = None, after: After = None) -> list[MealFacts]:
    """Portions booked since then and still to come; standing orders were agreed once and are not confirmed again."""
    statement = _meals(day).where(
        MealBooking.status.in_(_LIVE),
        MealBooking.updated_at >= since,
        MealBooking.created_at >= since,
        MealBooking.channel != "standing",
    )
    return _meal_rows(_narrow(statement, Purpose.MEAL_BOOKED, MealBooking.id, MealBooking.on, ids, after))


def touched_meals(since: datetime, day: date, ids: Ids = None, after: After = None) -> list[MealFacts]:
    """Live portions somebody was told of, and whose row was written since then."""
    told = exists().where(
        MessageSubject.subject_type == SubjectType.BOOKING,
        MessageSubject.subject_id == MealBooking.id,
        MessageSubject.told != "",
    )
    statement = _meals(day).where(MealBooking.status.in_(_LIVE), MealBooking.updated_at >= since, told)
    if ids is not None:
        statement = statement.where(MealBooking.id.in_(ids))
    if after is not None:
        statement = statement.where(MealBooking.id > after)
    return _meal_rows(statement.order_by(MealBooking.id).limit(BATCH))


def cancelled_meals(since: datetime, day: date, ids: Ids = None, after: After = None) -> list[MealFacts]:
    """Portions cancelled since then of which somebody has been told that they are booked."""
    told = exists().where(
        MessageSubject.subject_id == MealBooking.id,
        MessageSubject.message_id == Message.id,
        MessageSubject.purpose.in_((Purpose.MEAL_BOOKED, Purpose.MEAL_CHANGED)),
        Message.status.in_(OUT),
    )
    statement = _meals(day).where(
        MealBooking.status == BookingStatus.CANCELLED,
        MealBooking.updated_at >= since,
        MealBooking.cancelled_at >= since,
        told,
        _lives(day),
    )
    return _meal_rows(_narrow(statement, Purpose.MEAL_CANCELLED, MealBooking.id, MealBooking.on, ids, after))


def last_told(booking_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[str, int]]:
    """What the newest text about each portion says, and its number among the changes."""
    statement = (
        select(MessageSubject.subject_id, MessageSubject.told, MessageSubject.number, MessageSubject.purpose)
        .where(
            MessageSubject.subject_type == SubjectType.BOOKING,
            MessageSubject.subject_id.in_(booking_ids),
            MessageSubject.told != "",
        )
        .order_by(MessageSubject.id)
    )
    found: dict[uuid.UUID, tuple[str, int]] = {}
    for subject_id, told, number, purpose in db.session.execute(statement):
        found[subject_id] = (told, number if purpose is Purpose.MEAL_CHANGED else 0)
    return found


def reaches(senior_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Reach]]:
    """The mobiles a senior's texts may go to, in order: the senior's own, then contacts who get texts."""
    found: dict[uuid.UUID, list[Reach]] = {}
    own = (
        select(SeniorPhone.senior_id, SeniorPhone.number)
        .where(SeniorPhone.senior_id.in_(senior_ids), SeniorPhone.is_mobile, SeniorPhone.owner == "self")
        .order_by(SeniorPhone.position, SeniorPhone.id)
    )
    others = (
        select(Contact.senior_id, Contact.phone)
        .where(Contact.senior_id.in_(senior_ids), Contact.gets_texts, Contact.phone.is_not(None))
        .order_by(Contact.position, Contact.id)
    )
    for is_own, statement in ((True, own), (False, others)):
        for senior_id, number in db.session.execute(statement):
            found.setdefault(senior_id, []).append(Reach(number, is_own))
    return found


def _narrow(statement: Select[Any], purpose: Purpose, subject: Any, on: Any, ids: Ids, after: After) -> Select[Any]:
    """These subjects, or else those not planned yet; either way in order and bounded."""
    wanted = _unplanned(purpose, subject, on) if ids is None else subject.in_(ids)
    if after is not None:
        statement = statement.where(subject > after)
    return statement.where(wanted).order_by(subject).limit(BATCH)


def _visit(
    visit_id: uuid.UUID, on: date, start: int, helper: str | None, second: str | None, left: datetime | None,
    *person: Any,
) -> VisitFacts:  # fmt: skip
    return VisitFacts(visit_id, on, Person(*person), start, helper or "", left, second or "")


def _visits(statement: Select[Any]) -> list[VisitFacts]:
    return [_visit(*row) for row in db.session.execute(statement)]


def _meals(day: date) -> Select[Any]:
    return (
        select(
            MealBooking.id, MealBooking.on, MealBooking.meal, Canteen.id, Canteen.name, MealBooking.handover, *_PERSON
        )
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .where(MealBooking.on >= day, consents(ConsentKind.TEXTS, day))
    )  # fmt: skip


def served(meals: list[MealFacts]) -> list[MealFacts]:
    """Those whose senior is served on the day of the meal."""
    stopped = {
        (senior_id, on)
        for on in {meal.on for meal in meals}
        for senior_id in reasons_not_served([meal.person.id for meal in meals if meal.on == on], on)
    }
    return [meal for meal in meals if (meal.person.id, meal.on) not in stopped]


def _meal_rows(statement: Select[Any]) -> list[MealFacts]:
    rows: Sequence[Any] = db.session.execute(statement).all()
    return [MealFacts(row[0], row[1], Person(*row[6:]), row[2], row[4], row[5], f"{row[3]}:{row[5]}") for row in rows]
