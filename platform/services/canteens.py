"""Canteens 共享餐厅: entering and changing them, the meals their kitchens can cook, and their closed days."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.spelling import spelled
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Canteen, CanteenClosure, CanteenKind, CanteenMeal, Meal
from policy import Actor, Permission, reach

from . import audit, changes, checks

_OFFICE_ONLY = ("kind", "division_code", "is_open")
"""What the office decides; a canteen's own manager leaves it as it is."""


@dataclass(frozen=True, slots=True)
class MealData:
    """What the kitchen can do for one meal: portions, serving hours in minutes after midnight, days of the week."""

    capacity: int
    from_minute: int
    to_minute: int
    weekdays: list[int] = field(default_factory=lambda: [1, 2, 3, 4, 5, 6, 7])


@dataclass(frozen=True, slots=True)
class CanteenData:
    """What a form or an import says about a canteen. A meal that is not in `meals` is not offered."""

    name: str
    kind: CanteenKind
    division_code: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    manager_name: str = ""
    licence: str = ""
    delivers: bool = False
    is_open: bool = True
    meals: Mapping[Meal, MealData] = field(default_factory=dict)


def get(canteen_id: uuid.UUID, *, by: Actor, permission: Permission) -> Canteen:
    """The canteen, if `permission` reaches it; else NotFound."""
    statement = select(Canteen).where(Canteen.id == canteen_id, reach.canteens(by.scope(permission)))
    canteen = db.session.scalars(statement).one_or_none()
    if canteen is None:
        raise NotFound("")
    return canteen


def may_edit(canteen: Canteen, *, by: Actor) -> bool:
    """Whether the actor may change this canteen at all."""
    scope = by.scope(Permission.CANTEEN_EDIT)
    return scope.holds_division(canteen.division_code) or canteen.id in scope.canteens


def create(data: CanteenData, *, by: Actor, now: datetime, is_demo: bool = False) -> Canteen:
    """Enter a canteen in one of the actor's divisions."""
    if not by.scope(Permission.CANTEEN_EDIT).holds_division(data.division_code):
        raise Refusal(_("这个区划不在您的管理范围内。"), field="division_code")
    _refuse_twin(data, None)
    canteen = Canteen(is_demo=is_demo)
    write(canteen, data)
    db.session.add(canteen)
    db.session.flush()
    write_meals(canteen.id, data.meals, {})
    audit.record(
        "canteen.create", "canteen", canteen.id, by=by, now=now, division_code=canteen.division_code,
        changes={"name": [None, canteen.name], "kind": [None, canteen.kind.value]},
    )  # fmt: skip
    return canteen


def update(canteen_id: uuid.UUID, data: CanteenData, *, by: Actor, now: datetime) -> Canteen:
    """Change a canteen; its own manager changes all but what the office decides.

    Portions that are already booked stay booked: a new capacity holds for services that are opened from now on.
    """
    canteen = get(canteen_id, by=by, permission=Permission.CANTEEN_EDIT)
    scope = by.scope(Permission.CANTEEN_EDIT)
    kept: tuple[str, ...] = ()
    if not scope.holds_division(canteen.division_code):
        kept = _OFFICE_ONLY
    elif not scope.holds_division(data.division_code):
        raise Refusal(_("这个区划不在您的管理范围内。"), field="division_code")
    _refuse_twin(data, canteen)
    changed = write(canteen, data, kept) | write_meals(canteen.id, data.meals, meals_of(canteen.id))
    if changed:
        db.session.flush()
        audit.record(
            "canteen.update", "canteen", canteen.id, by=by, now=now, division_code=canteen.division_code,
            changes=changed,
        )  # fmt: skip
    return canteen


def write(canteen: Canteen, data: CanteenData, kept: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give a canteen this data, checked, but for the columns in `kept`; returns what changed."""
    name = checks.name(data.name)
    checks.point(data)
    values: dict[str, Any] = {
        "name": name, "pinyin": spelled(name), "kind": data.kind, "division_code": data.division_code,
        "address": data.address.strip(), "latitude": data.latitude, "longitude": data.longitude,
        "phone": checks.phone(data.phone), "manager_name": data.manager_name.strip(),
        "licence": data.licence.strip(), "delivers": data.delivers, "is_open": data.is_open,
    }  # fmt: skip
    return changes.assign(canteen, **{name: value for name, value in values.items() if name not in kept})


def meals_of(canteen_id: uuid.UUID) -> dict[Meal, CanteenMeal]:
    """What a canteen offers now."""
    rows = db.session.scalars(select(CanteenMeal).where(CanteenMeal.canteen_id == canteen_id))
    return {row.meal: row for row in rows}


def write_meals(
    canteen_id: uuid.UUID, meals: Mapping[Meal, MealData], present: Mapping[Meal, CanteenMeal]
) -> dict[str, Any]:
    """Offer exactly these meals; returns what changed. `present` is what is offered now."""
    changed = meal_changes(meals, present)
    for meal in Meal:
        data, row = meals.get(meal), present.get(meal)
        if data is None:
            if row is not None:
                db.session.delete(row)
            continue
        row = row or CanteenMeal(canteen_id=canteen_id, meal=meal)
        row.capacity, row.from_minute, row.to_minute = data.capacity, data.from_minute, data.to_minute
        row.weekdays = sorted(set(data.weekdays))
        db.session.add(row)
    return changed


def meal_changes(meals: Mapping[Meal, MealData], present: Mapping[Meal, CanteenMeal]) -> dict[str, Any]:
    """What would change; refuses a span, a capacity or days that cannot be."""
    told: dict[str, Any] = {}
    for meal in Meal:
        data, row = meals.get(meal), present.get(meal)
        if data is not None:
            checks.hours(data.from_minute, data.to_minute, field=f"{meal.value}_to")
            checks.count(data.capacity, field=f"{meal.value}_capacity")
            checks.weekdays(data.weekdays, field=f"{meal.value}_weekdays")
        before, after = _summary(row) if row else None, _summary(data) if data else None
        if before != after:
            told[meal.value] = [before, after]
    return told


def _summary(row: CanteenMeal | MealData) -> str:
    days = "".join(str(day) for day in sorted(row.weekdays))
    hours = f"{row.from_minute // 60:02d}:{row.from_minute % 60:02d}-{row.to_minute // 60:02d}:{row.to_minute % 60:02d}"
    return f"{row.capacity} × {hours} / {days}"


def _refuse_twin(data: CanteenData, canteen: Canteen | None) -> None:
    """No two canteens of one name in one division."""
    statement = select(Canteen.id).where(
        Canteen.division_code == data.division_code, Canteen.name == " ".join(data.name.split())
    )
    twin = db.session.scalars(statement.limit(1)).first()
    if twin is not None and (canteen is None or twin != canteen.id):
        raise Refusal(_("这个区划里已经有同名的餐厅了。"), field="name")


def close(
    canteen_id: uuid.UUID, *, from_on: date, to_on: date, reason: str, by: Actor, now: datetime
) -> CanteenClosure:
    """Days without meals: new orders are refused, those already taken wait for a person to decide."""
    canteen = get(canteen_id, by=by, permission=Permission.CANTEEN_EDIT)
    if from_on < local_day(now):
        raise Refusal(_("停餐要从今天或以后开始。"), field="from_on")
    checks.period(from_on, to_on)
    overlap = select(CanteenClosure.id).where(
        CanteenClosure.canteen_id == canteen_id, CanteenClosure.from_on <= to_on, CanteenClosure.to_on >= from_on
    )
    if db.session.scalars(overlap.limit(1)).first() is not None:
        raise Refusal(_("这几天里已经登记过停餐。"), field="from_on")
    closure = CanteenClosure(canteen_id=canteen_id, from_on=from_on, to_on=to_on, reason=reason.strip())
    db.session.add(closure)
    db.session.flush()
    audit.record(
        "canteen.close", "canteen", canteen_id, by=by, now=now, division_code=canteen.division_code, reason=reason,
        changes={"closed": [None, f"{from_on:%Y-%m-%d} – {to_on:%Y-%m-%d}"]},
    )  # fmt: skip
    return closure


def reopen(canteen_id: uuid.UUID, closure_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Take a closure back; days that have passed stay closed."""
    canteen = get(canteen_id, by=by, permission=Permission.CANTEEN_EDIT)
    closure = db.session.get(CanteenClosure, closure_id)
    if closure is None or closure.canteen_id != canteen_id:
        raise NotFound("")
    if closure.to_on < local_day(now):
        raise Refusal(_("这次停餐已经过去了，记录要保留。"))
    audit.record(
        "canteen.reopen", "canteen", canteen_id, by=by, now=now, division_code=canteen.division_code,
        changes={"closed": [f"{closure.from_on:%Y-%m-%d} – {closure.to_on:%Y-%m-%d}", None]},
    )  # fmt: skip
    db.session.delete(closure)
    db.session.flush()
