"""Passwords: argon2id, and what makes one good enough."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from domain.errors import Refusal
from extensions.babel import gettext as _

MINIMUM = 10
_TOO_COMMON = {"1234567890", "0123456789", "password123", "qwertyuiop", "aaaaaaaaaa", "yannian123", "111111111111"}


def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=current_app.extensions["settings"].password_cost)


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long when there is none stored."""
    hasher = _hasher()
    if stored is None:
        hasher.hash(password)
        return False
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def check_strength(password: str, user_name: str) -> None:
    """Refuse a password that is short, common, one repeated character, or holds the user name."""
    if len(password) < MINIMUM:
        raise Refusal(_("密码至少要 %(count)d 位。", count=MINIMUM), field="new_password")
    lowered = password.lower()
    if lowered in _TOO_COMMON or len(set(lowered)) < 4:
        raise Refusal(_("这个密码太容易被猜到，请换一个。"), field="new_password")
    if user_name and user_name.lower() in lowered:
        raise Refusal(_("密码里不能带有用户名。"), field="new_password")
