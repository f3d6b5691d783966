"""当天的调整: say what has happened to a published day, see before and after, accept, dismiss, undo."""

from .views import blueprint

__all__ = ["blueprint"]
