"""Menus 菜单: dishes, and what a canteen cooks in a week: edited, copied from the week before, published."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from domain.codes import Allergen, Diet
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from formatting import near_day
from models import Canteen, Dish, Meal, MealBooking, MealService, MenuItem
from models.meal import LIVE
from policy import Actor, Permission, reach

from . import audit

DISHES = 500
"""Dishes of one canteen; beyond it the list is no longer a list."""


@dataclass(frozen=True, slots=True)
class DishTerms:
    """What a dish is."""

    name: str
    price_fen: int
    ingredients: str = ""
    diets: list[str] = field(default_factory=list)
    allergens: list[str] = field(default_factory=list)


def add_dish(canteen_id: uuid.UUID, terms: DishTerms, *, by: Actor, now: datetime) -> Dish:
    """A new dish of a canteen."""
    canteen = _canteen(canteen_id, by=by)
    dish = Dish(canteen_id=canteen.id, name="", price_fen=0)
    _write(dish, terms)
    db.session.add(dish)
    db.session.flush()
    audit.record("dish.create", "dish", dish.id, by=by, now=now, division_code=canteen.division_code,
                 changes={"name": [None, dish.name], "price_fen": [None, dish.price_fen]})  # fmt: skip
    return dish


def edit_dish(dish_id: uuid.UUID, terms: DishTerms, *, is_active: bool, by: Actor, now: datetime) -> Dish:
    """Change a dish. Portions already booked keep their price; a new allergen is told with the next count."""
    dish = db.session.get(Dish, dish_id)
    if dish is None:
        raise NotFound("")
    canteen = _canteen(dish.canteen_id, by=by)
    before = {"name": dish.name, "price_fen": dish.price_fen, "diets": dish.diets, "allergens": dish.allergens,
              "is_active": dish.is_active}  # fmt: skip
    _write(dish, terms)
    dish.is_active = is_active
    db.session.flush()
    changes = {key: [old, getattr(dish, key)] for key, old in before.items() if getattr(dish, key) != old}
    audit.record("dish.edit", "dish", dish.id, by=by, now=now, division_code=canteen.division_code, changes=changes)
    return dish


def _write(dish: Dish, terms: DishTerms) -> None:
    name = terms.name.strip()
    if not name:
        raise Refusal(_("请填写菜名。"), field="name")
    if not 0 <= terms.price_fen <= 100_00:
        raise Refusal(_("价格要在 0 到 100 元之间。"), field="price")
    same = select(Dish.id).where(Dish.canteen_id == dish.canteen_id, Dish.name == name)
    with db.session.no_autoflush:
        if db.session.scalars(same.where(Dish.id != dish.id) if dish.id else same).first() is not None:
            raise Refusal(_("已经有一道叫“%(name)s”的菜了。", name=name), field="name")
    dish.name, dish.price_fen, dish.ingredients = name, terms.price_fen, terms.ingredients.strip()
    dish.diets = [one.value for one in Diet if one.value in terms.diets]
    dish.allergens = [one.value for one in Allergen if one.value in terms.allergens]


def set_slot(
    canteen_id: uuid.UUID, on: date, meal: Meal, dish_ids: Collection[uuid.UUID], *, by: Actor, now: datetime
) -> int:
    """What is offered at one meal; returns how many dishes. A dish that somebody has booked stays on the menu."""
    canteen = _canteen(canteen_id, by=by)
    _refuse_past(on, now)
    known = set(db.session.scalars(select(Dish.id).where(Dish.canteen_id == canteen_id, Dish.id.in_(dish_ids))))
    there = set(db.session.scalars(select(MenuItem.dish_id).where(*_slot(canteen_id, on, meal))))
    going = there - known
    _refuse_if_booked(canteen_id, on, meal, going)
    db.session.execute(delete(MenuItem).where(*_slot(canteen_id, on, meal), MenuItem.dish_id.in_(going)))
    db.session.add_all(
        MenuItem(canteen_id=canteen_id, on=on, meal=meal, dish_id=dish_id) for dish_id in sorted(known - there)
    )
    db.session.flush()
    audit.record("menu.edit", "canteen", canteen_id, by=by, now=now, division_code=canteen.division_code,
                 changes={f"{on} {meal}": [len(there), len(known)]})  # fmt: skip
    return len(known)


def _slot(canteen_id: uuid.UUID, on: date, meal: Meal) -> tuple[ColumnElement[bool], ...]:
    return MenuItem.canteen_id == canteen_id, MenuItem.on == on, MenuItem.meal == meal


def _refuse_past(on: date, now: datetime) -> None:
    today = local_day(now)
    if on < today:
        raise Refusal(_("%(day)s已经过去了，菜单不能再改。", day=near_day(on, today)))


def _refuse_if_booked(canteen_id: uuid.UUID, on: date, meal: Meal, dish_ids: Collection[uuid.UUID]) -> None:
    statement = (
        select(Dish.name, func.count())
        .join(MealBooking, MealBooking.dish_id == Dish.id)
        .join(MealService, MealService.id == MealBooking.service_id)
        .where(
            MealService.canteen_id == canteen_id, MealService.on == on, MealService.meal == meal,
            Dish.id.in_(dish_ids), MealBooking.status.in_(LIVE),
        )
        .group_by(Dish.name)
        .order_by(Dish.name)
    )  # fmt: skip
    booked = db.session.execute(statement).tuples().first()
    if booked:
        raise Refusal(
            _("“%(dish)s”已经有 %(count)d 人订了，不能撤下。", dish=booked[0], count=booked[1]),
            suggestion=_("可以再加别的菜；要换菜，请先和订餐的人商量。"),
        )


def copy_week(canteen_id: uuid.UUID, *, from_monday: date, to_monday: date, by: Actor, now: datetime) -> int:
    """Copy a week's menu onto the meals of another week that have none yet; returns how many dishes. Not published.

    Past days stay as they are, and dishes no longer cooked are left out.
    """
    canteen = _canteen(canteen_id, by=by)
    shift = to_monday - from_monday
    statement = (
        select(MenuItem.on, MenuItem.meal, MenuItem.dish_id)
        .join(Dish, Dish.id == MenuItem.dish_id)
        .where(MenuItem.canteen_id == canteen_id, _in_week(from_monday), Dish.is_active)
        .order_by(MenuItem.on, MenuItem.id)
    )
    filled = select(MenuItem.on, MenuItem.meal).where(MenuItem.canteen_id == canteen_id, _in_week(to_monday)).distinct()
    full = set(db.session.execute(filled).tuples())
    copies = [
        MenuItem(canteen_id=canteen_id, on=on + shift, meal=meal, dish_id=dish_id)
        for on, meal, dish_id in db.session.execute(statement).tuples()
        if on + shift >= local_day(now) and (on + shift, meal) not in full
    ]
    db.session.add_all(copies)
    db.session.flush()
    changes = {"week": [from_monday.isoformat(), to_monday.isoformat()], "dishes": [0, len(copies)]}
    audit.record(
        "menu.copy", "canteen", canteen_id, by=by, now=now, division_code=canteen.division_code, changes=changes
    )
    return len(copies)


def publish(canteen_id: uuid.UUID, monday: date, *, by: Actor, now: datetime) -> int:
    """Show the week's menu to those who book; returns how many dishes became visible."""
    canteen = _canteen(canteen_id, by=by)
    mine = (MenuItem.canteen_id == canteen_id, _in_week(monday))
    if not db.session.scalar(select(func.count()).select_from(MenuItem).where(*mine)):
        raise Refusal(_("这一周还没有菜。"), suggestion=_("先添几道菜，或者复制上一周的菜单。"))
    hidden = select(MenuItem.id).where(*mine, MenuItem.is_published.is_(False))
    ids = db.session.scalars(hidden).all()
    db.session.execute(update(MenuItem).where(MenuItem.id.in_(ids)).values(is_published=True))
    audit.record("menu.publish", "canteen", canteen_id, by=by, now=now, division_code=canteen.division_code,
                 changes={"week": [None, monday.isoformat()], "dishes": [0, len(ids)]})  # fmt: skip
    return len(ids)


def _in_week(monday: date) -> ColumnElement[bool]:
    return MenuItem.on.between(monday, monday + timedelta(days=6))


def _canteen(canteen_id: uuid.UUID, *, by: Actor) -> Canteen:
    mine = reach.canteens(by.scope(Permission.MENU_EDIT))
    canteen = db.session.scalars(select(Canteen).where(Canteen.id == canteen_id, mine)).one_or_none()
    if canteen is None:
        raise NotFound("")
    return canteen
