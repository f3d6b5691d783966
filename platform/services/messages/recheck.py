"""The last look before a text goes: does live state still ask for it, to this person, in these words?"""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from domain.times import day_bounds, local_day
from extensions import db
from models import Message, MessageSubject, Purpose
from models.keyring import phone_index
from queries import reminders as queries
from queries.reminders import Reach, VisitFacts
from services import reminders
from services.reminders import Wanted
from services.texts import render

from .outbox import digest_of, opted_out

DAILY_CAP = 8
"""Texts to one number on one day, whatever their purpose; the next go to a person's list."""


def still_right(message: Message, now: datetime) -> str:
    """Make the text right for this moment; or say in one code why it must not go ("" if it may).

    Subjects that fell away are dropped; those that now belong to another number are given back to the planner.
    """
    if now >= message.not_after:
        return "too_late"
    if opted_out(message.to_index):
        return "opted_out"
    if message.resend_number == 0 or message.resend_of_id is None:
        reason = _refresh(message, now)
        if reason:
            return reason
    if _sent_today(message, now) >= DAILY_CAP:
        return "daily_cap"
    return ""


def quiet_until(message: Message, now: datetime) -> datetime | None:
    """When the quiet hours that hold this text back end."""
    return reminders.quiet_until(now, message.division_code)


def _refresh(message: Message, now: datetime) -> str:
    subjects = db.session.execute(
        select(
            MessageSubject.id, MessageSubject.subject_id, MessageSubject.on, MessageSubject.told, MessageSubject.number
        )
        .where(MessageSubject.message_id == message.id)
        .order_by(MessageSubject.id)
    ).all()  # fmt: skip
    live = reminders.still_wanted(message.purpose, [(row.subject_id, row.on) for row in subjects], now)
    reaches = queries.reaches({one.facts.person.id for one in live.values()})
    mine: list[tuple[Wanted, Reach | None]] = []
    elsewhere: list[tuple[Wanted, Reach | None]] = []
    for row in subjects:
        one = live.get(row.subject_id)
        if one is None:
            continue
        if row.number and isinstance(one.facts, VisitFacts):
            one = replace(one, facts=replace(one.facts, is_change=True))
        reach = reminders.reach_of(message.purpose, reaches.get(one.facts.person.id, []))
        is_mine = reach is not None and phone_index(reach.number) == message.to_index
        (mine if is_mine else elsewhere).append((one, reach))
        if is_mine and one.told != row.told:
            db.session.execute(update(MessageSubject).where(MessageSubject.id == row.id).values(told=one.told))
    if len(mine) < len(subjects):
        _give_back({row.subject_id for row in subjects} - {one.facts.id for one, _reach in mine}, message)
    if not mine:
        return "moved_number" if elsewhere else "not_wanted"
    _rewrite(message, [one for one, _reach in mine], mine[0][1], now)
    return ""


def _give_back(subject_ids: set[uuid.UUID], message: Message) -> None:
    """Called off, or the number has changed: should live state ask for them again, the planner writes anew."""
    gone = (MessageSubject.message_id == message.id, MessageSubject.subject_id.in_(subject_ids))
    db.session.execute(delete(MessageSubject).where(*gone))


def _rewrite(message: Message, live: list[Wanted], reach: Reach | None, now: datetime) -> None:
    """The same text with the facts of this moment."""
    facts = [one.facts for one in live]
    text = render(message.purpose, facts, is_own=reach is not None and reach.is_own, today=local_day(now))
    if text.body != message.body:
        message.body, message.body_digest = text.body, digest_of(text.body)
        message.segments, message.language = text.segments, text.language
    if message.purpose in {Purpose.VISIT_EVE, Purpose.VISIT_MORNING}:
        message.not_after = max(min(one.not_after for one in live), message.due_at + timedelta(seconds=1))


def _sent_today(message: Message, now: datetime) -> int:
    start, end = day_bounds(local_day(now))
    statement = select(func.count()).where(
        Message.to_index == message.to_index, Message.sent_at >= start, Message.sent_at < end
    )
    return db.session.scalar(statement) or 0
