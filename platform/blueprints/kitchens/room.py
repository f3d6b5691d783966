"""The blueprint, and what its views share."""

import uuid
from datetime import date
from typing import TypeVar

from flask import Blueprint

from domain.errors import NotFound
from models import Meal
from policy import Permission, current_actor
from queries import kitchens
from queries.kitchens import KitchenPage

blueprint = Blueprint("kitchens", __name__)

MEAL = "any(breakfast, lunch, supper):meal"
KITCHEN = f"/canteens/<uuid:canteen_id>/kitchen/<day:on>/<{MEAL}>"

Found = TypeVar("Found")


def found(thing: Found | None) -> Found:
    """What a query gave, or the page that says there is no such thing."""
    if thing is None:
        raise NotFound("")
    return thing


def kitchen(canteen_id: uuid.UUID, on: date, meal: str) -> KitchenPage:
    """One meal of a canteen that the signed-in person may look into."""
    scope = current_actor().scope(Permission.KITCHEN_READ)
    return found(kitchens.show(scope, canteen_id, on, Meal(meal)))
