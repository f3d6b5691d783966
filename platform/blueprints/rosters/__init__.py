"""名册: a centre's day: who is expected, who is here, who is missing."""

from .views import blueprint

__all__ = ["blueprint"]
