"""When a visit or a booking is called off: what waits is cancelled, what is out is corrected."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select

from domain.times import local_day
from extensions import db
from models import OUT, AttemptEvent, Message, MessageStatus, MessageSubject, Purpose, SubjectType
from queries import reminders as queries
from services import reminders

from . import log, outbox

_REMINDERS = {Purpose.VISIT_EVE, Purpose.VISIT_MORNING}


def withdraw(subject_type: SubjectType | str, subject_id: uuid.UUID, *, now: datetime) -> None:
    """Call in the transaction that cancels or moves a visit, or cancels a booking, after the change is flushed.

    A sender that holds a text at this moment counts as having sent it: the correction then follows.
    """
    statement = (
        select(Message, MessageSubject)
        .join(MessageSubject, MessageSubject.message_id == Message.id)
        .where(
            MessageSubject.subject_type == SubjectType(subject_type),
            MessageSubject.subject_id == subject_id,
            Message.status.in_({MessageStatus.PENDING, MessageStatus.DEAD} | OUT),
        )
        .order_by(Message.id)
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    )
    told = set()
    corrected = 0
    numbers: dict[uuid.UUID, int] = {}
    for message, subject in db.session.execute(statement).all():
        if message.status in {MessageStatus.PENDING, MessageStatus.DEAD}:
            drop(message, subject, now)
        elif message.purpose in _REMINDERS and subject.on >= local_day(now):
            told.add((subject.subject_id, subject.on))
            numbers[subject.subject_id] = corrected  # told anew after being called off: the next correction
        elif message.purpose is Purpose.VISIT_CANCELLED:
            corrected += 1
    if told:
        off = reminders.called_off(queries.called_off_visits(told, local_day(now)), now, numbers)
        outbox.write([one for one in off if one.due_at < one.not_after], now=now)


def drop(message: Message, subject: MessageSubject, now: datetime) -> None:
    """Take the subject out of a text that waits, so that it may be planned anew; a text about nothing is cancelled."""
    if message.handled_at is not None or message.purpose is Purpose.VISIT_CANCELLED:
        return
    db.session.execute(delete(MessageSubject).where(MessageSubject.id == subject.id))
    others = select(MessageSubject.id).where(MessageSubject.message_id == message.id).limit(1)
    if db.session.scalars(others).one_or_none() is None:
        message.cancel("withdrawn", now)
        log.note(message, AttemptEvent.DROPPED, now, code="withdrawn")
