"""站点: day-care centres, mutual-aid homes, institutions; who works there."""

from .views import blueprint

__all__ = ["blueprint"]
