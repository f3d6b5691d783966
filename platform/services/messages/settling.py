"""After the call: what the provider said, written down under the fencing token of the claim."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import select

from domain.sending import Terms
from extensions import db
from gateways.sms import Accepted, Answer, Doubt, Later, NotSent, Refused
from models import AttemptEvent, Message, MessageStatus

from . import breaker, log
from .claims import Claim

_log = logging.getLogger("yannian.messages")


def settle(
    claim: Claim, answer: Answer, *, owner: str, provider: str, milliseconds: int, terms: Terms, now: datetime
) -> None:
    """Move the row by `answer`, if it is still this claim's; say so in the log either way."""
    statement = select(Message).where(Message.id == claim.message_id).with_for_update()
    message = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if message is None:
        return
    _tell_breaker(answer, provider, terms, now)
    if message.token == claim.token and message.status is MessageStatus.SENDING:
        _move(message, answer, owner, milliseconds, terms, now)
    else:
        _too_late(message, claim, answer, owner, terms, now)


def _tell_breaker(answer: Answer, provider: str, terms: Terms, now: datetime) -> None:
    match answer:
        case Accepted() | Refused():
            breaker.succeeded(provider, now)
        case Later(code=code, trips=True):
            breaker.failed(provider, code, terms=terms, now=now, at_once=True)
        case Later(code=code, counts=False, after_s=None) | Doubt(code=code):
            breaker.failed(provider, code, terms=terms, now=now)


def _move(message: Message, answer: Answer, owner: str, milliseconds: int, terms: Terms, now: datetime) -> None:
    match answer:
        case Accepted(sid=sid, status=status):
            message.accepted(sid, now, now + timedelta(seconds=terms.poll_after_s[0]))
            log.note(message, AttemptEvent.ACCEPTED, now, by=owner, code=status[:20], milliseconds=milliseconds)
        case Refused(code=code, detail=detail):
            message.refused(code, now)
            log.note(message, AttemptEvent.REFUSED, now, by=owner, code=code, detail=detail, milliseconds=milliseconds)
        case Later(code=code, detail=detail, after_s=after):
            log.note(message, AttemptEvent.LATER, now, by=owner, code=code, detail=detail, milliseconds=milliseconds)
            wait = timedelta(seconds=(after or 0.0) + terms.backoff(message.attempts))
            if answer.trips:
                message.release(now + wait)
            elif answer.counts and message.attempts >= terms.attempts:
                message.die(code, now)
            else:
                message.retry(code, now + wait)
        case NotSent(detail=detail):
            log.note(message, AttemptEvent.RELEASED, now, by=owner, detail=detail)
            message.release(now)
        case Doubt(code=code, detail=detail):
            message.doubt(code, now, now + timedelta(seconds=terms.first_ask_s))
            log.note(message, AttemptEvent.DOUBT, now, by=owner, code=code, detail=detail, milliseconds=milliseconds)


def _too_late(message: Message, claim: Claim, answer: Answer, owner: str, terms: Terms, now: datetime) -> None:
    """The lease was gone when the answer came. An acceptance is still knowledge; anything else changes nothing."""
    if not isinstance(answer, Accepted):
        return
    if message.sid is None and message.status is MessageStatus.UNKNOWN and message.attempts == claim.attempt:
        message.accepted(answer.sid, now, now + timedelta(seconds=terms.poll_after_s[0]))
        log.note(message, AttemptEvent.ADOPTED, now, by=owner, detail="the answer came after the lease")
    elif message.sid != answer.sid:
        log.note(message, AttemptEvent.ACCEPTED, now, by=owner, code="second_sid", detail=answer.sid)
        _log.error("message %s was accepted as %s beside %s", message.id, answer.sid, message.sid)
