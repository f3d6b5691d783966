"""What pages and services read of calendar rules: those that hold on a day, and the list of them."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from domain.calendar_effects import Effect
from domain.divisions import CITY, lineage
from domain.festivals import Recurrence
from extensions import db
from models import CalendarKind, CalendarRule, Division, User, VisitMode
from models.division import prefix_bounds
from policy import Scope
from policy.reach import code_within

LIMIT = 500


@dataclass(frozen=True, slots=True)
class HeldRule:
    """A rule and when and what it asks for, without its row."""

    id: uuid.UUID
    kind: CalendarKind
    name: str
    division_code: str
    division_name: str
    recurrence: Recurrence
    effect: Effect
    extra_tiers: tuple[str, ...] = ()
    extra_mode: VisitMode = VisitMode.DOOR

    def as_row(self) -> dict[str, Any]:
        """What a proposal remembers of it, should it be changed later."""
        effect = self.effect
        return {
            "id": str(self.id), "kind": self.kind.value, "name": self.name, "division": self.division_name,
            "closed": effect.closed, "instead": effect.instead, "travel_percent": effect.travel_percent,
            "duration_percent": effect.duration_percent, "is_foot_out": effect.is_foot_out,
            "postpone_from": effect.postpone_from,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in the list."""

    rule: HeldRule
    note: str
    set_by: str


def _held(rule: CalendarRule, place: str) -> HeldRule:
    return HeldRule(
        rule.id,
        rule.kind,
        rule.name,
        rule.division_code,
        place,
        rule.recurrence,
        rule.effect,
        tuple(rule.extra_tiers),
        rule.extra_mode,
    )


def _select() -> Select[tuple[CalendarRule, str, str]]:
    return (
        select(CalendarRule, Division.name, User.name)
        .join(Division, Division.code == CalendarRule.division_code)
        .outerjoin(User, User.id == CalendarRule.set_by_id)
        .order_by(CalendarRule.kind, CalendarRule.division_code, CalendarRule.from_on, CalendarRule.id)
        .limit(LIMIT)
    )


def _within_days(first: date, last: date) -> ColumnElement[bool]:
    ends = or_(CalendarRule.to_on.is_(None), CalendarRule.to_on >= first)
    return and_(CalendarRule.from_on <= last, ends)


def _at_or_around(code: str) -> ColumnElement[bool]:
    """Set for the division, for one above it, or for one under it."""
    low, high = prefix_bounds(code)
    under = and_(CalendarRule.division_code >= low, CalendarRule.division_code < high)
    return or_(under, CalendarRule.division_code.in_(lineage(code)))


def between(code: str, first: date, last: date) -> list[HeldRule]:
    """Rules that may hold somewhere in a division in these days: their recurrence says on which."""
    statement = _select().where(_at_or_around(code), _within_days(first, last))
    return [_held(rule, place) for rule, place, _set_by in db.session.execute(statement)]


def holding(code: str, on: date) -> list[HeldRule]:
    """The rules that hold on a day somewhere in a division and do something to its visits. One statement."""
    return [rule for rule in between(code, on, on) if not rule.effect.is_nothing and rule.recurrence.holds_on(on)]


def one(scope: Scope, rule_id: uuid.UUID) -> CalendarRule | None:
    """A rule within the scope."""
    statement = select(CalendarRule).where(CalendarRule.id == rule_id, code_within(CalendarRule.division_code, scope))
    return db.session.scalars(statement).one_or_none()


def lines(scope: Scope, *, kind: CalendarKind | None, since: date | None, on: date | None = None) -> list[RuleLine]:
    """Rules of the scope, and those above it that hold there too; those that ended before `since` left out.

    With `on` only those that hold on that day.
    """
    above = sorted({up for code in scope.divisions for up in lineage(code)} | {CITY})
    statement = _select().where(
        or_(code_within(CalendarRule.division_code, scope), CalendarRule.division_code.in_(above))
    )
    if kind is not None:
        statement = statement.where(CalendarRule.kind == kind)
    if since is not None:
        statement = statement.where(or_(CalendarRule.to_on.is_(None), CalendarRule.to_on >= since))
    found = (RuleLine(_held(rule, place), rule.note, name or "") for rule, place, name in db.session.execute(statement))
    return [line for line in found if on is None or line.rule.recurrence.holds_on(on)]
