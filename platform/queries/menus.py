"""What the manager of a canteen reads of menus: the week as a grid, the dishes, and whom next week's menu hurts."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Select, String, cast, or_, select

from domain.codes import Allergen, Diet
from domain.meals import clashing, unsuited
from extensions import db
from models import Canteen, CanteenClosure, CanteenMeal, Dish, Meal, MealBooking, MealService, MenuItem, Senior
from models.meal import LIVE
from policy import Scope, reach

Code = TypeVar("Code", bound=StrEnum)

REGULAR_DAYS = 28
"""Who has eaten here within so many days is expected again."""

PEOPLE = 300
"""People with a diet or an allergy looked at for one canteen's week."""

DISHES = 500
"""Dishes of one canteen: beyond it the list is none any more."""


@dataclass(slots=True)
class Cell:
    """One meal of the grid."""

    on: date
    meal: Meal
    is_open: bool
    reason: str = ""
    dishes: list[Dish] = field(default_factory=list)
    unpublished: int = 0


@dataclass(slots=True)
class Clash:
    """A person who booked what she must not eat, or finds nothing fit at meals she comes to; and what would help."""

    senior_name: str
    booked_dish: str
    allergens: list[Allergen]
    diets: list[Diet]
    swap: str
    meals: list[tuple[date, Meal]] = field(default_factory=list)


@dataclass(slots=True)
class WeekPage:
    """A canteen's week."""

    canteen: Canteen
    monday: date
    meals: list[Meal]
    cells: dict[tuple[date, Meal], Cell]
    clashes: list[Clash] = field(default_factory=list)

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=ahead) for ahead in range(7)]

    @property
    def unpublished(self) -> int:
        return sum(cell.unpublished for cell in self.cells.values())

    @property
    def is_empty(self) -> bool:
        return not any(cell.dishes for cell in self.cells.values())


def week(scope: Scope, canteen_id: uuid.UUID, monday: date, today: date) -> WeekPage | None:
    """The grid of one week, and the clashes of its days from today on. Seven statements."""
    canteen = db.session.scalars(select(Canteen).where(Canteen.id == canteen_id, reach.canteens(scope))).one_or_none()
    if canteen is None:
        return None
    offered = list(db.session.scalars(select(CanteenMeal).where(CanteenMeal.canteen_id == canteen_id)))
    sunday = monday + timedelta(days=6)
    closures = _closures(canteen_id, monday, sunday)
    menu = db.session.execute(
        select(MenuItem, Dish)
        .join(Dish, Dish.id == MenuItem.dish_id)
        .where(MenuItem.canteen_id == canteen_id, MenuItem.on.between(monday, sunday))
        .order_by(Dish.price_fen, Dish.name)
    ).tuples()
    page = WeekPage(canteen, monday, [meal for meal in Meal if meal in {one.meal for one in offered}], {})
    for one in offered:
        for on in page.days:
            reason = next((line.reason for line in closures if line.from_on <= on <= line.to_on), None)
            is_open = on.isoweekday() in one.weekdays and reason is None
            page.cells[on, one.meal] = Cell(on, one.meal, is_open, reason or "")
    for item, dish in menu:
        cell = page.cells.get((item.on, item.meal))
        if cell is not None:
            cell.dishes.append(dish)
            cell.unpublished += not item.is_published
    page.clashes = _clashes(page, today)
    return page


def _closures(canteen_id: uuid.UUID, from_on: date, to_on: date) -> list[CanteenClosure]:
    statement = select(CanteenClosure).where(
        CanteenClosure.canteen_id == canteen_id, CanteenClosure.from_on <= to_on, CanteenClosure.to_on >= from_on
    )
    return list(db.session.scalars(statement))


def _clashes(page: WeekPage, today: date) -> list[Clash]:
    """Booked portions that clash, then regulars for whom a meal they come to holds nothing they may eat."""
    dishes = list(db.session.scalars(_dishes(page.canteen.id).where(Dish.is_active)))
    booked = _booked(page.canteen.id, max(today, page.monday), page.days[-1])
    found: dict[tuple[uuid.UUID, uuid.UUID | None], Clash] = {}
    ahead = [cell for cell in page.cells.values() if cell.dishes and cell.on >= today]
    for senior, usual in _regulars(page.canteen.id, today):
        for cell in ahead:
            dish_id = booked.get((senior.id, cell.on, cell.meal))
            if dish_id is None and cell.meal not in usual:
                continue
            clash = _clash(senior, cell, dish_id, dishes)
            if clash is not None:
                found.setdefault((senior.id, dish_id), clash).meals.append((cell.on, cell.meal))
    return sorted(found.values(), key=lambda one: (not one.booked_dish, not one.allergens, one.meals[0][0]))


def _booked(canteen_id: uuid.UUID, from_on: date, to_on: date) -> dict[tuple[uuid.UUID, date, Meal], uuid.UUID]:
    """The dish each person has booked here, by day and meal."""
    statement = (
        select(MealBooking.senior_id, MealBooking.on, MealBooking.meal, MealBooking.dish_id)
        .join(MealService, MealService.id == MealBooking.service_id)
        .where(
            MealService.canteen_id == canteen_id, MealService.on.between(from_on, to_on), MealBooking.status.in_(LIVE)
        )
    )
    return {(who, on, meal): dish_id for who, on, meal, dish_id in db.session.execute(statement).tuples()}


def _clash(senior: Senior, cell: Cell, booked_id: uuid.UUID | None, dishes: list[Dish]) -> Clash | None:
    booked = next((dish for dish in cell.dishes if dish.id == booked_id), None)
    concerned = [booked] if booked else cell.dishes
    if any(_is_fit(senior, dish) for dish in concerned):
        return None
    here = next((dish for dish in cell.dishes if _is_fit(senior, dish)), None)
    swap = here or next((dish for dish in dishes if _is_fit(senior, dish)), None)
    return Clash(
        senior.name, booked.name if booked else "",
        _common([clashing(senior.allergens, dish.allergens) for dish in concerned]),
        _common([unsuited(senior.diets, dish.diets) for dish in concerned]), swap.name if swap else "",
    )  # fmt: skip


def _is_fit(senior: Senior, dish: Dish) -> bool:
    return not clashing(senior.allergens, dish.allergens) and not unsuited(senior.diets, dish.diets)


def _common(lists: list[list[Code]]) -> list[Code]:
    """Every code named by any of the lists, once each, in order."""
    return list(dict.fromkeys(code for codes in lists for code in codes))


def _regulars(canteen_id: uuid.UUID, today: date) -> list[tuple[Senior, set[Meal]]]:
    """People with a diet or an allergy who came here lately or are booked for the days to come, and to which meals."""
    eaten = (
        select(MealBooking.senior_id, MealBooking.meal)
        .join(MealService, MealService.id == MealBooking.service_id)
        .where(
            MealService.canteen_id == canteen_id, MealService.on >= today - timedelta(days=REGULAR_DAYS),
            MealBooking.status.in_(LIVE),
        )
        .distinct()
        .subquery()
    )  # fmt: skip
    needs = or_(cast(Senior.diets, String) != "[]", cast(Senior.allergens, String) != "[]")
    statement = (
        select(Senior, eaten.c.meal)
        .join(eaten, eaten.c.senior_id == Senior.id)
        .where(needs, Senior.merged_into_id.is_(None))
        .order_by(Senior.pinyin, Senior.id)
        .limit(PEOPLE)
    )
    people: dict[uuid.UUID, tuple[Senior, set[Meal]]] = {}
    for senior, meal in db.session.execute(statement).tuples():
        people.setdefault(senior.id, (senior, set()))[1].add(meal)
    return list(people.values())


def _dishes(canteen_id: uuid.UUID) -> Select[tuple[Dish]]:
    return select(Dish).where(Dish.canteen_id == canteen_id).order_by(Dish.is_active.desc(), Dish.name).limit(DISHES)


@dataclass(frozen=True, slots=True)
class DishesPage:
    """A canteen and its dishes."""

    canteen: Canteen
    dishes: list[Dish]


def dishes(scope: Scope, canteen_id: uuid.UUID) -> DishesPage | None:
    """Every dish of a canteen, those still cooked first; None outside the scope."""
    canteen = db.session.scalars(select(Canteen).where(Canteen.id == canteen_id, reach.canteens(scope))).one_or_none()
    return DishesPage(canteen, list(db.session.scalars(_dishes(canteen_id)))) if canteen else None


def chosen(canteen_id: uuid.UUID, on: date, meal: Meal) -> list[uuid.UUID]:
    """The dishes of one meal."""
    statement = select(MenuItem.dish_id).where(
        MenuItem.canteen_id == canteen_id, MenuItem.on == on, MenuItem.meal == meal
    )
    return list(db.session.scalars(statement))
