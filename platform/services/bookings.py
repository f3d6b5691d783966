"""订餐: booking, changing and cancelling one portion for one senior.

The row of the meal service is the lock: every step first counts a place up or down with a conditional UPDATE, so
two families, or a family and the cut-off, never pass each other; the partial unique index keeps one portion each.
"""

import uuid
from datetime import datetime

from sqlalchemy import Update, select, update

from domain.errors import NotFound
from domain.meals import MealRefused, Obstacle
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import BookingStatus, Handover, MealBooking, MealService, Senior, SubjectType
from policy import Actor, Permission, reach
from queries.portions import ServiceLine

from . import booking_checks, messages, offers, places


def book(
    *,
    senior_id: uuid.UUID,
    service_id: uuid.UUID,
    dish_id: uuid.UUID,
    handover: Handover = Handover.DINE_IN,
    is_diet_waived: bool = False,
    channel: str = "page",
    by: Actor,
    now: datetime,
) -> MealBooking:
    """One portion for one senior. Refuses with the reason and the nearest portion that can be had."""
    senior = offers.senior_for(senior_id, by=by, now=now)
    service = places.service_line(service_id)
    booking_checks.check_day(senior, service, now=now)
    places.refuse_second_portion(senior, service, now)
    booking_checks.check_open(senior, service, like=dish_id, now=now)
    offer = booking_checks.check_dish(senior, service, dish_id, handover, is_diet_waived=is_diet_waived, now=now)
    _take_place(senior, service, now)
    booking = places.insert(senior, service, offer, handover, channel=channel, by=by, now=now)
    places.write_down("booking.create", booking, senior, by, now, {"dish": [None, offer.dish.name]})
    return booking


def change(
    booking_id: uuid.UUID,
    *,
    service_id: uuid.UUID | None = None,
    dish_id: uuid.UUID,
    handover: Handover,
    is_diet_waived: bool = False,
    by: Actor,
    now: datetime,
) -> MealBooking:
    """Another dish, another way of getting it, or another canteen for the same meal; priced anew."""
    booking = booking_for(booking_id, by=by, now=now)
    senior = offers.senior_for(booking.senior_id, by=by, now=now)
    old = places.service_line(booking.service_id)
    _refuse_unless_changeable(booking, old, now)
    service = old if service_id in {None, old.id} else places.service_line(service_id or old.id)
    if (service.on, service.meal) != (old.on, old.meal):
        raise NotFound("")
    booking_checks.check_day(senior, service, now=now)
    if service is not old:
        booking_checks.check_open(senior, service, like=dish_id, now=now)
    offer = booking_checks.check_dish(senior, service, dish_id, handover, is_diet_waived=is_diet_waived, now=now)
    _exchange_place(senior, old, service, now)
    before = {"dish_id": str(booking.dish_id), "handover": str(booking.handover), "service_id": str(booking.service_id)}
    if not places.is_changed(
        _if_booked(booking).values(service_id=service.id, **places.terms(senior, offer, handover))
    ):
        _refuse_unless_changeable(booking_for(booking_id, by=by, now=now), old, now)
    db.session.refresh(booking)
    after = {"dish_id": str(dish_id), "handover": str(handover), "service_id": str(service.id)}
    places.write_down("booking.change", booking, senior, by, now, {
        key: [before[key], after[key]] for key in before if before[key] != after[key]
    })  # fmt: skip
    return booking


def cancel(booking_id: uuid.UUID, *, reason: str = "", by: Actor, now: datetime) -> MealBooking:
    """Give the portion back, before the cut-off. Cancelling twice changes nothing."""
    booking = booking_for(booking_id, by=by, now=now)
    if booking.status is BookingStatus.CANCELLED:
        return booking
    service = places.service_line(booking.service_id)
    _refuse_unless_changeable(booking, service, now)
    senior = db.session.get_one(Senior, booking.senior_id)
    _give_place_back(service, now)
    was_booked = places.is_changed(
        _if_booked(booking).values(status=BookingStatus.CANCELLED, cancelled_at=now, cancel_reason=reason.strip())
    )
    db.session.refresh(booking)
    if not was_booked:  # somebody else was faster: the place must not be given back twice
        db.session.execute(places.count(service.id, +1))
        return booking
    messages.withdraw(SubjectType.BOOKING, booking.id, now=now)
    places.write_down("booking.cancel", booking, senior, by, now, {"status": ["booked", "cancelled"]}, reason)
    return booking


def restore(booking_id: uuid.UUID, *, by: Actor, now: datetime) -> MealBooking:
    """Undo a cancellation: the same portion again, if it can still be had."""
    gone = booking_for(booking_id, by=by, now=now)
    if gone.status is not BookingStatus.CANCELLED:
        return gone
    return book(
        senior_id=gone.senior_id, service_id=gone.service_id, dish_id=gone.dish_id, handover=gone.handover,
        is_diet_waived=gone.is_diet_waived, channel=gone.channel, by=by, now=now,
    )  # fmt: skip


def booking_for(booking_id: uuid.UUID, *, by: Actor, now: datetime) -> MealBooking:
    """A portion the actor may change, read afresh; NotFound outside the scope."""
    mine = reach.bookings(by.scope(Permission.MEAL_BOOK), local_day(now))
    statement = select(MealBooking).where(MealBooking.id == booking_id, mine)
    booking = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if booking is None:
        raise NotFound("")
    return booking


def _refuse_unless_changeable(booking: MealBooking, service: ServiceLine, now: datetime) -> None:
    """Only a booked portion, only before the cut-off; afterwards the kitchen has counted it."""
    if booking.status is BookingStatus.BOOKED and not service.is_past_cut_off(now):
        return
    if booking.status is BookingStatus.CANCELLED:
        raise MealRefused(_("这份餐已经取消了。"), Obstacle.NOT_YOURS_TO_CHANGE, suggestion=_("可以重新订一份。"))
    if booking.status in {BookingStatus.SERVED, BookingStatus.NO_SHOW, BookingStatus.FAILED}:
        raise MealRefused(_("这份餐已经登记了结果，不能再改。"), Obstacle.NOT_YOURS_TO_CHANGE)
    raise booking_checks.counted(service, now)


def _take_place(senior: Senior, service: ServiceLine, now: datetime) -> None:
    """Count a place up, or refuse by what the service says now."""
    if not places.is_changed(
        places.count(service.id, +1, MealService.booked < MealService.capacity, *places.still_open(now))
    ):
        booking_checks.check_open(senior, places.service_line(service.id), now=now)
        raise booking_checks.full(senior, service, now)


def _give_place_back(service: ServiceLine, now: datetime) -> None:
    if not places.is_changed(places.count(service.id, -1, MealService.booked > 0, *places.still_open(now))):
        raise booking_checks.too_late(None, service, now)


def _exchange_place(senior: Senior, old: ServiceLine, new: ServiceLine, now: datetime) -> None:
    """Lock the service rows in the order of their ids, so that two exchanges cannot wait for each other."""
    if old is new:
        if not places.is_changed(places.count(old.id, 0, *places.still_open(now))):
            raise booking_checks.too_late(senior, old, now)
        return
    for service in sorted((old, new), key=lambda one: one.id):
        if service is old:
            _give_place_back(old, now)
        else:
            _take_place(senior, new, now)


def _if_booked(booking: MealBooking) -> Update:
    return update(MealBooking).where(MealBooking.id == booking.id, MealBooking.status == BookingStatus.BOOKED)
