"""Centres: the list, a centre, its forms, its file."""

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from blueprints.exports import spreadsheet
from blueprints.fields import chosen
from blueprints.filters import division_chips
from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Centre, CentreKind
from policy import Permission, current_actor, requires
from queries import centres as queries
from queries import divisions as division_queries
from queries import history as history_queries
from services import centres, exports
from services.import_columns import centres as columns

from .forms import CentreForm, StaffForm

blueprint = Blueprint("centres", __name__, url_prefix="/centres")


def _filter() -> queries.CentreFilter:
    args = request.args
    return queries.CentreFilter(
        text=args.get("q", "").strip(),
        kind=chosen(CentreKind, args.get("kind")),
        state=args.get("state", ""),
        division_code=args.get("division", ""),
    )


@blueprint.get("/")
@requires(Permission.CENTRE_READ)
def index() -> str:
    """The list."""
    scope, wanted = current_actor().scope(Permission.CENTRE_READ), _filter()
    page = queries.index(scope, wanted, today=local_day(utc_now()), cursor=request.args.get("after"))
    return render_template(
        "centres/index.html",
        page=page,
        wanted=wanted,
        total=queries.total(scope, wanted),
        paths=division_queries.paths(line.division_code for line in page.items),
        places_chips=division_chips(Permission.CENTRE_READ, wanted.division_code),
        kinds=list(CentreKind),
    )


@blueprint.get("/export.xlsx")
@requires(Permission.CENTRE_READ)
def export() -> Response:
    """Exactly what the list shows, as a file that can be imported again."""
    with unit_of_work():
        exports.record("centre", by=current_actor(), now=utc_now(), filters=request.query_string.decode())
    rows = queries.export(current_actor().scope(Permission.CENTRE_READ), _filter())
    return spreadsheet(_("站点"), columns.importer.written_columns(), columns.importer.written(rows))


@blueprint.get("/<uuid:centre_id>")
@requires(Permission.CENTRE_READ)
def show(centre_id: uuid.UUID) -> str:
    """One centre."""
    centre = centres.get(centre_id, by=current_actor(), permission=Permission.CENTRE_READ)
    return _page(centre_id, StaffForm(), centre)


def _page(centre_id: uuid.UUID, staff_form: StaffForm, centre: Centre) -> str:
    return render_template(
        "centres/show.html",
        centre=centre,
        path=division_queries.path(centre.division_code),
        staff=queries.staff(centre_id),
        enrolled=queries.enrolled_now(centre_id, local_day(utc_now())),
        may_edit=centres.may_edit(centre, by=current_actor()),
        form=staff_form,
    )


@blueprint.get("/<uuid:centre_id>/history")
@requires(Permission.CENTRE_READ)
def history(centre_id: uuid.UUID) -> str:
    """What was changed about it, when and by whom."""
    centre = centres.get(centre_id, by=current_actor(), permission=Permission.CENTRE_READ)
    page = history_queries.of("centre", centre_id, request.args.get("after"))
    back = url_for("centres.show", centre_id=centre_id)
    return render_template("registries/history.html", page=page, title=centre.name, back=back)


@blueprint.get("/new")
@requires(Permission.CENTRE_EDIT)
def new() -> str:
    """An empty form."""
    return render_template("centres/form.html", form=CentreForm(), centre=None)


@blueprint.post("/new")
@requires(Permission.CENTRE_EDIT)
def create() -> AnyResponse | tuple[str, int]:
    """Enter a centre."""
    form = CentreForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            centre = centres.create(form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记%(name)s。", name=centre.name), "success")
            return redirect(url_for("centres.show", centre_id=centre.id), 303)
    return render_template("centres/form.html", form=form, centre=None), 422


def _form_for(centre: Centre) -> CentreForm:
    """The form as it stands; a centre's own manager does not see what the office decides."""
    form = CentreForm(obj=centre)
    if not current_actor().scope(Permission.CENTRE_EDIT).holds_division(centre.division_code):
        form.for_manager()
    return form


@blueprint.get("/<uuid:centre_id>/edit")
@requires(Permission.CENTRE_EDIT)
def edit(centre_id: uuid.UUID) -> str:
    """The form as it stands."""
    centre = centres.get(centre_id, by=current_actor(), permission=Permission.CENTRE_EDIT)
    return render_template("centres/form.html", form=_form_for(centre), centre=centre)


@blueprint.post("/<uuid:centre_id>/edit")
@requires(Permission.CENTRE_EDIT)
def update(centre_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Change a centre."""
    centre = centres.get(centre_id, by=current_actor(), permission=Permission.CENTRE_EDIT)
    form = _form_for(centre)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            centres.update(centre_id, form.as_data(centre), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。"), "success")
            return redirect(url_for("centres.show", centre_id=centre_id), 303)
    return render_template("centres/form.html", form=form, centre=centre), 422


@blueprint.post("/<uuid:centre_id>/staff")
@requires(Permission.CENTRE_EDIT)
def add_staff(centre_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Somebody begins to work there."""
    centre = centres.get(centre_id, by=current_actor(), permission=Permission.CENTRE_EDIT)
    form = StaffForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            centres.add_staff(centre_id, form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已添加。"), "success")
            return redirect(url_for("centres.show", centre_id=centre_id, _anchor="staff"), 303)
    return _page(centre_id, form, centre), 422


@blueprint.post("/<uuid:centre_id>/staff/<uuid:staff_id>/remove")
@requires(Permission.CENTRE_EDIT)
def remove_staff(centre_id: uuid.UUID, staff_id: uuid.UUID) -> AnyResponse:
    """Somebody no longer works there."""
    with unit_of_work():
        centres.remove_staff(centre_id, staff_id, by=current_actor(), now=utc_now())
    flash(_("已移除。"), "success")
    return redirect(url_for("centres.show", centre_id=centre_id, _anchor="staff"), 303)
