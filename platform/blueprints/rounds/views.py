"""The pages of rounds."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from blueprints.sentences import HouseForm
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Proposal
from policy import Permission, current_actor, requires
from queries import round_days
from queries import rounds as queries
from queries.round_lines import ProposalPage
from services import audit, round_search, rounds

from . import drawing, searching
from .forms import PlanForm

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")


def _day(text: str | None, default: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return default


@blueprint.get("")
@requires(Permission.ROUND_READ)
def index() -> str:
    """Today and tomorrow, place by place; a helper sees their own rounds."""
    actor = current_actor()
    scope = actor.scope(Permission.ROUND_READ)
    today = local_day(utc_now())
    if not scope.divisions:
        return render_template("rounds/own.html", rounds=queries.own_rounds(scope, today))
    first = _day(request.args.get("on"), today)
    board = queries.board(scope, [first, first + timedelta(days=1)])
    return render_template(
        "rounds/index.html",
        board=board,
        first=first,
        history=queries.history(scope, request.args.get("after")),
        can_plan=actor.can(Permission.ROUND_PLAN),
    )


@blueprint.get("/new")
@requires(Permission.ROUND_PLAN)
def new() -> str:
    """Choose a place and a day, see what there is, and press the button."""
    form = _form()
    today = local_day(utc_now())
    form.on.data = _day(request.args.get("on"), today + timedelta(days=1))
    asked = request.args.get("division_code", "")
    form.division_code.data = asked if asked in form.names else next(iter(form.names), "")
    return render_template("rounds/new.html", form=form, counts=_counts(form))


def _form() -> PlanForm:
    return PlanForm(queries.places(current_actor().scope(Permission.ROUND_PLAN)))


def _counts(form: PlanForm) -> round_days.DayCounts | None:
    if not form.division_code.data or form.on.data is None:
        return None
    return round_days.counts(form.division_code.data, form.on.data, local_day(utc_now()))


@blueprint.post("")
@requires(Permission.ROUND_PLAN)
def create() -> Redirect | tuple[str, int]:
    """Start to search."""
    form = _form()
    if form.validate_on_submit():
        code, on = form.division_code.data, form.on.data or date.min
        actor, seconds = current_actor(), float(form.seconds.data)
        with refusals_into(form) as refused, unit_of_work() as uow:
            proposal = round_search.begin(code, on, seconds=seconds, seed=1, by=actor, now=utc_now())
            order = searching.Order(proposal.id, code, on, seconds, 1, actor)
            app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's proxy
            uow.after_commit(lambda: searching.start(app, order))
        if not refused:
            return redirect(url_for("rounds.show", proposal_id=order.proposal_id), 303)
    return render_template("rounds/new.html", form=form, counts=_counts(form)), 422


def _read(proposal_id: uuid.UUID) -> ProposalPage:
    shown = queries.proposal(current_actor().scope(Permission.ROUND_READ), proposal_id)
    if shown is None:
        raise NotFound("")
    return shown


@blueprint.get("/<uuid:proposal_id>")
@requires(Permission.ROUND_READ)
def show(proposal_id: uuid.UUID) -> str:
    """A proposal: its figures, its map, each helper's day, and what is left out. While it is searched: how it goes."""
    shown = _read(proposal_id)
    scope = current_actor().scope(Permission.ROUND_READ)
    lines = queries.rounds_of(shown, scope)
    left_out = queries.left_out_of(shown, scope)
    chosen = request.args.get("round", type=int)
    return render_template(
        "rounds/show.html",
        proposal=shown,
        is_lost=shown.is_lost(utc_now()),
        rounds=lines,
        left_out=left_out,
        names=queries.names_in(reason for one in left_out for reason in one.reasons),
        set_aside=queries.set_aside_of(shown),
        picture=drawing.draw(lines),
        chosen=chosen,
        strip=drawing.strip,
        colour_of=drawing.colour_of,
        can_plan=current_actor().scope(Permission.ROUND_PLAN).holds_division(shown.division_code),
    )


@blueprint.get("/<uuid:proposal_id>/progress")
@requires(Permission.ROUND_READ)
def progress(proposal_id: uuid.UUID) -> Response:
    """For the script that polls: the state, and how far."""
    shown = _read(proposal_id)
    state = "lost" if shown.is_lost(utc_now()) else shown.status.value
    return jsonify(state=state, limit=shown.seconds, **shown.progress)


@blueprint.get("/<uuid:proposal_id>/map")
@requires(Permission.ROUND_READ)
def map_data(proposal_id: uuid.UUID) -> Response:
    """For the map with tiles."""
    shown = _read(proposal_id)
    lines = queries.rounds_of(shown, current_actor().scope(Permission.ROUND_READ))
    return jsonify(tiles=current_app.extensions["settings"].tile_url, **drawing.as_json(lines))


def _act(act: Callable[..., Proposal], proposal_id: uuid.UUID, done: str = "") -> Redirect:
    """Do it, or say on the proposal's page why not."""
    form = HouseForm()
    with refusals_into(form) as refused, unit_of_work():
        act(proposal_id, by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    elif done:
        flash(done, "success")
    return redirect(url_for("rounds.show", proposal_id=proposal_id), 303)


@blueprint.post("/<uuid:proposal_id>/stop")
@requires(Permission.ROUND_PLAN)
def stop(proposal_id: uuid.UUID) -> Redirect:
    """Keep the best so far."""
    return _act(round_search.ask_to_stop, proposal_id)


@blueprint.post("/<uuid:proposal_id>/publish")
@requires(Permission.ROUND_PLAN)
def publish(proposal_id: uuid.UUID) -> Redirect:
    """From now on it holds."""
    return _act(rounds.publish, proposal_id, _("已发布。助老员在手机上看得到自己的路线，老人会收到提醒。"))


@blueprint.post("/<uuid:proposal_id>/unpublish")
@requires(Permission.ROUND_PLAN)
def unpublish(proposal_id: uuid.UUID) -> Redirect:
    """Take it back while nobody has set out."""
    return _act(rounds.unpublish, proposal_id, _("已撤回。这些探访又是待安排。"))


@blueprint.post("/<uuid:proposal_id>/discard")
@requires(Permission.ROUND_PLAN)
def discard(proposal_id: uuid.UUID) -> Redirect:
    """It will not be used."""
    return _act(rounds.discard, proposal_id, _("已放弃这份方案。"))


@blueprint.get("/sheets/<uuid:round_id>")
@requires(Permission.ROUND_READ)
def sheet(round_id: uuid.UUID) -> str:
    """One helper's round on A4, with names and addresses in full: written down as read."""
    actor = current_actor()
    shown = queries.sheet(actor.scope(Permission.ROUND_READ), round_id)
    if shown is None:
        raise NotFound("")
    with unit_of_work():
        audit.record("round.show", "round", round_id, by=actor, now=utc_now(), division_code=shown.division_code)
    return render_template(
        "rounds/sheet.html",
        sheet=shown,
        picture=drawing.draw([shown.line], width=720, height=300),
        colour_of=drawing.colour_of,
    )
