"""What a calendar rule would do to the visits of the days ahead, before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from domain.calendar_effects import Change, Effect, adjusted, combine
from domain.festivals import Recurrence
from extensions import db
from models import Senior, Visit, VisitMode, VisitPlan, VisitStatus
from models.division import prefix_bounds
from models.visit_terms import spans_of

from .served import served_on

AHEAD_DAYS = 35
"""Visits are made due so far ahead: of later days nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Impact:
    """Seniors and visits that a rule touches within `AHEAD_DAYS`; `changes` counts visits by what becomes of them."""

    days: tuple[date, ...]
    seniors: int = 0
    visits: int = 0
    promised: int = 0
    extra: int = 0
    changes: dict[Change, int] = field(default_factory=dict)


def impact(code: str, recurrence: Recurrence, effect: Effect, extra_tiers: Sequence[str], *, today: date) -> Impact:
    """Three statements: the visits by day and window, their seniors, and who would get one visit more."""
    last = today + timedelta(days=AHEAD_DAYS)
    days = recurrence.days(today, last)
    if not days:
        return Impact(())
    touched = _touched(code, days, effect)
    changes: dict[Change, int] = {}
    visits = promised = 0
    for window_from, window_to, windows, minutes, priority, status, count in db.session.execute(_grouped(touched)):
        spans = spans_of(windows, window_from, window_to)
        change = adjusted(spans, minutes, priority, combine([effect]))[1]
        changes[change] = changes.get(change, 0) + count
        visits += count
        promised += count if status == VisitStatus.PLANNED else 0
    seniors = db.session.scalar(select(func.count(Visit.senior_id.distinct())).where(touched)) or 0
    occurrences = len(list(recurrence.occurrences(today, last)))
    extra = _with_plans(code, extra_tiers, today) * occurrences if extra_tiers else 0
    return Impact(tuple(days), seniors, visits, promised, extra, changes)


def _touched(code: str, days: Sequence[date], effect: Effect) -> ColumnElement[bool]:
    """Open visits of these days to which the effect says something. By the hull of their windows."""
    low, high = prefix_bounds(code)
    there = and_(Visit.division_code >= low, Visit.division_code < high, Visit.on.in_(days))
    is_open = and_(Visit.mode == VisitMode.DOOR, Visit.status.in_((VisitStatus.DUE, VisitStatus.PLANNED)))
    if effect == Effect(closed=effect.closed, instead=effect.instead, postpone_from=effect.postpone_from):
        ways: list[ColumnElement[bool]] = []
        if effect.closed:
            ways.append(and_(Visit.window_from < effect.closed[1], Visit.window_to > effect.closed[0]))
        if effect.postpone_from:
            ways.append(Visit.priority >= effect.postpone_from)
        return and_(there, is_open, or_(Visit.id.is_(None), *ways))
    return and_(there, is_open)  # slower ways and longer calls touch everybody


def _grouped(touched: ColumnElement[bool]):  # type: ignore[no-untyped-def]
    columns = (
        Visit.window_from, Visit.window_to, Visit.windows, Visit.duration_minutes, Visit.priority, Visit.status,
    )  # fmt: skip
    return select(*columns, func.count()).where(touched).group_by(*columns)


def _with_plans(code: str, tiers: Sequence[str], today: date) -> int:
    """Seniors of these tiers who are served and have a plan that runs."""
    low, high = prefix_bounds(code)
    planned = exists().where(
        VisitPlan.senior_id == Senior.id, VisitPlan.from_on <= today,
        or_(VisitPlan.to_on.is_(None), VisitPlan.to_on >= today),
    )  # fmt: skip
    there = and_(Senior.residence_code >= low, Senior.residence_code < high, Senior.risk_tier.in_(list(tiers)))
    return db.session.scalar(select(func.count()).select_from(Senior).where(there, planned, served_on(today))) or 0
