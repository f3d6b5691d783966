"""One text, from the claim to the provider and back."""

import pytest

from domain.times import utc_now
from extensions import db
from models import Message, MessageStatus
from tests.messages import make_gateway, make_message, make_sender, open_sandbox

pytestmark = pytest.mark.server


@pytest.fixture
def sandbox():
    server = open_sandbox()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _broad_daylight(monkeypatch):
    monkeypatch.setattr("services.messages.claims.quiet_until", lambda *_given: None)


def test_a_due_text_goes_out_once(app, sandbox):
    make_message(utc_now())
    db.session.commit()
    sender = make_sender(make_gateway(sandbox.url))
    assert sender.dispatch() == 1
    assert sender.dispatch() == 0
    sent = db.session.scalars(db.select(Message).where(Message.sid.is_not(None))).one()
    assert sent.status is MessageStatus.SENT
    assert list(sandbox.state.counts().values()) == [1]
