"""A helper's day: the doors of it in order, and at each what one must know before knocking."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from domain.codes import AlertKind, Allergen, Diet, Relation
from extensions import db
from models import (
    Alert,
    AlertStatus,
    Contact,
    Helper,
    Proposal,
    ProposalStatus,
    RiskTier,
    Round,
    Senior,
    SeniorPhone,
    Sex,
    Stop,
    Visit,
    VisitStatus,
)
from models.visit import REPORTED
from policy import Scope, reach

from .halves import other_half, own_half
from .visits import Moment
from .whereabouts import Place, places_on

Code = TypeVar("Code", bound=StrEnum)
UNFINISHED_DAYS = 30
MOST_DOORS = 80


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody to call: who, whose number, the number in full."""

    name: str
    relation: Relation
    number: str


@dataclass(frozen=True, slots=True)
class LastTime:
    """What was noted at the visit before."""

    on: date
    note: str
    checklist: dict[str, Any]
    mood: Any


@dataclass(frozen=True, slots=True)
class Companion:
    """The other of two helpers at a door. `comes_first`: before the one who asks."""

    name: str
    phone: str | None
    comes_first: bool
    gap_least: int
    gap_most: int


@dataclass(frozen=True, slots=True)
class Door:
    """One stop: the visit, the person, the way, what to mind, and who else comes."""

    visit: Visit
    shown: VisitStatus
    position: int | None
    start_minute: int | None
    travel_minutes: int | None
    distance_m: int | None
    senior_id: uuid.UUID
    name: str
    sex: Sex
    born_on: date
    tier: RiskTier
    language: str
    allergens: list[Allergen]
    diets: list[Diet]
    last_well_at: datetime | None
    place: Place
    phones: list[Reachable] = field(default_factory=list)
    contacts: list[Reachable] = field(default_factory=list)
    alerts: list[AlertKind] = field(default_factory=list)
    last_time: LastTime | None = None
    companion: Companion | None = None

    @property
    def is_open(self) -> bool:
        """Still to be gone to, or half done."""
        return self.visit.status in {VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.UNDER_WAY}


@dataclass(frozen=True, slots=True)
class Day:
    """A helper's day. `unfinished`: visits of days before that were begun or never reported."""

    on: date
    doors: list[Door]
    unfinished: list[Door]

    @property
    def next(self) -> Door | None:
        """Where to go now: what is under way first, then the first that is open."""
        under_way = [door for door in self.doors if door.visit.status == VisitStatus.UNDER_WAY]
        open_doors = [door for door in self.doors if door.is_open]
        return next(iter(under_way + open_doors), None)

    @property
    def finished(self) -> int:
        return sum(door.visit.status in REPORTED for door in self.doors)

    @property
    def total(self) -> int:
        return sum(door.visit.status != VisitStatus.CANCELLED for door in self.doors)


def _placed() -> Any:
    """Where each visit stands in a published round."""
    return (
        select(
            Stop.visit_id, Stop.position, Stop.start_minute, Stop.travel_minutes, Stop.distance_m, Round.helper_id,
            Round.on,
        )
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, and_(Proposal.id == Round.proposal_id, Proposal.status == ProposalStatus.PUBLISHED))
        .subquery("placed")
    )  # fmt: skip


def _doors(scope: Scope) -> tuple[Select[Any], Any]:
    placed, other = _placed(), aliased(Helper)
    statement = (
        select(
            Visit, Senior, placed.c.position, placed.c.start_minute, placed.c.travel_minutes, placed.c.distance_m,
            other,
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(
            placed,
            and_(placed.c.visit_id == Visit.id, placed.c.on == Visit.on, placed.c.helper_id == own_half(scope)),
        )
        .outerjoin(other, other.id == other_half(scope))
    )  # fmt: skip
    return statement, placed


def day_of(on: date, scope: Scope, moment: Moment) -> Day:
    """The day of the scope's helpers: a fixed number of statements, whatever the number of doors."""
    statement, placed = _doors(scope)
    rows = db.session.execute(
        statement.where(reach.made_by(scope), Visit.on == on)
        .order_by(func.coalesce(placed.c.position, 1000), Visit.window_from, Visit.id)
        .limit(MOST_DOORS)
    ).all()
    unfinished: Sequence[Any] = []
    if on == moment.today:
        before = Visit.on.between(on - timedelta(days=UNFINISHED_DAYS), on - timedelta(days=1))
        left = Visit.status.in_((VisitStatus.PLANNED, VisitStatus.UNDER_WAY))
        unfinished = db.session.execute(
            statement.where(reach.made_by(scope), before, left)
            .order_by(Visit.on.desc(), Visit.window_from, Visit.id)
            .limit(MOST_DOORS)
        ).all()
    doors = _filled([*rows, *unfinished], on, moment)
    return Day(on, doors[: len(rows)], doors[len(rows) :])


def door(visit_id: uuid.UUID, scope: Scope, moment: Moment) -> Door | None:
    """One stop within the scope."""
    statement, _placed_at = _doors(scope)
    rows = db.session.execute(statement.where(Visit.id == visit_id, reach.visits(scope)).limit(1)).all()
    return _filled(rows, rows[0][0].on, moment)[0] if rows else None


def _filled(rows: Sequence[Any], on: date, moment: Moment) -> list[Door]:
    ids = {row[0].senior_id for row in rows}
    if not ids:
        return []
    places, phones, contacts = places_on(ids, on), _phones(ids), _contacts(ids)
    alerts, last = _alerts(ids), _last_times(ids, on)
    return [
        Door(
            visit, moment.shown(visit.status, visit.on, visit.window_to), position, start, travel, distance, senior.id,
            senior.name, senior.sex, senior.born_on, senior.risk_tier, senior.language,
            _known(Allergen, senior.allergens), _known(Diet, senior.diets), senior.last_well_at, places[senior.id],
            phones[senior.id], contacts[senior.id], alerts[senior.id], last.get(senior.id), _companion(visit, other),
        )
        for visit, senior, position, start, travel, distance, other in rows
    ]  # fmt: skip


def _companion(visit: Visit, other: Helper | None) -> Companion | None:
    if other is None:
        return None
    comes_first = other.id == visit.helper_id
    return Companion(other.name, other.phone, comes_first, visit.second_gap_least, visit.second_gap_most)


def _known(codes: type[Code], values: Iterable[str]) -> list[Code]:
    return [codes(value) for value in values if value in set(codes)]


def _phones(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Reachable]]:
    found: dict[uuid.UUID, list[Reachable]] = defaultdict(list)
    statement = select(SeniorPhone).where(SeniorPhone.senior_id.in_(ids)).order_by(SeniorPhone.position, SeniorPhone.id)
    for phone in db.session.scalars(statement):
        found[phone.senior_id].append(Reachable("", _relation(phone.owner), phone.number))
    return found


def _relation(value: str) -> Relation:
    return Relation(value) if value in set(Relation) else Relation.OTHER


def _contacts(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Reachable]]:
    found: dict[uuid.UUID, list[Reachable]] = defaultdict(list)
    statement = select(Contact).where(Contact.senior_id.in_(ids), Contact.phone.is_not(None))
    for contact in db.session.scalars(statement.order_by(Contact.position, Contact.id)):
        found[contact.senior_id].append(Reachable(contact.name, _relation(contact.relation), contact.phone or ""))
    return found


def _alerts(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[AlertKind]]:
    """What is being looked into about each."""
    found: dict[uuid.UUID, list[AlertKind]] = defaultdict(list)
    statement = select(Alert.senior_id, Alert.kind).where(Alert.senior_id.in_(ids), Alert.status != AlertStatus.CLOSED)
    for senior_id, kind in db.session.execute(statement.order_by(Alert.raised_at.desc()).limit(200)):
        if kind in set(AlertKind) and kind not in found[senior_id]:
            found[senior_id].append(AlertKind(kind))
    return found


def _last_times(ids: Iterable[uuid.UUID], on: date) -> dict[uuid.UUID, LastTime]:
    """The latest reported visit of each before `on`, of the last half year."""
    rank = func.row_number().over(partition_by=Visit.senior_id, order_by=(Visit.on.desc(), Visit.id.desc()))
    latest = (
        select(Visit.id, rank.label("rank"))
        .where(
            Visit.senior_id.in_(ids), Visit.on < on, Visit.on >= on - timedelta(days=183), Visit.status.in_(REPORTED)
        )
        .subquery()
    )
    columns = (Visit.senior_id, Visit.on, Visit.note, Visit.checklist, Visit.mood)
    statement = select(*columns).join(latest, latest.c.id == Visit.id).where(latest.c.rank == 1)
    return {row.senior_id: LastTime(row.on, row.note, row.checklist, row.mood) for row in db.session.execute(statement)}
