"""What pages read of centres."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from domain.spelling import spelled
from extensions import db
from models import Centre, CentreKind, CentreStaff, Enrolment, Senior, prefix_bounds
from policy import Scope, reach

from .paging import Page, page

EXPORT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class CentreFilter:
    """What the address of the list says. `state` is open, closed or exemplary."""

    text: str = ""
    kind: CentreKind | None = None
    state: str = ""
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A centre in a list; `enrolled` counts today's agreements."""

    id: uuid.UUID
    name: str
    kind: CentreKind
    division_code: str
    places: int
    beds: int
    phone: str
    is_exemplary: bool
    is_open: bool
    enrolled: int


@dataclass(frozen=True, slots=True)
class StaffLine:
    id: uuid.UUID
    name: str
    post: str
    phone: str | None
    weekdays: list[int]


def _filtered(statement: Select[Any], scope: Scope, wanted: CentreFilter) -> Select[Any]:
    statement = statement.where(reach.centres(scope))
    if wanted.text:
        statement = statement.where(
            or_(
                Centre.name.contains(wanted.text, autoescape=True),
                Centre.pinyin.startswith(spelled(wanted.text) or "-", autoescape=True),
            )
        )
    if wanted.kind is not None:
        statement = statement.where(Centre.kind == wanted.kind)
    if wanted.state == "exemplary":
        statement = statement.where(Centre.is_exemplary)
    elif wanted.state in {"open", "closed"}:
        statement = statement.where(Centre.is_open.is_(wanted.state == "open"))
    if wanted.division_code:
        low, high = prefix_bounds(wanted.division_code)
        statement = statement.where(Centre.division_code >= low, Centre.division_code < high)
    return statement


def index(scope: Scope, wanted: CentreFilter, *, today: date, cursor: str | None) -> Page[CentreLine]:
    """Centres of the scope by name, a page at a time."""
    enrolled = (
        select(func.count())
        .where(
            Enrolment.centre_id == Centre.id,
            Enrolment.from_on <= today,
            or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today),
        )
        .correlate(Centre)
        .scalar_subquery()
    )
    statement = select(
        Centre.id, Centre.name, Centre.kind, Centre.division_code, Centre.places, Centre.beds, Centre.phone,
        Centre.is_exemplary, Centre.is_open, enrolled, Centre.pinyin, Centre.id,
    )  # fmt: skip
    return page(
        _filtered(statement, scope, wanted),
        [Centre.pinyin, Centre.id],
        cursor,
        parse=lambda values: (values[0], uuid.UUID(values[1])),
        row=CentreLine,
    )


def total(scope: Scope, wanted: CentreFilter) -> int:
    """How many the filters leave."""
    return db.session.scalar(_filtered(select(func.count(Centre.id)), scope, wanted)) or 0


def export(scope: Scope, wanted: CentreFilter) -> Iterator[Centre]:
    """The centres the page's filters show, all of them up to EXPORT_LIMIT."""
    statement = _filtered(select(Centre), scope, wanted).order_by(Centre.division_code, Centre.pinyin, Centre.id)
    return iter(db.session.scalars(statement.limit(EXPORT_LIMIT)))


def staff(centre_id: uuid.UUID) -> list[StaffLine]:
    """Who works at a centre."""
    columns = (CentreStaff.id, CentreStaff.name, CentreStaff.post, CentreStaff.phone, CentreStaff.weekdays)
    statement = select(*columns).where(CentreStaff.centre_id == centre_id).order_by(CentreStaff.id).limit(200)
    return [StaffLine(*row) for row in db.session.execute(statement)]


def options(scope: Scope) -> list[tuple[uuid.UUID, str]]:
    """Open centres of the scope for a choice, at most 500, those of the nearest name first."""
    statement = select(Centre.id, Centre.name).where(and_(reach.centres(scope), Centre.is_open))
    rows = db.session.execute(statement.order_by(Centre.pinyin, Centre.id).limit(500))
    return [(row.id, row.name) for row in rows]


def enrolled_now(centre_id: uuid.UUID, today: date) -> int:
    """How many seniors have an agreement with a centre today."""
    statement = (
        select(func.count())
        .select_from(Enrolment)
        .join(Senior, Senior.id == Enrolment.senior_id)
        .where(
            Enrolment.centre_id == centre_id,
            Enrolment.from_on <= today,
            or_(Enrolment.to_on.is_(None), Enrolment.to_on >= today),
            Senior.merged_into_id.is_(None),
        )
    )
    return db.session.scalar(statement) or 0
