"""What a senior can have to eat: the same answer for the page that shows it and the service that books it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain import meals, subsidies
from domain.codes import Allergen, Diet
from domain.errors import NotFound
from domain.meals import Alternative
from domain.rules import RuleKey
from domain.subsidies import Subsidy
from domain.times import age_on, local_day
from extensions import db
from extensions.babel import gettext as _
from formatting import near_day
from models import Meal, MealBooking, Senior, SeniorCategory
from models.meal import LIVE
from policy import Actor, Permission, reach
from queries import portions
from queries.portions import DishLine, ServiceLine
from queries.served import why_not_served

from . import rules

BOOKABLE_DAYS = 14
"""How far ahead services are opened, today included."""

SEARCH_DAYS = 7
"""How far ahead the nearest possible portion is looked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A dish for one senior: what it costs whom, and what speaks against it."""

    dish: DishLine
    price_fen: int
    subsidy: Subsidy
    rule_id: uuid.UUID | None
    clashes: list[Allergen] = field(default_factory=list)
    unsuited: list[Diet] = field(default_factory=list)

    @property
    def self_fen(self) -> int:
        return self.price_fen - self.subsidy.amount_fen

    @property
    def is_fit(self) -> bool:
        """Whether it can be taken without a second thought."""
        return not self.clashes and not self.unsuited


def senior_for(senior_id: uuid.UUID, *, by: Actor, now: datetime) -> Senior:
    """A senior the actor may book for, with the categories; NotFound outside the scope."""
    mine = reach.seniors(by.scope(Permission.MEAL_BOOK), local_day(now))
    statement = select(Senior).options(selectinload(Senior.categories)).where(Senior.id == senior_id, mine)
    senior = db.session.scalars(statement).one_or_none()
    if senior is None:
        raise NotFound("")
    return senior


def _holds_on(line: SeniorCategory, day: date) -> bool:
    return (line.from_on is None or line.from_on <= day) and (line.to_on is None or day <= line.to_on)


def offer(senior: Senior, dish: DishLine, on: date) -> Offer:
    """What `dish` costs this senior on that day: age, categories and rule are those of the meal's date."""
    rule = rules.value(RuleKey.MEAL_SUBSIDY, senior.residence_code, on)
    subsidy = subsidies.best(
        rule.value,
        price_fen=dish.price_fen,
        age=age_on(senior.born_on, on),
        categories=[line.category for line in senior.categories if _holds_on(line, on)],
    )
    return Offer(
        dish, dish.price_fen, subsidy, rule.rule_id if subsidy.amount_fen else None,
        meals.clashing(senior.allergens, dish.allergens), meals.unsuited(senior.diets, dish.diets),
    )  # fmt: skip


def known_distance(senior: Senior, service: ServiceLine) -> float | None:
    """Kilometres from the senior's door to the canteen, where both have a pin."""
    return meals.distance_km((senior.latitude, senior.longitude), (service.latitude, service.longitude))


def distance(senior: Senior, service: ServiceLine) -> float:
    """The same for sorting: a guess where a pin is missing."""
    known = known_distance(senior, service)
    if known is not None:
        return known
    same_township = senior.residence_code[:9] == service.division_code[:9]
    return meals.UNKNOWN_KM / 4 if same_township else meals.UNKNOWN_KM


def fitting(senior: Senior, dishes: Iterable[DishLine], like: uuid.UUID | None = None) -> DishLine | None:
    """The dish that was wanted, else the cheapest, of those that neither clash nor offend a diet."""
    fit = (one for one in dishes if is_fit(senior, one))
    return min(fit, key=lambda one: (one.id != like, one.price_fen, one.name), default=None)


def is_fit(senior: Senior, dish: DishLine) -> bool:
    """Whether nothing speaks against the dish for this senior."""
    return not meals.clashing(senior.allergens, dish.allergens) and not meals.unsuited(senior.diets, dish.diets)


def nearest(
    senior: Senior,
    wanted: ServiceLine | None,
    on: date,
    meal: Meal,
    *,
    not_dish: uuid.UUID | None = None,
    like: uuid.UUID | None = None,
    now: datetime,
) -> Alternative | None:
    """The nearest portion this senior can have instead; a day later counts as much as `meals.DAY_KM` further.

    Another dish of the wanted service comes before anything else.
    """
    if wanted is not None and wanted.is_open(now):
        dish = fitting(senior, (one for one in wanted.dishes if one.id != not_dish))
        if dish is not None:
            return _alternative(senior, wanted, dish)
    start = max(on, local_day(now))
    last = min(start + timedelta(days=SEARCH_DAYS), local_day(now) + timedelta(days=BOOKABLE_DAYS - 1))
    taken = _days_taken(senior, meal, start, last)
    best: tuple[float, Alternative] | None = None
    for service in portions.to_be_had(senior.residence_code, meal, start, last, now):
        dish = fitting(senior, (one for one in service.dishes if one.id != not_dish or service.on != on), like)
        if dish is None or service.on in taken:
            continue
        cost = distance(senior, service) + (service.on - start).days * meals.DAY_KM
        if (best is None or cost < best[0]) and why_not_served(senior.id, service.on) is None:
            best = cost, _alternative(senior, service, dish)
    return best[1] if best else None


def _days_taken(senior: Senior, meal: Meal, from_on: date, to_on: date) -> set[date]:
    """Days on which the senior has a portion of this meal already; the wanted day's own may be exchanged."""
    statement = select(MealBooking.on).where(
        MealBooking.senior_id == senior.id,
        MealBooking.meal == meal,
        MealBooking.on.between(from_on + timedelta(days=1), to_on),
        MealBooking.status.in_(LIVE),
    )
    return set(db.session.scalars(statement))


def _alternative(senior: Senior, service: ServiceLine, dish: DishLine) -> Alternative:
    return Alternative(
        senior.id,
        service.id,
        service.canteen_id,
        service.canteen_name,
        service.on,
        service.meal,
        dish.id,
        dish.name,
        service.delivers,
    )


def in_words(alternative: Alternative | None, now: datetime) -> str:
    """The alternative as a sentence."""
    if alternative is None:
        return _("附近七天内都没有合适的餐了，可以请社区帮忙。")
    return _(
        "可以改订%(day)s%(canteen)s的“%(dish)s”。",
        day=near_day(alternative.on, local_day(now)), canteen=alternative.canteen_name, dish=alternative.dish_name,
    )  # fmt: skip
