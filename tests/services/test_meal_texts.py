"""A booking is confirmed by a text, a change is told, and a text about a cancelled portion is not sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from extensions import db
from models import Consent, Handover, Message, MessageStatus, Purpose
from policy import SYSTEM
from services import bookings, messages
from tests.factories import make_canteen, make_dish, make_senior, make_service

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def booking(app):
    senior = make_senior(phones=["13800001234"])
    db.session.add(Consent(senior_id=senior.id, kind="texts", given_on=date(2026, 1, 1)))
    canteen = make_canteen(name="河庄坪老年食堂")
    dish = make_dish(canteen)
    service = make_service(canteen, TOMORROW, dish)
    return bookings.book(senior_id=senior.id, service_id=service.id, dish_id=dish.id, by=SYSTEM, now=NOW)


def texts(purpose: Purpose) -> list[Message]:
    messages.plan(purpose, now=NOW + timedelta(minutes=1))
    db.session.flush()
    return list(db.session.scalars(select(Message).where(Message.purpose == purpose)))


def send(text: Message) -> None:
    """As if the provider had taken it."""
    text.status, text.sid, text.sent_at = MessageStatus.SENT, f"SM{text.id.hex}", NOW
    db.session.flush()


def test_a_booking_is_confirmed_once(booking):
    assert len(texts(Purpose.MEAL_BOOKED)) == 1
    (text,) = texts(Purpose.MEAL_BOOKED)
    assert text.status is MessageStatus.PENDING
    for word in ("明天", "午餐", "河庄坪老年食堂"):
        assert word in text.body


def test_a_text_that_waits_dies_with_its_booking(booking):
    (text,) = texts(Purpose.MEAL_BOOKED)
    bookings.cancel(booking.id, by=SYSTEM, now=NOW + timedelta(minutes=2))
    db.session.flush()
    assert text.status is MessageStatus.CANCELLED


def test_a_text_that_is_out_is_followed_by_the_cancellation(booking):
    (text,) = texts(Purpose.MEAL_BOOKED)
    send(text)
    bookings.cancel(booking.id, by=SYSTEM, now=NOW + timedelta(seconds=30))
    assert len(texts(Purpose.MEAL_CANCELLED)) == 1


def test_another_way_of_getting_it_is_told(booking):
    (text,) = texts(Purpose.MEAL_BOOKED)
    send(text)
    bookings.change(
        booking.id, dish_id=booking.dish_id, handover=Handover.DELIVERY, by=SYSTEM, now=NOW + timedelta(seconds=30)
    )
    assert len(texts(Purpose.MEAL_CHANGED)) == 1
