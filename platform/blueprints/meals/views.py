"""The pages of 订餐. Book in two taps: the meal, then the dish."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from models import Meal, MealBooking, Role
from policy import Permission, current_actor, requires
from queries import meals, seniors
from services import bookings, late_portions, slots

from . import said
from .forms import PortionForm

blueprint = Blueprint("meals", __name__)
MEALS = "any(breakfast, lunch, supper)"
FOUND = 20
"""Seniors a search shows; whoever is not among them is found by typing more."""

Answer = str | Response | tuple[str, int]


@blueprint.get("/meals/")
@requires(Permission.MEAL_BOOK)
def index() -> str:
    """The days ahead of each of a family's seniors; wider scopes search for one first."""
    scope, now = current_actor().scope(Permission.MEAL_BOOK), utc_now()
    typed, chosen = request.args.get("q", ""), request.args.get("senior", type=uuid.UUID)
    weeks = meals.weeks(scope, local_day(now), senior_id=chosen, now=now)
    found = [] if weeks else _found(typed, now)
    return render_template("meals/index.html", weeks=weeks, found=found, typed=typed, now=now, **_who())


def _found(typed: str, now: datetime) -> Sequence[seniors.SeniorRow]:
    if not typed.strip():
        return []
    scope = current_actor().scope(Permission.MEAL_BOOK)
    return seniors.index(seniors.Filters(q=typed), scope, today=local_day(now), size=FOUND).items


def _who() -> dict[str, bool]:
    return {"is_family": Role.FAMILY in current_actor().roles}


@blueprint.get(f"/meals/<uuid:senior_id>/<day:on>/<{MEALS}:meal>")
@requires(Permission.MEAL_BOOK)
def show(senior_id: uuid.UUID, on: date, meal: str) -> str:
    """The menu of one meal: every dish with its price and who pays what."""
    return _slot_page(PortionForm(), senior_id, on, Meal(meal))


def _slot_page(form: PortionForm, senior_id: uuid.UUID, on: date, meal: Meal, refusal: Any = None) -> str:
    now = utc_now()
    page = slots.slot(senior_id, on, meal, by=current_actor(), now=now)
    if not form.is_submitted():
        form.handover.data = page.handover.value
    return render_template("meals/show.html", page=page, form=form, refusal=refusal or page.refusal, now=now, **_who())


@blueprint.post(f"/meals/<uuid:senior_id>/<day:on>/<{MEALS}:meal>")
@requires(Permission.MEAL_BOOK)
def create(senior_id: uuid.UUID, on: date, meal: str) -> Answer:
    """Book a portion."""
    form, refusal = PortionForm(), None
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            order = {"senior_id": senior_id, **form.portion(), "by": current_actor(), "now": utc_now()}
            booking = late_portions.add(**order) if form.is_late.data else bookings.book(**order, channel=_channel())
        if not refused:
            return _back(booking, said.added if form.is_late.data else said.booked)
        refusal = refused.refusal
    return _slot_page(form, senior_id, on, Meal(meal), refusal), 422


@blueprint.post("/meals/bookings/<uuid:booking_id>")
@requires(Permission.MEAL_BOOK)
def update(booking_id: uuid.UUID) -> Answer:
    """Change a portion: the dish, the canteen, the way it is handed over."""
    form, refusal = PortionForm(), None
    booking = bookings.booking_for(booking_id, by=current_actor(), now=utc_now())
    senior_id, on, meal = booking.senior_id, booking.on, booking.meal
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            booking = bookings.change(booking_id, **form.portion(), by=current_actor(), now=utc_now())
        if not refused:
            return _back(booking, said.changed)
        refusal = refused.refusal
    return _slot_page(form, senior_id, on, meal, refusal), 422


@blueprint.post("/meals/bookings/<uuid:booking_id>/cancel")
@requires(Permission.MEAL_BOOK)
def cancel(booking_id: uuid.UUID) -> Answer:
    """Give a portion back."""
    return _act(booking_id, bookings.cancel, said.cancelled)


@blueprint.post("/meals/bookings/<uuid:booking_id>/restore")
@requires(Permission.MEAL_BOOK)
def restore(booking_id: uuid.UUID) -> Answer:
    """Undo a cancellation."""
    return _act(booking_id, bookings.restore, said.booked)


def _act(booking_id: uuid.UUID, verb: Callable[..., MealBooking], sentence: Callable[..., str]) -> Answer:
    """One tap on a portion; what is refused is said on the page of its meal."""
    form = PortionForm()
    before = bookings.booking_for(booking_id, by=current_actor(), now=utc_now())
    senior_id, on, meal = before.senior_id, before.on, before.meal
    with refusals_into(form) as refused, unit_of_work():
        after = verb(booking_id, by=current_actor(), now=utc_now())
    if refused:
        return _slot_page(form, senior_id, on, meal, refused.refusal), 409
    return _back(after, sentence)


def _channel() -> str:
    """How the booking came: families use the page; a canteen and an office write down what they are told."""
    roles = current_actor().roles
    return "page" if Role.FAMILY in roles else "canteen" if Role.CANTEEN_MANAGER in roles else "phone"


def _back(booking: MealBooking, sentence: Callable[..., str]) -> Response:
    """To the week the portion stands in, with what was done."""
    flash(sentence(meals.booked(booking.id), utc_now()), "success")
    wider: dict[str, Any] = {} if Role.FAMILY in current_actor().roles else {"senior": booking.senior_id}
    return redirect(url_for("meals.index", **wider, _anchor=f"day-{booking.senior_id}-{booking.on}"), 303)
