"""What pages read of canteens."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select

from domain.spelling import spelled
from extensions import db
from models import Canteen, CanteenClosure, CanteenKind, CanteenMeal, Meal, prefix_bounds
from policy import Scope, reach

from .paging import Page, page

EXPORT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class CanteenFilter:
    """What the address of the list says. `state` is open, closed or delivers."""

    text: str = ""
    kind: CanteenKind | None = None
    state: str = ""
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class CanteenLine:
    """A canteen in a list; `portions` is what its kitchen can cook on a day with all meals."""

    id: uuid.UUID
    name: str
    kind: CanteenKind
    division_code: str
    phone: str
    delivers: bool
    is_open: bool
    portions: int
    closed_until: date | None


@dataclass(frozen=True, slots=True)
class ClosureLine:
    id: uuid.UUID
    from_on: date
    to_on: date
    reason: str


def _filtered(statement: Select[Any], scope: Scope, wanted: CanteenFilter) -> Select[Any]:
    statement = statement.where(reach.canteens(scope))
    if wanted.text:
        statement = statement.where(
            or_(
                Canteen.name.contains(wanted.text, autoescape=True),
                Canteen.pinyin.startswith(spelled(wanted.text) or "-", autoescape=True),
            )
        )
    if wanted.kind is not None:
        statement = statement.where(Canteen.kind == wanted.kind)
    if wanted.state == "delivers":
        statement = statement.where(Canteen.delivers)
    elif wanted.state in {"open", "closed"}:
        statement = statement.where(Canteen.is_open.is_(wanted.state == "open"))
    if wanted.division_code:
        low, high = prefix_bounds(wanted.division_code)
        statement = statement.where(Canteen.division_code >= low, Canteen.division_code < high)
    return statement


def index(scope: Scope, wanted: CanteenFilter, *, today: date, cursor: str | None) -> Page[CanteenLine]:
    """Canteens of the scope by name, a page at a time."""
    portions = (
        select(func.coalesce(func.sum(CanteenMeal.capacity), 0))
        .where(CanteenMeal.canteen_id == Canteen.id)
        .correlate(Canteen)
        .scalar_subquery()
    )
    closed_until = (
        select(func.max(CanteenClosure.to_on))
        .where(CanteenClosure.canteen_id == Canteen.id, CanteenClosure.from_on <= today, CanteenClosure.to_on >= today)
        .correlate(Canteen)
        .scalar_subquery()
    )
    statement = select(
        Canteen.id, Canteen.name, Canteen.kind, Canteen.division_code, Canteen.phone, Canteen.delivers,
        Canteen.is_open, portions, closed_until, Canteen.pinyin, Canteen.id,
    )  # fmt: skip
    return page(
        _filtered(statement, scope, wanted),
        [Canteen.pinyin, Canteen.id],
        cursor,
        parse=lambda values: (values[0], uuid.UUID(values[1])),
        row=CanteenLine,
    )


def total(scope: Scope, wanted: CanteenFilter) -> int:
    """How many the filters leave."""
    return db.session.scalar(_filtered(select(func.count(Canteen.id)), scope, wanted)) or 0


def export(scope: Scope, wanted: CanteenFilter) -> list[Canteen]:
    """The canteens the page's filters show, all of them up to EXPORT_LIMIT."""
    statement = _filtered(select(Canteen), scope, wanted).order_by(Canteen.division_code, Canteen.pinyin, Canteen.id)
    return list(db.session.scalars(statement.limit(EXPORT_LIMIT)))


def meals(canteen_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[Meal, CanteenMeal]]:
    """What each of these canteens offers, one statement for all."""
    found: dict[uuid.UUID, dict[Meal, CanteenMeal]] = {}
    for row in db.session.scalars(select(CanteenMeal).where(CanteenMeal.canteen_id.in_(list(canteen_ids)))):
        found.setdefault(row.canteen_id, {})[row.meal] = row
    return found


def closures(canteen_id: uuid.UUID, today: date) -> list[ClosureLine]:
    """Closed days of today and later."""
    statement = (
        select(CanteenClosure.id, CanteenClosure.from_on, CanteenClosure.to_on, CanteenClosure.reason)
        .where(CanteenClosure.canteen_id == canteen_id, CanteenClosure.to_on >= today)
        .order_by(CanteenClosure.from_on)
        .limit(50)
    )
    return [ClosureLine(*row) for row in db.session.execute(statement)]
