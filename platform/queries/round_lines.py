"""The small rows that pages about rounds are made of."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from models import Means, Outcome, PlanMethod, ProposalStatus, VisitStatus

SILENT_FOR = timedelta(seconds=60)
"""A search that gave no sign of life for so long has died with its process."""


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in a list."""

    id: uuid.UUID
    division_code: str
    division_name: str
    on: date
    status: ProposalStatus
    method: PlanMethod
    figures: dict[str, Any]
    created_at: datetime
    made_by: str | None

    @property
    def served(self) -> int:
        return int(self.figures.get("plan", {}).get("served", 0))

    @property
    def left_out(self) -> int:
        return int(self.figures.get("plan", {}).get("visits", 0)) - self.served


@dataclass(slots=True)
class BoardLine:
    """A place to be planned on a day: what is due, what is planned, and the proposal that counts."""

    code: str
    name: str
    due: int = 0
    planned: int = 0
    proposal: ProposalLine | None = None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal on its own page. `is_whole`: the reader's scope holds all of its division."""

    id: uuid.UUID
    division_code: str
    division_name: str
    on: date
    status: ProposalStatus
    method: PlanMethod
    seconds: float
    progress: dict[str, Any]
    heartbeat_at: datetime | None
    is_stop_asked: bool
    figures: dict[str, Any]
    left_out: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    calendar: dict[str, Any]
    created_at: datetime
    published_at: datetime | None
    made_by: str | None
    published_by: str | None
    asked: dict[str, Any]
    edits: int
    is_whole: bool

    def is_lost(self, now: datetime) -> bool:
        """Searching by its word, but its process is gone."""
        silent = self.heartbeat_at is None or self.heartbeat_at < now - SILENT_FOR
        return self.status == ProposalStatus.SEARCHING and silent


@dataclass(frozen=True, slots=True)
class StopLine:
    """One stop, with who lives there and how the visit stands."""

    id: uuid.UUID
    visit_id: uuid.UUID
    position: int
    tour: int
    arrive_minute: int
    start_minute: int
    leave_minute: int
    travel_minutes: int
    distance_m: int
    latitude: float | None
    longitude: float | None
    is_approximate: bool
    window_from: int
    window_to: int
    priority: int
    skills: list[str]
    reason: str
    status: VisitStatus
    outcome: Outcome | None
    visit_helper_id: uuid.UUID | None
    senior_id: uuid.UUID
    senior_name: str
    address: str
    landmark: str
    round_id: uuid.UUID
    division_code: str
    needs_two: bool
    is_second: bool
    is_pinned: bool
    is_done: bool
    late_minutes: int
    fetched: dict[str, Any]
    why: list[dict[str, Any]]
    companion: str | None = None

    @property
    def township(self) -> str:
        """The code of the township the door is in."""
        return self.division_code[:9]

    @property
    def wait_minutes(self) -> int:
        return self.start_minute - self.arrive_minute


@dataclass(slots=True)
class RoundLine:
    """One helper's round; its stops are filled in."""

    id: uuid.UUID
    number: int
    helper_id: uuid.UUID
    helper_name: str
    means: Means
    start_minute: int
    end_minute: int
    travel_minutes: int
    work_minutes: int
    distance_m: int
    tours: list[dict[str, Any]]
    base_latitude: float | None
    base_longitude: float | None
    end_latitude: float | None
    end_longitude: float | None
    stops: list[StopLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """A visit nobody makes, with the reasons as they were stored."""

    visit_id: uuid.UUID
    senior_id: uuid.UUID
    senior_name: str
    division_code: str
    division_name: str
    window_from: int
    window_to: int
    priority: int
    status: VisitStatus
    plan_id: uuid.UUID | None
    needs_two: bool
    reasons: list[dict[str, Any]]
    at: list[float] | None


@dataclass(frozen=True, slots=True)
class Township:
    """A township of a proposal's division: a name in lists, a label on the map."""

    code: str
    name: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The figures of the rounds that held on an earlier day."""

    on: date
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RoundSheet:
    """One helper's round as it is printed."""

    line: RoundLine
    proposal_id: uuid.UUID
    on: date
    division_code: str
    division_name: str
    status: ProposalStatus
