"""One meal of one day for one senior: everything the page shows before somebody taps 订这份.

It lives beside the services, not among the queries, because it must give the very answers that booking gives.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.meals import MealRefused
from models import Handover, Meal, MealBooking, Senior
from policy import Actor, Permission
from queries import meals, portions
from queries.meals import Booked
from queries.portions import ServiceLine

from . import booking_checks, late_portions, offers
from .offers import Offer


@dataclass(slots=True)
class Choice:
    """A canteen on that day: how far, what it offers this senior, or why it cannot."""

    service: ServiceLine
    km: float | None
    offers: list[Offer] = field(default_factory=list)
    obstacle: str = ""

    @property
    def is_open(self) -> bool:
        return not self.obstacle


@dataclass(slots=True)
class SlotPage:
    """What can be had at one meal."""

    senior: Senior
    on: date
    meal: Meal
    handover: Handover
    choices: list[Choice]
    booking: MealBooking | None = None
    mine: Booked | None = None
    """The portion there is, in words."""
    late: list[Choice] = field(default_factory=list)
    """After the cut-off, at the counter of one's own canteen: what the kitchen may have to spare."""
    refusal: MealRefused | None = None
    """Why nothing can be booked or changed at all."""

    @property
    def can_choose(self) -> bool:
        return self.refusal is None and any(choice.is_open for choice in self.choices)


def slot(senior_id: uuid.UUID, on: date, meal: Meal, *, by: Actor, now: datetime) -> SlotPage:
    """The canteens of the senior's county for one meal: the one booked first, then the usual one, then by distance."""
    senior = offers.senior_for(senior_id, by=by, now=now)
    booking = meals.live_portion(senior_id, on, meal)
    usual = meals.usual_canteen(senior_id)
    choices = [_choice(senior, line, booking, now) for line in portions.of_day(senior.residence_code, on, meal)]

    def rank(choice: Choice) -> tuple[bool, bool, bool, float]:
        line = choice.service
        is_booked = booking is not None and booking.service_id == line.id
        is_usual = usual is not None and usual[0] == line.canteen_id
        return not is_booked, not choice.is_open, not is_usual, offers.distance(senior, line)

    handover = booking.handover if booking else usual[1] if usual else Handover.DINE_IN
    page = SlotPage(senior, on, meal, handover, sorted(choices, key=rank), booking)
    page.mine = meals.booked(booking.id) if booking else None
    page.refusal = _refusal(page, now)
    if booking is None and by.can(Permission.MEAL_SERVE):
        page.late = [
            one for one in page.choices if one.service.left and late_portions.may_add(one.service, by=by, now=now)
        ]
    return page


def _choice(senior: Senior, line: ServiceLine, booking: MealBooking | None, now: datetime) -> Choice:
    km = offers.known_distance(senior, line)
    choice = Choice(line, km, [offers.offer(senior, dish, line.on) for dish in line.dishes])
    if booking is not None and booking.service_id == line.id and not line.is_past_cut_off(now):
        return choice  # the place is taken already: by this very portion
    choice.obstacle = booking_checks.reason_shut(line, now)
    return choice


def _refusal(page: SlotPage, now: datetime) -> MealRefused | None:
    """What stands in the way whichever canteen one chooses."""
    senior, first = page.senior, page.choices[0].service if page.choices else None
    try:
        if first is None:
            raise booking_checks.nobody_cooks(senior, page.on, page.meal, now)
        booking_checks.check_day(senior, first, now=now)
        if page.booking is not None:
            booked = next((one.service for one in page.choices if one.service.id == page.booking.service_id), first)
            if booked.is_past_cut_off(now):
                raise booking_checks.counted(booked, now)
        elif not any(choice.is_open for choice in page.choices):
            booking_checks.check_open(senior, first, now=now)
    except MealRefused as refused:
        return refused
    return None
