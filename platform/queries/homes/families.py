"""A family's seniors: how they are, who comes next, what there is to eat."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from extensions import db
from models import (
    BookingStatus,
    Canteen,
    Dish,
    Helper,
    Meal,
    MealBooking,
    MealService,
    Senior,
    SeniorStatus,
    Sex,
    Visit,
    VisitStatus,
)
from policy import Scope
from queries.halves import both_names
from queries.served import status_expression

PEOPLE = 6
AHEAD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class NextVisit:
    """Who comes when."""

    on: date
    window_from: int
    window_to: int
    status: VisitStatus
    helper_name: str | None


@dataclass(frozen=True, slots=True)
class Eating:
    """A portion of today or tomorrow."""

    on: date
    meal: Meal
    status: BookingStatus
    dish_name: str
    canteen_name: str


@dataclass(slots=True)
class Relative:
    """One senior of the family."""

    id: uuid.UUID
    name: str
    sex: Sex
    last_well_at: datetime | None
    last_well_by: str | None
    status: SeniorStatus
    visit: NextVisit | None = None
    meals: list[Eating] = field(default_factory=list)

    def meals_on(self, day: date) -> list[Eating]:
        return [meal for meal in self.meals if meal.on == day]


def relatives(scope: Scope, today: date) -> list[Relative]:
    """The family's seniors with their next visit and the meals of today and tomorrow; three statements."""
    if not scope.seniors:
        return []
    columns = (Senior.id, Senior.name, Senior.sex, Senior.last_well_at, Senior.last_well_by, status_expression(today))
    people = {
        row[0]: Relative(*row)
        for row in db.session.execute(
            select(*columns)
            .where(Senior.id.in_(scope.seniors), Senior.merged_into_id.is_(None))
            .order_by(Senior.born_on, Senior.id)
            .limit(PEOPLE)
        )
    }
    for senior_id, visit in _next_visits(list(people), today):
        people[senior_id].visit = visit
    for senior_id, meal in _meals(list(people), today):
        people[senior_id].meals.append(meal)
    return list(people.values())


def _next_visits(ids: list[uuid.UUID], today: date) -> list[tuple[uuid.UUID, NextVisit]]:
    live = (VisitStatus.PLANNED, VisitStatus.UNDER_WAY, VisitStatus.DUE)
    order = (Visit.on, Visit.window_from, Visit.id)
    first = (
        select(Visit.id, func.row_number().over(partition_by=Visit.senior_id, order_by=order).label("rank"))
        .where(Visit.senior_id.in_(ids), Visit.on.between(today, today + AHEAD), Visit.status.in_(live))
        .subquery()
    )
    second = aliased(Helper)
    statement = (
        select(Visit.senior_id, Visit.on, Visit.window_from, Visit.window_to, Visit.status, both_names(second))
        .join(first, first.c.id == Visit.id)
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(first.c.rank == 1)
    )
    return [(row[0], NextVisit(*row[1:])) for row in db.session.execute(statement)]


def _meals(ids: list[uuid.UUID], today: date) -> list[tuple[uuid.UUID, Eating]]:
    booking = MealBooking
    statement = (
        select(booking.senior_id, booking.on, booking.meal, booking.status, Dish.name, Canteen.name)
        .join(MealService, MealService.id == booking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Dish, Dish.id == booking.dish_id)
        .where(
            booking.senior_id.in_(ids),
            booking.on.between(today, today + timedelta(days=1)),
            booking.status != BookingStatus.CANCELLED,
        )
        .order_by(booking.on, MealService.cut_off_at, booking.id)
    )
    return [(row[0], Eating(*row[1:])) for row in db.session.execute(statement)]
