"""Helpers: the list, a helper, the forms, leave, the file."""

import uuid
from datetime import date, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from blueprints.exports import spreadsheet
from blueprints.fields import chosen
from blueprints.filters import division_chips
from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Helper, HelperKind
from policy import Permission, current_actor, requires
from queries import divisions as division_queries
from queries import helpers as queries
from queries import history as history_queries
from queries import what_ifs
from services import exports, helpers
from services.import_columns import helpers as columns
from services.what_ifs import FURTHEST

from .forms import HelperForm, LeaveForm, shift_fields

blueprint = Blueprint("helpers", __name__, url_prefix="/helpers")


def _filter() -> queries.HelperFilter:
    args = request.args
    return queries.HelperFilter(
        text=args.get("q", "").strip(),
        kind=chosen(HelperKind, args.get("kind")),
        state=args.get("state", ""),
        division_code=args.get("division", ""),
    )


def _found(helper_id: uuid.UUID, permission: Permission) -> Helper:
    return helpers.get(helper_id, by=current_actor(), permission=permission)


@blueprint.get("/")
@requires(Permission.HELPER_READ)
def index() -> str:
    """The list."""
    scope, wanted, today = current_actor().scope(Permission.HELPER_READ), _filter(), local_day(utc_now())
    page = queries.index(scope, wanted, today=today, cursor=request.args.get("after"))
    return render_template(
        "helpers/index.html",
        page=page,
        wanted=wanted,
        total=queries.total(scope, wanted, today=today),
        paths=division_queries.paths(line.division_code for line in page.items),
        places_chips=division_chips(Permission.HELPER_READ, wanted.division_code),
        kinds=list(HelperKind),
        proof_by=today + queries.PROOF_NOTICE,
    )


@blueprint.get("/export.xlsx")
@requires(Permission.HELPER_EDIT)
def export() -> Response:
    """Exactly what the list shows, with phones: for those who may change them."""
    today = local_day(utc_now())
    with unit_of_work():
        exports.record("helper", by=current_actor(), now=utc_now(), filters=request.query_string.decode())
    rows = queries.export(current_actor().scope(Permission.HELPER_EDIT), _filter(), today=today)
    return spreadsheet(_("助老员"), columns.importer.written_columns(), columns.importer.written(rows))


@blueprint.get("/<uuid:helper_id>")
@requires(Permission.HELPER_READ)
def show(helper_id: uuid.UUID) -> str:
    """One helper."""
    return _page(_found(helper_id, Permission.HELPER_READ), LeaveForm())


def _page(helper: Helper, form: LeaveForm) -> str:
    actor, today = current_actor(), local_day(utc_now())
    served = queries.served_by(helper.id, actor.scope(Permission.SENIOR_READ), today)
    return render_template(
        "helpers/show.html",
        helper=helper,
        paths=division_queries.paths([helper.division_code, *(one.residence_code for one in served)]),
        shifts=helpers.shifts_of(helper),
        leaves=[one for one in helper.leaves if one.to_on >= today],
        served=served,
        work=queries.work_in(helper.id, today.replace(day=1), today),
        may_edit=helpers.may_edit(helper, by=actor),
        may_plan=actor.scope(Permission.ROUND_PLAN).holds_division(helper.division_code),
        hint=_leave_hint(helper, today),
        form=form,
    )


def _leave_hint(helper: Helper, today: date) -> what_ifs.LeaveHint | None:
    """What the next day of leave would mean, from tomorrow on."""
    tomorrow = today + timedelta(days=1)
    days = [max(one.from_on, tomorrow) for one in helper.leaves if one.to_on >= tomorrow]
    near = [day for day in days if day <= today + FURTHEST]
    return what_ifs.leave_hint(helper.id, helper.division_code, min(near)) if near else None


@blueprint.get("/<uuid:helper_id>/history")
@requires(Permission.HELPER_READ)
def history(helper_id: uuid.UUID) -> str:
    """What was changed, when and by whom."""
    helper = _found(helper_id, Permission.HELPER_READ)
    page = history_queries.of("helper", helper_id, request.args.get("after"))
    back = url_for("helpers.show", helper_id=helper_id)
    return render_template("registries/history.html", page=page, title=helper.name, back=back)


@blueprint.get("/new")
@requires(Permission.HELPER_EDIT)
def new() -> str:
    """An empty form, with the usual week."""
    usual = {f"shift_{day}": [(510, 720), (840, 1050)] for day in range(1, 6)}
    return render_template("helpers/form.html", form=HelperForm(**usual), helper=None)


@blueprint.post("/new")
@requires(Permission.HELPER_EDIT)
def create() -> AnyResponse | tuple[str, int]:
    """Enter a helper."""
    form = HelperForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            helper = helpers.create(form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记%(name)s。", name=helper.name), "success")
            return redirect(url_for("helpers.show", helper_id=helper.id), 303)
    return render_template("helpers/form.html", form=form, helper=None), 422


@blueprint.get("/<uuid:helper_id>/edit")
@requires(Permission.HELPER_EDIT)
def edit(helper_id: uuid.UUID) -> str:
    """The form as it stands."""
    helper = _found(helper_id, Permission.HELPER_EDIT)
    return render_template("helpers/form.html", form=HelperForm(obj=helper, **shift_fields(helper)), helper=helper)


@blueprint.post("/<uuid:helper_id>/edit")
@requires(Permission.HELPER_EDIT)
def update(helper_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Change a helper."""
    helper = _found(helper_id, Permission.HELPER_EDIT)
    form = HelperForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            helpers.update(helper_id, form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。已经发布的路线不变，以后的按新资料安排。"), "success")
            return redirect(url_for("helpers.show", helper_id=helper_id), 303)
    return render_template("helpers/form.html", form=form, helper=helper), 422


@blueprint.post("/<uuid:helper_id>/leaves")
@requires(Permission.HELPER_EDIT)
def take_leave(helper_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Days without work."""
    helper = _found(helper_id, Permission.HELPER_EDIT)
    form = LeaveForm()
    if form.validate_on_submit():
        days = {"from_on": form.from_on.data or date.max, "to_on": form.to_on.data or date.max}
        with refusals_into(form) as refused, unit_of_work():
            helpers.take_leave(helper_id, **days, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记请假，这几天不再安排路线。"), "success")
            return redirect(url_for("helpers.show", helper_id=helper_id, _anchor="leave"), 303)
    return _page(_found(helper.id, Permission.HELPER_EDIT), form), 422


@blueprint.post("/<uuid:helper_id>/leaves/<uuid:leave_id>/cancel")
@requires(Permission.HELPER_EDIT)
def cancel_leave(helper_id: uuid.UUID, leave_id: uuid.UUID) -> AnyResponse:
    """The helper works after all."""
    with unit_of_work():
        helpers.cancel_leave(helper_id, leave_id, by=current_actor(), now=utc_now())
    flash(_("已取消请假。"), "success")
    return redirect(url_for("helpers.show", helper_id=helper_id, _anchor="leave"), 303)
