"""送餐: plan who brings a meal to which doors, alone or on the way of visits; publish it, print it."""

from . import couriers, plans, views
from .room import blueprint

__all__ = ["blueprint", "couriers", "plans", "views"]
