"""The tree of places."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from blueprints.forms import refusals_into
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Division
from policy import Permission, current_actor, requires
from queries import divisions as queries
from queries import history as history_queries
from services import divisions

from .forms import DivisionForm, NewDivisionForm

blueprint = Blueprint("divisions", __name__, url_prefix="/divisions")


def _found(code: str, permission: Permission = Permission.DIVISION_READ) -> Division:
    division = queries.get(code, current_actor().scope(permission))
    if division is None:
        raise NotFound
    return division


@blueprint.get("/")
@requires(Permission.DIVISION_READ)
def index() -> str:
    """One level of the tree, or what a search finds."""
    text = request.args.get("q", "").strip()
    scope = current_actor().scope(Permission.DIVISION_READ)
    page = queries.index(scope, text=text, parent=None, cursor=request.args.get("after"))
    return render_template("divisions/index.html", page=page, text=text)


@blueprint.get("/suggest")
@requires(Permission.DIVISION_READ)
def suggest() -> Response:
    """A few divisions that what is typed may mean, within the scope of the form that asks."""
    named = request.args.get("permission", "")
    permission = Permission(named) if named in set(Permission) else Permission.DIVISION_READ
    found = queries.suggestions(request.args.get("q", ""), current_actor().scope(permission))
    return jsonify([{"code": one.code, "name": one.name} for one in found])


@blueprint.get("/<code:code>")
@requires(Permission.DIVISION_READ)
def show(code: str) -> str:
    """One division: where it lies, what is under it."""
    division = _found(code)
    scope = current_actor().scope(Permission.DIVISION_READ)
    return render_template(
        "divisions/show.html",
        division=division,
        crumbs=queries.crumbs(code),
        aliases=queries.aliases_of(code),
        under=queries.under(code),
        page=queries.index(scope, text="", parent=code, cursor=request.args.get("after")),
        may_edit=current_actor().scope(Permission.DIVISION_EDIT).holds_division(code),
    )


@blueprint.get("/<code:code>/history")
@requires(Permission.DIVISION_READ)
def history(code: str) -> str:
    """What was changed about it, when and by whom."""
    division = _found(code)
    page = history_queries.of("division", code, request.args.get("after"))
    return render_template(
        "registries/history.html", page=page, title=division.name, back=url_for("divisions.show", code=code)
    )


@blueprint.get("/new")
@requires(Permission.DIVISION_EDIT)
def new() -> str:
    """An empty form, under the division the address names."""
    return render_template(
        "divisions/form.html", form=NewDivisionForm(code=request.args.get("under", "")), division=None
    )


@blueprint.post("/new")
@requires(Permission.DIVISION_EDIT)
def create() -> AnyResponse | tuple[str, int]:
    """Enter a division."""
    form = NewDivisionForm()
    if form.validate_on_submit():
        code = (form.code.data or "").strip()
        with refusals_into(form) as refused, unit_of_work():
            divisions.create(code, form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已登记。"), "success")
            return redirect(url_for("divisions.show", code=code), 303)
    return render_template("divisions/form.html", form=form, division=None), 422


@blueprint.get("/<code:code>/edit")
@requires(Permission.DIVISION_EDIT)
def edit(code: str) -> str:
    """The form as it stands."""
    division = _found(code, Permission.DIVISION_EDIT)
    return render_template("divisions/form.html", form=DivisionForm(obj=division), division=division)


@blueprint.post("/<code:code>/edit")
@requires(Permission.DIVISION_EDIT)
def update(code: str) -> AnyResponse | tuple[str, int]:
    """Change a division."""
    division = _found(code, Permission.DIVISION_EDIT)
    form = DivisionForm()
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            divisions.update(code, form.as_data(), by=current_actor(), now=utc_now())
        if not refused:
            flash(_("已保存。"), "success")
            return redirect(url_for("divisions.show", code=code), 303)
    return render_template("divisions/form.html", form=form, division=division), 422
