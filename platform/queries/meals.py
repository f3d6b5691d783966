"""What the page 订餐 shows: whose meals one may book, and their days ahead."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select

from extensions import db
from models import BookingStatus, Canteen, Dish, Handover, Meal, MealBooking, MealService, MealServiceStatus, Senior
from models.meal import LIVE
from policy import Scope, reach

from .portions import Supply, supply
from .served import served_on

DAYS = 7
"""Days a page shows, today included."""

PEOPLE = 6
"""Seniors on one page; a family has fewer."""


@dataclass(frozen=True, slots=True)
class Diner:
    """A senior one may book for."""

    id: uuid.UUID
    name: str
    residence_code: str
    diets: list[str]
    allergens: list[str]
    diet_note: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A portion, with what a page says of it."""

    id: uuid.UUID
    senior_id: uuid.UUID
    on: date
    meal: Meal
    status: BookingStatus
    handover: Handover
    price_fen: int
    subsidy_fen: int
    self_fen: int
    dish_name: str
    canteen_name: str
    canteen_phone: str
    cut_off_at: datetime
    is_closed: bool

    def can_change(self, now: datetime) -> bool:
        """Before the cut-off, and not marked yet."""
        return self.status is BookingStatus.BOOKED and not self.is_closed and now < self.cut_off_at


@dataclass(slots=True)
class Slot:
    """One meal of one day of one senior: booked, to be booked, or neither."""

    on: date
    meal: Meal
    booked: Booked | None = None
    cancelled: Booked | None = None
    supply: Supply | None = None

    @property
    def is_empty(self) -> bool:
        """Nobody cooks this meal, and nothing is booked."""
        return self.booked is None and self.cancelled is None and self.supply is None


@dataclass(slots=True)
class Day:
    """One day of one senior."""

    on: date
    is_served: bool
    slots: list[Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Week:
    """A senior's days ahead."""

    senior: Diner
    days: list[Day]

    @property
    def portions(self) -> int:
        """How many are booked in these days."""
        return sum(slot.booked is not None for day in self.days for slot in day.slots)


def weeks(scope: Scope, today: date, *, senior_id: uuid.UUID | None = None, now: datetime) -> list[Week]:
    """The days ahead of a family's seniors, or of one senior of a wider scope. Four statements, however many rows."""
    if senior_id is None and not scope.seniors:
        return []
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    chosen = Senior.id == senior_id if senior_id else Senior.id.in_(scope.seniors)
    columns = (Senior.id, Senior.name, Senior.residence_code, Senior.diets, Senior.allergens, Senior.diet_note)
    statement = (
        select(*columns, *(served_on(day) for day in days))
        .where(reach.seniors(scope, today), chosen, Senior.merged_into_id.is_(None))
        .order_by(Senior.born_on, Senior.id)
        .limit(PEOPLE)
    )
    people = [(Diner(*row[:6]), list(row[6:])) for row in db.session.execute(statement)]
    ids = [diner.id for diner, _served in people]
    portions = _portions(ids, days[0], days[-1])
    supplies = {
        (one.county_code, one.on, one.meal): one
        for one in supply(sorted({diner.residence_code[:6] for diner, _served in people}), days[0], days[-1], now)
    }
    return [
        Week(diner, [
            _day(diner, on, is_served=bool(served[number]), portions=portions, supplies=supplies)
            for number, on in enumerate(days)
        ])
        for diner, served in people
    ]  # fmt: skip


def _day(
    diner: Diner,
    on: date,
    *,
    is_served: bool,
    portions: dict[tuple[uuid.UUID, date, Meal], Slot],
    supplies: dict[tuple[str, date, Meal], Supply],
) -> Day:
    day = Day(on, is_served)
    for meal in Meal:
        slot = portions.get((diner.id, on, meal)) or Slot(on, meal)
        slot.supply = supplies.get((diner.residence_code[:6], on, meal))
        if not slot.is_empty:
            day.slots.append(slot)
    return day


def _portions(ids: Sequence[uuid.UUID], from_on: date, to_on: date) -> dict[tuple[uuid.UUID, date, Meal], Slot]:
    """Each slot with its live portion, and the last one cancelled."""
    statement = (
        _booked_columns()
        .where(MealBooking.senior_id.in_(ids), MealBooking.on.between(from_on, to_on))
        .order_by(MealBooking.id)
    )
    slots: dict[tuple[uuid.UUID, date, Meal], Slot] = {}
    for row in db.session.execute(statement):
        booked = _booked(row)
        slot = slots.setdefault((booked.senior_id, booked.on, booked.meal), Slot(booked.on, booked.meal))
        if booked.status in LIVE:
            slot.booked = booked
        else:
            slot.cancelled = booked
    return slots


def _booked_columns() -> Select[Any]:
    return (
        select(
            MealBooking.id, MealBooking.senior_id, MealBooking.on, MealBooking.meal, MealBooking.status,
            MealBooking.handover, MealBooking.price_fen, MealBooking.subsidy_fen, MealBooking.self_fen, Dish.name,
            Canteen.name, Canteen.phone, MealService.cut_off_at, MealService.status,
        )
        .join(Dish, Dish.id == MealBooking.dish_id)
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
    )  # fmt: skip


def _booked(row: Row[Any]) -> Booked:
    return Booked(*(*row[:13], row[13] is MealServiceStatus.CLOSED))


def booked(booking_id: uuid.UUID) -> Booked:
    """One portion, for the sentence after a tap."""
    return _booked(db.session.execute(_booked_columns().where(MealBooking.id == booking_id)).one())


def live_portion(senior_id: uuid.UUID, on: date, meal: Meal) -> MealBooking | None:
    """The senior's portion of one meal, if there is one."""
    statement = select(MealBooking).where(
        MealBooking.senior_id == senior_id, MealBooking.on == on, MealBooking.meal == meal, MealBooking.status.in_(LIVE)
    )
    return db.session.scalars(statement).one_or_none()


def usual_canteen(senior_id: uuid.UUID) -> tuple[uuid.UUID, Handover] | None:
    """Where the senior's last portion came from, and how she got it."""
    statement = (
        select(MealService.canteen_id, MealBooking.handover)
        .join(MealService, MealService.id == MealBooking.service_id)
        .where(MealBooking.senior_id == senior_id)
        .order_by(MealBooking.id.desc())
        .limit(1)
    )
    row = db.session.execute(statement).tuples().one_or_none()
    return row or None
