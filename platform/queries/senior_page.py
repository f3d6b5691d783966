"""One senior's page: the record with its parts, and what lies ahead. A fixed number of statements."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, selectinload

from domain.codes import Allergen, Category, Diet
from extensions import db
from models import (
    Alert,
    AlertLevel,
    AlertStatus,
    BookingStatus,
    Canteen,
    Centre,
    Dish,
    Division,
    Enrolment,
    Handover,
    Helper,
    Meal,
    MealBooking,
    MealService,
    Residence,
    Senior,
    SeniorNote,
    SeniorStatus,
    SeniorStatusPeriod,
    User,
    Visit,
    VisitStatus,
)
from models.visit import OPEN
from policy import Scope, reach

from . import unwanted_helpers
from .halves import both_names
from .served import reasons_not_served
from .unwanted_helpers import Unwanted

AHEAD = 5
"""So many visits and meals are shown ahead."""
PARTS = (
    selectinload(Senior.phones), selectinload(Senior.contacts), selectinload(Senior.categories),
    selectinload(Senior.consents), selectinload(Senior.residences), selectinload(Senior.statuses),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenAlert:
    id: uuid.UUID
    kind: str
    level: AlertLevel
    status: AlertStatus
    summary: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ComingVisit:
    id: uuid.UUID
    on: date
    window_from: int
    window_to: int
    status: VisitStatus
    helper_name: str | None


@dataclass(frozen=True, slots=True)
class ComingMeal:
    id: uuid.UUID
    on: date
    meal: Meal
    dish: str
    canteen: str
    handover: Handover
    status: BookingStatus
    cut_off_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    at: datetime
    author: str | None
    body: str


@dataclass(frozen=True, slots=True)
class SeniorPage:
    """What the page shows. `senior` carries its phones, contacts, categories, consents, residences and statuses."""

    senior: Senior
    status: SeniorStatus
    places: dict[str, str]
    helper_name: str | None
    unwanted: Sequence[Unwanted]
    alerts: Sequence[OpenAlert]
    visits: Sequence[ComingVisit]
    meals: Sequence[ComingMeal]
    centres: Sequence[tuple[uuid.UUID, str]]
    notes: Sequence[Note]

    @property
    def reported_death(self) -> SeniorStatusPeriod | None:
        """A death that waits for a second person."""
        return next(
            (
                one
                for one in self.senior.statuses
                if one.status is SeniorStatus.DECEASED and one.confirmed_by_id is None
            ),
            None,
        )

    @property
    def allergens(self) -> list[Allergen]:
        return [Allergen(one) for one in self.senior.allergens if one in set(Allergen)]

    @property
    def diets(self) -> list[Diet]:
        return [Diet(one) for one in self.senior.diets if one in set(Diet)]

    def categories(self, day: date) -> list[Category]:
        """The categories that hold on a day."""
        return [
            Category(one.category)
            for one in self.senior.categories
            if one.category in set(Category)
            and (one.from_on is None or one.from_on <= day)
            and (one.to_on is None or one.to_on >= day)
        ]

    def stay(self, day: date) -> Residence | None:
        """Where she stays on a day, if not at home."""
        stays = [one for one in self.senior.residences if one.kind == "stay" and one.from_on <= day]
        return next((one for one in stays if one.to_on is None or one.to_on >= day), None)

    def place(self, code: str | None) -> str:
        """The names of a division and of what it lies in, without the city."""
        if not code:
            return ""
        parts = [self.places.get(code[:length]) for length in (6, 9, 12) if length <= len(code)]
        return " ".join(part for part in parts if part)


def find(senior_id: uuid.UUID, scope: Scope, today: date) -> Senior | None:
    """The senior with all parts, merged records included, if she is within the scope."""
    statement = select(Senior).where(Senior.id == senior_id, reach.seniors(scope, today)).options(*PARTS)
    return db.session.scalars(statement).one_or_none()


def show(senior: Senior, today: date) -> SeniorPage:
    """Everything around a senior that `find` has loaded."""
    codes = {senior.residence_code, senior.household_code} | {stay.division_code for stay in senior.residences}
    helper_name = None
    if senior.regular_helper_id is not None:
        helper_name = db.session.scalar(select(Helper.name).where(Helper.id == senior.regular_helper_id))
    return SeniorPage(
        senior=senior,
        status=reasons_not_served([senior.id], today).get(senior.id, SeniorStatus.ACTIVE),
        places=_names({code for code in codes if code}),
        helper_name=helper_name,
        unwanted=unwanted_helpers.of_senior(senior.id),
        alerts=_alerts(senior.id),
        visits=_visits(senior.id, today),
        meals=_meals(senior.id, today),
        centres=_centres(senior.id, today),
        notes=_notes(senior.id),
    )


def _names(codes: set[str]) -> dict[str, str]:
    wanted = {code[:length] for code in codes for length in (6, 9, 12)}
    rows = db.session.execute(select(Division.code, Division.name).where(Division.code.in_(wanted)))
    return {code: name for code, name in rows}  # noqa: C416  a Row is no pair to dict()


def _alerts(senior_id: uuid.UUID) -> list[OpenAlert]:
    statement = (
        select(Alert.id, Alert.kind, Alert.level, Alert.status, Alert.summary, Alert.due_at)
        .where(Alert.senior_id == senior_id, Alert.status != AlertStatus.CLOSED)
        .order_by(Alert.raised_at.desc())
        .limit(AHEAD)
    )
    return [OpenAlert(*row) for row in db.session.execute(statement)]


def _visits(senior_id: uuid.UUID, today: date) -> list[ComingVisit]:
    second = aliased(Helper)
    statement = (
        select(Visit.id, Visit.on, Visit.window_from, Visit.window_to, Visit.status, both_names(second))
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(Visit.senior_id == senior_id, Visit.on >= today, Visit.status.in_((*OPEN, VisitStatus.UNDER_WAY)))
        .order_by(Visit.on, Visit.window_from)
        .limit(AHEAD)
    )
    return [ComingVisit(*row) for row in db.session.execute(statement)]


def _meals(senior_id: uuid.UUID, today: date) -> list[ComingMeal]:
    is_coming: ColumnElement[bool] = MealBooking.status.in_((BookingStatus.BOOKED, BookingStatus.LOCKED))
    statement = (
        select(
            MealBooking.id, MealBooking.on, MealBooking.meal, Dish.name, Canteen.name, MealBooking.handover,
            MealBooking.status, MealService.cut_off_at,
        )
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Dish, Dish.id == MealBooking.dish_id)
        .where(MealBooking.senior_id == senior_id, MealBooking.on >= today, is_coming)
        .order_by(MealBooking.on, MealBooking.meal)
        .limit(AHEAD)
    )  # fmt: skip
    return [ComingMeal(*row) for row in db.session.execute(statement)]


def _centres(senior_id: uuid.UUID, today: date) -> list[tuple[uuid.UUID, str]]:
    statement = (
        select(Centre.id, Centre.name)
        .join(Enrolment, Enrolment.centre_id == Centre.id)
        .where(Enrolment.senior_id == senior_id, (Enrolment.to_on.is_(None)) | (Enrolment.to_on >= today))
        .order_by(Centre.pinyin)
        .limit(AHEAD)
    )
    return [(row[0], row[1]) for row in db.session.execute(statement)]


def _notes(senior_id: uuid.UUID) -> list[Note]:
    statement = (
        select(SeniorNote.at, User.name, SeniorNote.body)
        .outerjoin(User, User.id == SeniorNote.author_id)
        .where(SeniorNote.senior_id == senior_id)
        .order_by(SeniorNote.at.desc())
        .limit(AHEAD)
    )
    return [Note(*row) for row in db.session.execute(statement)]
