"""The door of every endpoint: public, or a permission; what names neither is denied."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.times import local_day, utc_now
from extensions.login import current_user

from .permissions import Permission
from .scope import Actor, actor_of

PUBLIC = "public"
View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: Permission) -> Callable[[View], View]:
    """Name the permission a view needs."""

    def mark(view: View) -> View:
        cast("Any", view).permission = permission
        return view

    return mark


def public(view: View) -> View:
    """Say that anybody may call this view."""
    cast("Any", view).permission = PUBLIC
    return view


def permission_of(app: Flask, endpoint: str) -> Permission | str | None:
    """What an endpoint names: a permission, PUBLIC, or None (then it is denied)."""
    return getattr(app.view_functions[endpoint], "permission", None)


def guard() -> Response | None:
    """Runs before every request: default deny."""
    if request.endpoint is None:
        return None  # the router answers 404 or 405
    needed = permission_of(current_app, request.endpoint)
    if needed == PUBLIC or request.endpoint == "static":
        return None
    if needed is None:
        current_app.logger.error("endpoint %s names no permission and is denied", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        return _to_sign_in()
    g.actor = actor_of(current_user, local_day(utc_now()), request.remote_addr or "")
    if not g.actor.can(Permission(needed)):
        abort(403)
    if current_user.must_change_password and request.endpoint not in {"sessions.password", "sessions.destroy"}:
        return redirect(url_for("sessions.password"))
    return None


def _to_sign_in() -> Response:
    if request.path.startswith("/api/"):
        abort(401)
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sessions.new", next=back), 303)


def current_actor() -> Actor:
    """Who asks, in a guarded view."""
    return cast("Actor", g.actor)
