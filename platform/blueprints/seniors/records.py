"""The list, the page and the record of a senior."""

import uuid
from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.exports import spreadsheet
from blueprints.forms import refusals_into
from domain.codes import Category
from domain.errors import Stale
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import LivingArrangement, RiskTier, SeniorStatus
from policy import Permission, current_actor, requires
from queries import places, senior_timeline
from queries import seniors as queries
from queries.seniors import Filters
from services import seniors
from services.senior_exports import note_export
from wording import as_options

from .export import columns, line
from .forms import SeniorForm
from .happened import items
from .pages import differences, found, record_form, senior_pages, show_problems
from .room import blueprint


def _filters() -> Filters:
    names = ("q", "division", "status", "tier", "living", "category")
    return Filters(**{name: request.args.get(name, "").strip()[:80] for name in names}).known()


@blueprint.get("")
@requires(Permission.SENIOR_READ)
def index() -> str:
    """Search first, then filters; fifty at a time."""
    filters, today = _filters(), local_day(utc_now())
    scope = current_actor().scope(Permission.SENIOR_READ)
    page = queries.index(filters, scope, today=today, cursor=request.args.get("after"))
    is_all = page.is_first and page.next_cursor is None
    total = len(page.items) if is_all else queries.count(filters, scope, today=today)
    return render_template(
        "seniors/index.html", page=page, filters=filters, total=total, most=queries.COUNT_TO,
        counties=places.counties(scope), is_masked=bool(scope.divisions),
        is_office=bool(scope.divisions or scope.centres),
        filters_in_url={name: value for name, value in asdict(filters).items() if value},
        status_options=as_options(SeniorStatus), tier_options=as_options(RiskTier), livings=LivingArrangement,
        categories=Category,
    )  # fmt: skip


@blueprint.get("/export.xlsx")
@requires(Permission.SENIOR_EXPORT)
def export() -> Response:
    """Exactly what the list's filters show, masked as in the list."""
    filters, now = _filters(), utc_now()
    scope = current_actor().scope(Permission.SENIOR_EXPORT)
    with unit_of_work():
        note_export(filters, by=current_actor(), now=now)
    today = local_day(now)
    rows = (line(row, today) for row in queries.everything(filters, scope, today=today))
    return spreadsheet(_("老人名单"), columns(), rows)


@blueprint.get("/<uuid:senior_id>")
@requires(Permission.SENIOR_READ)
def show(senior_id: uuid.UUID) -> str | Response:
    """The heart: who, where, how to reach, how she is."""
    with unit_of_work():
        kept_id = seniors.note_read(senior_id, by=current_actor(), now=utc_now())
    if kept_id is not None:
        return redirect(url_for("seniors.show", senior_id=kept_id))
    return senior_pages(senior_id)


@blueprint.get("/<uuid:senior_id>/history")
@requires(Permission.SENIOR_EDIT)
def history(senior_id: uuid.UUID) -> str:
    """Who changed what, from the audit trail."""
    senior = found(senior_id, current_actor(), Permission.SENIOR_EDIT)
    kinds = frozenset({senior_timeline.MomentKind.CHANGE})
    before = senior_timeline.parse_cursor(request.args.get("after"))
    page = senior_timeline.timeline(senior.id, today=local_day(utc_now()), kinds=kinds, before=before)
    return render_template("seniors/history.html", senior=senior, page=page, happened=items(page.items))


@blueprint.get("/new")
@requires(Permission.SENIOR_EDIT)
def new() -> str:
    """An empty form."""
    return render_template("seniors/new.html", form=record_form(current_actor()), theirs=[])


@blueprint.post("/new")
@requires(Permission.SENIOR_EDIT)
def create() -> Response | tuple[str, int]:
    """Register somebody."""
    form = record_form(current_actor())
    if _is_ready(form):
        with refusals_into(form) as refused, unit_of_work():
            senior = seniors.register(form.facts(None), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("%(name)s 已登记。", name=senior.name), "success")
            return redirect(url_for("seniors.show", senior_id=senior.id), 303)
    return render_template("seniors/new.html", form=form, theirs=[]), 422


@blueprint.get("/<uuid:senior_id>/edit")
@requires(Permission.SENIOR_EDIT)
def edit(senior_id: uuid.UUID) -> str:
    """The record as a form."""
    actor = current_actor()
    senior = found(senior_id, actor, Permission.SENIOR_EDIT)
    return render_template("seniors/edit.html", form=record_form(actor, senior), senior=senior, theirs=[])


@blueprint.post("/<uuid:senior_id>/edit")
@requires(Permission.SENIOR_EDIT)
def update(senior_id: uuid.UUID) -> Response | tuple[str, int]:
    """Save the record. Who was overtaken sees both values and loses nothing."""
    actor, theirs = current_actor(), []
    senior = found(senior_id, actor, Permission.SENIOR_EDIT)
    form = record_form(actor, senior)
    if _is_ready(form, senior):
        facts, version = form.facts(senior), form.version.data
        with refusals_into(form) as refused, unit_of_work():
            seniors.update(senior_id, facts, base_version=version or 0, by=actor, now=utc_now())
        if not refused:
            flash(_("已保存。"), "success")
            return redirect(url_for("seniors.show", senior_id=senior_id), 303)
        if isinstance(refused.refusal, Stale):
            theirs = differences(form, refused.refusal)
    senior = found(senior_id, actor, Permission.SENIOR_EDIT)
    return render_template("seniors/edit.html", form=form, senior=senior, theirs=theirs), 422


def _is_ready(form: SeniorForm, senior: object = None) -> bool:
    """Whether the form may be saved; a press on "one more row" only adds the row."""
    if request.form.get("more"):
        form.add_row(request.form["more"])
        return False
    is_valid = form.validate_on_submit()
    checked = seniors.checked(form.facts(senior), today=local_day(utc_now())) if is_valid else None  # type: ignore[arg-type]
    return checked is not None and not show_problems(form, checked.problems)
