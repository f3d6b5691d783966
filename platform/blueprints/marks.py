"""Icons, tags and badges: the smallest parts of a page, in Python because a list has hundreds of them.

Templates have them from `components/icon.html` and `components/badge.html`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from jinja2 import Undefined
from markupsafe import Markup, escape

from wording import word_of

TONE_ICONS = {
    "good": "check-circle",
    "watch": "exclamation-circle",
    "problem": "exclamation-triangle",
    "information": "info-circle",
}
"""Status is always word + icon + colour; where a word has no icon of its own, its tone has one."""
_ICON = '<svg class="%s" aria-hidden="true" focusable="false"><use href="%s#%s"></use></svg>'
_TAG = '<span class="pill pill-%s">%s<span>%s</span></span>'
_NOTHING = Markup('<span class="muted">—</span>')


class Marks:
    """The marks of one application: `address` is where a static file lies; without the sprite there are no icons."""

    TONE_ICONS = TONE_ICONS

    def __init__(self, address: Callable[..., str], *, has_sprite: bool) -> None:
        self._address = address
        self._has_sprite = has_sprite

    def icon(self, name: str, look: str = "") -> str:
        """An icon of the sprite that `make assets` builds: decoration only, the word stands beside it."""
        if not name or not self._has_sprite:
            return ""
        sprite = escape(self._address("static", filename="vendor/icons.svg"))
        return Markup(_ICON % (f"icon {escape(look)}" if look else "icon", sprite, escape(name)))  # noqa: S704  escaped

    def tag(self, text: Any, tone: str = "neutral", icon_name: str = "", *, icon: str = "") -> str:
        """A word with its icon and colour."""
        its_icon = self.icon(icon_name or icon or TONE_ICONS.get(tone, ""))
        return Markup(_TAG % (escape(tone), its_icon, escape(text)))  # noqa: S704  escaped

    def badge(self, member: StrEnum | Undefined | None) -> str:
        """`badge(visit.status)`: the word, icon and tone that platform/wording gives the member."""
        if member is None or isinstance(member, Undefined):
            return _NOTHING
        its = word_of(member)
        return self.tag(its.text, its.tone, its.icon)
