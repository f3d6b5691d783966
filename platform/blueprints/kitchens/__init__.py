"""厨房: menus of the week and dishes, the count of a meal, the counter where it is handed over."""

from . import counter, menus, views
from .room import blueprint

__all__ = ["blueprint", "counter", "menus", "views"]
