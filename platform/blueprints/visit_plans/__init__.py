"""探访计划: why and how often one senior is visited."""

from .views import blueprint

__all__ = ["blueprint"]
