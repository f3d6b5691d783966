"""When a visit's time or helper changes after somebody was told: they are told of the change, once.

A text that waits is made right when it is sent, so nothing is written beside it. A change that is taken back before
its text went out takes the text with it.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from domain.times import local_day
from extensions import db
from models import OUT, Message, MessageStatus, MessageSubject, Purpose, SubjectType
from queries import reminders as queries
from services import reminders

from . import outbox
from .corrections import drop

NEWS_FROM = 30
"""A time that moved by less is what "about 9:30" means."""
_ABOUT = (Purpose.VISIT_EVE, Purpose.VISIT_MORNING, Purpose.VISIT_CANCELLED)


@dataclass(slots=True)
class _Heard:
    """What somebody has heard of a visit, in order, and what waits to be sent."""

    told: list[str] = field(default_factory=list)
    waiting: list[tuple[Message, MessageSubject]] = field(default_factory=list)
    number: int = 0


def retell(visit_ids: Collection[uuid.UUID], on: date, *, now: datetime) -> int:
    """Call in the transaction that changes these visits of a day, after the change is flushed; how many are told."""
    purpose = Purpose.VISIT_MORNING if on == local_day(now) else Purpose.VISIT_EVE
    live = {one.id: one for one in queries.coming_visits(purpose, on, list(visit_ids))}
    numbers = {}
    for visit_id, heard in _heard(visit_ids, on, purpose).items():
        facts = live.get(visit_id)
        if facts is None or not heard.told:
            continue
        if not _is_news(heard.told[-1], facts.told):
            for message, subject in heard.waiting:
                if subject.number:
                    drop(message, subject, now)
        elif not any(message.purpose is purpose for message, _subject in heard.waiting):
            numbers[visit_id] = heard.number + 1
    if numbers:
        outbox.write(reminders.told_again(purpose, on, numbers, now), now=now)
    return len(numbers)


def _heard(visit_ids: Collection[uuid.UUID], on: date, purpose: Purpose) -> dict[uuid.UUID, _Heard]:
    statement = (
        select(Message, MessageSubject)
        .join(MessageSubject, MessageSubject.message_id == Message.id)
        .where(
            MessageSubject.subject_type == SubjectType.VISIT,
            MessageSubject.subject_id.in_(visit_ids),
            MessageSubject.on == on,
            MessageSubject.purpose.in_(_ABOUT),
        )
        .order_by(Message.id)
        .with_for_update(of=Message)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, _Heard] = defaultdict(_Heard)
    for message, subject in db.session.execute(statement).all():
        heard = found[subject.subject_id]
        if message.status in OUT or (message.status is MessageStatus.DEAD and message.handled_at is not None):
            heard.told.append("" if message.purpose is Purpose.VISIT_CANCELLED else subject.told)
        elif message.status is MessageStatus.PENDING:
            heard.waiting.append((message, subject))
        if message.purpose is purpose:
            heard.number = max(heard.number, subject.number)
    return found


def _is_news(heard: str, now: str) -> bool:
    """Whether what is true now is something else than what was heard. Nothing, or "called off", is always."""
    before, who = heard.partition(" ")[::2]
    start, now_who = now.partition(" ")[::2]
    return not before or who != now_who or abs(int(before) - int(start)) >= NEWS_FROM
