"""Canteens: the list, a canteen, its forms, its closed days, its file."""

import uuid
from datetime import date

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from blueprints.exports import spreadsheet
from blueprints.fields import chosen
from blueprints.filters import division_chips
from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Canteen, CanteenKind
from policy import Permission, current_actor, requires
from queries import canteens as queries
from queries import divisions as division_queries
from queries import history as history_queries
from services import canteens, exports
from services.import_columns import canteens as columns

from .forms import CanteenForm, ClosureForm, meal_fields

blueprint = Blueprint("canteens", __name__, url_prefix="/canteens")


def _filter() -> queries.CanteenFilter:
    args = request.args
    return queries.CanteenFilter(
        text=args.get("q", "").strip(),
        kind=chosen(CanteenKind, args.get("kind")),
        state=args.get("state", ""),
        division_code=args.get("division", ""),
    )


def _found(canteen_id: uuid.UUID, permission: Permission) -> Canteen:
    return canteens.get(canteen_id, by=current_actor(), permission=permission)


@blueprint.get("/")
@requires(Permission.CANTEEN_READ)
def index() -> str:
    """The list."""
    scope, wanted = current_actor().scope(Permission.CANTEEN_READ), _filter()
    page = queries.index(scope, wanted, today=local_day(utc_now()), cursor=request.args.get("after"))
    return render_template(
        "canteens/index.html",
        page=page,
        wanted=wanted,
        total=queries.total(scope, wanted),
        paths=division_queries.paths(line.division_code for line in page.items),
        places_chips=division_chips(Permission.CANTEEN_READ, wanted.division_code),
        kinds=list(CanteenKind),
    )


@blueprint.get("/export.xlsx")
@requires(Permission.CANTEEN_READ)
def export() -> Response:
    """Exactly what the list shows, as a file that can be imported again."""
    with unit_of_work():
        exports.record("canteen", by=current_actor(), now=utc_now(), filters=request.query_string.decode())
    rows = queries.export(current_actor().scope(Permission.CANTEEN_READ), _filter())
    return spreadsheet(_("共享餐厅"), columns.importer.written_columns(), columns.written_with_meals(rows))


@blueprint.get("/<uuid:canteen_id>")
@requires(Permission.CANTEEN_READ)
def show(canteen_id: uuid.UUID) -> str:
    """One canteen."""
    return _page(_found(canteen_id, Permission.CANTEEN_READ), ClosureForm())


def _page(canteen: Canteen, form: ClosureForm) -> str:
    return render_template(
        "canteens/show.html",
        canteen=canteen,
        path=division_queries.path(canteen.division_code),
        meals=queries.meals([canteen.id]).get(canteen.id, {}),
        closures=queries.closures(canteen.id, local_day(utc_now())),
        may_edit=canteens.may_edit(canteen, by=current_actor()),
        form=form,
    )


@blueprint.get("/<uuid:canteen_id>/history")
@requires(Permission.CANTEEN_READ)
def history(canteen_id: uuid.UUID) -> str:
    """What was changed about it, when and by whom."""
    canteen = _found(canteen_id, Permission.CANTEEN_READ)
    page = history_queries.of("canteen", canteen_id, request.args.get("after"))
    back = url_for("canteens.show", canteen_id=canteen_id)
    return render_template("registries/history.html", page=page, title=canteen.name, back=back)


@blueprint.get("/new")
@requires(Permission.CANTEEN_EDIT)
def new() -> str:
    """An empty form."""
    return render_template("canteens/form.html", form=CanteenForm(), canteen=None)


@blueprint.post("/new")
@requires(Permission.CANTEEN_EDIT)
def create() -> AnyResponse | tuple[str, int]:
    """Enter a canteen."""
    form = CanteenForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            canteen = canteens.create(form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记%(name)s。", name=canteen.name), "success")
            return redirect(url_for("canteens.show", canteen_id=canteen.id), 303)
    return render_template("canteens/form.html", form=form, canteen=None), 422


def _form_for(canteen: Canteen) -> CanteenForm:
    """The form as it stands; a canteen's own manager does not see what the office decides."""
    form = CanteenForm(obj=canteen, **meal_fields(canteens.meals_of(canteen.id)))
    if not current_actor().scope(Permission.CANTEEN_EDIT).holds_division(canteen.division_code):
        form.for_manager()
    return form


@blueprint.get("/<uuid:canteen_id>/edit")
@requires(Permission.CANTEEN_EDIT)
def edit(canteen_id: uuid.UUID) -> str:
    """The form as it stands."""
    canteen = _found(canteen_id, Permission.CANTEEN_EDIT)
    return render_template("canteens/form.html", form=_form_for(canteen), canteen=canteen)


@blueprint.post("/<uuid:canteen_id>/edit")
@requires(Permission.CANTEEN_EDIT)
def update(canteen_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Change a canteen."""
    canteen = _found(canteen_id, Permission.CANTEEN_EDIT)
    form = _form_for(canteen)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            canteens.update(canteen_id, form.as_data(canteen), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。"), "success")
            return redirect(url_for("canteens.show", canteen_id=canteen_id), 303)
    return render_template("canteens/form.html", form=form, canteen=canteen), 422


@blueprint.post("/<uuid:canteen_id>/closures")
@requires(Permission.CANTEEN_EDIT)
def close(canteen_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Days without meals."""
    canteen = _found(canteen_id, Permission.CANTEEN_EDIT)
    form = ClosureForm()
    if form.validate_on_submit():
        days = {"from_on": form.from_on.data or date.max, "to_on": form.to_on.data or date.max}
        with refusals_into(form) as refused, unit_of_work():
            canteens.close(canteen_id, **days, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记停餐，这几天不再接受新的订餐。"), "success")
            return redirect(url_for("canteens.show", canteen_id=canteen_id, _anchor="closures"), 303)
    return _page(canteen, form), 422


@blueprint.post("/<uuid:canteen_id>/closures/<uuid:closure_id>/cancel")
@requires(Permission.CANTEEN_EDIT)
def reopen(canteen_id: uuid.UUID, closure_id: uuid.UUID) -> AnyResponse:
    """It cooks after all."""
    with unit_of_work():
        canteens.reopen(canteen_id, closure_id, by=current_actor(), now=utc_now())
    flash(_("已取消停餐。"), "success")
    return redirect(url_for("canteens.show", canteen_id=canteen_id, _anchor="closures"), 303)
