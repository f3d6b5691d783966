"""老人: whom the platform serves. The list and its search, the page, what is written down, and what happens to them."""

from . import life, merges, records  # noqa: F401  each brings its views
from .room import blueprint

__all__ = ["blueprint"]
