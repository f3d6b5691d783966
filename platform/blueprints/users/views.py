"""Users and their grants."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import chosen, refusals_into
from domain.errors import NotFound
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import Role, User
from policy import Permission, current_actor, requires
from queries import users as queries
from services import users
from services.users import SCOPE_OF

from .forms import GrantForm, NewUserForm, UserForm
from .targets import found_targets

blueprint = Blueprint("users", __name__, url_prefix="/users")


@blueprint.get("")
@requires(Permission.USER_READ)
def index() -> str:
    """Who may sign in."""
    text, role, active = request.args.get("q", ""), request.args.get("role", ""), request.args.get("active", "")
    page = queries.index(
        current_actor().scope(Permission.USER_READ),
        text=text[:60],
        role=role,
        active=active,
        cursor=request.args.get("after"),
    )
    return render_template("users/index.html", page=page, text=text, role=role, active=active, roles=Role)


@blueprint.get("/new")
@requires(Permission.USER_EDIT)
def new() -> str:
    """Choose the role, search what it is held over, then say who it is."""
    role = chosen(Role, "role")
    return _new_page(NewUserForm(role) if role else None)


@blueprint.post("")
@requires(Permission.USER_EDIT)
def create() -> Response | str | tuple[str, int]:
    """A new user; the first password is shown once."""
    role = chosen(Role, "role")
    if role is None:
        return redirect(url_for("users.new"), 303)
    form = NewUserForm(role)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            user, password = users.create(form.facts(), form.grant(), by=current_actor(), now=utc_now())
        if not refused:
            return render_template("users/password.html", user=user, password=password)
    return _new_page(form), 422


def _new_page(form: NewUserForm | None) -> str:
    targets = found_targets(form.chosen, request.args.get("q", "")) if form else []
    return render_template("users/new.html", form=form, roles=Role, **_grant_words(form, targets))


@blueprint.get("/<uuid:user_id>")
@requires(Permission.USER_READ)
def show(user_id: uuid.UUID) -> str:
    """One user and the grants."""
    user = _found(user_id, Permission.USER_READ)
    today = local_day(utc_now())
    grants = queries.grants_of(user.id)
    is_self = user.id == current_actor().user_id
    return render_template("users/show.html", user=user, grants=grants, today=today, is_self=is_self)


@blueprint.route("/<uuid:user_id>/edit", methods=["GET", "POST"])
@requires(Permission.USER_EDIT)
def edit(user_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Name, user name, phone. An empty phone stays what it is."""
    user = _found(user_id, Permission.USER_EDIT)
    form = UserForm(data={"user_name": user.user_name, "name": user.name})
    if form.validate_on_submit():
        facts = form.facts(user.phone)
        with refusals_into(form) as refused, unit_of_work():
            users.update(user_id, facts, by=current_actor(), now=utc_now())
        if not refused:
            return _back(user_id, _("已保存。"))
        user = _found(user_id, Permission.USER_EDIT)
    return render_template("users/edit.html", user=user, form=form), 422 if form.is_submitted() else 200


@blueprint.route("/<uuid:user_id>/grants", methods=["GET", "POST"])
@requires(Permission.USER_EDIT)
def give(user_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """One more role over one more thing."""
    user, role = _found(user_id, Permission.USER_EDIT), chosen(Role, "role")
    form = GrantForm(role) if role else None
    if form is not None and form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            users.give(user_id, form.grant(), by=current_actor(), now=utc_now())
        if not refused:
            return _back(user_id, _("已授权，下一次打开页面就生效。"))
        user = _found(user_id, Permission.USER_EDIT)
    targets = found_targets(role, request.args.get("q", "")) if role else []
    page = render_template("users/give.html", user=user, form=form, roles=Role, **_grant_words(form, targets))
    return page, 422 if form is not None and form.is_submitted() else 200


@blueprint.post("/<uuid:user_id>/grants/<uuid:grant_id>/end")
@requires(Permission.USER_EDIT)
def take_back(user_id: uuid.UUID, grant_id: uuid.UUID) -> Response:
    """End a grant."""
    with unit_of_work():
        users.take_back(user_id, grant_id, by=current_actor(), now=utc_now())
    flash(_("授权已收回。"), "success")
    return redirect(url_for("users.index"), 303)


@blueprint.post("/<uuid:user_id>/deactivate")
@requires(Permission.USER_EDIT)
def deactivate(user_id: uuid.UUID) -> Response:
    """No more signing in."""
    with unit_of_work():
        users.deactivate(user_id, by=current_actor(), now=utc_now())
    return _back(user_id, _("已停用，正在用的页面也会退出。"))


@blueprint.post("/<uuid:user_id>/activate")
@requires(Permission.USER_EDIT)
def activate(user_id: uuid.UUID) -> Response:
    """May sign in again."""
    with unit_of_work():
        users.activate(user_id, by=current_actor(), now=utc_now())
    return _back(user_id, _("已恢复，可以登录了。"))


@blueprint.post("/<uuid:user_id>/password")
@requires(Permission.USER_EDIT)
def reset_password(user_id: uuid.UUID) -> str:
    """A new first password, shown once."""
    with unit_of_work():
        password = users.reset_password(user_id, by=current_actor(), now=utc_now())
    user = _found(user_id, Permission.USER_EDIT)
    return render_template("users/password.html", user=user, password=password)


@blueprint.post("/<uuid:user_id>/sign-out")
@requires(Permission.USER_EDIT)
def sign_out(user_id: uuid.UUID) -> Response:
    """End every session, for a lost phone."""
    with unit_of_work():
        users.sign_out(user_id, by=current_actor(), now=utc_now())
    return _back(user_id, _("已在所有设备上退出登录。"))


def _back(user_id: uuid.UUID, sentence: str) -> Response:
    flash(sentence, "success")
    return redirect(url_for("users.show", user_id=user_id), 303)


def _found(user_id: uuid.UUID, permission: Permission) -> User:
    scope = current_actor().scope(permission)
    user = queries.find(user_id, scope, to_edit=permission is Permission.USER_EDIT)
    if user is None:
        raise NotFound("")
    return user


def _grant_words(form: Any, targets: list[queries.Target]) -> dict[str, Any]:
    kind = SCOPE_OF[form.chosen] if form is not None else ""
    return {"kind": kind, "targets": targets, "text": request.args.get("q", "")}
