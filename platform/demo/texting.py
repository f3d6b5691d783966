"""Texts: planned and sent at the moments they belong to, through the real client, to a sandbox that is running."""

import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.serving import make_server

from extensions import db, unit_of_work
from gateways.sms.sandbox import Sandbox
from models import Message, MessageStatus, SenderBucket
from services.messages.sender import Sender, sender_of
from settings import Settings

from .clock import RunningClock

_HANDS = 3
_RATE = 1_000.0
"""Texts a second to the sandbox: nobody's phone, so nobody's limit."""


def deliver(app: Flask, moment: datetime, *, begin: Callable[[int], None], tell: Callable[[int], None]) -> int:
    """Write what is to be told at `moment`, and send all of it with several hands; returns how many calls were made."""
    clock = RunningClock(moment)
    sender = _sender(app, clock)
    sender.prepare()
    _fill_bucket(sender, moment)
    sender.plan()
    begin(_pending(clock()))
    db.session.remove()
    with ThreadPoolExecutor(_HANDS) as hands:
        return sum(hands.map(lambda _hand: _send(app, _sender(app, clock), tell), range(_HANDS)))


def _sender(app: Flask, clock: RunningClock) -> Sender:
    sender = sender_of(app.extensions["settings"], clock=clock)
    sender.terms = replace(sender.terms, per_second=_RATE, burst=_RATE)
    return sender


def _send(app: Flask, sender: Sender, tell: Callable[[int], None]) -> int:
    sent = 0
    with app.app_context():
        while count := sender.dispatch(seconds=1.0):
            sent += count
            tell(count)
        db.session.remove()
    return sent


def _fill_bucket(sender: Sender, moment: datetime) -> None:
    """The moments of a replay lie before the clock the bucket was last filled by."""
    with unit_of_work() as uow:
        mine = SenderBucket.sender == sender.gateway.sender
        uow.session.execute(update(SenderBucket).where(mine).values(tokens=_RATE, filled_at=moment))


def _pending(moment: datetime) -> int:
    due = select(func.count()).where(Message.status == MessageStatus.PENDING, Message.next_at <= moment)
    return db.session.scalar(due) or 0


def by_state() -> dict[MessageStatus, int]:
    """How many texts are in each state."""
    statement = select(Message.status, func.count()).group_by(Message.status)
    return {MessageStatus(status): count for status, count in db.session.execute(statement).tuples()}


def wait_for_receipts(*, seconds: float) -> int:
    """Until every text that went out has its receipt, or for so long; returns how many still have none."""
    until = time.monotonic() + seconds
    while (left := by_state().get(MessageStatus.SENT, 0)) and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.3)
    return left


def answers(url: str) -> bool:
    """Whether anything answers at this address."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=3).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
    return True


@contextmanager
def surroundings(app: Flask, settings: Settings) -> Iterator[None]:
    """A sandbox, and somebody to take its receipts: those that are running, else our own for as long as this lasts."""
    sandbox = None
    web = None
    if not answers(settings.sandbox_url):
        port = urlsplit(settings.sandbox_url).port or 8001
        sandbox = Sandbox(account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_token, port=port,
                          path=Path(app.instance_path) / "sandbox.sqlite3")  # fmt: skip
        sandbox.start()
    if not answers(f"{settings.public_url}/healthz"):
        address = urlsplit(settings.public_url)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        web = make_server(address.hostname or "127.0.0.1", address.port or 8000, app, threaded=True)
        threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        if web is not None:
            web.shutdown()
        if sandbox is not None:
            sandbox.stop()
