"""Meals without a database: what stands in the way of a portion, what clashes, what the kitchen counts."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt
from typing import Any

from .codes import Allergen, Diet
from .errors import Refusal

DAY_KM = 8.0
"""How many kilometres further a portion may be before a day later counts as nearer."""

UNKNOWN_KM = 12.0
"""The distance assumed where a pin is missing."""

TEXTURES = (Diet.SEMI_LIQUID, Diet.SOFT)
"""The softest first: who needs both gets the softer."""


class Obstacle(StrEnum):
    """Why a portion cannot be had."""

    NOT_SERVED = "not_served"
    PAST = "past"
    TOO_FAR_AHEAD = "too_far_ahead"
    NO_MENU = "no_menu"
    SHUT = "shut"
    CUT_OFF = "cut_off"
    FULL = "full"
    BOOKED_ALREADY = "booked_already"
    ALLERGEN = "allergen"
    DIET = "diet"
    NO_DELIVERY = "no_delivery"
    NOT_YOURS_TO_CHANGE = "not_yours_to_change"


@dataclass(frozen=True, slots=True)
class Alternative:
    """The nearest portion that can be had: enough to book it with one tap."""

    senior_id: uuid.UUID
    service_id: uuid.UUID
    canteen_id: uuid.UUID
    canteen_name: str
    on: date
    meal: str
    dish_id: uuid.UUID
    dish_name: str
    delivers: bool


class MealRefused(Refusal):
    """A portion that cannot be had, why, and the nearest one that can."""

    def __init__(
        self,
        sentence: str,
        obstacle: Obstacle,
        *,
        suggestion: str | None = None,
        alternative: Alternative | None = None,
    ) -> None:
        super().__init__(sentence, suggestion=suggestion)
        self.obstacle = obstacle
        self.alternative = alternative


def clashing(allergens_of_senior: Collection[str], allergens_of_dish: Collection[str]) -> list[Allergen]:
    """What the dish holds that the senior must not eat, in the order of the list."""
    return [one for one in Allergen if one.value in allergens_of_senior and one.value in allergens_of_dish]


def unsuited(diets_of_senior: Collection[str], diets_of_dish: Collection[str]) -> list[Diet]:
    """The senior's diets that the dish does not keep. Semi-liquid food is soft enough for whoever needs soft."""
    kept = set(diets_of_dish)
    if Diet.SEMI_LIQUID in kept:
        kept.add(Diet.SOFT)
    return [one for one in Diet if one.value in diets_of_senior and one.value not in kept]


def distance_km(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> float | None:
    """As the crow flies, between two WGS84 points; None where one of them is not known."""
    if None in one or None in other:
        return None
    (lat1, lon1), (lat2, lon2) = ((radians(lat or 0), radians(lon or 0)) for lat, lon in (one, other))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 12742 * asin(sqrt(chord))


@dataclass(frozen=True, slots=True)
class Portion:
    """One portion as the kitchen counts it."""

    dish_id: str
    dish_name: str
    diets: Collection[str]
    allergens: Collection[str]
    handover: str
    diet_note: str = ""

    @property
    def is_special(self) -> bool:
        """Whether it has to be cooked, or kept, apart: a name stands behind it."""
        return bool(self.diets or self.allergens or self.diet_note)


def texture_of(diets: Collection[str]) -> str:
    """semi_liquid, soft, or regular."""
    return next((one.value for one in TEXTURES if one.value in diets), "regular")


def kitchen_count(portions: Iterable[Portion]) -> dict[str, Any]:
    """The count the kitchen cooks by. Every part adds up to `portions`, but for `diets` and `allergens`:
    a portion that is both low in salt and low in sugar stands under each.
    """
    rows = list(portions)
    names = {row.dish_id: row.dish_name for row in rows}
    dishes = []
    for dish_id, name in sorted(names.items(), key=lambda item: item[1]):
        of_dish = [row for row in rows if row.dish_id == dish_id]
        dishes.append({
            "dish_id": dish_id, "name": name, "portions": len(of_dish),
            "special": sum(row.is_special for row in of_dish),
            "diets": _tally(diet for row in of_dish for diet in row.diets),
            "textures": _tally(texture_of(row.diets) for row in of_dish),
        })  # fmt: skip
    return {
        "portions": len(rows),
        "special": sum(row.is_special for row in rows),
        "dishes": dishes,
        "diets": _tally(diet for row in rows for diet in row.diets),
        "allergens": _tally(one for row in rows for one in row.allergens),
        "textures": _tally(texture_of(row.diets) for row in rows),
        "handovers": _tally(row.handover for row in rows),
    }


def _tally(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(codes).items()))
