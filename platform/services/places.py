"""The places of a meal service, counted up and down, and the portions that take them.

The service's row is the lock of everything here: who changes its counter first goes first.
"""

import uuid
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import NotFound
from extensions import db
from models import BookingStatus, Handover, MealBooking, MealService, MealServiceStatus, Senior
from models.meal import LIVE
from policy import Actor
from queries import portions
from queries.portions import ServiceLine

from . import audit, booking_checks
from .offers import Offer


def service_line(service_id: uuid.UUID) -> ServiceLine:
    service = portions.of_service(service_id)
    if service is None:
        raise NotFound("")
    return service


def refuse_second_portion(senior: Senior, service: ServiceLine, now: datetime) -> None:
    statement = select(MealBooking).where(
        MealBooking.senior_id == senior.id, MealBooking.on == service.on, MealBooking.meal == service.meal,
        MealBooking.status.in_(LIVE),
    )  # fmt: skip
    if db.session.scalars(statement).first() is not None:
        raise booking_checks.second_portion(senior, service, now)


def count(service_id: uuid.UUID, by: int, *conditions: ColumnElement[bool]) -> Update:
    return update(MealService).where(MealService.id == service_id, *conditions).values(booked=MealService.booked + by)


def still_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return MealService.status == MealServiceStatus.OPEN, MealService.cut_off_at > now


def is_changed(statement: Update) -> bool:
    """Whether the statement met exactly the row it was meant for."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount == 1


def terms(senior: Senior, offer: Offer, handover: Handover) -> dict[str, Any]:
    """What a booking remembers of the moment: dish, money and rule, and the person's diets."""
    return {
        "dish_id": offer.dish.id,
        "handover": handover,
        "price_fen": offer.price_fen,
        "subsidy_fen": offer.subsidy.amount_fen,
        "self_fen": offer.self_fen,
        "rule_id": offer.rule_id,
        "subsidy_line": offer.subsidy.line,
        "diets": list(senior.diets),
        "allergens": list(senior.allergens),
        "diet_note": senior.diet_note,
        "is_diet_waived": bool(offer.unsuited),
    }


def insert(
    senior: Senior,
    service: ServiceLine,
    offer: Offer,
    handover: Handover,
    *,
    status: BookingStatus = BookingStatus.BOOKED,
    channel: str,
    by: Actor,
    now: datetime,
) -> MealBooking:
    """The portion for a place that was taken. Where another request was faster, the unique index says so."""
    booking = MealBooking(
        service_id=service.id, senior_id=senior.id, on=service.on, meal=service.meal, channel=channel, status=status,
        booked_at=now, created_at=now, booked_by_id=by.user_id, **terms(senior, offer, handover),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(booking)
    except IntegrityError:
        db.session.execute(count(service.id, -1))
        raise booking_checks.second_portion(senior, service, now) from None
    return booking


def write_down(
    act: str, booking: MealBooking, senior: Senior, by: Actor, now: datetime, changes: dict[str, Any], reason: str = ""
) -> None:
    audit.record(
        act, "booking", booking.id, by=by, now=now, division_code=senior.residence_code, reason=reason, changes=changes
    )
