"""探访: a helper's day and visit log on the phone, the office's list, a family's page, and the phone's API."""

from . import api, field, offices, telling
from .room import blueprint

__all__ = ["api", "blueprint", "field", "offices", "telling"]
