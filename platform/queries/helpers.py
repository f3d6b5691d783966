"""What pages read of helpers."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from domain import phones
from extensions import db
from models import (
    Division,
    Helper,
    HelperKind,
    HelperLeave,
    HelperShift,
    Means,
    Senior,
    Visit,
    VisitStatus,
    prefix_bounds,
)
from models.keyring import phone_index
from policy import Scope, reach

from .paging import Page, page

EXPORT_LIMIT = 20_000
SERVED_SHOWN = 50
OPTIONS_SHOWN = 300
PROOF_NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class HelperFilter:
    """What the address of the list says. `state` is active, inactive, on_leave or proof (a proof that runs out)."""

    text: str = ""
    kind: HelperKind | None = None
    state: str = ""
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class HelperLine:
    """A helper in a list."""

    id: uuid.UUID
    name: str
    kind: HelperKind
    division_code: str
    means: Means
    skills: list[str]
    max_daily_minutes: int
    is_active: bool
    hardship_valid_to: date | None
    works_today: bool
    is_on_leave: bool


@dataclass(frozen=True, slots=True)
class ServedLine:
    """A senior whose regular helper somebody is."""

    id: uuid.UUID
    name: str
    residence_code: str


@dataclass(frozen=True, slots=True)
class Work:
    """What a helper did in a month: visits made, and minutes at the door."""

    visits: int
    minutes: int


def _on_leave(today: date) -> Any:
    return exists().where(
        HelperLeave.helper_id == Helper.id, HelperLeave.from_on <= today, HelperLeave.to_on >= today
    ).correlate(Helper)  # fmt: skip


def _filtered(statement: Select[Any], scope: Scope, wanted: HelperFilter, today: date) -> Select[Any]:
    statement = statement.where(reach.helpers(scope))
    if wanted.text:
        statement = statement.where(_matches(wanted.text))
    if wanted.kind is not None:
        statement = statement.where(Helper.kind == wanted.kind)
    if wanted.state in {"active", "inactive"}:
        statement = statement.where(Helper.is_active.is_(wanted.state == "active"))
    elif wanted.state == "on_leave":
        statement = statement.where(_on_leave(today))
    elif wanted.state == "proof":
        statement = statement.where(Helper.is_active, Helper.hardship_valid_to <= today + PROOF_NOTICE)
    if wanted.division_code:
        low, high = prefix_bounds(wanted.division_code)
        statement = statement.where(Helper.division_code >= low, Helper.division_code < high)
    return statement


def _matches(text: str) -> Any:
    """A whole phone number, a part of the name, or the beginning of its pinyin."""
    text = text.strip()
    number = phones.normalise(text)
    if number is not None:
        return Helper.phone_index == phone_index(number)
    plain = text.lower().replace(" ", "")
    return or_(Helper.name.contains(text, autoescape=True), Helper.pinyin.startswith(plain, autoescape=True))


def index(scope: Scope, wanted: HelperFilter, *, today: date, cursor: str | None) -> Page[HelperLine]:
    """Helpers of the scope by name, a page at a time."""
    works = exists().where(HelperShift.helper_id == Helper.id, HelperShift.weekday == today.isoweekday())
    statement = select(
        Helper.id, Helper.name, Helper.kind, Helper.division_code, Helper.means, Helper.skills,
        Helper.max_daily_minutes, Helper.is_active, Helper.hardship_valid_to, works.correlate(Helper),
        _on_leave(today), Helper.pinyin, Helper.id,
    )  # fmt: skip
    return page(
        _filtered(statement, scope, wanted, today),
        [Helper.pinyin, Helper.id],
        cursor,
        parse=lambda values: (values[0], uuid.UUID(values[1])),
        row=HelperLine,
    )


def total(scope: Scope, wanted: HelperFilter, *, today: date) -> int:
    """How many the filters leave."""
    return db.session.scalar(_filtered(select(func.count(Helper.id)), scope, wanted, today)) or 0


def export(scope: Scope, wanted: HelperFilter, *, today: date) -> list[Helper]:
    """The helpers the page's filters show with their shifts, all of them up to EXPORT_LIMIT."""
    statement = _filtered(select(Helper), scope, wanted, today).options(
        selectinload(Helper.shifts), joinedload(Helper.end_centre)
    )
    return list(
        db.session.scalars(statement.order_by(Helper.division_code, Helper.pinyin, Helper.id).limit(EXPORT_LIMIT))
    )


def served_by(helper_id: uuid.UUID, scope: Scope, today: date) -> list[ServedLine]:
    """Seniors of the scope whose regular helper this is, at most SERVED_SHOWN."""
    statement = (
        select(Senior.id, Senior.name, Senior.residence_code)
        .where(Senior.regular_helper_id == helper_id, Senior.merged_into_id.is_(None), reach.seniors(scope, today))
        .order_by(Senior.pinyin, Senior.id)
        .limit(SERVED_SHOWN)
    )
    return [ServedLine(*row) for row in db.session.execute(statement)]


def options(scope: Scope, near: str) -> list[tuple[uuid.UUID, str, str]]:
    """(id, name, division) of helpers for a choice: those of the county `near` lies in, its township first."""
    low, high = prefix_bounds(near[:6])
    is_near = Helper.division_code.startswith(near[:9], autoescape=True)
    statement = (
        select(Helper.id, Helper.name, func.coalesce(Division.name, ""))
        .outerjoin(Division, Division.code == Helper.division_code)
        .where(reach.helpers(scope), Helper.is_active, Helper.division_code >= low, Helper.division_code < high)
        .order_by(is_near.desc(), Helper.pinyin, Helper.id)
        .limit(OPTIONS_SHOWN)
    )
    return [(key, name, place) for key, name, place in db.session.execute(statement)]


def work_in(helper_id: uuid.UUID, first: date, last: date) -> Work:
    """Visits a helper made in these days, and the time at the door they reported."""
    statement = select(Visit.arrived_at, Visit.left_at).where(
        or_(Visit.helper_id == helper_id, Visit.second_helper_id == helper_id),
        and_(Visit.on.between(first, last), Visit.status == VisitStatus.DONE),
    )
    spans: list[tuple[datetime | None, datetime | None]] = [(a, b) for a, b in db.session.execute(statement)]
    minutes = sum((left - arrived).total_seconds() / 60 for arrived, left in spans if arrived and left)
    return Work(len(spans), round(minutes))
