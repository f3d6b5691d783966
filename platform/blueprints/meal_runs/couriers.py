"""A canteen's own couriers."""

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Means
from policy import Permission, current_actor, requires
from queries import couriers as queries
from services import couriers as services

from .forms import CourierForm
from .room import blueprint, found

COURIERS = "/canteens/<uuid:canteen_id>/couriers"


def _page(canteen_id: uuid.UUID, form: CourierForm) -> str:
    page = found(queries.of_canteen(current_actor().scope(Permission.CANTEEN_EDIT), canteen_id))
    return render_template("meal_runs/couriers.html", page=page, form=form)


@blueprint.get(COURIERS)
@requires(Permission.CANTEEN_EDIT)
def couriers(canteen_id: uuid.UUID) -> str:
    """Who they are, and a form for one more."""
    return _page(canteen_id, CourierForm())


@blueprint.post(COURIERS)
@requires(Permission.CANTEEN_EDIT)
def add_courier(canteen_id: uuid.UUID) -> Response | tuple[str, int]:
    """One more."""
    form = CourierForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            services.add(
                canteen_id, name=given(form.name), means=Means(given(form.means)), capacity=given(form.capacity),
                by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            flash(_("已添加送餐员。"), "success")
            return redirect(url_for("meal_runs.couriers", canteen_id=canteen_id), 303)
    return _page(canteen_id, form), 422


@blueprint.post(f"{COURIERS}/<uuid:courier_id>/remove")
@requires(Permission.CANTEEN_EDIT)
def remove_courier(canteen_id: uuid.UUID, courier_id: uuid.UUID) -> Response:
    """No longer; what was carried stays written down."""
    with unit_of_work():
        services.remove(canteen_id, courier_id, by=current_actor(), now=utc_now())
    flash(_("已移除送餐员。"), "success")
    return redirect(url_for("meal_runs.couriers", canteen_id=canteen_id), 303)
