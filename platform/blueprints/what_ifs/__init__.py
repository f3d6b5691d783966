"""如果…: ask what a day would be with one thing different, and read the answer. Nothing is planned by it."""

from .views import blueprint

__all__ = ["blueprint"]
