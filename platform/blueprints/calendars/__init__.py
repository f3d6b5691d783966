"""日历: market days, festivals, weather and holidays, and what they do to visits."""

from .views import blueprint

__all__ = ["blueprint"]
