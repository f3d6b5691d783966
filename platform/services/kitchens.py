"""Kitchens: opening the services of the days ahead, and freezing the count when the cut-off has passed.

Both are safe to run at the same time in any number of processes: opening inserts what is missing and nothing twice;
closing is won by whoever turns the status, and only the winner counts.
"""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, case, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.errors import NotFound, Refusal
from domain.meals import Portion, kitchen_count
from domain.rules import RuleKey
from domain.times import at_minute
from extensions import db
from extensions.babel import gettext as _
from formatting import near_time
from models import (
    BookingStatus,
    Canteen,
    CanteenClosure,
    CanteenMeal,
    Dish,
    MealBooking,
    MealService,
    MealServiceStatus,
    Senior,
    SubjectType,
)
from models.meal import LIVE
from policy import SYSTEM, Actor, Permission, reach
from queries.served import served_on

from . import audit, messages, rules
from .offers import BOOKABLE_DAYS

BATCH = 50
"""Services one call closes: each is a few statements, and the transaction stays short."""

CANTEENS = 500
"""Canteens opened per round of inserts."""


def open_services(today: date) -> int:
    """A service for every open canteen's meal on each of the days ahead; returns how many were missing.

    Days of the week on which a canteen does not cook, and days on which it is closed, are left out. The cut-off is
    fixed now, from the rule that holds for the canteen on that day.
    """
    days = [today + timedelta(days=ahead) for ahead in range(BOOKABLE_DAYS)]
    closed = _closed_days(days[0], days[-1])
    there = select(MealService.canteen_id, MealService.on, MealService.meal)
    known = set(db.session.execute(there.where(MealService.on.between(today, days[-1]))).tuples())
    statement = select(CanteenMeal, Canteen.division_code).join(Canteen).where(Canteen.is_open)
    rows = [
        {
            "canteen_id": meal.canteen_id, "on": on, "meal": meal.meal, "capacity": meal.capacity,
            "cut_off_at": _cut_off(meal, division_code, on),
        }
        for meal, division_code in db.session.execute(statement).tuples()
        for on in days
        if on.isoweekday() in meal.weekdays and (meal.canteen_id, on) not in closed
        and (meal.canteen_id, on, meal.meal) not in known
    ]  # fmt: skip
    _follow_kitchens(days[0], days[-1])
    return sum(_insert_missing(rows[start : start + CANTEENS]) for start in range(0, len(rows), CANTEENS))


def _follow_kitchens(first: date, last: date) -> None:
    """A kitchen that now cooks more or fewer portions does so on the days ahead too; nobody booked is dropped."""
    enough = case((CanteenMeal.capacity < MealService.booked, MealService.booked), else_=CanteenMeal.capacity)
    kitchen = (
        select(enough)
        .where(CanteenMeal.canteen_id == MealService.canteen_id, CanteenMeal.meal == MealService.meal)
        .correlate(MealService)
        .scalar_subquery()
    )
    ahead = (MealService.status == MealServiceStatus.OPEN, MealService.on.between(first, last))
    db.session.execute(
        update(MealService)
        .where(*ahead, MealService.capacity != kitchen)
        .values(capacity=kitchen)
        .execution_options(synchronize_session=False)
    )


def _insert_missing(rows: list[dict[str, Any]]) -> int:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(MealService).values(rows).on_conflict_do_nothing(index_elements=["canteen_id", "on", "meal"])
    return len(db.session.execute(statement.returning(MealService.id)).all())


def _closed_days(first: date, last: date) -> set[tuple[uuid.UUID, date]]:
    statement = select(CanteenClosure).where(CanteenClosure.from_on <= last, CanteenClosure.to_on >= first)
    return {
        (closure.canteen_id, first + timedelta(days=ahead))
        for closure in db.session.scalars(statement)
        for ahead in range((last - first).days + 1)
        if closure.from_on <= first + timedelta(days=ahead) <= closure.to_on
    }


def _cut_off(meal: CanteenMeal, division_code: str, on: date) -> datetime:
    """By rule; but never after the meal itself begins, whatever the rule says."""
    rule = rules.value(RuleKey.MEAL_CUT_OFF, division_code, on).value
    day = on - timedelta(days=rule[f"{meal.meal}_days_before"])
    return min(at_minute(day, rule[f"{meal.meal}_at"]), at_minute(on, meal.from_minute))


def close_due_services(now: datetime) -> int:
    """Close the services whose cut-off has passed, at most BATCH; returns how many. Rows others hold are skipped."""
    due = (
        select(MealService.id)
        .where(MealService.status == MealServiceStatus.OPEN, MealService.cut_off_at <= now)
        .order_by(MealService.cut_off_at, MealService.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return sum(_close(service_id, by=SYSTEM, now=now) for service_id in db.session.scalars(due).all())


def close(service_id: uuid.UUID, *, by: Actor, now: datetime) -> MealService:
    """Freeze one service's count. Closing again changes nothing; before the cut-off it is refused."""
    service = _service(service_id, by=by, permission=Permission.MEAL_SERVE)
    if service.status is MealServiceStatus.OPEN and now < service.cut_off_at:
        at = near_time(service.cut_off_at, now)
        raise Refusal(_("还没有到截止时间（%(time)s），现在定数会漏掉后面的订餐。", time=at))
    _close(service_id, by=by, now=now)
    db.session.refresh(service)
    return service


def _service(service_id: uuid.UUID, *, by: Actor, permission: Permission) -> MealService:
    mine = reach.meal_services(by.scope(permission))
    service = db.session.scalars(select(MealService).where(MealService.id == service_id, mine)).one_or_none()
    if service is None:
        raise NotFound("")
    return service


def _close(service_id: uuid.UUID, *, by: Actor, now: datetime) -> bool:
    """Whether this call was the one that closed the service."""
    won = update(MealService).where(
        MealService.id == service_id, MealService.status == MealServiceStatus.OPEN, MealService.cut_off_at <= now
    )
    turned = db.session.execute(won.values(status=MealServiceStatus.CLOSED, closed_at=now))
    if cast("CursorResult[Any]", turned).rowcount != 1:
        return False
    service = db.session.get_one(MealService, service_id, populate_existing=True)
    _drop_unserved(service, now)
    _bring_diets_up_to_date(service)
    db.session.execute(
        update(MealBooking)
        .where(MealBooking.service_id == service_id, MealBooking.status == BookingStatus.BOOKED)
        .values(status=BookingStatus.LOCKED)
    )
    service.frozen_count = kitchen_count(_portions(service_id))
    service.booked = service.frozen_count["portions"]
    db.session.flush()
    audit.record("service.close", "meal_service", service_id, by=by, now=now,
                 changes={"portions": [None, service.booked]})  # fmt: skip
    return True


def _drop_unserved(service: MealService, now: datetime) -> None:
    """Nobody cooks for who is in hospital, away or dead on that day."""
    is_served = exists().where(Senior.id == MealBooking.senior_id, served_on(service.on)).correlate(MealBooking)
    unserved = select(MealBooking.id).where(
        MealBooking.service_id == service.id, MealBooking.status == BookingStatus.BOOKED, ~is_served
    )
    ids = db.session.scalars(unserved).all()
    db.session.execute(
        update(MealBooking)
        .where(MealBooking.id.in_(ids))
        .values(status=BookingStatus.CANCELLED, cancelled_at=now, cancel_reason=_("当天不在服务中"))
        .execution_options(synchronize_session=False)
    )
    for booking_id in ids:
        messages.withdraw(SubjectType.BOOKING, booking_id, now=now)


def _bring_diets_up_to_date(service: MealService) -> None:
    """An allergy found after booking reaches the kitchen."""
    statement = (
        select(MealBooking, Senior.diets, Senior.allergens, Senior.diet_note)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .where(MealBooking.service_id == service.id, MealBooking.status == BookingStatus.BOOKED)
        .execution_options(populate_existing=True)
    )
    for booking, diets, allergens, note in db.session.execute(statement).tuples():
        booking.diets, booking.allergens, booking.diet_note = diets, allergens, note
    db.session.flush()


def _portions(service_id: uuid.UUID) -> list[Portion]:
    statement = (
        select(
            MealBooking.dish_id, Dish.name, MealBooking.diets, MealBooking.allergens, MealBooking.handover,
            MealBooking.diet_note,
        )
        .join(Dish, Dish.id == MealBooking.dish_id)
        .where(MealBooking.service_id == service_id, MealBooking.status.in_(LIVE))
    )  # fmt: skip
    return [Portion(str(row[0]), *row[1:]) for row in db.session.execute(statement)]


def live_count(service_id: uuid.UUID) -> int:
    """Live rows of a service: what its counter must say."""
    counted = select(func.count()).where(MealBooking.service_id == service_id, MealBooking.status.in_(LIVE))
    return db.session.scalar(counted) or 0
