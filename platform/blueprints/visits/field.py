"""A helper's pages: the day, and each visit from the knock to the last word. Every step is a plain form."""

import uuid
from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from domain.errors import NotFound
from domain.times import at_minute, local_day, minute_of_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Outcome
from policy import Permission, current_actor, requires
from queries import visit_days
from queries.visit_days import Door
from services import visit_entries, visits

from .forms import ChecklistForm, LateForm, NotMetForm, ReasonForm
from .room import blueprint, moment_of, submission


@blueprint.get("/visits/today")
@requires(Permission.VISIT_LOG)
def today() -> str | Response:
    """What now: the next door large, then the rest of the round."""
    return _day(local_day(utc_now()))


@blueprint.get("/visits/day/<day:on>")
@requires(Permission.VISIT_LOG)
def day(on: date) -> str | Response:
    """Another day's round."""
    return _day(on)


def _day(on: date) -> str | Response:
    scope = current_actor().scope(Permission.VISIT_LOG)
    if not scope.helpers:
        return redirect(url_for("visits.index"))
    moment = moment_of(utc_now())
    one = timedelta(days=1)
    day = visit_days.day_of(on, scope, moment)
    return render_template("visits/day.html", day=day, on=on, yesterday=on - one, tomorrow=on + one)


def _door(visit_id: uuid.UUID) -> Door:
    door = visit_days.door(visit_id, current_actor().scope(Permission.VISIT_LOG), moment_of(utc_now()))
    if door is None:
        raise NotFound("")
    return door


@blueprint.get("/visits/<uuid:visit_id>/log")
@requires(Permission.VISIT_LOG)
def log(visit_id: uuid.UUID) -> str:
    """One visit: the step that comes next."""
    with unit_of_work():
        visits.note_read(visit_id, Permission.VISIT_LOG, by=current_actor(), now=utc_now())
    door = _door(visit_id)
    return render_template("visits/log.html", door=door, form=ChecklistForm(door.visit), now=utc_now())


@blueprint.post("/visits/<uuid:visit_id>/arrive")
@requires(Permission.VISIT_LOG)
def arrive(visit_id: uuid.UUID) -> Response:
    """At the door."""
    with unit_of_work():
        visit_entries.arrive(visit_id, submission=submission(), by=current_actor(), now=utc_now())
    return redirect(url_for("visits.log", visit_id=visit_id), 303)


@blueprint.post("/visits/<uuid:visit_id>/log")
@requires(Permission.VISIT_LOG)
def record(visit_id: uuid.UUID) -> Response | tuple[str, int]:
    """The checklist: kept as far as it is, and ended where the helper says done."""
    form, is_done = ChecklistForm(), request.form.get("go") == "done"
    if form.validate_on_submit():
        entry, by, now = form.entry(), current_actor(), utc_now()
        with refusals_into(form) as refused, unit_of_work():
            visit_entries.save(visit_id, entry, submission=submission(), by=by, now=now)
        if is_done and not refused:
            with refusals_into(form) as refused, unit_of_work():
                visit_entries.finish(visit_id, entry, submission=submission(), by=by, now=now)
        if not refused:
            return _after(visit_id) if is_done else _paused()
    return render_template("visits/log.html", door=_door(visit_id), form=form, now=utc_now()), 422


def _paused() -> Response:
    flash(_("已存下，还没有完成。随时可以接着填。"), "success")
    return redirect(url_for("visits.today"), 303)


def _after(visit_id: uuid.UUID) -> Response:
    """Done: on to the next door, unless something found here needs a call first."""
    visit = _door(visit_id).visit
    if visit.outcome == Outcome.NO_ANSWER or "problem" in {found["mark"] for found in visit.checklist.values()}:
        return redirect(url_for("visits.log", visit_id=visit_id), 303)
    flash(_("记下了，谢谢您。"), "success")
    return redirect(url_for("visits.today"), 303)


@blueprint.route("/visits/<uuid:visit_id>/not-met", methods=["GET", "POST"])
@requires(Permission.VISIT_LOG)
def not_met(visit_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Nobody was met: what is known."""
    form = NotMetForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit_entries.not_met(
                visit_id, Outcome(form.outcome.data), form.note.data or "",
                submission=submission(), by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            return _after(visit_id)
    return render_template("visits/not_met.html", door=_door(visit_id), form=form), 422 if form.is_submitted() else 200


@blueprint.route("/visits/<uuid:visit_id>/late", methods=["GET", "POST"])
@requires(Permission.VISIT_LOG)
def late(visit_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """补录: a visit that was made and not reported then."""
    door = _door(visit_id)
    form = LateForm(door.visit)
    if form.validate_on_submit():
        happened_at = at_minute(given(form.day), minute_of_day(given(form.clock)))
        with refusals_into(form) as refused, unit_of_work():
            visit = visit_entries.enter_late(
                visit_id, form.entry(), Outcome(form.outcome.data), happened_at=happened_at,
                reason=form.late_reason.data or "", submission=submission(), by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            flash(_("补录已存下，等负责人审核。") if visit.approval else _("补录已存下。"), "success")
            return redirect(url_for("visits.log", visit_id=visit_id), 303)
    return render_template("visits/late.html", door=door, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/visits/<uuid:visit_id>/take-back", methods=["GET", "POST"])
@requires(Permission.VISIT_LOG)
def take_back(visit_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """The ending was reported by mistake."""
    door, form = _door(visit_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visits.take_back_report(
                visit_id, submission=submission(), reason=form.reason.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            flash(_("已撤回，可以重新填了。"), "success")
            return redirect(url_for("visits.log", visit_id=visit_id), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("visits/take_back.html", door=door, form=form), status
