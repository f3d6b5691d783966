"""The nightly audit: per number and words, the provider has exactly what rows say."""

from datetime import timedelta

import pytest

from domain.times import utc_now
from extensions import db
from models import Message
from services.messages import auditing
from tests.messages import make_gateway, make_message, open_sandbox

pytestmark = pytest.mark.server
NUMBER, BODY = "+8619900001234", "【延安养老】您好。"


@pytest.fixture
def sandbox(app):
    server = open_sandbox()
    yield server
    server.stop()


def sent(sid: str) -> Message:
    now = utc_now()
    message = make_message(now)
    message.claim("me", now + timedelta(minutes=2))
    message.accepted(sid, now, now)
    db.session.commit()
    return message


def compare(sandbox) -> auditing.Comparison:
    return auditing.compare(make_gateway(sandbox.url), hours=26)


def test_what_the_provider_has_once_is_in_order(sandbox):
    sent(sandbox.state.accept(NUMBER, "x", BODY, "").sid)
    found = compare(sandbox)
    assert (found.texts, found.numbers, found.lost, found.doubled) == (1, 1, [], [])


def test_what_it_does_not_have_is_lost(sandbox):
    message = sent("SM" + "a" * 32)
    assert compare(sandbox).lost == [message.id]


def test_what_it_has_beside_our_rows_is_doubled(sandbox):
    message = sent(sandbox.state.accept(NUMBER, "x", BODY, "").sid)
    sandbox.state.accept(NUMBER, "x", BODY, "")
    assert compare(sandbox).doubled == [message.id]


def test_two_rows_with_the_same_words_are_two_texts_not_a_doubled_one(sandbox):
    for _text in range(2):
        sent(sandbox.state.accept(NUMBER, "x", BODY, "").sid)
    found = compare(sandbox)
    assert (found.texts, found.numbers, found.doubled) == (2, 1, [])
