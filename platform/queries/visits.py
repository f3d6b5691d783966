"""What offices and families read of visits: the list, one visit, a senior's visits."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from domain.divisions import is_code
from domain.rules import RuleKey, default_of
from domain.times import local, local_day
from extensions import db
from models import Division, Helper, RiskTier, Senior, Visit, VisitMode, VisitStatus
from models.division import prefix_bounds
from models.visit import OPEN, Approval
from policy import Scope, reach

from .halves import both_names
from .paging import Page, page

GRACE_MINUTES = default_of(RuleKey.VISIT_REPORTING)["unreported_after"]
SPANS = ("today", "tomorrow", "week", "month", "past", "waiting", "overdue")


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, as lists need it. `grace_minutes`: so long after its window an unreported visit is 未回报 (a rule)."""

    now: datetime
    grace_minutes: int = GRACE_MINUTES

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def minute(self) -> int:
        """Minutes after midnight up to which a window must have ended for its visit to be 未回报."""
        at = local(self.now)
        return at.hour * 60 + at.minute - self.grace_minutes

    def unreported(self) -> ColumnElement[bool]:
        """A planned visit whose time has passed without a word: asked, never stored."""
        passed = or_(Visit.on < self.today, and_(Visit.on == self.today, Visit.window_to <= self.minute))
        return and_(Visit.status == VisitStatus.PLANNED, passed)

    def shown(self, status: VisitStatus, on: date, window_to: int) -> VisitStatus:
        """The status as people should see it now."""
        has_passed = on < self.today or (on == self.today and window_to <= self.minute)
        return VisitStatus.UNREPORTED if status == VisitStatus.PLANNED and has_passed else status


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the address of the list says; values nobody knows are no filter."""

    when: str = "today"
    on: date | None = None
    status: str = ""
    tier: str = ""
    division: str = ""

    def known(self) -> "Filters":
        """Without what no visit can have."""
        return replace(
            self,
            when=self.when if self.when in SPANS else "today",
            status=self.status if self.status in set(VisitStatus) else "",
            tier=self.tier if self.tier in set(RiskTier) else "",
            division=self.division if is_code(self.division) else "",
        )


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One line of the list."""

    id: uuid.UUID
    on: date
    due_on: date
    window_from: int
    window_to: int
    status: VisitStatus
    mode: VisitMode
    approval: Approval | None
    priority: int
    senior_id: uuid.UUID
    senior_name: str
    tier: RiskTier
    place: str
    helper_name: str | None
    is_overdue: bool


def _days(filters: Filters, today: date) -> Iterator[ColumnElement[bool]]:
    if filters.on is not None:
        yield Visit.on == filters.on
        return
    monday = today - timedelta(days=today.weekday())
    spans = {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
        "week": (monday, monday + timedelta(days=6)),
        "month": (today.replace(day=1), (today.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)),
        "past": (today - timedelta(days=30), today - timedelta(days=1)),
    }
    if filters.when in spans:
        first, last = spans[filters.when]
        yield Visit.on.between(first, last)
    elif filters.when == "waiting":
        yield Visit.approval == Approval.WAITING
    else:
        yield Visit.due_on < today
        yield Visit.on >= today - timedelta(days=92)
        yield Visit.status.in_((*OPEN, VisitStatus.UNDER_WAY))


def _conditions(filters: Filters, moment: Moment) -> Iterator[ColumnElement[bool]]:
    yield from _days(filters, moment.today)
    if filters.division:
        low, high = prefix_bounds(filters.division)
        yield and_(Visit.division_code >= low, Visit.division_code < high)
    if filters.tier:
        yield Senior.risk_tier == RiskTier(filters.tier)
    if filters.status == VisitStatus.UNREPORTED:
        yield moment.unreported()
    elif filters.status == VisitStatus.PLANNED:
        yield and_(Visit.status == VisitStatus.PLANNED, ~moment.unreported())
    elif filters.status:
        yield Visit.status == VisitStatus(filters.status)


def index(filters: Filters, scope: Scope, moment: Moment, cursor: str | None = None, size: int = 50) -> Page[VisitRow]:
    """One page of the list, by day."""
    statement = _brief().where(*_conditions(filters, moment), reach.visits(scope)).add_columns(Visit.on, Visit.id)
    return page(
        statement, (Visit.on, Visit.id), cursor, parse=_parse, row=lambda *row: _row(moment, *row), size=size
    )  # fmt: skip


def _row(moment: Moment, *values: Any) -> VisitRow:
    visit_id, on, due_on, window_from, window_to, status, *rest = values
    is_overdue = due_on < moment.today and status in {*OPEN, VisitStatus.UNDER_WAY}
    shown = moment.shown(status, on, window_to)
    return VisitRow(visit_id, on, due_on, window_from, window_to, shown, *rest, is_overdue)  # type: ignore[call-arg]


def _parse(values: list[str]) -> tuple[date, uuid.UUID]:
    return date.fromisoformat(values[0]), uuid.UUID(values[1])


def counts(filters: Filters, scope: Scope, moment: Moment) -> dict[str, int]:
    """How many visits of the span and place have each status, as shown; one statement."""
    is_unreported = moment.unreported().label("is_unreported")
    wide = replace(filters, status="")
    statement = select(Visit.status, is_unreported, func.count())
    if wide.tier:
        statement = statement.join(Senior, Senior.id == Visit.senior_id)
    statement = statement.where(*_conditions(wide, moment), reach.visits(scope)).group_by(Visit.status, is_unreported)
    found: dict[str, int] = {}
    for status, unreported, number in db.session.execute(statement):
        shown = VisitStatus.UNREPORTED if unreported else status
        found[shown] = found.get(shown, 0) + int(number)
    return found


def of_senior(senior_id: uuid.UUID, scope: Scope, moment: Moment, *, size: int = 24) -> list[VisitRow]:
    """A senior's latest and next visits, the newest first."""
    statement = _brief().where(
        Visit.senior_id == senior_id, reach.visits(scope), Visit.on <= moment.today + timedelta(days=62)
    )  # fmt: skip
    rows = db.session.execute(statement.order_by(Visit.on.desc(), Visit.id.desc()).limit(size))
    return [_row(moment, *row) for row in rows]


def _brief() -> Select[Any]:
    second = aliased(Helper)
    return (
        select(
            Visit.id, Visit.on, Visit.due_on, Visit.window_from, Visit.window_to, Visit.status, Visit.mode,
            Visit.approval, Visit.priority, Senior.id, Senior.name, Senior.risk_tier,
            func.coalesce(Division.name, Visit.division_code), both_names(second),
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Division, Division.code == Visit.division_code)
        .outerjoin(Helper, Helper.id == Visit.helper_id)
        .outerjoin(second, second.id == Visit.second_helper_id)
    )  # fmt: skip


def places(scope: Scope, within: str) -> list[tuple[str, str]]:
    """The divisions one level below `within` (or below the scope's own), to narrow a list to: code and name."""
    own = sorted(scope.divisions)
    if within and scope.holds_division(within):
        parents = [within]
    elif own:
        parents = own
    else:
        return []
    statement = (
        select(Division.code, Division.name)
        .where(Division.parent_code.in_(parents), Division.valid_to.is_(None))
        .order_by(Division.code)
        .limit(100)
    )
    return [(code, name) for code, name in db.session.execute(statement)]


def name_of(code: str) -> str:
    """A division's name."""
    return db.session.scalar(select(Division.name).where(Division.code == code)) or code
