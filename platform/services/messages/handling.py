"""What a person does about texts: sends one again, ticks one off, keeps the list of who wants none."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from domain import phones
from domain.divisions import CITY
from domain.errors import NotFound, Refusal
from extensions import db
from extensions.babel import gettext as _
from models import (
    AttemptEvent,
    Breaker,
    Message,
    MessageStatus,
    OptOut,
    Recipient,
)
from models.keyring import phone_index
from policy import Actor, Permission
from policy.reach import code_within
from services import audit, reminders

from . import breaker, log
from .outbox import new_token, opted_out

RESENDABLE = frozenset({
    MessageStatus.DEAD, MessageStatus.FAILED, MessageStatus.UNDELIVERED, MessageStatus.EXPIRED, MessageStatus.CANCELLED,
    MessageStatus.DELIVERED, MessageStatus.SENT,
})  # fmt: skip
USEFUL_HOURS = 12


def load(message_id: uuid.UUID, *, by: Actor, permission: Permission) -> Message:
    """The message, if it lies within the actor's divisions."""
    scope = by.scope(permission)
    statement = select(Message).where(Message.id == message_id, code_within(Message.division_code, scope))
    message = db.session.scalars(statement.with_for_update()).one_or_none()
    if message is None:
        raise NotFound("")
    return message


def resend(message_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> Message:
    """The same words to the same number once more, on a person's decision and with the reason."""
    old = load(message_id, by=by, permission=Permission.MESSAGE_HANDLE)
    _refuse_resend(old, reason)
    newest = select(func.max(Message.resend_number)).where(Message.resend_of_id == (old.resend_of_id or old.id))
    number = (db.session.scalar(newest) or 0) + 1
    due = reminders.quiet_until(now, old.division_code) or now
    root = old.resend_of_id or old.id
    again = Message(
        id=uuid7(), dedup_key=f"resend:{root}:{number}", purpose=old.purpose, status=MessageStatus.PENDING,
        senior_id=old.senior_id, division_code=old.division_code, recipient=old.recipient, to_number=old.to_number,
        to_index=old.to_index, language=old.language, body=old.body, body_digest=old.body_digest,
        segments=old.segments, due_at=due, next_at=due, not_after=due + timedelta(hours=USEFUL_HOURS),
        callback_token=new_token(), resend_of_id=root, resend_number=number, attempts=0, token=0,
    )  # fmt: skip
    db.session.add(again)
    db.session.flush()
    if old.handled_at is None:
        old.handle(by.user_id, reason, now)
    log.note(old, AttemptEvent.RESENT, now, by=by.name, detail=reason)
    audit.record("message.resend", "message", old.id, by=by, now=now, division_code=old.division_code, reason=reason)
    return again


def _refuse_resend(old: Message, reason: str) -> None:
    if not reason.strip():
        raise Refusal(_("请写明为什么要再发一次。"), field="reason")
    if old.status not in RESENDABLE:
        raise Refusal(_("这条短信还没有结果，现在再发可能会收到两条。"), suggestion=_("请等系统查明后再决定。"))
    if old.recipient is Recipient.NOBODY or not old.to_number:
        raise Refusal(_("没有可以发短信的手机号。"), suggestion=_("请打电话或上门告知，再点“已处理”。"))
    if opted_out(old.to_index):
        raise Refusal(_("对方已表示不想再收短信。"), suggestion=_("请打电话告知。"))


def handle(message_id: uuid.UUID, *, note: str, by: Actor, now: datetime) -> Message:
    """Off the list: told by phone, gone there, or nothing to do."""
    message = load(message_id, by=by, permission=Permission.MESSAGE_HANDLE)
    if message.handled_at is not None:
        raise Refusal(_("已经有人处理过了。"))
    if not note.strip():
        raise Refusal(_("请写一句是怎么处理的。"), field="note")
    message.handle(by.user_id, note.strip()[:200], now)
    log.note(message, AttemptEvent.HANDLED, now, by=by.name, detail=note)
    audit.record("message.handle", "message", message.id, by=by, now=now, division_code=message.division_code,
                 reason=note[:200])  # fmt: skip
    return message


def opt_out(number: str, *, how: str, reason: str = "", by: Actor, now: datetime) -> OptOut:
    """This number gets no more texts. Saying it twice changes nothing."""
    index = _index(number)
    statement = select(OptOut).where(OptOut.to_index == index, OptOut.ended_at.is_(None))
    live = db.session.scalars(statement).one_or_none()
    if live is None:
        live = OptOut(to_index=index, at=now, how=how, by_id=by.user_id, reason=reason.strip()[:200])
        db.session.add(live)
        db.session.flush()
        audit.record("message.opt_out", "opt_out", live.id, by=by, now=now, reason=reason[:200])
    return live


def opt_in(number: str, *, by: Actor, now: datetime) -> None:
    """This number gets texts again."""
    statement = select(OptOut).where(OptOut.to_index == _index(number), OptOut.ended_at.is_(None))
    live = db.session.scalars(statement.with_for_update()).one_or_none()
    if live is not None:
        live.ended_at, live.ended_by_id = now, by.user_id
        audit.record("message.opt_in", "opt_out", live.id, by=by, now=now)


def _index(number: str) -> str:
    normal = phones.normalise(number)
    if normal is None:
        raise Refusal(_("这不像一个电话号码。"), field="number")
    return phone_index(normal)


def look(message_id: uuid.UUID, division_code: str, *, by: Actor, now: datetime) -> None:
    """Somebody read a text and where it went: personal data, so it is written down."""
    audit.record("message.show", "message", message_id, by=by, now=now, division_code=division_code)


def look_at_phone(senior_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Somebody looked at the screen of a senior's sandbox phone."""
    audit.record("phone.show", "senior", senior_id, by=by, now=now)


def close_breaker(provider: str, *, reason: str, by: Actor, now: datetime) -> None:
    """Let everybody send again, on a person's word."""
    if not reason.strip():
        raise Refusal(_("请写明问题是怎么解决的。"), field="reason")
    reaches_all = by.scope(Permission.MESSAGE_HANDLE).holds_division(CITY)
    if not reaches_all or db.session.get(Breaker, provider) is None:
        raise NotFound("")
    breaker.close(provider, now)
    audit.record("message.close_breaker", "breaker", provider, by=by, now=now, reason=reason[:200])
