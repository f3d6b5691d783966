"""What was learned of ways, closed roads, and how the road server does."""

import uuid
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import chosen, refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Means
from policy import Permission, current_actor, requires
from queries import travel as queries
from services import road_closures, travel

from .forms import ClosureForm, ResetForm, closure_form

blueprint = Blueprint("travel", __name__, url_prefix="/travel")


@blueprint.get("/")
@requires(Permission.TRAVEL_READ)
def index() -> str:
    """Closed roads first, then what was learned, township by township."""
    actor, today, args = current_actor(), local_day(utc_now()), request.args
    scope = actor.scope(Permission.TRAVEL_READ)
    means, url = chosen(Means, "means"), current_app.extensions["settings"].osrm_url
    return render_template(
        "travel/index.html",
        closures=queries.closures(scope, since=today, cursor=args.get("closures")),
        factors=queries.factors(scope, means=means, cursor=args.get("after")),
        total=queries.factors_total(scope),
        means=means,
        edits=actor.scope(Permission.TRAVEL_EDIT),
        server=urlsplit(url).netloc if url else "",
        health=travel.health(url),
    )


@blueprint.post("/server")
@requires(Permission.TRAVEL_EDIT)
def ask_server() -> Response:
    """Whether the road server answers now."""
    trouble = travel.try_server(current_app.extensions["settings"].osrm_url)
    if trouble:
        flash(_("路网服务没有回答：%(trouble)s。现在按直线估算。", trouble=trouble), "error")
    else:
        flash(_("路网服务答得上来。"), "success")
    return redirect(url_for("travel.index"), 303)


@blueprint.get("/closures/new")
@requires(Permission.TRAVEL_EDIT)
def new() -> str:
    """An empty form."""
    return render_template("travel/form.html", form=ClosureForm(from_on=local_day(utc_now())), closure=None)


@blueprint.post("/closures/new")
@requires(Permission.TRAVEL_EDIT)
def create() -> Response | tuple[str, int]:
    """A road is closed."""
    form = ClosureForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            road_closures.close(form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记封路。之后规划的路线会绕开它；已经发布的路线请重新看一看。"), "success")
            return redirect(url_for("travel.index"), 303)
    return render_template("travel/form.html", form=form, closure=None), 422


@blueprint.get("/closures/<uuid:closure_id>/edit")
@requires(Permission.TRAVEL_EDIT)
def edit(closure_id: uuid.UUID) -> str:
    """The form as it stands."""
    row = road_closures.get(closure_id, by=current_actor())
    return render_template("travel/form.html", form=closure_form(row), closure=row)


@blueprint.post("/closures/<uuid:closure_id>/edit")
@requires(Permission.TRAVEL_EDIT)
def update(closure_id: uuid.UUID) -> Response | tuple[str, int]:
    """Correct a closed road."""
    row = road_closures.get(closure_id, by=current_actor())
    form = ClosureForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            road_closures.update(closure_id, form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。"), "success")
            return redirect(url_for("travel.index"), 303)
    return render_template("travel/form.html", form=form, closure=row), 422


@blueprint.post("/closures/<uuid:closure_id>/open")
@requires(Permission.TRAVEL_EDIT)
def open_again(closure_id: uuid.UUID) -> Response:
    """The road is open."""
    form = ResetForm()
    with refusals_into(form) as refused, unit_of_work():
        road_closures.open_again(closure_id, by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    else:
        flash(_("路通了。今天起规划的路线照常走。"), "success")
    return redirect(url_for("travel.index"), 303)


@blueprint.post("/factors/<uuid:factor_id>/reset")
@requires(Permission.TRAVEL_EDIT)
def reset(factor_id: uuid.UUID) -> Response:
    """Forget what was learned of a pair."""
    form = ResetForm()
    with refusals_into(form) as refused, unit_of_work():
        travel.reset(factor_id, reason=(form.reason.data or "")[:200], by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    else:
        flash(_("已重置。明天起的记录重新算，够 5 段路才会再用；这期间按估算走。"), "success")
    return redirect(url_for("travel.index", _anchor=f"way-{factor_id}"), 303)


@blueprint.post("/factors/<uuid:factor_id>/undo")
@requires(Permission.TRAVEL_EDIT)
def undo_reset(factor_id: uuid.UUID) -> Response:
    """What was learned holds again."""
    form = ResetForm()
    with refusals_into(form) as refused, unit_of_work():
        travel.undo_reset(factor_id, by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    else:
        flash(_("已撤回重置，照原来学到的算。"), "success")
    return redirect(url_for("travel.index", _anchor=f"way-{factor_id}"), 303)
