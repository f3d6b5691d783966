"""The door: signing in and out, the password, the language and the type size."""

from .views import blueprint

__all__ = ["blueprint"]
