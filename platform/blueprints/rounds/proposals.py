"""A proposal: looked at while it is searched and afterwards, and what is done with it as a whole."""

import uuid
from typing import Any

from flask import Response, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response as Redirect

from domain.times import local, local_day, minute_of_day, utc_now
from extensions.babel import gettext as _
from formatting import joined
from models import ProposalStatus
from policy import Permission, current_actor, requires
from queries import edits
from queries import proposals as queries
from queries.round_lines import ProposalPage
from services import round_daylight, round_search, rounds
from wording import round_edits

from . import curve, drawing, mapping, timeline
from .figures import compared
from .looking import look
from .remedies import remedies
from .room import act, address, blueprint, read, reading


@blueprint.context_processor
def _drawn() -> dict[str, Any]:
    return {
        "colour_of": drawing.colour_of, "pieces": timeline.pieces, "remedies": remedies, "edit_said": round_edits.said
    }  # fmt: skip


@blueprint.get("/<uuid:proposal_id>")
@requires(Permission.ROUND_READ)
def show(proposal_id: uuid.UUID) -> str:
    """Its figures; its rounds as map, timeline or table; what is left out. While it is searched: how it goes."""
    shown, scope, now = read(proposal_id), reading(), utc_now()
    lines = queries.rounds_of(shown, scope)
    left_out = queries.left_out_of(shown, scope)
    its = look(request.args, lines, left_out)
    townships = queries.townships(shown.division_code)
    axis = timeline.axis_of(lines)
    earlier = queries.earlier(shown.division_code, shown.on) if shown.figures else None
    can_plan = current_actor().scope(Permission.ROUND_PLAN).holds_division(shown.division_code)
    can_edit = can_plan and shown.status is ProposalStatus.PROPOSED
    log = edits.log_of(shown.id) if can_edit else None
    without = [{"helper": one} for one in shown.asked.get("without", ())]
    names = queries.names_in([*its.reasons(), *without, *(log.mentioned() if log else ())])
    return render_template(
        "rounds/show.html",
        proposal=shown,
        is_lost=shown.is_lost(now),
        its=its,
        names=names,
        without_names=joined(names.get(one["helper"], "") for one in without),
        set_aside=queries.set_aside_of(shown),
        townships={one.code: one.name for one in townships},
        picture=drawing.draw(lines, left_out, townships) if its.view == "map" else None,
        axis=axis,
        zoom=_zoom(),
        now_x=axis.at(minute_of_day(local(now).time())) if shown.on == local_day(now) else None,
        compared=compared(shown, earlier, local_day(now)) if shown.figures else None,
        progress=curve.of(shown.progress, shown.seconds),
        out=round_daylight.at_division(shown.division_code, shown.on),
        can_plan=can_plan,
        can_edit=can_edit,
        edits=log,
        kept=address(),
        most=max((len(line.stops) for line in lines), default=0),
        workers=_workers(shown) if can_edit and its.is_placing else [],
    )


def _workers(shown: ProposalPage) -> list[tuple[str, str]]:
    return edits.workers(shown.division_code, shown.on, shown.asked.get("without", ()))


def _zoom() -> int:
    asked = request.args.get("zoom", type=int)
    return asked if asked in {1, 2, 4} else 1


@blueprint.get("/<uuid:proposal_id>/progress")
@requires(Permission.ROUND_READ)
def progress(proposal_id: uuid.UUID) -> Response:
    """For the script that polls: the state, and how far."""
    shown = read(proposal_id)
    state = "lost" if shown.is_lost(utc_now()) else shown.status.value
    drawn = curve.of(shown.progress, shown.seconds)
    told = {name: value for name, value in shown.progress.items() if name != "history"}
    return jsonify(state=state, limit=shown.seconds, cost_curve=drawn.cost, served_curve=drawn.served, **told)


@blueprint.get("/<uuid:proposal_id>/map")
@requires(Permission.ROUND_READ)
def map_data(proposal_id: uuid.UUID) -> Response:
    """For the map that can be moved, with tiles or without."""
    shown, scope = read(proposal_id), reading()
    lines = queries.rounds_of(shown, scope)
    left_out = queries.left_out_of(shown, scope)
    places = queries.townships(shown.division_code)
    tiles = current_app.extensions["settings"].tile_url
    return jsonify(tiles=tiles, **mapping.as_json(lines, left_out, places))


@blueprint.post("/<uuid:proposal_id>/stop")
@requires(Permission.ROUND_PLAN)
def stop(proposal_id: uuid.UUID) -> Redirect:
    """Keep the best so far."""
    return act(round_search.ask_to_stop, proposal_id)


@blueprint.post("/<uuid:proposal_id>/publish")
@requires(Permission.ROUND_PLAN)
def publish(proposal_id: uuid.UUID) -> Redirect:
    """From now on it holds."""
    return act(rounds.publish, proposal_id, _("已发布。助老员在手机上看得到自己的路线，老人会收到提醒。"))


@blueprint.post("/<uuid:proposal_id>/unpublish")
@requires(Permission.ROUND_PLAN)
def unpublish(proposal_id: uuid.UUID) -> Redirect:
    """Take it back while nobody has set out."""
    return act(rounds.unpublish, proposal_id, _("已撤回。这些探访又是待安排。"))


@blueprint.post("/<uuid:proposal_id>/discard")
@requires(Permission.ROUND_PLAN)
def discard(proposal_id: uuid.UUID) -> Redirect:
    """It will not be used."""
    return act(rounds.discard, proposal_id, _("已放弃这份方案。"))
