"""Languages: Chinese first, English complete. The source text is Chinese."""

from gettext import NullTranslations
from typing import Any, cast

import flask_babel
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from .login import current_user

LANGUAGES = {"zh_Hans": "简体中文", "en": "English"}
DEFAULT = "zh_Hans"
COOKIE = "language"

babel = Babel()


def lazy(text: str) -> str:
    """A text that is translated when it is shown: for labels written at import. Imported as `_l`."""
    return cast("str", LazyString(gettext, text))


class _Catalogue:
    """The catalogue of the language in force, and the texts that this page has had from it."""

    __slots__ = ("locale", "marked", "translations")

    def __init__(self, locale: Any) -> None:
        self.locale = locale
        self.translations: NullTranslations = flask_babel.get_translations()
        self.marked: dict[str, Markup] = {}


def _catalogue() -> _Catalogue:
    """Looked up once for a request and again under `force_locale`.

    A long list asks for some hundred words; Flask-Babel's own way to each took a third of the page's time.
    """
    context = g.get("_flask_babel") if has_app_context() else None
    locale = getattr(context, "babel_locale", None)
    if context is None or locale is None:  # nobody has asked for a language yet
        return _Catalogue(None)
    known = getattr(context, "yannian_catalogue", None)
    if known is None or known.locale is not locale:
        known = context.yannian_catalogue = _Catalogue(locale)
    return cast("_Catalogue", known)


def translations() -> NullTranslations:
    """The catalogue of the language in force."""
    return _catalogue().translations


def gettext(text: str, /, **values: Any) -> str:
    """`text` in the language in force, its %(name)s filled in."""
    found = _catalogue().translations.gettext(text)
    return found % values if values else found


def is_english() -> bool:
    """Whether English is in force."""
    context = g.get("_flask_babel") if g else None
    locale = getattr(context, "babel_locale", None) or flask_babel.get_locale()
    return locale is not None and locale.language == "en"


def _page_gettext(text: str, /, **values: Any) -> Markup:
    catalogue = _catalogue()
    found = catalogue.marked.get(text)
    if found is None:
        found = Markup(catalogue.translations.gettext(text))  # noqa: S704  a catalogue's text is ours; values are escaped
        catalogue.marked[text] = found
    return found % values if values or "%" in found else found


def _page_ngettext(one: str, many: str, number: int, /, **values: Any) -> Markup:
    found = Markup(translations().ngettext(one, many, number))  # noqa: S704  as above
    return found % ({"num": number} | values)


def init_app(app: Flask) -> None:
    """Attach to an application; templates get the short way to the catalogue."""
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals.update(_=_page_gettext, gettext=_page_gettext, ngettext=_page_ngettext)


def choose_language() -> str:
    """The person's own choice, else this browser's cookie, else Chinese."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        chosen = current_user.language if current_user.is_authenticated else request.cookies.get(COOKIE)
        g.language = chosen if chosen in LANGUAGES else DEFAULT
    return str(g.language)
