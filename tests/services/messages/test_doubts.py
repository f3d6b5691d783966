"""Doubt: ask before sending again, adopt what the provider has, send again only what it surely has not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from extensions import db
from gateways.sms import Accepted, Doubt, Later, NotSent, Refused, SeenText
from models import AttemptEvent, Message, MessageAttempt, MessageStatus
from services.messages import claims, doubts, settling
from services.messages.claims import Claim
from tests.messages import QUICK, make_message, make_sender

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SID = "SM" + "a" * 32
OTHER = "SM" + "b" * 32
S = MessageStatus


class NoGateway:
    name, sender = "sandbox", "+8619900000000"


@pytest.fixture(autouse=True)
def _prepared(app):
    make_sender(NoGateway(), clock=lambda: NOW)


def claim(now=NOW) -> Claim:
    taken = claims.claim(
        owner="me", provider="sandbox", sender=NoGateway.sender, callback_base="https://x", terms=QUICK, now=now
    )
    assert isinstance(taken, Claim)
    return taken


def settle(taken, answer, now=NOW, terms=QUICK):
    settling.settle(taken, answer, owner="me", provider="sandbox", milliseconds=5, terms=terms, now=now)
    db.session.flush()


def in_doubt(**changes) -> Message:
    message = make_message(NOW, **changes)
    settle(claim(), Doubt("readtimeout"))
    assert message.status is S.UNKNOWN
    return message


def ask(now):
    (question,) = doubts.questions(now=now, owner="me", terms=QUICK)
    return question


def seen(message, sid=SID, **changes) -> SeenText:
    fields = {"sid": sid, "to": "+86" + message.to_number, "body": message.body, "direction": "outbound-api",
              "status": "sent", "code": "", "created_at": NOW}  # fmt: skip
    return SeenText(**(fields | changes))


AFTER = NOW + timedelta(seconds=QUICK.settle_s + 1)


@pytest.mark.parametrize(
    ("answer", "status", "attempts"),
    [
        (Accepted(SID, "queued"), S.SENT, 1),
        (Refused("21211"), S.FAILED, 1),
        (Later("20429", after_s=3), S.PENDING, 1),
        (Later("20003", trips=True), S.PENDING, 0),
        (NotSent(), S.PENDING, 0),
        (Doubt("x"), S.UNKNOWN, 1),
    ],
)
def test_each_answer_has_its_move(answer, status, attempts):
    message = make_message(NOW)
    settle(claim(), answer)
    assert (message.status, message.attempts) == (status, attempts)


def test_retry_after_is_kept_and_the_last_attempt_goes_to_a_person():
    message = make_message(NOW)
    settle(claim(), Later("30001", after_s=60))
    assert message.next_at >= NOW + timedelta(seconds=60)
    for _attempt in range(QUICK.attempts - 1):
        settle(claim(message.next_at), Later("30001"), message.next_at)
    assert (message.status, message.code) == (S.DEAD, "30001")


def test_an_outage_kills_no_text():
    message = make_message(NOW)
    for _attempt in range(QUICK.attempts * 2):
        settle(claim(message.next_at), Later("20429", after_s=1, counts=False), message.next_at)
    assert message.status is S.PENDING


def test_a_lease_that_ran_out_is_doubt_never_pending():
    message = make_message(NOW)
    claim()
    assert doubts.reap(now=NOW + timedelta(seconds=QUICK.lease_s - 0.1), terms=QUICK) == 0
    assert doubts.reap(now=NOW + timedelta(seconds=QUICK.lease_s), terms=QUICK) == 1
    assert (message.status, message.code) == (S.UNKNOWN, "lease_over")


def test_what_the_provider_has_is_adopted():
    message = in_doubt()
    doubts.answer(ask(AFTER), [seen(message)], now=AFTER, owner="me", terms=QUICK)
    assert (message.status, message.sid) == (S.SENT, SID)


def test_what_it_has_not_is_sent_again_only_after_the_settle_window():
    message = in_doubt()
    soon = NOW + timedelta(seconds=QUICK.settle_s - 0.5)
    doubts.answer(ask(soon), [], now=AFTER, owner="me", terms=QUICK)
    assert message.status is S.UNKNOWN, "asked before the window ended, whenever the answer came"
    message.next_at = AFTER
    doubts.answer(ask(AFTER), [], now=AFTER, owner="me", terms=QUICK)
    assert message.status is S.PENDING


@pytest.mark.parametrize(
    "other",
    [{"body": "另一条"}, {"to": "+8619900009999"}, {"direction": "inbound"}, {"created_at": NOW - timedelta(days=3)}],
)
def test_another_text_is_not_adopted(other):
    message = in_doubt()
    doubts.answer(ask(AFTER), [seen(message, **other)], now=AFTER, owner="me", terms=QUICK)
    assert message.status is S.PENDING


def test_a_text_that_is_another_rows_is_not_adopted():
    first = make_message(NOW)
    settle(claim(), Accepted(SID, "queued"))
    message = in_doubt(body=first.body)
    doubts.answer(ask(AFTER), [seen(message)], now=AFTER, owner="me", terms=QUICK)
    assert (message.status, message.sid) == (S.PENDING, None)


def test_of_two_of_ours_the_older_is_adopted():
    message = in_doubt()
    newer = seen(message, OTHER, created_at=NOW + timedelta(seconds=5))
    doubts.answer(ask(AFTER), [newer, seen(message)], now=AFTER, owner="me", terms=QUICK)
    assert message.sid == SID


def test_while_nobody_can_be_asked_a_text_stays_in_doubt_and_then_a_person_looks():
    message = in_doubt(not_after=NOW + timedelta(hours=1))
    doubts.answer(ask(AFTER), None, now=AFTER, owner="me", terms=QUICK)
    assert message.status is S.UNKNOWN
    late = message.not_after + timedelta(seconds=QUICK.give_up_s)
    doubts.answer(ask(late), None, now=late, owner="me", terms=QUICK)
    assert (message.status, message.code) == (S.DEAD, "never_known")


def test_surely_not_sent_and_too_late_expires():
    message = in_doubt(not_after=NOW + timedelta(minutes=1))
    late = NOW + timedelta(minutes=2)
    doubts.answer(ask(late), [], now=late, owner="me", terms=QUICK)
    assert message.status is S.EXPIRED


def test_after_so_many_doubts_a_person_looks():
    message = make_message(NOW)
    now = NOW
    while message.status is not S.DEAD:
        settle(claim(now), Doubt("x"), now)
        now += timedelta(seconds=QUICK.settle_s + 1)
        doubts.answer(ask(now), [], now=now, owner="me", terms=QUICK)
        now = max(now, message.next_at)
        assert message.attempts <= QUICK.attempts
    assert message.attempts == QUICK.attempts


def test_an_answer_under_an_old_token_changes_nothing():
    message = in_doubt()
    stale = ask(AFTER)
    message.lease_until, message.next_at = AFTER, AFTER
    db.session.flush()
    fresh = ask(AFTER)
    doubts.answer(stale, [], now=AFTER, owner="me", terms=QUICK)
    assert message.status is S.UNKNOWN
    doubts.answer(fresh, [seen(message)], now=AFTER, owner="you", terms=QUICK)
    assert message.status is S.SENT


def test_an_acceptance_that_comes_after_the_lease_is_still_knowledge():
    message = make_message(NOW)
    taken = claim()
    doubts.reap(now=NOW + timedelta(minutes=5), terms=QUICK)
    settle(taken, Accepted(SID, "queued"), NOW + timedelta(minutes=5))
    assert (message.status, message.sid) == (S.SENT, SID)


def test_any_other_answer_after_the_lease_changes_nothing():
    message = make_message(NOW)
    taken = claim()
    doubts.reap(now=NOW + timedelta(minutes=5), terms=QUICK)
    settle(taken, Refused("21211"), NOW + timedelta(minutes=5))
    assert message.status is S.UNKNOWN


def test_every_step_is_written_down():
    message = in_doubt()
    doubts.answer(ask(AFTER), [], now=AFTER, owner="me", terms=QUICK)
    db.session.flush()
    events = db.session.scalars(
        db.select(MessageAttempt.event).where(MessageAttempt.message_id == message.id).order_by(MessageAttempt.id)
    )
    assert list(events) == [AttemptEvent.CLAIMED, AttemptEvent.DOUBT, AttemptEvent.ABSENT]


def test_terms_that_cannot_fit_are_refused():
    with pytest.raises(ValueError, match="lease"):
        replace(QUICK, lease_s=0.5)
