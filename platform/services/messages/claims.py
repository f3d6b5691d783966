"""Claiming one text to send: in one transaction, by one process, under a lease and a fencing token.

PostgreSQL: the row is locked with SKIP LOCKED. SQLite has no such lock and SQLAlchemy silently leaves it out; there
`unit_of_work` begins IMMEDIATE, so that claims come one after the other.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from domain.phones import e164
from domain.sending import Terms
from extensions import db
from gateways.sms import OutgoingText
from models import AttemptEvent, Message, MessageStatus

from . import breaker, log, rate
from .recheck import quiet_until, still_right

DROPS = 50
"""At most so many texts are dropped or put off on the way to one that may go."""
_EXPIRED = {"too_late"}
_A_PERSON = {"daily_cap"}


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one text once, until the lease ends."""

    message_id: uuid.UUID
    token: int
    attempt: int
    text: OutgoingText


@dataclass(frozen=True, slots=True)
class Wait:
    """Something is due, but may not go yet."""

    seconds: float


def claim(
    *, owner: str, provider: str, sender: str, callback_base: str, terms: Terms, now: datetime
) -> Claim | Wait | None:
    """The next text that is due and still right, None if there is none. Commit before calling the provider."""
    if wait := breaker.seconds_to_wait(provider, now):
        return Wait(wait)
    for _drop in range(DROPS):
        message = db.session.scalars(locked(_due(now))).one_or_none()
        if message is None:
            return None
        if not _may_go(message, now):
            continue
        wait = breaker.pass_through(provider, terms=terms, now=now) or rate.take(sender, terms=terms, now=now)
        if wait:
            return Wait(wait)
        taken = _take(message, owner, callback_base, terms, now)
        if taken is not None:
            return taken
    return Wait(0.0)


def locked(statement: Select[tuple[Message]]) -> Select[tuple[Message]]:
    """Passing over what another process holds."""
    return statement.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def _due(now: datetime) -> Select[tuple[Message]]:
    """The longest due, unless its twin (same number, same words) is in doubt."""
    twin = aliased(Message)
    in_doubt = exists().where(
        twin.to_index == Message.to_index,
        twin.body_digest == Message.body_digest,
        twin.status.in_((MessageStatus.SENDING, MessageStatus.UNKNOWN)),
    )
    return (
        select(Message)
        .where(Message.status == MessageStatus.PENDING, Message.next_at <= now, ~in_doubt)
        .order_by(Message.next_at, Message.id)
        .limit(1)
    )


def _may_go(message: Message, now: datetime) -> bool:
    """Whether it may; if not, it is dropped, put off, or given to a person, here and now."""
    end = quiet_until(message, now)
    if end is not None and now < message.not_after:
        message.next_at = end
        db.session.flush()
        return False
    reason = still_right(message, now)
    if not reason:
        return True
    log.note(message, AttemptEvent.DROPPED, now, code=reason)
    if reason in _EXPIRED:
        message.expire(now)
    elif reason in _A_PERSON:
        message.die(reason, now)
    else:
        message.cancel(reason, now)
    db.session.flush()
    return False


def _take(message: Message, owner: str, callback_base: str, terms: Terms, now: datetime) -> Claim | None:
    """Under lease; None if its twin was taken by somebody else in this very moment."""
    try:
        with db.session.begin_nested():
            token = message.claim(owner, now + timedelta(seconds=terms.lease_s))
            log.note(message, AttemptEvent.CLAIMED, now, by=owner)
            db.session.flush()
    except IntegrityError:
        db.session.refresh(message)
        message.next_at = now + timedelta(seconds=terms.ask_every_s)
        db.session.flush()
        return None
    address = f"{callback_base}/webhooks/sms/status/{message.id}/{message.callback_token}"
    text = OutgoingText(to=e164(message.to_number or ""), body=message.body, callback_url=address)
    return Claim(message.id, token, message.attempts, text)
