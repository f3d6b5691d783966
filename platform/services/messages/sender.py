"""Sending: claim in one transaction, call with no connection held, settle in another.

An edge of its own, like a request or a tick: the only module of services that opens transactions, because a call to
the world outside must stand between two of them.
"""

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.sending import TERMS, Terms, boot_clock
from domain.times import utc_now
from extensions import database_now, db, unit_of_work
from gateways.sms import Answer, Doubt, SmsGateway, Unreachable, open_gateway
from models import Breaker, BreakerState, Purpose, SenderBucket
from settings import Settings

from . import claims, doubts, outbox, receipts, settling
from .claims import Claim, Wait

_log = logging.getLogger("yannian.messages")


def new_owner() -> str:
    """A name for this process among all senders."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:6]}"


def sender_of(settings: Settings, **changes: Any) -> "Sender":
    """The sender an installation's settings describe."""
    terms = replace(TERMS, per_second=settings.sms_per_second, burst=max(1.0, settings.sms_per_second))
    gateway = open_gateway(
        settings.sms_gateway,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        sender=settings.sms_sender,
        sandbox_url=settings.sandbox_url,
        terms=terms,
    )
    return Sender(gateway=gateway, callback_base=settings.public_url, terms=terms, **changes)


@dataclass(slots=True)
class Sender:
    """One process's hands: a gateway, its terms, and when to stop."""

    gateway: SmsGateway
    callback_base: str
    terms: Terms = TERMS
    owner: str = field(default_factory=new_owner)
    should_stop: Callable[[], bool] = lambda: False
    clock: Callable[[], datetime] = database_now

    def prepare(self) -> None:
        """The rows all senders share; made once, whoever comes first."""
        with unit_of_work() as uow:
            now = utc_now()
            insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
            bucket = {"sender": self.gateway.sender, "tokens": self.terms.burst, "filled_at": now}
            breaker = {
                "provider": self.gateway.name, "state": BreakerState.CLOSED, "failures": 0, "openings": 0,
                "reason": "", "changed_at": now,
            }  # fmt: skip
            uow.session.execute(insert(SenderBucket).values(bucket).on_conflict_do_nothing())
            uow.session.execute(insert(Breaker).values(breaker).on_conflict_do_nothing())

    def plan(self) -> int:
        """Plan whatever the day asks for; returns how many subjects."""
        planned = 0
        for purpose in outbox.PLANNED:
            planned += self._plan(purpose)
        return planned

    def _plan(self, purpose: Purpose) -> int:
        planned, after = 0, None
        while not self.should_stop():
            with unit_of_work():
                found, after = outbox.plan(purpose, now=self.clock(), after=after)
            planned += found
            if after is None:
                break
        return planned

    def dispatch(self, *, seconds: float = 20.0) -> int:
        """Send what is due, until nothing is, or for so long; returns how many calls were made."""
        until = time.monotonic() + seconds
        sent = 0
        while not self.should_stop() and time.monotonic() < until:
            begun = boot_clock()
            taken = self._claim()
            if taken is None:
                break
            if isinstance(taken, Wait):
                if taken.seconds > min(1.0, until - time.monotonic()):
                    break
                time.sleep(taken.seconds)
                continue
            self.send(taken, begun)
            sent += 1
        return sent

    def _claim(self) -> Claim | Wait | None:
        with unit_of_work():
            return claims.claim(
                owner=self.owner,
                provider=self.gateway.name,
                sender=self.gateway.sender,
                callback_base=self.callback_base,
                terms=self.terms,
                now=self.clock(),
            )

    def send(self, claim: Claim, begun: float) -> None:
        """Call once and write down what came of it. `begun` is the boot clock from before the claim."""
        db.session.remove()
        started = time.monotonic()
        answer = self._call(claim, begun)
        milliseconds = int((time.monotonic() - started) * 1000)
        with unit_of_work():
            settling.settle(
                claim,
                answer,
                owner=self.owner,
                provider=self.gateway.name,
                milliseconds=milliseconds,
                terms=self.terms,
                now=self.clock(),
            )

    def _call(self, claim: Claim, begun: float) -> Answer:
        def may_send() -> bool:
            return boot_clock() - begun < self.terms.guard_s

        try:
            return self.gateway.send(claim.text, may_send=may_send)
        except Exception as error:  # noqa: BLE001  whatever it was, the text may have gone out
            _log.exception("the gateway raised for message %s", claim.message_id)
            return Doubt(type(error).__name__[:20])

    def settle_doubts(self) -> int:
        """Reap leases that ran out, and ask about what is in doubt; returns how many were asked about."""
        with unit_of_work():
            doubts.reap(now=self.clock(), terms=self.terms)
        with unit_of_work():
            found = doubts.questions(now=self.clock(), owner=self.owner, terms=self.terms)
        db.session.remove()
        for question in found:
            if self.should_stop():
                break
            try:
                seen = self.gateway.find(question.to, limit=doubts.SEEN)
            except Unreachable as error:
                _log.warning("cannot ask about message %s: %s", question.message_id, error)
                seen = None
            with unit_of_work():
                doubts.answer(question, seen, now=self.clock(), owner=self.owner, terms=self.terms)
        return len(found)

    def poll(self) -> int:
        """Ask about sent texts whose receipts stay away."""
        with unit_of_work():
            found = receipts.to_poll(now=self.clock(), terms=self.terms)
        db.session.remove()
        for message_id, sid in found:
            if self.should_stop():
                break
            try:
                seen = self.gateway.fetch(sid)
            except Unreachable:
                break
            with unit_of_work():
                receipts.polled(message_id, seen, now=self.clock())
        return len(found)

    def expire(self) -> int:
        """Drop what waited too long."""
        with unit_of_work():
            return doubts.expire(now=self.clock())
