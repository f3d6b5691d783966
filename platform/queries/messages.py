"""What pages read of texts: always within a scope's divisions, always bounded."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select

from domain.times import day_bounds
from extensions import db
from models import (
    Breaker,
    BreakerState,
    Contact,
    Message,
    MessageAttempt,
    MessageReceipt,
    MessageStatus,
    Purpose,
    Recipient,
    Senior,
    SeniorPhone,
)
from policy import Scope
from policy.reach import code_within
from wording.messages import cause_of

from .paging import Page, page

TO_PERSON = (MessageStatus.DEAD, MessageStatus.UNKNOWN, MessageStatus.FAILED, MessageStatus.UNDELIVERED)
LOOK_BACK = timedelta(days=14)
PHONES = 60


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text in a list. The number is whole: templates mask it."""

    id: uuid.UUID
    due_at: datetime
    purpose: Purpose
    status: MessageStatus
    recipient: Recipient
    senior_id: uuid.UUID | None
    senior_name: str | None
    number: str | None
    segments: int
    code: str
    sent_at: datetime | None

    @property
    def cause(self) -> str:
        return cause_of(self.code)


@dataclass(frozen=True, slots=True)
class Story:
    """One text with everything that happened to it."""

    message: Message
    senior_name: str | None
    attempts: list[MessageAttempt]
    receipts: list[MessageReceipt]

    @property
    def cause(self) -> str:
        return cause_of(self.message.code)


@dataclass(frozen=True, slots=True)
class Figures:
    """A day's texts by state."""

    counts: Counter[MessageStatus]

    def __getitem__(self, name: str) -> int:
        return self.counts[MessageStatus(name)]

    @property
    def total(self) -> int:
        return sum(self.counts.values()) - self.counts[MessageStatus.CANCELLED]

    @property
    def accepted(self) -> int:
        return sum(self.counts[one] for one in (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.UNDELIVERED))


_COLUMNS = (
    Message.id, Message.due_at, Message.purpose, Message.status, Message.recipient, Message.senior_id, Senior.name,
    Message.to_number, Message.segments, Message.code, Message.sent_at,
)  # fmt: skip


def _lines(scope: Scope) -> Select[Any]:
    return (
        select(*_COLUMNS, Message.due_at, Message.id)
        .outerjoin(Senior, Senior.id == Message.senior_id)
        .where(code_within(Message.division_code, scope))
    )


def _parse(values: list[str]) -> tuple[datetime, uuid.UUID]:
    return datetime.fromisoformat(values[0]), uuid.UUID(values[1])


def outbox(
    scope: Scope,
    day: date,
    *,
    status: MessageStatus | None = None,
    purpose: Purpose | None = None,
    senior_id: uuid.UUID | None = None,
    cursor: str | None = None,
) -> Page[TextLine]:
    """The texts due on a day, in order."""
    start, end = day_bounds(day)
    statement = _lines(scope).where(Message.due_at >= start, Message.due_at < end)
    if status is not None:
        statement = statement.where(Message.status == status)
    if purpose is not None:
        statement = statement.where(Message.purpose == purpose)
    if senior_id is not None:
        statement = statement.where(Message.senior_id == senior_id)
    return page(statement, [Message.due_at, Message.id], cursor, parse=_parse, row=TextLine)


def _awaiting(now: datetime) -> tuple[Any, ...]:
    return (Message.status.in_(TO_PERSON), Message.handled_at.is_(None), Message.due_at >= now - LOOK_BACK)


def awaiting(scope: Scope, now: datetime, *, cursor: str | None = None) -> Page[TextLine]:
    """Texts a machine cannot bring further, the oldest first."""
    statement = _lines(scope).where(*_awaiting(now))
    return page(statement, [Message.due_at, Message.id], cursor, parse=_parse, row=TextLine)


def count_awaiting(scope: Scope, now: datetime) -> int:
    """How many texts wait for a person."""
    statement = select(func.count()).select_from(Message).where(code_within(Message.division_code, scope))
    return db.session.scalar(statement.where(*_awaiting(now))) or 0


def figures(scope: Scope, day: date) -> Figures:
    """How a day's texts fared."""
    start, end = day_bounds(day)
    statement = (
        select(Message.status, func.count())
        .where(code_within(Message.division_code, scope), Message.due_at >= start, Message.due_at < end)
        .group_by(Message.status)
    )
    return Figures(Counter({row[0]: row[1] for row in db.session.execute(statement)}))


def story(scope: Scope, message_id: uuid.UUID) -> Story | None:
    """One text, its attempts and receipts in order."""
    statement = (
        select(Message, Senior.name)
        .outerjoin(Senior, Senior.id == Message.senior_id)
        .where(Message.id == message_id, code_within(Message.division_code, scope))
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        return None
    attempts = select(MessageAttempt).where(MessageAttempt.message_id == message_id).order_by(MessageAttempt.id)
    receipts = select(MessageReceipt).where(MessageReceipt.message_id == message_id).order_by(MessageReceipt.id)
    return Story(
        found[0], found[1], list(db.session.scalars(attempts.limit(200))), list(db.session.scalars(receipts.limit(50)))
    )


def open_breakers() -> list[Breaker]:
    """Providers through which nobody may send now."""
    return list(db.session.scalars(select(Breaker).where(Breaker.state != BreakerState.CLOSED)))


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A senior whose phone, or whose family's, has lately been texted."""

    senior_id: uuid.UUID
    senior_name: str
    texts: int
    last_at: datetime


def phones(scope: Scope, since: datetime) -> list[PhoneLine]:
    """Seniors texted since then, the last one first."""
    last = func.max(Message.due_at)
    statement = (
        select(Senior.id, Senior.name, func.count(), last)
        .join(Senior, Senior.id == Message.senior_id)
        .where(
            code_within(Message.division_code, scope), Message.due_at >= since, Message.sent_at.is_not(None)
        )
        .group_by(Senior.id, Senior.name)
        .order_by(last.desc(), Senior.id)
        .limit(PHONES)
    )  # fmt: skip
    return [PhoneLine(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone a senior's texts go to."""

    senior_id: uuid.UUID
    senior_name: str
    number: str
    is_own: bool


def phone_of(scope: Scope, senior_id: uuid.UUID) -> Phone | None:
    """Within the scope: the senior's own mobile, else the first contact's who gets texts."""
    senior = db.session.execute(
        select(Senior.id, Senior.name).where(Senior.id == senior_id, code_within(Senior.residence_code, scope))
    ).one_or_none()
    if senior is None:
        return None
    own = select(SeniorPhone.number).where(
        SeniorPhone.senior_id == senior_id, SeniorPhone.is_mobile, SeniorPhone.owner == "self"
    )
    others = select(Contact.phone).where(
        Contact.senior_id == senior_id, Contact.gets_texts, Contact.phone.is_not(None)
    )  # fmt: skip
    number = db.session.scalars(own.order_by(SeniorPhone.position, SeniorPhone.id).limit(1)).one_or_none()
    if number is not None:
        return Phone(senior.id, senior.name, number, is_own=True)
    number = db.session.scalars(others.order_by(Contact.position, Contact.id).limit(1)).one_or_none()
    return Phone(senior.id, senior.name, number or "", is_own=False)


def ours(scope: Scope, sids: list[str]) -> set[str]:
    """Of the provider's ids, those of texts within the scope."""
    statement = select(Message.sid).where(
        Message.sid.in_(sids), or_(code_within(Message.division_code, scope))
    )  # fmt: skip
    return {sid for sid in db.session.scalars(statement) if sid}
