"""One text, from the claim to the provider and back; a small sample of what `make faults` does at length."""

import time

import pytest

from domain.times import utc_now
from extensions import db
from models import Message, MessageStatus
from services.messages import sender as senders
from tests.messages import make_gateway, make_message, make_sender, open_sandbox

pytestmark = pytest.mark.server


@pytest.fixture
def sandbox():
    server = open_sandbox(hang_s=0.9, late_s=0.4)
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _broad_daylight(monkeypatch):
    monkeypatch.setattr("services.messages.claims.quiet_until", lambda *_given: None)


def work_until_settled(sender) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        sender.dispatch(seconds=0.5)
        sender.settle_doubts()
        states = set(db.session.scalars(db.select(Message.status).where(Message.resend_number > 0)))
        db.session.rollback()
        if states <= {MessageStatus.SENT}:
            return
        time.sleep(0.05)


def test_a_due_text_goes_out_once(app, sandbox):
    make_message(utc_now())
    db.session.commit()
    sender = make_sender(make_gateway(sandbox.url))
    assert sender.dispatch() == 1
    assert sender.dispatch() == 0
    sent = db.session.scalars(db.select(Message).where(Message.sid.is_not(None))).one()
    assert sent.status is MessageStatus.SENT
    assert list(sandbox.state.counts().values()) == [1]


@pytest.mark.parametrize("fault", ["500_after", "reset_before", "late_accept"])
def test_a_doubtful_answer_is_asked_about_and_the_text_goes_out_once(app, sandbox, fault):
    sandbox.faults.rates = {fault: 1.0}
    make_message(utc_now())
    db.session.commit()
    sender = make_sender(make_gateway(sandbox.url))
    assert sender.dispatch() == 1
    sandbox.faults.rates = {}
    work_until_settled(sender)
    time.sleep(0.5)
    assert list(sandbox.state.counts().values()) == [1]


def test_a_sender_that_was_away_beyond_its_lease_does_not_call(app, sandbox, monkeypatch):
    make_message(utc_now())
    db.session.commit()
    sender = make_sender(make_gateway(sandbox.url))
    long_ago = senders.boot_clock() - sender.terms.guard_s
    claim = sender._claim()
    sender.send(claim, long_ago)
    assert not sandbox.state.counts()
    message = db.session.scalars(db.select(Message).where(Message.resend_number > 0)).one()
    assert (message.status, message.attempts) == (MessageStatus.PENDING, 0)


def test_a_gateway_that_raises_leaves_a_doubt_not_a_second_text(app):
    class Broken:
        name, sender = "sandbox", "+8619900000000"

        def send(self, text, *, may_send):
            raise RuntimeError("a defect")

    make_message(utc_now())
    db.session.commit()
    make_sender(Broken()).dispatch(seconds=0.2)
    message = db.session.scalars(db.select(Message).where(Message.resend_number > 0)).one()
    assert message.status is MessageStatus.UNKNOWN


def test_no_connection_is_held_while_the_provider_is_called(app):
    held = []

    class Slow:
        name, sender = "sandbox", "+8619900000000"

        def send(self, text, *, may_send):
            held.append(db.engine.pool.checkedout())
            raise RuntimeError

    make_message(utc_now())
    db.session.commit()
    make_sender(Slow()).dispatch(seconds=0.2)
    assert held == [0]
