"""Signing in and staying so: lock-out in the database, idle log-out, "sign out everywhere"."""

import uuid
from datetime import datetime, timedelta

from flask import current_app, session
from flask_login import logout_user
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from domain import phones
from domain.errors import Refusal
from domain.times import utc_now
from extensions import db
from extensions.babel import gettext as _
from extensions.login import current_user
from models import SignInAttempt, User
from models.keyring import keyring
from policy import Actor

from . import audit, passwords

LOCK_AFTER = 5
LOCK_MINUTES = 15
ADDRESS_LIMIT = 50
_SEEN = "seen"
_SEEN_STEP = 30
"""Seconds between two rewrites of the session cookie: the idle time need not be finer."""


def load_user(session_id: str) -> User | None:
    """The user of a session cookie, if active and not signed out everywhere since. For Flask-Login."""
    key, _colon, version = session_id.partition(":")
    try:
        user_id = uuid.UUID(key)
    except ValueError:
        return None
    statement = select(User).options(joinedload(User.grants)).where(User.id == user_id, _may_enter())
    user = db.session.scalars(statement).unique().one_or_none()
    return user if user is not None and str(user.session_version) == version else None


def end_idle_session() -> None:
    """Runs before every request: a session untouched for the idle time is over."""
    if not current_user.is_authenticated:
        return
    now = utc_now().timestamp()
    idle = current_app.extensions["settings"].idle_minutes * 60
    if now - session.get(_SEEN, now) > idle:
        logout_user()
        return
    if now - session.get(_SEEN, 0) > _SEEN_STEP:
        session[_SEEN] = now


def _may_enter() -> ColumnElement[bool]:
    """Active users; in production no demo account, whose password is published, even if a demo database was kept."""
    if current_app.extensions["settings"].is_production:
        return and_(User.is_active, User.is_demo.is_(False))
    return User.is_active.is_(True)


def authenticate(login: str, password: str, *, address: str, now: datetime) -> User | None:
    """The user who signs in with this user name or phone, or None; either way the attempt is written down.

    Raises Refusal while the login is locked, or the address has failed too often.
    """
    login = login.strip()
    login_index = keyring.blind_index(login.lower(), "sign_in")
    _refuse_if_locked(login_index, address, now)
    phone = phones.normalise(login)
    by_phone = User.phone_index == keyring.blind_index(phone, "users.phone") if phone else User.user_name == login
    statement = select(User).where(or_(User.user_name == login, by_phone), _may_enter())
    user = db.session.scalars(statement).one_or_none()
    is_right = passwords.matches(user.password_hash if user else None, password)
    db.session.add(SignInAttempt(login_index=login_index, address=address, at=now, is_success=is_right))
    return user if is_right else None


def _refuse_if_locked(login_index: str, address: str, now: datetime) -> None:
    since = now - timedelta(minutes=LOCK_MINUTES)
    last_success = (
        select(func.max(SignInAttempt.at))
        .where(SignInAttempt.login_index == login_index, SignInAttempt.is_success)
        .scalar_subquery()
    )
    failures = select(func.count()).where(
        SignInAttempt.login_index == login_index,
        SignInAttempt.at > since,
        SignInAttempt.is_success.is_(False),
        or_(last_success.is_(None), SignInAttempt.at > last_success),
    )
    from_address = select(func.count()).where(
        SignInAttempt.address == address, SignInAttempt.at > since, SignInAttempt.is_success.is_(False)
    )
    if (db.session.scalar(failures) or 0) >= LOCK_AFTER or (db.session.scalar(from_address) or 0) >= ADDRESS_LIMIT:
        raise Refusal(_("试错的次数太多了，请 %(minutes)d 分钟后再试。", minutes=LOCK_MINUTES), field="login")


def sign_out_everywhere(user: User, *, by: Actor, now: datetime) -> None:
    """Every session of `user` ends with its next request."""
    user.session_version += 1
    audit.record("user.sign_out_everywhere", "user", user.id, by=by, now=now)


def change_password(user: User, old: str, new: str, *, by: Actor, now: datetime) -> None:
    """Set a new password; all other sessions end."""
    if not passwords.matches(user.password_hash, old):
        raise Refusal(_("原密码不对。"), field="old_password")
    if old == new:
        raise Refusal(_("新密码不能和原密码一样。"), field="new_password")
    passwords.check_strength(new, user.user_name)
    user.password_hash = passwords.hashed(new)
    user.password_changed_at = now
    user.must_change_password = False
    user.session_version += 1
    audit.record("user.change_password", "user", user.id, by=by, now=now)
