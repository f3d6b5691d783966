"""Signing in and out, the password, the language and the type size."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from demo import accounts
from domain.times import utc_now
from extensions import db, limiter, unit_of_work
from extensions.babel import COOKIE, LANGUAGES
from extensions.babel import gettext as _
from extensions.login import current_user
from policy import Permission, current_actor, public, requires
from services import sign_in

from .forms import PasswordForm, SignInForm

blueprint = Blueprint("sessions", __name__)


def _safe_next(target: str | None) -> str:
    """Only an address of this site: a path that begins with one slash."""
    parts = urlsplit(target or "")
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in (target or "")
    return target if target and is_ours and not target.startswith("//") else url_for("homes.show")


@blueprint.get("/sign-in")
@public
def new() -> str | Response:
    """The door."""
    if current_user.is_authenticated:
        return redirect(url_for("homes.show"))
    return _door(SignInForm())


@blueprint.post("/sign-in")
@limiter.limit("30 per minute")
@public
def create() -> str | Response | tuple[str, int]:
    """Sign in."""
    form = SignInForm()
    user = None
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            user = sign_in.authenticate(
                form.login.data or "", form.password.data or "", address=request.remote_addr or "", now=utc_now()
            )
        if user is not None:
            login_user(user)
            return redirect(_safe_next(request.args.get("next")), 303)
        if not refused:
            form.form_errors.append(_("用户名、手机号或密码不对，请再试一次。"))
    return _door(form), 422


def _door(form: SignInForm) -> str:
    """The sign-in page; in demo mode with the demo accounts, whose password is published."""
    is_demo = current_app.extensions["settings"].mode == "demo"
    return render_template(
        "sessions/new.html",
        form=form,
        demo_accounts=accounts.for_sign_in() if is_demo else [],
        demo_password=accounts.PASSWORD if is_demo else "",
    )


@blueprint.post("/sign-out")
@requires(Permission.HOME)
def destroy() -> Response:
    """Sign out, here or everywhere."""
    if request.form.get("everywhere"):
        with unit_of_work() as uow:
            user = uow.session.merge(current_user._get_current_object())  # noqa: SLF001  Flask-Login's proxy
            sign_in.sign_out_everywhere(user, by=current_actor(), now=utc_now())
        flash(_("已在所有设备上退出登录。"), "success")
    logout_user()
    return redirect(url_for("sessions.new"), 303)


@blueprint.route("/password", methods=["GET", "POST"])
@requires(Permission.HOME)
def password() -> str | Response | tuple[str, int]:
    """Change one's own password."""
    form = PasswordForm()
    if form.validate_on_submit():
        user = current_user._get_current_object()  # noqa: SLF001  Flask-Login's proxy
        with refusals_into(form) as refused, unit_of_work():
            sign_in.change_password(
                user, form.old_password.data or "", form.new_password.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            login_user(user)
            flash(_("密码已更改，其他设备上的登录已失效。"), "success")
            return redirect(url_for("homes.show"), 303)
    return render_template("sessions/password.html", form=form), 422 if form.is_submitted() else 200


@blueprint.post("/preferences")
@public
def preferences() -> Response:
    """Language and type size: kept with the person, or in this browser before signing in."""
    language = request.form.get("language", "")
    response = redirect(_safe_next(request.form.get("next")), 303)
    if current_user.is_authenticated:
        with unit_of_work():
            user = db.session.merge(current_user._get_current_object())  # noqa: SLF001  Flask-Login's proxy
            if language in LANGUAGES:
                user.language = language
            if "big_type" in request.form:
                user.is_big_type = request.form["big_type"] == "1"
    if language in LANGUAGES:
        response.set_cookie(COOKIE, language, max_age=365 * 86400, samesite="Lax", httponly=True)
    if "big_type" in request.form:
        response.set_cookie("big_type", request.form["big_type"], max_age=365 * 86400, samesite="Lax", httponly=True)
    return response
