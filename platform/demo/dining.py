"""Meals: the county's diners book for the days around today, kitchens count, and yesterday's portions are eaten."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain.errors import Refusal
from domain.meals import distance_km
from extensions import db, unit_of_work
from models import BookingStatus, Canteen, Handover, Meal, MealBooking, MealService, Senior, SeniorStatus
from models.division import prefix_bounds
from policy import SYSTEM
from queries import portions
from services import bookings, kitchens, offers, servings

from .clock import Moments
from .dice import Dice
from .shape import HOME_COUNTY

DINERS = 0.34
"""The share of the home county's seniors who eat at a shared canteen."""
_AHEAD = ((-1, 0.8), (0, 1.0), (1, 0.5))
"""Days from today, and the share of diners who have booked for them by now."""
BROUGHT_KM = 10.0
"""Nobody orders a hot meal from further away."""
_MOST_DINERS = 1_500


@dataclass(frozen=True, slots=True)
class Order:
    """One portion somebody wants."""

    senior_id: uuid.UUID
    on: date
    at: datetime


def orders(moments: Moments) -> list[Order]:
    """Who wants lunch on which day, and when they say so: the day before, in the morning."""
    low, high = prefix_bounds(HOME_COUNTY)
    lives_here = Senior.residence_code >= low, Senior.residence_code < high
    statement = select(Senior.id).where(*lives_here, Senior.is_demo, Senior.status == SeniorStatus.ACTIVE)
    ids = db.session.scalars(statement.order_by(Senior.id)).all()
    diners = [one for number, one in enumerate(ids) if number < 2 or Dice("diner", one).happens(DINERS)]
    wanted = []
    for ahead, share in _AHEAD:
        on = moments.today + timedelta(days=ahead)
        at = moments.at(on - timedelta(days=1), 9, 30)
        has = set(db.session.scalars(select(MealBooking.senior_id).where(MealBooking.on == on)))
        wanted += [
            Order(one, on, at)
            for number, one in enumerate(diners[:_MOST_DINERS])
            if one not in has and (number < 2 or Dice("hungry", one, on).happens(share))
        ]
    return wanted


def open_kitchens(moments: Moments) -> int:
    """The services of yesterday and of the days ahead."""
    with unit_of_work():
        made = kitchens.open_services(moments.yesterday)
    with unit_of_work():
        return made + kitchens.open_services(moments.today)


def book(wanted: list[Order], *, tell: Callable[[], None]) -> int:
    """Book each at the nearest canteen that has something fit; returns how many portions."""
    booked = 0
    for on in sorted({order.on for order in wanted}):
        services = _services(on)
        for order in (one for one in wanted if one.on == on):
            booked += _book(order, services)
            tell()
    return booked


def _services(on: date) -> list[portions.ServiceLine]:
    ids = db.session.scalars(select(MealService.id).where(MealService.on == on, MealService.meal == Meal.LUNCH))
    lines = (portions.of_service(service_id) for service_id in ids.all())
    return [line for line in lines if line is not None and line.dishes]


def _book(order: Order, services: list[portions.ServiceLine]) -> int:
    """1 if a portion was booked. Who finds nothing fit, or a full kitchen everywhere near, goes without."""
    with unit_of_work() as uow:
        senior = uow.session.get_one(Senior, order.senior_id)
        door = (senior.latitude, senior.longitude)
        near = sorted(services, key=lambda one: distance_km(door, (one.latitude, one.longitude)) or 99.0)
        for service in near[:3]:
            dish = offers.fitting(senior, service.dishes)
            if dish is None:
                continue
            dice = Dice("handover", order.senior_id, order.on)
            handover = dice.one(((Handover.DINE_IN, 5), (Handover.PICK_UP, 2), (Handover.DELIVERY, 3)))
            away = distance_km(door, (service.latitude, service.longitude))
            if handover is Handover.DELIVERY and not (service.delivers and away is not None and away <= BROUGHT_KM):
                handover = Handover.PICK_UP
            try:
                bookings.book(senior_id=senior.id, service_id=service.id, dish_id=dish.id, handover=handover,
                              channel=dice.choice(("page", "phone", "door")), by=SYSTEM, now=order.at)  # fmt: skip
            except Refusal:
                continue
            return 1
    return 0


def close(now: datetime) -> int:
    """Freeze the count of every service whose cut-off has passed."""
    closed = 0
    while True:
        with unit_of_work():
            batch = kitchens.close_due_services(now)
        if not batch:
            return closed
        closed += batch


def eat(on: date, now: datetime) -> int:
    """The locked portions of a day are handed out, but for one in thirty that nobody fetches."""
    statement = select(MealBooking.id).where(MealBooking.on == on, MealBooking.status == BookingStatus.LOCKED)
    ids = db.session.scalars(statement.order_by(MealBooking.id)).all()
    for first in range(0, len(ids), 100):
        with unit_of_work():
            for booking_id in ids[first : first + 100]:
                hand = servings.miss if Dice("eaten", booking_id).happens(0.033) else servings.serve
                hand(booking_id, by=SYSTEM, now=now)
    return len(ids)


def by_canteen(on: date) -> list[tuple[str, int, int]]:
    """Of each canteen: its name, lunches of the day, and what its kitchen could cook."""
    statement = (
        select(Canteen.name, MealService.booked, MealService.capacity)
        .join(MealService, MealService.canteen_id == Canteen.id)
        .where(MealService.on == on, MealService.meal == Meal.LUNCH)
        .order_by(MealService.booked.desc(), Canteen.name)
    )
    return list(db.session.execute(statement).tuples())


def portions_on(first: date, last: date) -> int:
    """Live portions of these days."""
    statement: Any = select(func.count()).where(
        MealBooking.on.between(first, last), MealBooking.status != BookingStatus.CANCELLED
    )
    return db.session.scalar(statement) or 0
