"""What leaves the screen: round sheets and the timeline on paper, everything as a workbook. Reads with full names are
written down."""

import uuid

from flask import Response, render_template

from blueprints.exports import workbook
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from policy import Permission, current_actor, requires
from queries import proposals as queries
from queries.round_lines import ProposalPage
from services import audit

from . import drawing, timeline
from .figures import compared
from .looking import look
from .room import blueprint, read, reading
from .workbook import sheets_of


def _whole(proposal_id: uuid.UUID) -> ProposalPage:
    """The proposal, if all of its division is the reader's."""
    shown = read(proposal_id)
    if not shown.is_whole:
        raise NotFound("")
    return shown


def _write_down(act: str, shown: ProposalPage) -> None:
    with unit_of_work():
        audit.record(
            act, "proposal", shown.id, by=current_actor(), now=utc_now(), division_code=shown.division_code
        )  # fmt: skip


@blueprint.get("/sheets/<uuid:round_id>")
@requires(Permission.ROUND_READ)
def sheet(round_id: uuid.UUID) -> str:
    """One helper's round on A4, with names and addresses in full: written down as read."""
    actor = current_actor()
    shown = queries.sheet(reading(), round_id)
    if shown is None:
        raise NotFound("")
    with unit_of_work():
        audit.record("round.show", "round", round_id, by=actor, now=utc_now(), division_code=shown.division_code)
    return render_template(
        "rounds/sheet.html",
        sheet=shown,
        picture=drawing.draw([shown.line], width=720, height=300),
        names=queries.names_in(reason for stop in shown.line.stops for reason in stop.why),
    )


@blueprint.get("/<uuid:proposal_id>/sheets")
@requires(Permission.ROUND_READ)
def sheets(proposal_id: uuid.UUID) -> str:
    """All rounds of a proposal, a page for each helper."""
    shown = _whole(proposal_id)
    every = queries.sheets(shown, reading())
    _write_down("round.show", shown)
    return render_template("rounds/sheets.html", proposal=shown, sheets=every)


@blueprint.get("/<uuid:proposal_id>/wall")
@requires(Permission.ROUND_READ)
def wall(proposal_id: uuid.UUID) -> str:
    """The timeline for the office's wall: A4 across, helpers' names only."""
    shown = _whole(proposal_id)
    lines = queries.rounds_of(shown, reading())
    its = look({"view": "timeline"}, lines, ())
    return render_template("rounds/wall.html", proposal=shown, its=its, axis=timeline.axis_of(lines))


@blueprint.get("/<uuid:proposal_id>/export")
@requires(Permission.ROUND_READ)
def export(proposal_id: uuid.UUID) -> Response:
    """Rounds, stops, what is left out, figures."""
    shown, scope = _whole(proposal_id), reading()
    lines, left_out = queries.rounds_of(shown, scope), queries.left_out_of(shown, scope)
    earlier = queries.earlier(shown.division_code, shown.on)
    reasons = [reason for line in lines for stop in line.stops for reason in stop.why]
    reasons += [reason for one in left_out for reason in one.reasons]
    names, townships = queries.names_in(reasons), queries.townships(shown.division_code)
    figures = compared(shown, earlier, local_day(utc_now()))
    _write_down("round.export", shown)
    name = _("%(place)s巡访路线 %(on)s", place=shown.division_name, on=shown.on.isoformat())
    return workbook(name, sheets_of(lines, left_out, figures, names, {one.code: one.name for one in townships}))
