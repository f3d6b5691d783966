"""Languages: Chinese first, English complete. The source text is Chinese."""

from typing import cast

from flask import g, has_request_context, request
from flask_babel import Babel, lazy_gettext

from .login import current_user

LANGUAGES = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT = "zh_Hans"
COOKIE = "language"

babel = Babel()


def lazy(text: str) -> str:
    """A text that is translated when it is shown: for labels written at import. Imported as `_l`."""
    return cast("str", lazy_gettext(text))


def choose_language() -> str:
    """The person's own choice, else this browser's cookie, else Chinese."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = current_user.language if current_user.is_authenticated else request.cookies.get(COOKIE)
        g.language = chosen if chosen in LANGUAGES else DEFAULT
    return str(g.language)
