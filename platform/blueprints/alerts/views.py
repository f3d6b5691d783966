"""The list of alerts, one alert, taking and closing it."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import chosen, refusals_into
from domain.codes import AlertKind
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import AlertLevel
from policy import Permission, current_actor, requires
from queries import alerts as queries
from queries.alerts import AlertView
from services import alerts

from .forms import CloseForm

blueprint = Blueprint("alerts", __name__, url_prefix="/alerts")


@blueprint.get("")
@requires(Permission.ALERT_READ)
def index() -> str:
    """What waits to be looked into, the most pressing first; filters live in the address."""
    actor, now = current_actor(), utc_now()
    scope, today = actor.scope(Permission.ALERT_READ), local_day(now)
    view = chosen(AlertView, "view") or AlertView.LIVE
    level, kind = chosen(AlertLevel, "level"), chosen(AlertKind, "kind")
    page = queries.listed(
        scope, today, view=view, level=level, kind=kind, owner_id=actor.user_id, cursor=request.args.get("after")
    )
    counts = queries.live_counts(scope, today)
    return render_template(
        "alerts/index.html", page=page, counts=counts, view=view, level=level, kind=kind, kinds=AlertKind, now=now
    )


@blueprint.get("/<uuid:alert_id>")
@requires(Permission.ALERT_READ)
def show(alert_id: uuid.UUID) -> str:
    """One alert: what happened, who looks into it, and what was found."""
    return _page(alert_id, CloseForm())


@blueprint.post("/<uuid:alert_id>/take")
@requires(Permission.ALERT_HANDLE)
def take(alert_id: uuid.UUID) -> Response:
    """I look into it."""
    owner = request.form.get("from_owner", type=uuid.UUID)
    with unit_of_work():
        alerts.take(alert_id, by=current_actor(), now=utc_now(), from_owner=owner)
    flash(_("这条预警由您处理了。办完后请写下结果。"), "success")
    return redirect(url_for("alerts.show", alert_id=alert_id), 303)


@blueprint.post("/<uuid:alert_id>/close")
@requires(Permission.ALERT_HANDLE)
def close(alert_id: uuid.UUID) -> Response | tuple[str, int]:
    """It has been looked into."""
    form = CloseForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            alerts.close(alert_id, form.resolution.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("预警已办结，结果已记下。"), "success")
            return redirect(url_for("alerts.index"), 303)
    return _page(alert_id, form), 422


def _page(alert_id: uuid.UUID, form: CloseForm) -> str:
    now = utc_now()
    alert = queries.one(current_actor().scope(Permission.ALERT_READ), local_day(now), alert_id)
    if alert is None:
        raise NotFound("")
    can_handle = current_actor().can(Permission.ALERT_HANDLE)
    return render_template("alerts/show.html", alert=alert, form=form, now=now, can_handle=can_handle)
