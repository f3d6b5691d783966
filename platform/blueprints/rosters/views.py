"""The roster: a day, walking to other days, checking in and out, absence, paper, file, agreements."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from blueprints.exports import spreadsheet
from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Centre
from policy import Permission, current_actor, requires
from queries import divisions as division_queries
from queries import rosters as queries
from services import attendance, centres, exports

from .day import roster_day
from .forms import AbsenceForm, EndForm, EnrolmentForm
from .sheet import COLUMNS, rows_of

blueprint = Blueprint("rosters", __name__, url_prefix="/rosters")


def _centre(centre_id: uuid.UUID, permission: Permission = Permission.ROSTER_READ) -> Centre:
    return centres.get(centre_id, by=current_actor(), permission=permission)


@blueprint.get("/")
@requires(Permission.ROSTER_READ)
def index() -> str | AnyResponse:
    """The centres one looks after; straight to the roster where there is but one."""
    scope, today = current_actor().scope(Permission.ROSTER_READ), local_day(utc_now())
    if not scope.divisions and len(scope.centres) == 1:
        return redirect(url_for("rosters.show", centre_id=next(iter(scope.centres))))
    text = request.args.get("q", "").strip()
    page = queries.index(scope, today, text=text, cursor=request.args.get("after"))
    paths = division_queries.paths(line.division_code for line in page.items)
    return render_template("rosters/index.html", page=page, text=text, paths=paths)


@blueprint.get("/<uuid:centre_id>")
@blueprint.get("/<uuid:centre_id>/<day:on>")
@requires(Permission.ROSTER_READ)
def show(centre_id: uuid.UUID, on: date | None = None) -> str:
    """A centre's day."""
    return _page(centre_id, on or local_day(utc_now()), AbsenceForm())


def _page(centre_id: uuid.UUID, on: date, form: AbsenceForm, senior_id: uuid.UUID | None = None) -> str:
    day = roster_day(_centre(centre_id), on)
    today = local_day(utc_now())
    can_record = current_actor().scope(Permission.ATTENDANCE_RECORD)
    return render_template(
        "rosters/show.html",
        day=day,
        form=form,
        opened=senior_id,
        before=on - timedelta(days=1),
        following=on + timedelta(days=1),
        may_record=centre_id in can_record.centres and today - attendance.BACK <= on <= today,
        may_announce=centre_id in can_record.centres and today - attendance.BACK <= on <= today + attendance.AHEAD,
    )


@blueprint.get("/<uuid:centre_id>/<day:on>/print")
@requires(Permission.ROSTER_READ)
def paper(centre_id: uuid.UUID, on: date) -> str:
    """The day on A4, with a line for every signature."""
    return render_template("rosters/print.html", day=roster_day(_centre(centre_id), on), printed_on=on)


@blueprint.get("/<uuid:centre_id>/<day:on>/export.xlsx")
@requires(Permission.ROSTER_READ)
def export(centre_id: uuid.UUID, on: date) -> Response:
    """The day as a file."""
    centre = _centre(centre_id)
    with unit_of_work():
        exports.record("roster", by=current_actor(), now=utc_now(), filters=f"{centre.name} {on}")
    day = roster_day(_centre(centre_id), on)
    return spreadsheet(_("名册 %(day)s", day=on.isoformat()), COLUMNS, rows_of(day))


def _back(centre_id: uuid.UUID, on: date, senior_id: uuid.UUID) -> AnyResponse:
    return redirect(url_for("rosters.show", centre_id=centre_id, on=on, _anchor=f"s-{senior_id}"), 303)


def _tap(service: Callable[..., Any], centre_id: uuid.UUID, on: date, senior_id: uuid.UUID, said: str) -> AnyResponse:
    with unit_of_work():
        service(centre_id, senior_id, on, by=current_actor(), now=utc_now())
    flash(said, "success")
    return _back(centre_id, on, senior_id)


@blueprint.post("/<uuid:centre_id>/<day:on>/<uuid:senior_id>/check-in")
@requires(Permission.ATTENDANCE_RECORD)
def check_in(centre_id: uuid.UUID, on: date, senior_id: uuid.UUID) -> AnyResponse:
    """One tap: here."""
    return _tap(attendance.check_in, centre_id, on, senior_id, _("签到了。点错了，在这一行点“撤销”。"))


@blueprint.post("/<uuid:centre_id>/<day:on>/<uuid:senior_id>/check-out")
@requires(Permission.ATTENDANCE_RECORD)
def check_out(centre_id: uuid.UUID, on: date, senior_id: uuid.UUID) -> AnyResponse:
    """One tap: gone home."""
    return _tap(attendance.check_out, centre_id, on, senior_id, _("签退了。点错了，在这一行点“撤销”。"))


@blueprint.post("/<uuid:centre_id>/<day:on>/<uuid:senior_id>/undo")
@requires(Permission.ATTENDANCE_RECORD)
def undo(centre_id: uuid.UUID, on: date, senior_id: uuid.UUID) -> AnyResponse:
    """One tap back."""
    return _tap(attendance.undo, centre_id, on, senior_id, _("撤销了，回到点之前的样子。"))


@blueprint.post("/<uuid:centre_id>/<day:on>/<uuid:senior_id>/absent")
@requires(Permission.ATTENDANCE_RECORD)
def absent(centre_id: uuid.UUID, on: date, senior_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Not here, and why."""
    form = AbsenceForm()
    if form.validate_on_submit():
        told = {"reason": form.reason.data, "note": form.note.data or ""}
        with refusals_into(form) as refused, unit_of_work():
            attendance.mark_absent(centre_id, senior_id, on, **told, by=current_actor(), now=utc_now())
        if not refused:
            flash(_("没来和原因都记下了。人后来到了，照样可以签到。"), "success")
            return _back(centre_id, on, senior_id)
    return _page(centre_id, on, form, senior_id), 422


@blueprint.get("/<uuid:centre_id>/enrolments")
@requires(Permission.CENTRE_EDIT)
def enrolments(centre_id: uuid.UUID) -> str:
    """Who has an agreement with the centre."""
    return _agreements(centre_id, EnrolmentForm(from_on=local_day(utc_now())))


def _agreements(centre_id: uuid.UUID, form: EnrolmentForm) -> str:
    centre = _centre(centre_id, Permission.CENTRE_EDIT)
    lines = queries.enrolments(centre_id, local_day(utc_now()))
    return render_template("rosters/enrolments.html", centre=centre, lines=lines, form=form)


@blueprint.post("/<uuid:centre_id>/enrolments")
@requires(Permission.CENTRE_EDIT)
def enrol(centre_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """An agreement begins."""
    form, now = EnrolmentForm(), utc_now()
    if form.validate_on_submit():
        days = {"weekdays": list(form.weekdays.data or []), "from_on": form.from_on.data or local_day(now)}
        with refusals_into(form) as refused, unit_of_work():
            who = form.found(_centre(centre_id, Permission.CENTRE_EDIT), local_day(now))
            attendance.enrol(centre_id, who.id, **days, note=form.note.data or "", by=current_actor(), now=now)  # type: ignore[arg-type]
        if not refused:
            flash(_("%(name)s已入册。", name=who.name), "success")
            return redirect(url_for("rosters.enrolments", centre_id=centre_id), 303)
    return _agreements(centre_id, form), 422


@blueprint.post("/<uuid:centre_id>/enrolments/<uuid:enrolment_id>/end")
@requires(Permission.CENTRE_EDIT)
def end(centre_id: uuid.UUID, enrolment_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """An agreement ends."""
    form = EndForm()
    if form.validate_on_submit() and form.last_on.data:
        with refusals_into(form) as refused, unit_of_work():
            attendance.end_enrolment(
                centre_id, enrolment_id, last_on=form.last_on.data, by=current_actor(), now=utc_now()
            )
        if not refused:
            flash(_("已登记离站。"), "success")
            return redirect(url_for("rosters.enrolments", centre_id=centre_id), 303)
    return _agreements(centre_id, EnrolmentForm(formdata=None, from_on=local_day(utc_now()))), 422
