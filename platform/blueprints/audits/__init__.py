"""审计: who did or read what, and whether the trail is whole."""

from .views import blueprint

__all__ = ["blueprint"]
