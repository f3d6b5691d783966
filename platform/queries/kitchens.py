"""What a kitchen reads: how many of what, whose are special, and the list by name."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from domain.codes import Allergen, Diet
from domain.meals import Portion, clashing, kitchen_count, unsuited
from extensions import db
from models import (
    BookingStatus,
    Canteen,
    Dish,
    Handover,
    Meal,
    MealBooking,
    MealService,
    MealServiceStatus,
    Senior,
)
from models.meal import LIVE
from policy import Scope, reach

from .paging import Page, page

PORTIONS = 2000
"""Portions one service may list: more than any kitchen cooks."""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """A meal of a canteen, on the page of all kitchens."""

    id: uuid.UUID
    canteen_id: uuid.UUID
    canteen_name: str
    on: date
    meal: Meal
    capacity: int
    booked: int
    cut_off_at: datetime
    status: MealServiceStatus
    served: int


def index(scope: Scope, on: date, cursor: str | None = None) -> Page[ServiceRow]:
    """The meals the scope's canteens cook on a day, by canteen."""
    served = (
        select(func.count())
        .where(MealBooking.service_id == MealService.id, MealBooking.status == BookingStatus.SERVED)
        .scalar_subquery()
    )
    keys = (Canteen.pinyin, MealService.id)
    statement = (
        select(
            MealService.id, MealService.canteen_id, Canteen.name, MealService.on, MealService.meal,
            MealService.capacity, MealService.booked, MealService.cut_off_at, MealService.status, served, *keys,
        )
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .where(reach.canteens(scope), MealService.on == on)
    )  # fmt: skip
    return page(statement, keys, cursor, parse=lambda texts: (texts[0], uuid.UUID(texts[1])), row=ServiceRow)


@dataclass(frozen=True, slots=True)
class PortionRow:
    """One portion, with what the cook and the counter need to know of it."""

    id: uuid.UUID
    name: str
    dish_id: uuid.UUID
    dish_name: str
    dish_diets: list[str]
    dish_allergens: list[str]
    diets: list[str]
    allergens: list[str]
    diet_note: str
    handover: Handover
    address: str
    landmark: str
    status: BookingStatus
    served_at: datetime | None
    booked_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str

    @property
    def portion(self) -> Portion:
        return Portion(
            str(self.dish_id), self.dish_name, self.diets, self.allergens, self.handover.value, self.diet_note
        )

    @property
    def clashes(self) -> list[Allergen]:
        """An allergy that became known after the dish was booked: it must not be served."""
        return clashing(self.allergens, self.dish_allergens)

    @property
    def unsuited(self) -> list[Diet]:
        return unsuited(self.diets, self.dish_diets)


@dataclass(slots=True)
class KitchenPage:
    """One meal of one canteen: the count, the portions behind it, and what changed after the count was frozen."""

    service: MealService
    canteen: Canteen
    count: dict[str, Any]
    portions: list[PortionRow] = field(default_factory=list)
    late: list[PortionRow] = field(default_factory=list)

    @property
    def is_frozen(self) -> bool:
        return self.service.status is MealServiceStatus.CLOSED

    @property
    def special(self) -> list[PortionRow]:
        """Portions with a name behind them."""
        return [row for row in self.portions if row.portion.is_special]

    @property
    def waiting(self) -> list[PortionRow]:
        return [row for row in self.portions if row.status in {BookingStatus.BOOKED, BookingStatus.LOCKED}]

    def by_handover(self) -> list[tuple[Handover, list[PortionRow]]]:
        """The list by name, in the order of the handovers."""
        found = [(way, [row for row in self.portions if row.handover is way]) for way in Handover]
        return [(way, rows) for way, rows in found if rows]


def show(scope: Scope, canteen_id: uuid.UUID, on: date, meal: Meal) -> KitchenPage | None:
    """The kitchen's page of one meal; None where there is none in the scope. Two statements."""
    statement = (
        select(MealService, Canteen)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .where(reach.canteens(scope), Canteen.id == canteen_id, MealService.on == on, MealService.meal == meal)
    )
    found = db.session.execute(statement).tuples().one_or_none()
    if found is None:
        return None
    service, canteen = found
    rows = [_portion(row) for row in db.session.execute(_portions(service.id))]
    live = [row for row in rows if row.status in LIVE]
    count = service.frozen_count or kitchen_count(row.portion for row in live)
    return KitchenPage(service, canteen, count, live, list(_late(rows, service.closed_at)))


def _late(rows: Iterable[PortionRow], closed_at: datetime | None) -> Iterable[PortionRow]:
    """Portions booked or cancelled after the count was frozen."""
    for row in rows:
        if closed_at and (row.booked_at > closed_at or (row.cancelled_at and row.cancelled_at > closed_at)):
            yield row


def _portions(service_id: uuid.UUID) -> Select[Any]:
    """A booked portion shows the person as she is today; a counted one as she was counted."""
    return (
        select(MealBooking, Senior.name, Senior.address, Senior.landmark, Senior.diets, Senior.allergens,
               Senior.diet_note, Dish.name, Dish.diets, Dish.allergens)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .join(Dish, Dish.id == MealBooking.dish_id)
        .where(MealBooking.service_id == service_id)
        .order_by(Senior.pinyin, MealBooking.id)
        .limit(PORTIONS)
    )  # fmt: skip


def _portion(row: Row[Any]) -> PortionRow:
    booking, name, address, landmark, diets, allergens, note, dish, dish_diets, dish_allergens = row
    is_counted = booking.status is not BookingStatus.BOOKED
    return PortionRow(
        id=booking.id, name=name, dish_id=booking.dish_id, dish_name=dish, dish_diets=dish_diets,
        dish_allergens=dish_allergens, diets=booking.diets if is_counted else diets,
        allergens=booking.allergens if is_counted else allergens,
        diet_note=booking.diet_note if is_counted else note, handover=booking.handover, address=address,
        landmark=landmark, status=booking.status, served_at=booking.served_at, booked_at=booking.booked_at,
        cancelled_at=booking.cancelled_at, cancel_reason=booking.cancel_reason,
    )  # fmt: skip
