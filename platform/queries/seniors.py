"""The list of seniors: searched, filtered, fifty at a time."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from domain.codes import Category
from domain.divisions import is_code
from extensions import db
from models import Division, LivingArrangement, RiskTier, Senior, SeniorCategory, SeniorStatus, SeniorStatusPeriod, Sex
from models.division import prefix_bounds, subtree_prefix
from policy import Scope, reach

from . import senior_search
from .paging import Page, page
from .served import counts_as, served_on, status_expression, stops_service

COUNT_TO = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address of the list says; values nobody knows are no filter."""

    q: str = ""
    division: str = ""
    status: str = ""
    tier: str = ""
    living: str = ""
    category: str = ""

    def known(self) -> "Filters":
        """Without what no senior can have."""
        return replace(
            self,
            division=self.division if is_code(self.division) else "",
            status=self.status if self.status in set(SeniorStatus) else "",
            tier=self.tier if self.tier in set(RiskTier) else "",
            living=self.living if self.living in set(LivingArrangement) else "",
            category=self.category if self.category in set(Category) else "",
        )

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class SeniorRow:
    """One line of the list."""

    id: uuid.UUID
    name: str
    sex: Sex
    born_on: date
    residence_code: str
    place: str
    township: str | None
    living: LivingArrangement
    risk_tier: RiskTier
    status: SeniorStatus
    last_well_at: datetime | None
    last_well_by: str | None


def _found(*keys: Any) -> Select[Any]:
    return select(Senior.id, *keys).where(Senior.merged_into_id.is_(None))


def _shown(ids: Sequence[uuid.UUID], today: date) -> list[SeniorRow]:
    """The lines of these seniors, in this order."""
    above = aliased(Division)
    statement = (
        select(
            Senior.id, Senior.name, Senior.sex, Senior.born_on, Senior.residence_code, Division.name, above.name,
            Senior.living, Senior.risk_tier, status_expression(today), Senior.last_well_at, Senior.last_well_by,
        )
        .join(Division, Division.code == Senior.residence_code)
        .outerjoin(above, above.code == Division.parent_code)
        .where(Senior.id.in_(ids))
    )  # fmt: skip
    rows = {row[0]: SeniorRow(*row) for row in db.session.execute(statement)}
    return [rows[one] for one in ids if one in rows]


def _conditions(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.division:
        low, high = prefix_bounds(filters.division)
        yield and_(Senior.residence_code >= low, Senior.residence_code < high)
    if filters.status == SeniorStatus.ACTIVE:
        yield served_on(today)
    elif filters.status:
        begun = select(SeniorStatusPeriod.senior_id).where(stops_service(today), counts_as == filters.status)
        yield and_(Senior.id.in_(begun), status_expression(today) == SeniorStatus(filters.status))
    if filters.tier:
        yield Senior.risk_tier == RiskTier(filters.tier)
    if filters.living:
        yield Senior.living == LivingArrangement(filters.living)
    if filters.category:
        yield Senior.id.in_(
            select(SeniorCategory.senior_id).where(
                SeniorCategory.category == filters.category,
                or_(SeniorCategory.to_on.is_(None), SeniorCategory.to_on >= today),
            )
        )


def _statement(base: Select[Any], filters: Filters, scope: Scope, today: date) -> Select[Any] | None:
    """`base` narrowed to the filters and the scope; None where nobody can be meant."""
    if filters.division and not _meet(filters.division, scope):
        return None
    statement = base.where(*_conditions(filters, today))
    if not filters.q.strip():
        return statement.where(_within(scope, today))
    what = senior_search.sought(filters.q, today=today)
    return senior_search.narrowed(statement, what, scope, today) if what is not None else None


def _within(scope: Scope, today: date) -> ColumnElement[bool]:
    """The scope. Of a whole city, SQLite would read an index of places and sort 30,000 names for 50: the expression
    keeps it on the index of names.
    """
    whole = [prefix for prefix in map(subtree_prefix, scope.divisions) if len(prefix) == 4]
    if whole and db.engine.dialect.name == "sqlite":
        return or_(func.substr(Senior.residence_code, 1, 4).in_(whole), reach.seniors(scope, today))
    return reach.seniors(scope, today)


def _meet(division: str, scope: Scope) -> bool:
    """Whether anybody can live in `division` and be in the scope: two ranges that do not meet mislead planners."""
    if scope.centres or scope.helpers or scope.seniors:
        return True
    return scope.holds_division(division) or any(mine.startswith(subtree_prefix(division)) for mine in scope.divisions)


def index(filters: Filters, scope: Scope, *, today: date, cursor: str | None = None, size: int = 50) -> Page[SeniorRow]:
    """One page of the list, by the sound of the name; of a search, by what was found."""
    filters = filters.known()
    by_sound = (Senior.pinyin, Senior.id)
    keys: tuple[Any, ...] = senior_search.ORDER if filters.q.strip() else by_sound
    parse = senior_search.parse_cursor if filters.q.strip() else _parse_sound
    base = _statement(_found(*keys), filters, scope, today)
    if base is None:
        return Page([])
    ids = page(base, keys, cursor, parse=parse, row=lambda senior_id: senior_id, size=size)
    return Page(_shown(ids.items, today), ids.next_cursor, ids.is_first)


def _parse_sound(values: list[str]) -> tuple[Any, ...]:
    return values[0], uuid.UUID(values[1])


def count(filters: Filters, scope: Scope, *, today: date) -> int:
    """How many the filters leave, counted no further than COUNT_TO + 1."""
    base = _statement(_found(), filters.known(), scope, today)
    if base is None:
        return 0
    return int(db.session.scalar(select(func.count()).select_from(base.limit(COUNT_TO + 1).subquery())) or 0)


def everything(filters: Filters, scope: Scope, *, today: date) -> Iterator[SeniorRow]:
    """All that the filters leave, in the list's order, a thousand to a statement: for an export."""
    cursor: str | None = None
    while True:
        part = index(filters, scope, today=today, cursor=cursor, size=1000)
        yield from part.items
        if part.next_cursor is None:
            return
        cursor = part.next_cursor
