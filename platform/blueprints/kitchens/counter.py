"""The counter: each portion ticked off by a person, with one tap or four digits."""

import uuid
from collections.abc import Callable
from datetime import date

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import MealBooking
from policy import Permission, current_actor, requires
from services import late_portions, servings

from .forms import ReasonForm, TailForm
from .room import KITCHEN, blueprint, kitchen
from .views import render

Answer = str | Response | tuple[str, int]
PORTION = f"{KITCHEN}/<uuid:booking_id>"


def _to_kitchen(canteen_id: uuid.UUID, on: date, meal: str, anchor: str) -> Response:
    """Back to the kitchen; the counter is ready for the next four digits."""
    counter = 1 if anchor == "counter" else None
    place = {"canteen_id": canteen_id, "on": on, "meal": meal}
    return redirect(url_for("kitchens.show", **place, counter=counter, _anchor=anchor), 303)  # type: ignore[arg-type]


@blueprint.post(f"{KITCHEN}/serve")
@requires(Permission.MEAL_SERVE)
def serve_by_phone(canteen_id: uuid.UUID, on: date, meal: str) -> Answer:
    """The last four digits of a phone serve the portion."""
    page, form = kitchen(canteen_id, on, meal), TailForm()
    service_id, names = page.service.id, {row.id: row.name for row in page.portions}
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            booking = servings.serve_by_phone(service_id, form.tail.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("%(name)s，请用餐。", name=names.get(booking.id, "")), "success")
            return _to_kitchen(canteen_id, on, meal, "counter")
    return render(kitchen(canteen_id, on, meal), form), 422


@blueprint.post(f"{PORTION}/serve")
@requires(Permission.MEAL_SERVE)
def serve(canteen_id: uuid.UUID, on: date, meal: str, booking_id: uuid.UUID) -> Answer:
    """Handed over."""
    return _mark(servings.serve, booking_id, canteen_id, on, meal)


@blueprint.post(f"{PORTION}/miss")
@requires(Permission.MEAL_SERVE)
def miss(canteen_id: uuid.UUID, on: date, meal: str, booking_id: uuid.UUID) -> Answer:
    """Nobody came."""
    return _mark(servings.miss, booking_id, canteen_id, on, meal)


@blueprint.post(f"{PORTION}/undo")
@requires(Permission.MEAL_SERVE)
def undo(canteen_id: uuid.UUID, on: date, meal: str, booking_id: uuid.UUID) -> Answer:
    """A tap on the wrong line."""
    return _mark(servings.undo, booking_id, canteen_id, on, meal)


def _mark(
    verb: Callable[..., MealBooking], booking_id: uuid.UUID, canteen_id: uuid.UUID, on: date, meal: str
) -> Response:
    with unit_of_work():
        verb(booking_id, by=current_actor(), now=utc_now())
    return _to_kitchen(canteen_id, on, meal, f"portion-{booking_id}")


@blueprint.post(f"{PORTION}/drop")
@requires(Permission.MEAL_SERVE)
def drop(canteen_id: uuid.UUID, on: date, meal: str, booking_id: uuid.UUID) -> Answer:
    """Somebody called after the cut-off: not wanted any more."""
    form = ReasonForm()
    if not form.validate_on_submit():
        flash(_("请写明原因，比如“住院了”。"), "error")
        return _to_kitchen(canteen_id, on, meal, f"portion-{booking_id}")
    with unit_of_work():
        late_portions.drop(booking_id, reason=form.reason.data or "", by=current_actor(), now=utc_now())
    flash(_("取消了，列在“定数以后的变动”里；定下的份数不变。"), "success")
    return _to_kitchen(canteen_id, on, meal, "late")
