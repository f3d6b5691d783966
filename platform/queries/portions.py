"""What kitchens offer: the portions of a day, and those still to be had on the days after."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from extensions import db
from models import Canteen, CanteenClosure, Dish, Meal, MealService, MealServiceStatus, MenuItem
from models.division import prefix_bounds

SEARCHED = 2000
"""Portions looked through for the nearest one: more than a county's canteens offer in a week."""


@dataclass(frozen=True, slots=True)
class DishLine:
    """A dish on a published menu."""

    id: uuid.UUID
    name: str
    ingredients: str
    diets: list[str]
    allergens: list[str]
    price_fen: int


@dataclass(slots=True)
class ServiceLine:
    """A meal of a canteen on a day, with what it cooks and what stands in the way."""

    id: uuid.UUID
    canteen_id: uuid.UUID
    canteen_name: str
    division_code: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    delivers: bool
    on: date
    meal: Meal
    capacity: int
    booked: int
    cut_off_at: datetime
    status: MealServiceStatus
    is_shut: bool
    shut_reason: str
    dishes: list[DishLine] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Portions still to be had."""
        return max(0, self.capacity - self.booked)

    def is_past_cut_off(self, now: datetime) -> bool:
        return self.status is MealServiceStatus.CLOSED or now >= self.cut_off_at

    def is_open(self, now: datetime) -> bool:
        """Whether a portion of something can be booked."""
        return not self.is_shut and not self.is_past_cut_off(now) and self.left > 0 and bool(self.dishes)


def in_county(code: str) -> ColumnElement[bool]:
    """Canteens of the county that the place of `code` lies in."""
    low, high = prefix_bounds(code[:6])
    return and_(Canteen.division_code >= low, Canteen.division_code < high)


_closure = aliased(CanteenClosure)
_shut = and_(
    _closure.canteen_id == MealService.canteen_id, _closure.from_on <= MealService.on, _closure.to_on >= MealService.on
)


def _lines() -> Select[tuple[MealService, Canteen, CanteenClosure, Dish]]:
    """A row per service and published dish; dishes nobody cooks any more are left out."""
    on_menu = and_(
        MenuItem.canteen_id == MealService.canteen_id,
        MenuItem.on == MealService.on,
        MenuItem.meal == MealService.meal,
        MenuItem.is_published,
    )
    return (
        select(MealService, Canteen, _closure, Dish)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .outerjoin(_closure, _shut)
        .outerjoin(MenuItem, on_menu)
        .outerjoin(Dish, and_(Dish.id == MenuItem.dish_id, Dish.is_active))
        .order_by(MealService.on, Canteen.pinyin, MealService.id, Dish.price_fen, Dish.name)
    )


def _gathered(statement: Select[tuple[MealService, Canteen, CanteenClosure, Dish]]) -> list[ServiceLine]:
    found: dict[uuid.UUID, ServiceLine] = {}
    seen: set[tuple[uuid.UUID, uuid.UUID]] = set()
    for service, canteen, closure, dish in db.session.execute(statement.execution_options(populate_existing=True)):
        line = found.get(service.id)
        if line is None:
            line = found[service.id] = ServiceLine(
                service.id, canteen.id, canteen.name, canteen.division_code, canteen.address, canteen.phone,
                canteen.latitude, canteen.longitude, canteen.delivers, service.on, service.meal, service.capacity,
                service.booked, service.cut_off_at, service.status,
                closure is not None or not canteen.is_open, closure.reason if closure else "",
            )  # fmt: skip
        if dish is not None and (service.id, dish.id) not in seen:
            seen.add((service.id, dish.id))
            line.dishes.append(
                DishLine(dish.id, dish.name, dish.ingredients, dish.diets, dish.allergens, dish.price_fen)
            )
    return list(found.values())


def of_service(service_id: uuid.UUID) -> ServiceLine | None:
    """One service with its menu, read afresh."""
    return next(iter(_gathered(_lines().where(MealService.id == service_id))), None)


def of_day(county_code: str, on: date, meal: Meal) -> list[ServiceLine]:
    """Every service of a county for one meal, those that cannot be booked included."""
    return _gathered(_lines().where(in_county(county_code), MealService.on == on, MealService.meal == meal))


def to_be_had(county_code: str, meal: Meal, from_on: date, to_on: date, now: datetime) -> list[ServiceLine]:
    """Services of a county, from day to day, where a portion is left and the cut-off has not passed."""
    statement = _lines().where(
        in_county(county_code),
        Canteen.is_open,
        MealService.meal == meal,
        MealService.on.between(from_on, to_on),
        MealService.status == MealServiceStatus.OPEN,
        MealService.cut_off_at > now,
        MealService.booked < MealService.capacity,
        _closure.id.is_(None),
    )
    return [line for line in _gathered(statement.limit(SEARCHED)) if line.dishes]


@dataclass(frozen=True, slots=True)
class Supply:
    """Whether anything can be booked for a meal of a day in a county, and until when."""

    county_code: str
    on: date
    meal: Meal
    cooks: int
    open_until: datetime | None
    last_cut_off: datetime


def supply(county_codes: Sequence[str], from_on: date, to_on: date, now: datetime) -> list[Supply]:
    """A line per county, day and meal: how many canteens cook, and the latest cut-off that can still be met."""
    county = func.substr(Canteen.division_code, 1, 6)
    has_menu = (
        select(MenuItem.id)
        .where(
            MenuItem.canteen_id == MealService.canteen_id, MenuItem.on == MealService.on,
            MenuItem.meal == MealService.meal, MenuItem.is_published,
        )
        .exists()
    )  # fmt: skip
    is_shut = select(_closure.id).where(_shut).exists()
    can_book = and_(
        MealService.status == MealServiceStatus.OPEN,
        MealService.cut_off_at > now,
        MealService.booked < MealService.capacity,
    )
    statement = (
        select(
            county, MealService.on, MealService.meal, func.count(),
            func.max(MealService.cut_off_at).filter(can_book), func.max(MealService.cut_off_at),
        )
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .where(
            or_(*(in_county(code) for code in county_codes)), Canteen.is_open, has_menu, ~is_shut,
            MealService.on.between(from_on, to_on),
        )
        .group_by(county, MealService.on, MealService.meal)
    )  # fmt: skip
    return [Supply(*row) for row in db.session.execute(statement)] if county_codes else []
