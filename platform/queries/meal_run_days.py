"""What a meal's deliveries consist of: portions for doors, the counters they wait at, who carries, who is busy when."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from extensions import db
from models import (
    BookingStatus,
    Canteen,
    CanteenCourier,
    Handover,
    Meal,
    MealBooking,
    MealRun,
    MealRunPlan,
    MealRunPortion,
    MealService,
    Means,
    Proposal,
    ProposalStatus,
    Round,
    Senior,
)
from models.division import prefix_bounds

from .served import served_on

WAITING = (BookingStatus.BOOKED, BookingStatus.LOCKED)
"""A portion nobody has handed over yet."""

Minutes = tuple[int, int]
"""From, to: minutes after local midnight."""


@dataclass(frozen=True, slots=True)
class DoorPortion:
    """A portion to be brought to a door."""

    booking_id: uuid.UUID
    senior_id: uuid.UUID
    canteen_id: uuid.UUID
    cut_off_at: datetime


@dataclass(frozen=True, slots=True)
class Counter:
    """Where portions are handed out."""

    id: uuid.UUID
    name: str
    division_code: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Courier:
    """Somebody of a canteen's own who carries."""

    id: uuid.UUID
    canteen_id: uuid.UUID
    name: str
    means: Means
    capacity: int


def _of_place(code: str, canteen_id: uuid.UUID | None) -> ColumnElement[bool]:
    if canteen_id is not None:
        return Canteen.id == canteen_id
    low, high = prefix_bounds(code)
    return and_(Canteen.division_code >= low, Canteen.division_code < high)


def is_on_a_published_run() -> ColumnElement[bool]:
    """Whether a `MealBooking` has somebody who brings it."""
    return (
        exists().where(MealRunPortion.booking_id == MealBooking.id, MealRunPortion.is_published).correlate(MealBooking)
    )


def _to_bring(code: str, canteen_id: uuid.UUID | None, on: date, meal: Meal) -> ColumnElement[bool]:
    return and_(
        _of_place(code, canteen_id),
        MealBooking.on == on,
        MealBooking.meal == meal,
        MealBooking.handover == Handover.DELIVERY,
        MealBooking.status.in_(WAITING),
        served_on(on),
        ~is_on_a_published_run(),
    )


def portions_to_bring(code: str, canteen_id: uuid.UUID | None, on: date, meal: Meal) -> list[DoorPortion]:
    """In a fixed order, so that the same rows make the same problem."""
    statement = (
        select(MealBooking.id, MealBooking.senior_id, MealService.canteen_id, MealService.cut_off_at)
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .where(_to_bring(code, canteen_id, on, meal))
        .order_by(MealService.canteen_id, MealBooking.id)
    )
    return [DoorPortion(*row) for row in db.session.execute(statement)]


def counters(canteen_ids: Collection[uuid.UUID]) -> list[Counter]:
    """These canteens, by id."""
    statement = (
        select(Canteen.id, Canteen.name, Canteen.division_code, Canteen.latitude, Canteen.longitude)
        .where(Canteen.id.in_(canteen_ids))
        .order_by(Canteen.id)
    )
    return [Counter(*row) for row in db.session.execute(statement)]


def couriers(canteen_ids: Collection[uuid.UUID]) -> list[Courier]:
    """Who carries for these canteens only."""
    statement = (
        select(
            CanteenCourier.id, CanteenCourier.canteen_id, CanteenCourier.name, CanteenCourier.means,
            CanteenCourier.capacity,
        )
        .where(CanteenCourier.canteen_id.in_(canteen_ids), CanteenCourier.is_active)
        .order_by(CanteenCourier.id)
    )  # fmt: skip
    return [Courier(*row) for row in db.session.execute(statement)]


def busy_on_runs(
    on: date, carriers: Collection[uuid.UUID], *, but: uuid.UUID | None = None
) -> dict[uuid.UUID, list[Minutes]]:
    """When these helpers and couriers are away on published runs that day; `but` the joint ones of that proposal."""
    carrier = func.coalesce(MealRun.helper_id, MealRun.courier_id)
    statement = (
        select(carrier, MealRun.tours)
        .join(MealRunPlan, MealRunPlan.id == MealRun.plan_id)
        .where(MealRun.on == on, carrier.in_(carriers), MealRunPlan.status == ProposalStatus.PUBLISHED)
        .where(or_(MealRunPlan.proposal_id.is_(None), MealRunPlan.proposal_id != but))
    )
    return _by_carrier(statement)


def busy_on_rounds(on: date, helpers: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Minutes]]:
    """When these helpers are away on published rounds that day."""
    statement = (
        select(Round.helper_id, Round.tours)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(Round.on == on, Round.helper_id.in_(helpers), Proposal.status == ProposalStatus.PUBLISHED)
    )
    return _by_carrier(statement)


def _by_carrier(statement: Any) -> dict[uuid.UUID, list[Minutes]]:
    busy: dict[uuid.UUID, list[Minutes]] = {}
    for carrier, tours in db.session.execute(statement):
        busy.setdefault(carrier, []).extend((tour["leave"], tour["back"]) for tour in tours)
    return busy


@dataclass(frozen=True, slots=True)
class MealCounts:
    """What somebody sees before pressing 规划."""

    portions: int
    canteens: int


def counts(code: str, canteen_id: uuid.UUID | None, on: date, meal: Meal) -> MealCounts:
    """Portions nobody brings yet, and from how many canteens."""
    statement = (
        select(func.count(), func.count(MealService.canteen_id.distinct()))
        .select_from(MealBooking)
        .join(MealService, MealService.id == MealBooking.service_id)
        .join(Canteen, Canteen.id == MealService.canteen_id)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .where(_to_bring(code, canteen_id, on, meal))
    )
    return MealCounts(*db.session.execute(statement).one())
