"""What one visit's page and a family's page show."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from domain.codes import ConsentKind
from extensions import db
from models import (
    AuditEntry,
    Consent,
    Division,
    Helper,
    Outcome,
    Senior,
    User,
    Visit,
    VisitEvent,
    VisitEventKind,
    VisitStatus,
)
from models.visit import Approval
from policy import Scope, reach

from .halves import both_names
from .visits import Moment


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a visit's history: a report with its three times, or an act of an office."""

    at: datetime
    kind: VisitEventKind | None
    act: str
    by: str
    payload: dict[str, Any]
    reason: str = ""
    recorded_at: datetime | None = None
    received_at: datetime | None = None
    clock_offset_s: float | None = None


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A visit with whom it is to, by whom, and everything that was said of it."""

    visit: Visit
    shown: VisitStatus
    senior_name: str
    language: str
    place: str
    helper_name: str | None
    approved_by: str | None
    history: list[Told]


def show(visit_id: uuid.UUID, scope: Scope, moment: Moment) -> VisitPage | None:
    """One visit within the scope: three statements."""
    second = aliased(Helper)
    statement = (
        select(Visit, Senior.name, Senior.language, Division.name, both_names(second), User.name)
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Division, Division.code == Visit.division_code)
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .outerjoin(User, User.id == Visit.approved_by_id)
        .where(Visit.id == visit_id, reach.visits(scope))
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    visit, senior, language, place, helper, approver = row
    shown = moment.shown(visit.status, visit.on, visit.window_to)
    place = place or visit.division_code
    return VisitPage(visit, shown, senior, language, place, helper, approver, _history(visit_id))


def senior_name(senior_id: uuid.UUID, scope: Scope, today: date) -> str | None:
    """The name of a senior within the scope."""
    return db.session.scalar(select(Senior.name).where(Senior.id == senior_id, reach.seniors(scope, today)))


def _history(visit_id: uuid.UUID) -> list[Told]:
    events = (
        select(VisitEvent, User.name)
        .outerjoin(User, User.id == VisitEvent.by_user_id)
        .where(VisitEvent.visit_id == visit_id)
        .order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc())
        .limit(200)
    )
    acts = (
        select(AuditEntry.at, AuditEntry.act, AuditEntry.actor_name, AuditEntry.changes, AuditEntry.reason)
        .where(
            AuditEntry.subject_type == "visit",
            AuditEntry.subject_id == str(visit_id),
            AuditEntry.act.in_(("visit.add", "visit.move", "visit.cancel", "visit.reopen", "visit.decide")),
        )
        .order_by(AuditEntry.at.desc())
        .limit(50)
    )
    told = [
        Told(
            event.happened_at, event.kind, "", name or "", event.payload, recorded_at=event.recorded_at,
            received_at=event.received_at, clock_offset_s=event.clock_offset_s,
        )
        for event, name in db.session.execute(events)
    ]  # fmt: skip
    told += [Told(at, None, act, name, changes, reason) for at, act, name, changes, reason in db.session.execute(acts)]
    return sorted(told, key=lambda line: line.received_at or line.at, reverse=True)


@dataclass(frozen=True, slots=True)
class FamilyVisit:
    """A visit as a family reads of it. `checklist` and `mood` only where the senior allows it."""

    on: date
    window_from: int
    window_to: int
    status: VisitStatus
    outcome: Outcome | None
    left_at: datetime | None
    helper_name: str | None
    checklist: dict[str, Any]
    mood: Any
    note: str


@dataclass(frozen=True, slots=True)
class FamilySenior:
    """One of a family's seniors: the visits that were, the next ones, and whether details may be told."""

    id: uuid.UUID
    name: str
    is_told: bool
    last_well_at: datetime | None
    past: list[FamilyVisit]
    coming: list[FamilyVisit]


def for_family(scope: Scope, moment: Moment) -> list[FamilySenior]:
    """The family's seniors with a quarter's visits behind and a month's ahead: three statements."""
    seniors = db.session.execute(
        select(Senior.id, Senior.name, Senior.last_well_at)
        .where(Senior.id.in_(scope.seniors), Senior.merged_into_id.is_(None))
        .order_by(Senior.pinyin, Senior.id)
    ).all()
    told = _told([row.id for row in seniors], moment.today)
    visits = _family_visits([row.id for row in seniors], told, moment)
    return [
        FamilySenior(
            row.id, row.name, row.id in told, row.last_well_at,
            [visit for visit in reversed(visits[row.id]) if _is_past(visit, moment.today)][:6],
            [visit for visit in visits[row.id] if not _is_past(visit, moment.today)][:3],
        )
        for row in seniors
    ]  # fmt: skip


def _is_past(visit: FamilyVisit, today: date) -> bool:
    return visit.on < today or visit.status in {VisitStatus.DONE, VisitStatus.NOT_MET}


def _told(senior_ids: list[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Whose family may be told what was found."""
    statement = select(Consent.senior_id).where(
        Consent.senior_id.in_(senior_ids), Consent.kind == ConsentKind.FAMILY_TOLD, Consent.given_on <= day,
        or_(Consent.withdrawn_on.is_(None), Consent.withdrawn_on > day),
    )  # fmt: skip
    return set(db.session.scalars(statement))


def _family_visits(
    senior_ids: list[uuid.UUID], told: set[uuid.UUID], moment: Moment
) -> dict[uuid.UUID, list[FamilyVisit]]:
    span = moment.today - timedelta(days=92), moment.today + timedelta(days=35)
    second = aliased(Helper)
    statement = (
        select(Visit, both_names(second))
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
        .where(
            Visit.senior_id.in_(senior_ids), Visit.on.between(*span), Visit.status != VisitStatus.CANCELLED,
            or_(Visit.approval.is_(None), Visit.approval != Approval.REFUSED),
        )
        .order_by(Visit.on, Visit.window_from, Visit.id)
        .limit(400)
    )  # fmt: skip
    visits: dict[uuid.UUID, list[FamilyVisit]] = defaultdict(list)
    for visit, helper in db.session.execute(statement):
        may_know = visit.senior_id in told
        visits[visit.senior_id].append(
            FamilyVisit(
                visit.on, visit.window_from, visit.window_to, moment.shown(visit.status, visit.on, visit.window_to),
                visit.outcome, visit.left_at, helper, visit.checklist if may_know else {},
                visit.mood if may_know else None, visit.note if may_know else "",
            )
        )  # fmt: skip
    return visits
