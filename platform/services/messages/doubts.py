"""Doubt: a lease that ran out, an answer nobody could read. Ask before sending again."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from domain.phones import e164
from domain.sending import Terms
from extensions import db
from gateways.sms import SeenText
from models import AttemptEvent, Message, MessageStatus

from . import log
from .claims import locked

_log = logging.getLogger("yannian.messages")

BATCH = 50
SEEN = 100
"""How many of a number's newest texts are looked through."""
OLDEST = timedelta(hours=26)
"""A text of the provider's older than the row by more than this is another; wide, for clocks that were stepped."""


@dataclass(frozen=True, slots=True)
class Question:
    """The right to ask about one text in doubt."""

    message_id: uuid.UUID
    token: int
    to: str
    body: str
    asked_at: datetime
    unknown_since: datetime
    created_at: datetime


def reap(*, now: datetime, terms: Terms) -> int:
    """Leases that ran out: the sender died or hangs, so nobody knows. Never back to pending."""
    statement = select(Message).where(Message.status == MessageStatus.SENDING, Message.lease_until <= now)
    lapsed = list(db.session.scalars(locked(statement.order_by(Message.id).limit(BATCH))))
    for message in lapsed:
        owner = message.owner or ""
        message.doubt("lease_over", now, now + timedelta(seconds=terms.first_ask_s))
        log.note(message, AttemptEvent.LAPSED, now, by=owner)
    return len(lapsed)


def questions(*, now: datetime, owner: str, terms: Terms, limit: int = 20) -> list[Question]:
    """Texts in doubt that are to be asked about now, each by one process."""
    statement = (
        select(Message)
        .where(
            Message.status == MessageStatus.UNKNOWN,
            Message.next_at <= now,
            or_(Message.lease_until.is_(None), Message.lease_until <= now),
        )
        .order_by(Message.next_at, Message.id)
        .limit(limit)
    )
    found = []
    for message in db.session.scalars(locked(statement)):
        message.token += 1
        message.owner = owner
        message.lease_until = now + timedelta(seconds=terms.lease_s)
        message.next_at = now + timedelta(seconds=terms.ask_every_s)
        found.append(
            Question(
                message.id, message.token, e164(message.to_number or ""), message.body, now,
                message.unknown_since or now, message.created_at,
            )
        )  # fmt: skip
    return found


def answer(question: Question, seen: Sequence[SeenText] | None, *, now: datetime, owner: str, terms: Terms) -> None:
    """Settle a doubt by what the provider's list shows; `seen` is None when it could not be asked."""
    statement = select(Message).where(
        Message.id == question.message_id, Message.token == question.token, Message.status == MessageStatus.UNKNOWN
    )
    message = db.session.scalars(locked(statement)).one_or_none()
    if message is None:
        return
    message.owner = message.lease_until = None
    if seen is None:
        log.note(message, AttemptEvent.NO_ANSWER, now, by=owner)
        if now >= message.not_after + timedelta(seconds=terms.give_up_s):
            log.note(message, AttemptEvent.GAVE_UP, now, by=owner)
            message.die("never_known", now)
        return
    match = _match(question, seen)
    if match is not None:
        message.accepted(match.sid, now, now + timedelta(seconds=terms.poll_after_s[0]))
        log.note(message, AttemptEvent.ADOPTED, now, by=owner, detail=match.sid)
    elif (question.asked_at - question.unknown_since).total_seconds() >= terms.settle_s:
        _absent(message, owner, terms, now)


def _match(question: Question, seen: Sequence[SeenText]) -> SeenText | None:
    """The oldest text that is ours: same number, same words, sent by us, not another row's."""
    ours = [
        one
        for one in seen
        if one.body == question.body
        and one.to == question.to
        and one.direction.startswith("outbound")
        and (one.created_at is None or one.created_at >= question.created_at - OLDEST)
    ]
    taken = set(db.session.scalars(select(Message.sid).where(Message.sid.in_([one.sid for one in ours]))))
    free = [one for one in ours if one.sid not in taken]
    if len(free) > 1:
        _log.error("message %s was accepted %d times", question.message_id, len(free))
    return min(free, key=lambda one: (one.created_at is None, one.created_at), default=None)


def _absent(message: Message, owner: str, terms: Terms, now: datetime) -> None:
    """The provider has never had it, and had time enough: it may go again, if there is still a point."""
    log.note(message, AttemptEvent.ABSENT, now, by=owner)
    if now >= message.not_after:
        message.expire(now)
    elif message.attempts >= terms.attempts:
        log.note(message, AttemptEvent.GAVE_UP, now, by=owner)
        message.die("attempts", now)
    else:
        message.absent(now + timedelta(seconds=terms.backoff(message.attempts)))


def expire(*, now: datetime) -> int:
    """What waited too long and certainly was not sent."""
    statement = select(Message).where(Message.status == MessageStatus.PENDING, Message.not_after <= now)
    late = list(db.session.scalars(locked(statement.order_by(Message.id).limit(BATCH * 4))))
    for message in late:
        log.note(message, AttemptEvent.DROPPED, now, code="too_late")
        message.expire(now)
    return len(late)
