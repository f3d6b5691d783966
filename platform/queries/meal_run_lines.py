"""The small rows that pages about meal runs are made of."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models import (
    BookingStatus,
    Meal,
    MealRunKind,
    MealRunStopKind,
    Means,
    PlanMethod,
    ProposalStatus,
    VisitStatus,
)

from .round_lines import SILENT_FOR


@dataclass(frozen=True, slots=True)
class CanteenLine:
    """A canteen's meal on the page of a day: portions for doors, and how many of them somebody brings."""

    canteen_id: uuid.UUID
    canteen_name: str
    division_code: str
    meal: Meal
    cut_off_at: datetime
    portions: int
    carried: int

    @property
    def open(self) -> int:
        return self.portions - self.carried


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan in a list."""

    id: uuid.UUID
    division_name: str
    canteen_name: str | None
    on: date
    meal: Meal
    kind: MealRunKind
    status: ProposalStatus
    figures: dict[str, Any]
    created_at: datetime
    made_by: str | None

    @property
    def place(self) -> str:
        return self.canteen_name or self.division_name

    @property
    def left(self) -> int:
        """Portions nobody brings."""
        return int(self.figures.get("portions", 0)) - int(self.figures.get("delivered", 0))


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A plan on its own page."""

    id: uuid.UUID
    division_code: str
    division_name: str
    canteen_name: str | None
    on: date
    meal: Meal
    kind: MealRunKind
    joint_id: uuid.UUID | None
    status: ProposalStatus
    method: PlanMethod
    seconds: float
    progress: dict[str, Any]
    heartbeat_at: datetime | None
    is_stop_asked: bool
    figures: dict[str, Any]
    left_out: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    created_at: datetime
    published_at: datetime | None
    made_by: str | None
    published_by: str | None

    @property
    def place(self) -> str:
        return self.canteen_name or self.division_name

    def is_lost(self, now: datetime) -> bool:
        """Searching by its word, but its process is gone."""
        silent = self.heartbeat_at is None or self.heartbeat_at < now - SILENT_FOR
        return self.status == ProposalStatus.SEARCHING and silent


@dataclass(frozen=True, slots=True)
class Other:
    """The plan on the other side of a joint one's comparison."""

    id: uuid.UUID
    kind: MealRunKind
    status: ProposalStatus
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PortionLine:
    """A portion at a door, with what its bearer must know of it."""

    booking_id: uuid.UUID
    senior_id: uuid.UUID
    senior_name: str
    address: str
    landmark: str
    dish_name: str
    diets: list[str]
    allergens: list[str]
    diet_note: str
    status: BookingStatus


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit on a joint run."""

    visit_id: uuid.UUID
    senior_id: uuid.UUID
    senior_name: str
    address: str
    landmark: str
    window_from: int
    window_to: int
    priority: int
    reason: str
    skills: list[str]
    status: VisitStatus


@dataclass(frozen=True, slots=True)
class StopRow:
    """A row of meal_run_stops."""

    id: uuid.UUID
    run_id: uuid.UUID
    position: int
    tour: int
    kind: MealRunStopKind
    canteen_id: uuid.UUID | None
    canteen_name: str | None
    visit_id: uuid.UUID | None
    portions: int
    arrive_minute: int
    start_minute: int
    leave_minute: int
    travel_minutes: int
    distance_m: int
    hot_seconds: int | None
    latitude: float | None
    longitude: float | None
    is_approximate: bool


@dataclass(slots=True)
class Call:
    """What people call one stop: everything done at one door, or one call at a counter."""

    position: int
    first: StopRow
    last: StopRow
    portions: list[PortionLine] = field(default_factory=list)
    visits: list[VisitLine] = field(default_factory=list)
    hot_seconds: int | None = None

    @property
    def is_counter(self) -> bool:
        return self.first.kind is MealRunStopKind.COUNTER

    @property
    def tour(self) -> int:
        return self.first.tour

    @property
    def arrive_minute(self) -> int:
        return self.first.arrive_minute

    @property
    def start_minute(self) -> int:
        return self.first.start_minute

    @property
    def leave_minute(self) -> int:
        return self.last.leave_minute

    @property
    def latitude(self) -> float | None:
        return self.first.latitude

    @property
    def longitude(self) -> float | None:
        return self.first.longitude

    @property
    def wait(self) -> int:
        return self.first.start_minute - self.first.arrive_minute

    @property
    def hot_minutes(self) -> int | None:
        """How long what is handed over here has been on the way, rounded up. None at a counter, and on a mere visit."""
        return None if self.hot_seconds is None else -(-self.hot_seconds // 60)

    @property
    def people(self) -> list[PortionLine | VisitLine]:
        """Who is met at the door, each once."""
        everybody: list[PortionLine | VisitLine] = [*self.portions, *self.visits]
        return list({one.senior_id: one for one in reversed(everybody)}.values())[::-1]

    def continues(self, stop: StopRow) -> bool:
        """Whether `stop` is at the same door, without a step in between."""
        here, there = (self.last.latitude, self.last.longitude), (stop.latitude, stop.longitude)
        is_door = not self.is_counter and stop.kind is not MealRunStopKind.COUNTER
        return is_door and self.tour == stop.tour and stop.distance_m == 0 and here == there


@dataclass(slots=True)
class RunLine:
    """One carrier's run; its stops are filled in."""

    id: uuid.UUID
    number: int
    helper_id: uuid.UUID | None
    helper_name: str
    is_courier: bool
    means: Means
    capacity: int
    start_minute: int
    end_minute: int
    travel_minutes: int
    distance_m: int
    tours: list[dict[str, Any]]
    base_latitude: float | None
    base_longitude: float | None
    end_latitude: float | None
    end_longitude: float | None
    stops: list[Call] = field(default_factory=list)

    @property
    def portions(self) -> int:
        return sum(len(call.portions) for call in self.stops)

    @property
    def visits(self) -> int:
        return sum(len(call.visits) for call in self.stops)


def merged(
    stops: Iterable[StopRow], portions: dict[uuid.UUID, list[PortionLine]], visits: dict[uuid.UUID, VisitLine]
) -> list[Call]:
    """A run's rows as people count its stops: a visit and portions at one door are one."""
    calls: list[Call] = []
    for stop in stops:
        if calls and calls[-1].continues(stop):
            calls[-1].last = stop
        else:
            calls.append(Call(len(calls) + 1, stop, stop))
        if stop.hot_seconds is not None:
            calls[-1].hot_seconds = max(calls[-1].hot_seconds or 0, stop.hot_seconds)
        calls[-1].portions += portions.get(stop.id, [])
        if stop.visit_id in visits:
            calls[-1].visits.append(visits[stop.visit_id])
    return calls


@dataclass(frozen=True, slots=True)
class RunSheet:
    """One run as it is printed."""

    line: RunLine
    plan_id: uuid.UUID
    on: date
    meal: Meal
    kind: MealRunKind
    status: ProposalStatus
    division_code: str
    division_name: str


@dataclass(frozen=True, slots=True)
class OwnRun:
    """A published run in the list of whoever carries it, or cooks for it."""

    id: uuid.UUID
    on: date
    meal: Meal
    carrier_name: str
    start_minute: int
    end_minute: int
    distance_m: int
    portions: int


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A portion nobody brings, or a visit nobody makes, with the reasons as they were stored."""

    senior_id: uuid.UUID
    senior_name: str
    what: str
    place: str
    is_portion: bool
    status: BookingStatus | VisitStatus
    reasons: list[dict[str, Any]]
