"""The office's list of visits, one visit with its history, a new one, moving, cancelling; and a family's page."""

import uuid
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from domain.errors import NotFound
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import RiskTier, Role, VisitMode, VisitStatus
from models.visit import Approval
from policy import Permission, current_actor, requires
from queries import visit_pages
from queries import visits as queries
from queries.visit_pages import VisitPage
from services import visits
from services.visits import Wish
from wording import as_options

from .forms import NewVisitForm, ReasonForm, WhenForm, when_of
from .room import blueprint, moment_of


@blueprint.get("/visits")
@requires(Permission.VISIT_READ)
def index() -> str | Response:
    """The office's list; a helper's own day; a family's page."""
    actor, moment = current_actor(), moment_of(utc_now())
    scope = actor.scope(Permission.VISIT_READ)
    if not scope.divisions:
        if scope.helpers:
            return redirect(url_for("visits.today"))
        return render_template("visits/family.html", seniors=visit_pages.for_family(scope, moment))
    filters = _filters()
    return render_template(
        "visits/index.html",
        page=queries.index(filters, scope, moment, request.args.get("after")),
        counts=queries.counts(filters, scope, moment),
        below=queries.places(scope, filters.division),
        place=queries.name_of(filters.division) if filters.division else "",
        filters=filters,
        statuses=VisitStatus,
        tiers=as_options(RiskTier),
    )


def _filters() -> queries.Filters:
    words = {name: request.args.get(name, "") for name in ("status", "tier", "division")}
    return queries.Filters(when=request.args.get("when", "today"), on=_day_of(request.args.get("on")), **words).known()


def _day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


@blueprint.get("/visits/<uuid:visit_id>")
@requires(Permission.VISIT_READ)
def show(visit_id: uuid.UUID) -> str | Response:
    """One visit: how it stands, what was found, everything that was said of it."""
    actor = current_actor()
    if actor.roles <= {Role.HELPER} and actor.roles:
        return redirect(url_for("visits.log", visit_id=visit_id))
    if actor.roles <= {Role.FAMILY} and actor.roles:
        return redirect(url_for("visits.index"))
    with unit_of_work():
        visits.note_read(visit_id, by=actor, now=utc_now())
    return render_template("visits/show.html", page=_page(visit_id))


def _page(visit_id: uuid.UUID, permission: Permission = Permission.VISIT_READ) -> VisitPage:
    page = visit_pages.show(visit_id, current_actor().scope(permission), moment_of(utc_now()))
    if page is None:
        raise NotFound("")
    return page


@blueprint.route("/visits/new/<uuid:senior_id>", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def new(senior_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """A single visit to this senior."""
    actor, moment = current_actor(), moment_of(utc_now())
    name = visit_pages.senior_name(senior_id, actor.scope(Permission.VISIT_PLAN), moment.today)
    if name is None:
        raise NotFound("")
    form = NewVisitForm(data=when_of(moment.today, 510, 1050))
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visit = visits.add(senior_id, wish=_wish(form), by=actor, now=moment.now)
        if not refused:
            flash(_("已加上一次探访。"), "success")
            return redirect(url_for("visits.show", visit_id=visit.id), 303)
    return render_template("visits/new.html", form=form, name=name, senior_id=senior_id), _status(form)


def _wish(form: NewVisitForm) -> Wish:
    window_from, window_to = form.minutes()
    return Wish(
        on=given(form.on), window_from=window_from, window_to=window_to, mode=VisitMode(form.mode.data),
        duration_minutes=given(form.duration_minutes), priority=int(form.priority.data), reason=form.reason.data or "",
        is_soft=form.is_soft.data, needs_two=form.needs_two.data,
    )  # fmt: skip


def _status(form: WhenForm | ReasonForm) -> int:
    return 422 if form.is_submitted() else 200


@blueprint.route("/visits/<uuid:visit_id>/move", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def move(visit_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Another day or time."""
    page = _page(visit_id, Permission.VISIT_PLAN)
    form = WhenForm(data=when_of(page.visit.on, page.visit.window_from, page.visit.window_to))
    if form.validate_on_submit():
        window_from, window_to = form.minutes()
        with refusals_into(form) as refused, unit_of_work():
            visits.move(
                visit_id, on=given(form.on), window_from=window_from, window_to=window_to,
                by=current_actor(), now=utc_now(),
            )  # fmt: skip
        if not refused:
            flash(_("已改好日子，等调度员重新安排。"), "success")
            return redirect(url_for("visits.show", visit_id=visit_id), 303)
    return render_template("visits/move.html", page=page, form=form), _status(form)


@blueprint.route("/visits/<uuid:visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.VISIT_PLAN)
def cancel(visit_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """It is not to be made."""
    page, form = _page(visit_id, Permission.VISIT_PLAN), ReasonForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            visits.cancel(visit_id, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("探访已取消，还没发出的短信不会再发。需要时可以恢复。"), "success")
            return redirect(url_for("visits.show", visit_id=visit_id), 303)
    return render_template("visits/cancel.html", page=page, form=form), _status(form)


@blueprint.post("/visits/<uuid:visit_id>/reopen")
@requires(Permission.VISIT_PLAN)
def reopen(visit_id: uuid.UUID) -> Response:
    """It is to be made after all."""
    with unit_of_work():
        visits.reopen(visit_id, by=current_actor(), now=utc_now())
    flash(_("探访已恢复。"), "success")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


@blueprint.post("/visits/<uuid:visit_id>/decide")
@requires(Permission.VISIT_PLAN)
def decide(visit_id: uuid.UUID) -> Response:
    """A supervisor's word on a late entry."""
    approval = Approval.APPROVED if request.form.get("approval") == Approval.APPROVED else Approval.REFUSED
    with unit_of_work():
        visits.decide(visit_id, approval=approval, by=current_actor(), now=utc_now())
    flash(_("已记下您的意见。"), "success")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)
