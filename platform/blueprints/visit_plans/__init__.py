"""探访计划: why and how often one senior is visited, and by whom."""

from . import people
from .views import blueprint

__all__ = ["blueprint", "people"]
