"""After the cut-off: the kitchen has its count, and the counter still takes who turns up and lets go who has called.

The frozen count is never touched; these portions stand apart beside it.
"""

import uuid
from datetime import datetime

from sqlalchemy import update

from domain.errors import NotFound, Refusal
from domain.meals import MealRefused, Obstacle
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import BookingStatus, Handover, MealBooking, MealService, MealServiceStatus, SubjectType
from policy import Actor, Permission
from queries.portions import ServiceLine

from . import audit, booking_checks, messages, offers, places, servings


def add(
    *,
    senior_id: uuid.UUID,
    service_id: uuid.UUID,
    dish_id: uuid.UUID,
    handover: Handover = Handover.DINE_IN,
    is_diet_waived: bool = False,
    by: Actor,
    now: datetime,
) -> MealBooking:
    """A portion for who turns up unbooked on the day, if the kitchen has one to spare."""
    senior = offers.senior_for(senior_id, by=by, now=now)
    service = places.service_line(service_id)
    if not may_add(service, by=by, now=now):
        raise NotFound("")
    booking_checks.check_day(senior, service, now=now)
    places.refuse_second_portion(senior, service, now)
    offer = booking_checks.check_dish(senior, service, dish_id, handover, is_diet_waived=is_diet_waived, now=now)
    is_spare = (MealService.booked < MealService.capacity, MealService.status == MealServiceStatus.CLOSED)
    if not places.is_changed(places.count(service.id, +1, *is_spare)):
        raise MealRefused(_("厨房没有多余的份数了。"), Obstacle.FULL)
    booking = places.insert(
        senior, service, offer, handover, status=BookingStatus.LOCKED, channel="canteen", by=by, now=now
    )
    places.write_down("booking.add_late", booking, senior, by, now, {"dish": [None, offer.dish.name]})
    return booking


def may_add(service: ServiceLine, *, by: Actor, now: datetime) -> bool:
    """Whether the actor stands at this canteen's counter, on the day, with the count frozen."""
    if service.status is not MealServiceStatus.CLOSED or service.on != local_day(now) or service.is_shut:
        return False
    mine = by.scope(Permission.MEAL_SERVE)
    return service.canteen_id in mine.canteens or mine.holds_division(service.division_code)


def drop(booking_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> MealBooking:
    """After the cut-off somebody called: the portion is not wanted. The frozen count stays; the list shows it apart."""
    booking = servings.portion_at_counter(booking_id, by=by)
    if booking.status is BookingStatus.CANCELLED:
        return booking
    if booking.status is not BookingStatus.LOCKED:
        raise Refusal(_("只有已定数、还没有登记结果的餐可以这样取消。"))
    if not reason.strip():
        raise Refusal(_("请写明原因，比如“住院了”。"), field="reason")
    counted = update(MealService).where(MealService.id == booking.service_id, MealService.booked > 0)
    db.session.execute(counted.values(booked=MealService.booked - 1))
    booking.status, booking.cancelled_at, booking.cancel_reason = BookingStatus.CANCELLED, now, reason.strip()
    db.session.flush()
    messages.withdraw(SubjectType.BOOKING, booking.id, now=now)
    audit.record("booking.drop_late", "booking", booking.id, by=by, now=now, reason=reason,
                 changes={"status": ["locked", "cancelled"]})  # fmt: skip
    return booking
