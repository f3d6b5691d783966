"""The claim: the last look at live state, and never two senders with one text."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from domain.sending import Terms
from domain.times import at_minute
from extensions import database_now, db, unit_of_work
from models import (
    AttemptEvent,
    Breaker,
    BreakerState,
    Message,
    MessageAttempt,
    MessageStatus,
    MessageSubject,
    Purpose,
    SeniorPhone,
    SeniorStatus,
)
from models.keyring import phone_index
from policy import SYSTEM
from services.messages import breaker, claims, opt_in, opt_out, outbox, recheck
from services.messages.claims import Claim, Wait
from services.messages.sender import Sender
from tests.factories import make_status
from tests.messages import NUMBER, QUICK, make_message, make_published_visit, make_sender, make_texted_senior

DAY = date(2026, 11, 24)
EVE = DAY - timedelta(days=1)
AT_SIX = at_minute(EVE, 18 * 60)
S = MessageStatus


class NoGateway:
    """Nothing is ever sent."""

    name, sender = "sandbox", "+8619900000000"


@pytest.fixture
def sender(app) -> Sender:
    return make_sender(NoGateway(), clock=lambda: AT_SIX)


def claim(now=AT_SIX, terms: Terms = QUICK) -> Claim | Wait | None:
    return claims.claim(
        owner="me", provider="sandbox", sender=NoGateway.sender, callback_base="https://x", terms=terms, now=now
    )


def planned() -> Message:
    """The evening text about one visit, written at noon."""
    senior = make_texted_senior()
    make_published_visit(senior, DAY)
    outbox.plan(Purpose.VISIT_EVE, now=at_minute(EVE, 720))
    return db.session.scalars(db.select(Message)).one()


def visit_of(message: Message):
    from models import Visit

    subject = db.session.scalars(db.select(MessageSubject).where(MessageSubject.message_id == message.id)).one()
    return db.session.get_one(Visit, subject.subject_id)


def test_a_text_that_is_still_right_is_taken_under_lease(sender):
    message = planned()
    taken = claim()
    assert isinstance(taken, Claim)
    assert taken.text.to == "+86" + NUMBER
    assert taken.text.callback_url == f"https://x/webhooks/sms/status/{message.id}/{message.callback_token}"
    assert (message.status, message.owner, message.token) == (S.SENDING, "me", 1)
    assert message.lease_until == AT_SIX + timedelta(seconds=QUICK.lease_s)


def test_nothing_is_taken_before_it_is_due(sender):
    planned()
    assert claim(AT_SIX - timedelta(seconds=1)) is None


def _cancelled(message):
    visit_of(message).cancel("老人去女儿家")


def _moved_to_another_day(message):
    visit_of(message).on = DAY + timedelta(days=3)


def _in_hospital(message):
    make_status(_senior(message), SeniorStatus.IN_HOSPITAL, DAY)


def _reported_dead(message):
    make_status(_senior(message), SeniorStatus.DECEASED, EVE)


def _consent_withdrawn(message):
    db.session.execute(db.text("UPDATE consents SET withdrawn_on = '2026-11-23'"))


def _round_taken_back(message):
    db.session.execute(db.text("UPDATE proposals SET status = 'discarded'"))


def _senior(message):
    from models import Senior

    return db.session.get_one(Senior, message.senior_id)


@pytest.mark.parametrize(
    "happening",
    [_cancelled, _moved_to_another_day, _in_hospital, _reported_dead, _consent_withdrawn, _round_taken_back],
)
def test_what_live_state_no_longer_asks_for_is_dropped_and_may_be_planned_anew(sender, happening):
    message = planned()
    happening(message)
    db.session.flush()
    assert claim() is None
    assert (message.status, message.code) == (S.CANCELLED, "not_wanted")
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageSubject)) == 0


def test_a_changed_number_gets_the_text_and_the_old_one_does_not(sender):
    message = planned()
    phone = db.session.scalars(db.select(SeniorPhone)).one()
    phone.number, phone.number_index = "19900009999", phone_index("19900009999")
    db.session.flush()
    assert claim() is None
    assert (message.status, message.code) == (S.CANCELLED, "moved_number")
    outbox.plan(Purpose.VISIT_EVE, now=AT_SIX)
    taken = claim()
    assert isinstance(taken, Claim)
    assert taken.text.to == "+8619900009999"


def test_the_words_are_those_of_this_moment(sender):
    message = planned()
    db.session.execute(db.text("UPDATE stops SET start_minute = 840, arrive_minute = 840"))
    taken = claim()
    assert isinstance(taken, Claim)
    assert "下午2:00左右" in taken.text.body
    assert message.body_digest == outbox.digest_of(taken.text.body)


def test_an_opt_out_counts_until_it_is_taken_back(sender):
    message = planned()
    opt_out(NUMBER, how="phone", by=SYSTEM, now=AT_SIX)
    opt_out(NUMBER, how="page", by=SYSTEM, now=AT_SIX)
    assert claim() is None
    assert (message.status, message.code) == (S.CANCELLED, "opted_out")
    opt_in(NUMBER, by=SYSTEM, now=AT_SIX)
    make_message(AT_SIX)
    assert isinstance(claim(), Claim)


def test_in_quiet_hours_a_text_waits_for_their_end(sender):
    at_night = at_minute(EVE, 22 * 60)
    message = make_message(at_night)
    assert claim(at_night) is None
    assert (message.status, message.next_at) == (S.PENDING, at_minute(DAY, 480))


def test_too_late_is_not_sent(sender):
    message = make_message(AT_SIX - timedelta(hours=2), not_after=AT_SIX)
    assert claim() is None
    assert message.status is S.EXPIRED


def test_one_number_gets_so_many_texts_a_day_and_the_next_goes_to_a_person(sender):
    for number in range(recheck.DAILY_CAP):
        sent = make_message(AT_SIX, body=f"第{number}条")
        sent.claim("me", AT_SIX)
        sent.accepted(f"SM{number:032x}", AT_SIX, AT_SIX)
    message = make_message(AT_SIX, body="再一条")
    db.session.flush()
    assert claim() is None
    assert (message.status, message.code) == (S.DEAD, "daily_cap")


def test_a_twin_of_a_text_in_doubt_waits(sender):
    one, two = make_message(AT_SIX), make_message(AT_SIX)
    assert isinstance(claim(), Claim)
    assert claim() is None
    assert {one.status, two.status} == {S.SENDING, S.PENDING}


def test_the_rate_holds_for_all_senders_together(sender):
    terms = replace(QUICK, per_second=1.0, burst=2.0)
    db.session.execute(db.text("UPDATE sender_buckets SET tokens = 2"))
    for number in range(4):
        make_message(AT_SIX, body=f"第{number}条")
    taken = [claim(AT_SIX, terms) for _claim in range(3)]
    assert [type(one) for one in taken] == [Claim, Claim, Wait]
    assert 0 < taken[2].seconds <= 1
    assert isinstance(claim(AT_SIX + timedelta(seconds=1), terms), Claim)
    assert isinstance(claim(AT_SIX + timedelta(seconds=1), terms), Wait)


def test_an_open_circuit_holds_everybody_then_one_text_probes(sender):
    for number in range(3):
        make_message(AT_SIX, body=f"第{number}条")
    breaker.failed("sandbox", "20003", terms=QUICK, now=AT_SIX, at_once=True)
    db.session.flush()
    assert isinstance(claim(), Wait)
    later = AT_SIX + timedelta(seconds=QUICK.open_s)
    assert isinstance(claim(later), Claim)
    assert isinstance(claim(later), Wait)
    breaker.succeeded("sandbox", later)
    db.session.flush()
    assert isinstance(claim(later), Claim)


def test_a_probe_that_fails_opens_the_circuit_for_longer(sender):
    terms = replace(QUICK, open_s=10.0, open_cap_s=600.0)
    waits = []
    now = AT_SIX
    for _time in range(4):
        make_message(AT_SIX, body=f"第{_time}条", due_at=AT_SIX)
        breaker.failed("sandbox", "20003", terms=terms, now=now, at_once=True)
        db.session.flush()
        row = db.session.get_one(Breaker, "sandbox")
        assert row.until
        waits.append((row.until - now).total_seconds())
        now = row.until
        assert isinstance(claim(now, terms), Claim)
        assert row.state is BreakerState.PROBING
    assert waits == [10, 20, 40, 80]


def test_many_senders_at_once_claim_each_text_once(app: Flask):
    """Threads of one process here; the fault suite does it with processes and kills."""
    make_sender(NoGateway())
    with unit_of_work():
        now = database_now()
        for number in range(60):
            make_message(now, number=f"199{number:08d}", body=f"第{number}条")
    taken: list[Claim] = []
    failures: list[BaseException] = []

    def take() -> None:
        with app.app_context():
            try:
                while True:
                    with unit_of_work():
                        one = claim(database_now())
                    if not isinstance(one, Claim):
                        return
                    taken.append(one)
            except BaseException as error:  # noqa: BLE001  reported below
                failures.append(error)

    threads = [threading.Thread(target=take) for _sender in range(6)]
    original, claims.quiet_until = claims.quiet_until, lambda *_given: None
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        claims.quiet_until = original
    assert not failures
    assert len({one.message_id for one in taken}) == len(taken) == 60
    claimed = db.select(db.func.count()).where(MessageAttempt.event == AttemptEvent.CLAIMED)
    assert db.session.scalar(claimed) == 60


def test_many_planners_at_once_write_each_text_once(app: Flask):
    with unit_of_work():
        for number in range(12):
            make_published_visit(make_texted_senior(f"199{number:08d}"), DAY)
    failures: list[BaseException] = []

    def work() -> None:
        with app.app_context():
            try:
                for _time in range(3):
                    with unit_of_work():
                        outbox.plan(Purpose.VISIT_EVE, now=at_minute(EVE, 720))
            except BaseException as error:  # noqa: BLE001  reported below
                failures.append(error)

    threads = [threading.Thread(target=work) for _planner in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert db.session.scalar(db.select(db.func.count()).select_from(Message)) == 12
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageSubject)) == 12
