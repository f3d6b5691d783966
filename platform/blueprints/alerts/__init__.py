"""预警: what somebody has to look into, by when, and who does."""

from .views import blueprint

__all__ = ["blueprint"]
