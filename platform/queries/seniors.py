"""The list of seniors: searched, filtered, fifty at a time."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from domain.codes import Category
from domain.divisions import is_code
from extensions import db
from models import Division, LivingArrangement, RiskTier, Senior, SeniorCategory, SeniorStatus, SeniorStatusPeriod, Sex
from models.division import prefix_bounds
from policy import Scope, reach

from . import senior_search
from .paging import Page, page
from .served import served_on, status_expression

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


def _rows(today: date) -> Select[Any]:
    above = aliased(Division)
    return (
        select(
            Senior.id, Senior.name, Senior.sex, Senior.born_on, Senior.residence_code, Division.name, above.name,
            Senior.living, Senior.risk_tier, status_expression(today), Senior.last_well_at, Senior.last_well_by,
        )
        .join(Division, Division.code == Senior.residence_code)
        .outerjoin(above, above.code == Division.parent_code)
        .where(Senior.merged_into_id.is_(None))
    )  # fmt: skip


def _conditions(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.division:
        low, high = prefix_bounds(filters.division)
        yield and_(Senior.residence_code >= low, Senior.residence_code < high)
    if filters.status == SeniorStatus.ACTIVE:
        yield served_on(today)
    elif filters.status:
        begun = exists().where(
            SeniorStatusPeriod.senior_id == Senior.id,
            SeniorStatusPeriod.status != SeniorStatus.ACTIVE,
            SeniorStatusPeriod.from_on <= today,
            or_(SeniorStatusPeriod.to_on.is_(None), SeniorStatusPeriod.to_on >= today),
        )
        yield and_(begun, status_expression(today) == SeniorStatus(filters.status))
    if filters.tier:
        yield Senior.risk_tier == RiskTier(filters.tier)
    if filters.living:
        yield Senior.living == LivingArrangement(filters.living)
    if filters.category:
        yield exists().where(
            SeniorCategory.senior_id == Senior.id,
            SeniorCategory.category == filters.category,
            or_(SeniorCategory.to_on.is_(None), SeniorCategory.to_on >= today),
        )


def _statement(base: Select[Any], filters: Filters, scope: Scope, today: date) -> Select[Any] | None:
    """`base` narrowed to the filters and the scope; None where the search text can mean nobody."""
    statement = base.where(*_conditions(filters, today))
    if not filters.q.strip():
        return statement.where(reach.seniors(scope, today))
    what = senior_search.sought(filters.q, today=today)
    return senior_search.narrowed(statement, what, scope, today) if what is not None else None


def index(filters: Filters, scope: Scope, *, today: date, cursor: str | None = None, size: int = 50) -> Page[SeniorRow]:
    """One page of the list, by the sound of the name; of a search, by what was found."""
    filters = filters.known()
    base = _statement(_rows(today), filters, scope, today)
    if base is None:
        return Page([])
    if filters.q.strip():
        keys, parse = senior_search.ORDER, senior_search.parse_cursor
        return page(base.add_columns(*keys), keys, cursor, parse=parse, row=SeniorRow, size=size)
    by_sound = (Senior.pinyin, Senior.id)
    return page(
        base.add_columns(*by_sound),
        by_sound,
        cursor,
        parse=lambda values: (values[0], uuid.UUID(values[1])),
        row=SeniorRow,
        size=size,
    )


def count(filters: Filters, scope: Scope, *, today: date) -> int:
    """How many the filters leave, counted no further than COUNT_TO + 1."""
    base = _statement(select(Senior.id).where(Senior.merged_into_id.is_(None)), filters.known(), scope, today)
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
