"""助老员: whoever goes to the door, when they can, and when not."""

from .views import blueprint

__all__ = ["blueprint"]
