"""A published day as it stands: its rounds and stops as rows, and how each visit on them has gone so far."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from extensions import db
from models import (
    Base,
    ChangeKind,
    ChangeStatus,
    Helper,
    Message,
    MessageStatus,
    MessageSubject,
    Proposal,
    ProposalStatus,
    Purpose,
    Round,
    RoundChange,
    Senior,
    Stop,
    SubjectType,
    Visit,
    VisitMode,
    VisitStatus,
)
from models.division import prefix_bounds
from models.message import OUT
from models.visit import REPORTED

from .served import served_on

MOST_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class StandingStop:
    """A row of `stops` as values, and how its visit stands."""

    row: dict[str, Any]
    status: VisitStatus
    arrived_at: datetime | None
    left_at: datetime | None
    duration_minutes: int
    priority: int

    @property
    def key(self) -> tuple[str, bool]:
        """The visit, and whether it is its second half."""
        return self.row["visit_id"], self.row["is_second"]

    @property
    def is_under_way(self) -> bool:
        return self.status == VisitStatus.UNDER_WAY

    @property
    def is_begun(self) -> bool:
        return self.is_under_way or self.status in REPORTED

    @property
    def is_open(self) -> bool:
        """Somebody is to go there, and nobody has been."""
        return self.status in {VisitStatus.DUE, VisitStatus.PLANNED}


@dataclass(frozen=True, slots=True)
class StandingRound:
    """A row of `rounds` as values, with its stops in order."""

    row: dict[str, Any]
    stops: list[StandingStop]

    @property
    def helper_id(self) -> str:
        return str(self.row["helper_id"])


def values_of(row: Base) -> dict[str, Any]:
    """Every column of a row, as JSON can hold it; of a row that is not stored yet, with its defaults."""
    return {column.key: _plain(_value(row, column)) for column in row.__table__.columns}


def _value(row: Base, column: Any) -> Any:
    value = getattr(row, column.key)
    if value is not None or column.nullable or column.default is None:
        return value
    return column.default.arg(None) if column.default.is_callable else column.default.arg


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def rounds_of(proposal_id: uuid.UUID, *, only: Collection[uuid.UUID] | None = None) -> list[StandingRound]:
    """The proposal's rounds, or those `only` of some helpers; two statements, whatever the number of stops."""
    fresh = {"populate_existing": True}
    statement = select(Round).where(Round.proposal_id == proposal_id).order_by(Round.number).limit(MOST_ROUNDS)
    if only is not None:
        statement = statement.where(Round.helper_id.in_(only))
    rounds = {
        row.id: StandingRound(values_of(row), []) for row in db.session.scalars(statement, execution_options=fresh)
    }
    stops = (
        select(Stop, Visit.status, Visit.arrived_at, Visit.left_at, Visit.duration_minutes, Visit.priority)
        .join(Visit, Visit.id == Stop.visit_id)
        .where(Stop.round_id.in_(rounds))
        .order_by(Stop.round_id, Stop.position)
    )
    for stop, *facts in db.session.execute(stops, execution_options=fresh):
        rounds[stop.round_id].stops.append(StandingStop(values_of(stop), *facts))
    return list(rounds.values())


def gone_home(proposal_id: uuid.UUID) -> dict[uuid.UUID, int]:
    """Helpers who fell ill that day, and from which minute, by the changes that hold."""
    statement = select(RoundChange.helper_id, RoundChange.minute).where(
        RoundChange.proposal_id == proposal_id,
        RoundChange.kind == ChangeKind.ILL,
        RoundChange.status == ChangeStatus.ACCEPTED,
        RoundChange.helper_id.is_not(None),
    )
    found: dict[uuid.UUID, int] = {}
    for helper_id, minute in db.session.execute(statement):
        found[helper_id] = min(minute or 0, found.get(helper_id, 24 * 60))
    return found


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A visit of the day that is on no round."""

    id: uuid.UUID
    senior_name: str
    priority: int
    window_from: int
    window_to: int
    reason: str


def unplaced(code: str, on: date, *, limit: int = 50) -> list[Unplaced]:
    """Door visits of the day that nobody is planned for, the urgent ones first."""
    low, high = prefix_bounds(code)
    statement = (
        select(Visit.id, Senior.name, Visit.priority, Visit.window_from, Visit.window_to, Visit.reason)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(
            Visit.on == on,
            Visit.mode == VisitMode.DOOR,
            Visit.status == VisitStatus.DUE,
            Visit.division_code >= low,
            Visit.division_code < high,
            served_on(on),
        )
        .order_by(Visit.priority, Visit.window_from, Visit.id)
        .limit(limit)
    )
    return [Unplaced(*row) for row in db.session.execute(statement)]


def states_of(visit_ids: Collection[uuid.UUID]) -> dict[str, dict[str, Any]]:
    """What a change alters of visits, and what it relied on: as values that JSON can hold."""
    columns = (
        Visit.id, Visit.status, Visit.helper_id, Visit.second_helper_id, Visit.on, Visit.cancel_reason,
        Visit.window_from, Visit.window_to, Visit.duration_minutes, Visit.arrived_at,
    )  # fmt: skip
    found = {}
    for row in db.session.execute(select(*columns).where(Visit.id.in_(visit_ids))):
        found[str(row.id)] = {
            "status": row.status.value,
            "helper_id": _plain(row.helper_id),
            "second_helper_id": _plain(row.second_helper_id),
            "on": row.on.isoformat(),
            "cancel_reason": row.cancel_reason,
            "window": [row.window_from, row.window_to, row.duration_minutes],
            "is_begun": row.arrived_at is not None,
        }
    return found


def published_for(helper_id: uuid.UUID, on: date) -> uuid.UUID | None:
    """The published proposal on which the helper has a round that day."""
    statement = (
        select(Proposal.id)
        .join(Round, Round.proposal_id == Proposal.id)
        .where(Round.helper_id == helper_id, Round.on == on, Proposal.status == ProposalStatus.PUBLISHED)
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def have_read(visit_ids: list[uuid.UUID], on: date) -> set[uuid.UUID]:
    """Visits of which somebody has a text that says when and who: sent, or read out by a person."""
    statement = (
        select(MessageSubject.subject_id)
        .join(Message, Message.id == MessageSubject.message_id)
        .where(
            MessageSubject.subject_type == SubjectType.VISIT,
            MessageSubject.subject_id.in_(visit_ids),
            MessageSubject.on == on,
            MessageSubject.purpose.in_((Purpose.VISIT_EVE, Purpose.VISIT_MORNING)),
            (Message.status.in_(OUT)) | ((Message.status == MessageStatus.DEAD) & Message.handled_at.is_not(None)),
        )
    )
    return set(db.session.scalars(statement))


@dataclass(frozen=True, slots=True)
class OpenStop:
    """A stop somebody may speak of: still to be made, or under way."""

    visit_id: uuid.UUID
    senior_name: str
    start_minute: int
    leave_minute: int
    status: VisitStatus


def helpers_on(proposal_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of whoever has a round."""
    statement = (
        select(Helper.id, Helper.name)
        .join(Round, Round.helper_id == Helper.id)
        .where(Round.proposal_id == proposal_id)
        .order_by(Helper.pinyin, Helper.id)
        .limit(MOST_ROUNDS)
    )
    return [(key, name) for key, name in db.session.execute(statement)]


def open_stops(proposal_id: uuid.UUID, helper_id: uuid.UUID) -> list[OpenStop]:
    """Of one helper's round, in order."""
    statement = (
        select(Visit.id, Senior.name, Stop.start_minute, Stop.leave_minute, Visit.status)
        .join(Stop, Stop.visit_id == Visit.id)
        .join(Round, Round.id == Stop.round_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(
            Round.proposal_id == proposal_id,
            Round.helper_id == helper_id,
            Visit.status.in_((VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.UNDER_WAY)),
        )
        .order_by(Stop.position)
    )
    return [OpenStop(*row) for row in db.session.execute(statement)]


def published_of(code: str, on: date) -> uuid.UUID | None:
    """The proposal that holds for a division and day."""
    statement = select(Proposal.id).where(
        Proposal.division_code == code, Proposal.on == on, Proposal.status == ProposalStatus.PUBLISHED
    )
    return db.session.scalars(statement.limit(1)).one_or_none()


def visits_on(proposal_id: uuid.UUID) -> set[uuid.UUID]:
    """The visits on its rounds that are wanted."""
    statement = (
        select(Stop.visit_id)
        .join(Round, Round.id == Stop.round_id)
        .join(Visit, Visit.id == Stop.visit_id)
        .where(Round.proposal_id == proposal_id, Visit.status != VisitStatus.CANCELLED)
    )
    return set(db.session.scalars(statement))
