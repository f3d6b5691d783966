"""Called off: what waits dies with it, what is out is corrected, in the same transaction."""

from datetime import date, timedelta

import pytest

from domain.times import at_minute
from extensions import db
from models import Message, MessageStatus, MessageSubject, Purpose, SubjectType, Visit
from policy import SYSTEM
from services import visits
from services.messages import outbox, recheck, withdraw
from tests.factories import make_senior
from tests.messages import make_consent, make_contact, make_published_visit, make_texted_senior

DAY = date(2026, 11, 24)
EVE = DAY - timedelta(days=1)
NOON, SIX = at_minute(EVE, 720), at_minute(EVE, 1080)
S = MessageStatus


def planned() -> tuple[Visit, Message]:
    visit = make_published_visit(make_texted_senior(), DAY)
    outbox.plan(Purpose.VISIT_EVE, now=NOON)
    return visit, db.session.scalars(db.select(Message)).one()


def send(message: Message) -> None:
    message.claim("me", SIX + timedelta(minutes=2))
    message.accepted("SM" + "a" * 32, SIX, SIX)
    db.session.flush()


def corrections() -> list[Message]:
    return list(db.session.scalars(db.select(Message).where(Message.purpose == Purpose.VISIT_CANCELLED)))


def test_a_cancelled_visit_takes_its_waiting_text_with_it(app):
    visit, message = planned()
    visits.cancel(visit.id, reason="老人去女儿家", by=SYSTEM, now=NOON)
    assert (message.status, message.code) == (S.CANCELLED, "withdrawn")
    assert corrections() == []


@pytest.mark.parametrize("state", ["sending", "unknown", "sent"])
def test_what_is_out_or_may_be_is_corrected_once(app, state):
    visit, message = planned()
    message.claim("me", SIX + timedelta(minutes=2))
    if state == "unknown":
        message.doubt("x", SIX, SIX)
    if state == "sent":
        message.accepted("SM" + "a" * 32, SIX, SIX)
    db.session.flush()
    visits.cancel(visit.id, reason="老人去女儿家", by=SYSTEM, now=SIX)
    withdraw(SubjectType.VISIT, visit.id, now=SIX)
    (correction,) = corrections()
    assert "原定明天（11月24日周二）看望您的上门取消了" in correction.body
    assert correction.due_at == SIX


def test_a_visit_moved_to_another_day_is_corrected_and_told_anew(app):
    visit, message = planned()
    send(message)
    visits.move(visit.id, on=DAY + timedelta(days=2), window_from=510, window_to=1050, by=SYSTEM, now=SIX)
    assert len(corrections()) == 1


def test_a_correction_is_not_sent_if_the_visit_takes_place_after_all(app):
    visit, message = planned()
    send(message)
    visits.cancel(visit.id, reason="老人去女儿家", by=SYSTEM, now=SIX)
    visits.reopen(visit.id, by=SYSTEM, now=SIX)
    (correction,) = corrections()
    assert recheck.still_right(correction, SIX) == "not_wanted"


def test_at_night_a_correction_waits_for_the_morning(app):
    visit, message = planned()
    send(message)
    at_night = at_minute(EVE, 22 * 60)
    visits.cancel(visit.id, reason="老人去女儿家", by=SYSTEM, now=at_night)
    (correction,) = corrections()
    assert recheck.quiet_until(correction, at_night) == at_minute(DAY, 480)
    assert correction.not_after == at_minute(DAY, visit.window_to)


def test_a_text_about_two_people_goes_on_with_the_other(app):
    for name in ("张玉兰", "李建国"):
        senior = make_senior(name=name)
        make_consent(senior)
        make_contact(senior, "19900005555")
        make_published_visit(senior, DAY)
    outbox.plan(Purpose.VISIT_EVE, now=NOON)
    message = db.session.scalars(db.select(Message)).one()
    first = db.session.scalars(db.select(Visit).order_by(Visit.id)).first()
    assert first is not None
    visits.cancel(first.id, reason="老人去女儿家", by=SYSTEM, now=NOON)
    assert message.status is S.PENDING
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageSubject)) == 1


def test_a_cancelled_and_reopened_visit_is_planned_anew(app):
    visit, _message = planned()
    visits.cancel(visit.id, reason="老人去女儿家", by=SYSTEM, now=NOON)
    visits.reopen(visit.id, by=SYSTEM, now=NOON)
    outbox.plan(Purpose.VISIT_EVE, now=NOON)
    states = db.session.scalars(db.select(Message.status).order_by(Message.id))
    assert list(states) == [S.CANCELLED, S.PENDING]


def test_no_correction_about_the_past(app):
    visit, message = planned()
    send(message)
    withdraw(SubjectType.VISIT, visit.id, now=at_minute(DAY + timedelta(days=1), 600))
    assert corrections() == []
