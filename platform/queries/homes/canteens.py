"""A kitchen's next meals: portions by diet, until when they may change."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from domain.codes import Diet
from extensions import db
from models import BookingStatus, Canteen, Meal, MealBooking, MealService, MealServiceStatus
from policy import Scope, reach

MEALS = 9
PORTIONS = 3000


@dataclass(slots=True)
class Cooking:
    """One meal of one canteen. `diets` counts the portions that need each diet; `plain` those that need none."""

    service_id: uuid.UUID
    canteen_id: uuid.UUID
    canteen_name: str
    on: date
    meal: Meal
    capacity: int
    booked: int
    cut_off_at: datetime
    status: MealServiceStatus
    diets: Counter[Diet] = field(default_factory=Counter)
    plain: int = 0

    def is_open(self, now: datetime) -> bool:
        """Portions may still be booked and cancelled."""
        return self.status is MealServiceStatus.OPEN and now < self.cut_off_at


def coming_meals(scope: Scope, today: date) -> list[Cooking]:
    """The next meals of the scope's canteens, today and the two days after; two statements."""
    service = MealService
    statement = (
        select(
            service.id, service.canteen_id, Canteen.name, service.on, service.meal, service.capacity, service.booked,
            service.cut_off_at, service.status,
        )
        .join(Canteen, Canteen.id == service.canteen_id)
        .where(reach.canteens(scope), service.on.between(today, today + timedelta(days=2)))
        .order_by(service.on, service.cut_off_at, Canteen.pinyin, service.id)
        .limit(MEALS)
    )  # fmt: skip
    meals = {row[0]: Cooking(*row) for row in db.session.execute(statement)}
    portions = (
        select(MealBooking.service_id, MealBooking.diets)
        .where(MealBooking.service_id.in_(meals), MealBooking.status != BookingStatus.CANCELLED)
        .limit(PORTIONS)
    )
    for service_id, diets in db.session.execute(portions):
        known = [Diet(diet) for diet in diets if diet in set(Diet)]
        meals[service_id].diets.update(known)
        meals[service_id].plain += not known
    return list(meals.values())
