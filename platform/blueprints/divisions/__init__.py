"""区划: the tree of places, walked a level at a time."""

from .views import blueprint

__all__ = ["blueprint"]
