"""The state machine of a text: every move that is allowed, none that is not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from extensions import db
from models import AppendOnly, AttemptEvent, Message, MessageAttempt, MessageStatus, WrongMove
from tests.messages import make_message

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=2)
SID = "SM" + "a" * 32
S = MessageStatus

MOVES = {
    "claim": (lambda m: m.claim("me", LATER), {S.PENDING}),
    "release": (lambda m: m.release(NOW), {S.SENDING}),
    "retry": (lambda m: m.retry("20429", LATER), {S.SENDING}),
    "accepted": (lambda m: m.accepted(SID, NOW, LATER), {S.SENDING, S.UNKNOWN}),
    "refused": (lambda m: m.refused("21211", NOW), {S.SENDING}),
    "doubt": (lambda m: m.doubt("readtimeout", NOW, LATER), {S.SENDING}),
    "absent": (lambda m: m.absent(NOW), {S.UNKNOWN}),
    "cancel": (lambda m: m.cancel("withdrawn", NOW), {S.PENDING, S.DEAD}),
    "expire": (lambda m: m.expire(NOW), {S.PENDING, S.UNKNOWN}),
    "die": (lambda m: m.die("attempts", NOW), {S.PENDING, S.SENDING, S.UNKNOWN}),
}


def message_in(status: MessageStatus) -> Message:
    message = Message(status=status, token=0, attempts=1, rank=0)
    message.sid = SID if status in {S.SENT, S.DELIVERED, S.UNDELIVERED} else None
    return message


@pytest.mark.parametrize("status", list(S))
@pytest.mark.parametrize("name", MOVES)
def test_a_move_is_made_from_its_own_states_only(name, status):
    move, allowed = MOVES[name]
    message = message_in(status)
    if status in allowed:
        move(message)
        assert message.status is not status
    else:
        with pytest.raises(WrongMove):
            move(message)
        assert message.status is status


def test_a_claim_raises_the_token_and_counts_the_attempt():
    message = message_in(S.PENDING)
    assert message.claim("me", LATER) == 1
    assert (message.owner, message.lease_until, message.attempts) == ("me", LATER, 2)
    message.release(NOW)
    assert (message.owner, message.attempts) == (None, 1)
    assert message.claim("you", LATER) == 2


@pytest.mark.parametrize(
    ("words", "final"),
    [
        (["queued", "sent", "delivered"], S.DELIVERED),
        (["delivered", "sent", "queued"], S.DELIVERED),
        (["sent", "undelivered", "sent"], S.UNDELIVERED),
        (["undelivered", "delivered"], S.UNDELIVERED),
        (["delivered", "undelivered"], S.DELIVERED),
        (["delivered", "read"], S.DELIVERED),
        (["sent", "failed"], S.FAILED),
        (["nonsense"], S.SENT),
    ],
)
def test_receipts_only_move_up(words, final):
    message = message_in(S.SENT)
    for word in words:
        message.receipt(word, "", NOW)
    assert message.status is final


def test_a_receipt_changes_nothing_before_the_provider_has_the_text():
    message = message_in(S.PENDING)
    assert not message.receipt("delivered", "", NOW)
    assert message.status is S.PENDING


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": S.SENDING},
        {"status": S.UNKNOWN},
        {"status": S.SENT},
        {"status": S.PENDING, "to_number": None},
        {"segments": 9},
        {"not_after": NOW - timedelta(hours=1)},
    ],
)
def test_the_database_repeats_what_each_state_needs(app, wrong):
    message = make_message(NOW)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(update(Message).where(Message.id == message.id).values(**wrong))


def test_of_two_equal_texts_to_one_number_only_one_is_ever_in_doubt(app):
    one, two = make_message(NOW), make_message(NOW)
    one.claim("me", LATER)
    db.session.flush()
    two.claim("you", LATER)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_log_of_attempts_is_append_only(app):
    message = make_message(NOW)
    attempt = MessageAttempt(message_id=message.id, event=AttemptEvent.CLAIMED, at=NOW, attempt=1)
    db.session.add(attempt)
    db.session.flush()
    attempt.code = "changed"
    with pytest.raises(AppendOnly):
        db.session.flush()
    db.session.rollback()


def test_number_and_words_are_not_readable_in_the_database(app):
    message = make_message(NOW, body="【延安养老】张奶奶您好。")
    row = db.session.execute(db.text("SELECT to_number, body, to_index, body_digest FROM messages")).first()
    assert row is not None
    stored = b"".join(bytes(row[n]) for n in (0, 1)) + "".join(row[2:]).encode()
    assert message.to_number.encode() not in stored
    assert "张奶奶".encode() not in stored
