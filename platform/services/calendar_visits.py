"""One visit more because of a festival or the weather: for the tiers a calendar rule names, beside their plans.

A senior gets one for each occurrence of the rule, on a day of it without a visit, where there are hands. Who already
has a visit on every one of its days gets none: somebody comes anyway. Any number of processes may make them, once each.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, and_, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.divisions import CITY
from domain.periods import days_between, pick, share_of
from extensions import db
from models import ExtraVisit, Senior, Stop, Visit, VisitEvent, VisitMode, VisitPlan, VisitPlanPause, VisitStatus
from models.division import prefix_bounds
from models.visit_terms import VisitTerms
from queries import calendar_rules as queries
from queries.calendar_rules import HeldRule
from queries.served import served_on

from .visits_due import HORIZON_DAYS, Hands

BATCH = 4000
_TERMS = tuple(VisitTerms.__annotations__)


class Place(NamedTuple):
    """How far the work is: which occurrence, and after which senior."""

    number: int = 0
    senior_id: uuid.UUID | None = None


START = Place()


@dataclass(frozen=True, slots=True)
class Made:
    """One step's work. `next` is where to go on; None: all is done."""

    visits: int
    next: Place | None


@dataclass(frozen=True, slots=True)
class _Occurrence:
    rule: HeldRule
    first: date
    last: date


def make(today: date, place: Place, days: int = HORIZON_DAYS, *, now: datetime, limit: int = BATCH) -> Made:
    """The next `limit` seniors of an occurrence. Call from START until `next` is None; a step is whole by itself."""
    occurrences = _occurrences(today, today + timedelta(days=days))
    if place.number >= len(occurrences):
        return Made(0, None)
    its = occurrences[place.number]
    rows = _candidates(its, place.senior_id, limit)
    made = _write(its, _chosen(its, rows), now) if rows else 0
    if len(rows) == limit:
        return Made(made, Place(place.number, rows[-1].senior_id))
    following = place.number + 1
    return Made(made, Place(following) if following < len(occurrences) else None)


def _occurrences(today: date, end: date) -> list[_Occurrence]:
    """Those that have a day from today to the horizon, in a fixed order; the days that have passed cut off."""
    return [
        _Occurrence(rule, max(first, today), last)
        for rule in queries.between(CITY, today, end)
        if rule.extra_tiers
        for first, last in rule.recurrence.occurrences(today, end)
    ]


def _candidates(its: _Occurrence, after: uuid.UUID | None, limit: int) -> Sequence[Row[Any]]:
    """Seniors of the rule's place and tiers with a plan that runs, who have no visit of this occurrence yet."""
    low, high = prefix_bounds(its.rule.division_code)
    has_one = exists().where(
        ExtraVisit.visit_id == Visit.id, ExtraVisit.rule_id == its.rule.id, Visit.senior_id == Senior.id,
        Visit.due_on >= its.first, Visit.on <= its.last,
    )  # fmt: skip
    statement = (
        select(VisitPlan.id, VisitPlan.senior_id, Senior.residence_code, *(getattr(VisitPlan, one) for one in _TERMS))
        .join(Senior, Senior.id == VisitPlan.senior_id)
        .where(
            Senior.residence_code >= low, Senior.residence_code < high,
            Senior.risk_tier.in_(its.rule.extra_tiers), VisitPlan.mode == VisitMode.DOOR,
            VisitPlan.from_on <= its.last, or_(VisitPlan.to_on.is_(None), VisitPlan.to_on >= its.first), ~has_one,
        )
        .order_by(VisitPlan.senior_id, VisitPlan.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(VisitPlan.senior_id > after)
    return db.session.execute(statement).all()


def _chosen(its: _Occurrence, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], date]]:
    """Each senior's day: weighed by hands, none that is taken or paused, and only if she is served on it."""
    hands, taken = Hands.load(its.first, its.last), _taken(its, rows)
    found: list[tuple[Row[Any], date]] = []
    for row in {row.senior_id: row for row in rows}.values():
        days, weights = hands.days(row.residence_code, its.first, its.last)
        free = [number for number, day in enumerate(days) if day not in taken[row.senior_id]]
        if free:
            day = pick([days[n] for n in free], [weights[n] for n in free], share_of(row.senior_id))
            found.append((row, day))
    return _served(found)


def _taken(its: _Occurrence, rows: Sequence[Row[Any]]) -> dict[uuid.UUID, set[date]]:
    """Days on which somebody comes anyway, and days on which a plan is paused."""
    seniors, plans = [row.senior_id for row in rows], {row.id: row.senior_id for row in rows}
    taken: dict[uuid.UUID, set[date]] = defaultdict(set)
    visits = select(Visit.senior_id, Visit.on).where(
        Visit.senior_id.in_(seniors), Visit.on.between(its.first, its.last), Visit.status != VisitStatus.CANCELLED
    )
    for senior_id, on in db.session.execute(visits):
        taken[senior_id].add(on)
    pauses = select(VisitPlanPause.plan_id, VisitPlanPause.from_on, VisitPlanPause.to_on).where(
        VisitPlanPause.plan_id.in_(plans), VisitPlanPause.from_on <= its.last
    )
    for plan_id, first, last in db.session.execute(pauses):
        taken[plans[plan_id]].update(days_between(max(first, its.first), min(last or its.last, its.last)))
    return taken


def _served(found: Iterable[tuple[Row[Any], date]]) -> list[tuple[Row[Any], date]]:
    """Those whose senior is served on the day: one statement a day of the occurrence."""
    by_day: dict[date, list[Row[Any]]] = defaultdict(list)
    for row, day in found:
        by_day[day].append(row)
    kept: list[tuple[Row[Any], date]] = []
    for day, rows in by_day.items():
        ids = select(Senior.id).where(Senior.id.in_([row.senior_id for row in rows]), served_on(day))
        served = set(db.session.scalars(ids))
        kept += [(row, day) for row in rows if row.senior_id in served]
    return kept


def _write(its: _Occurrence, chosen: Sequence[tuple[Row[Any], date]], now: datetime) -> int:
    """Insert what is not there: the id says whose and which, so a second process writes nothing."""
    if not chosen:
        return 0
    rows = [_row(its, row, on, now) for row, on in chosen]
    made = _insert(Visit, rows)
    _insert(ExtraVisit, [{"visit_id": row["id"], "rule_id": its.rule.id} for row in rows])
    return made


def _row(its: _Occurrence, plan: Row[Any], on: date, now: datetime) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in _TERMS} | {
        "id": uuid.uuid5(its.rule.id, f"{plan.senior_id}:{its.last}"), "senior_id": plan.senior_id, "plan_id": None,
        "division_code": plan.residence_code, "mode": its.rule.extra_mode, "due_on": its.last, "on": on,
        "reason": its.rule.name, "status": VisitStatus.DUE, "checklist": {}, "needs": [], "note": "",
        "cancel_reason": "", "late_reason": "", "created_at": now, "updated_at": now,
    }  # fmt: skip


def _insert(model: type[Any], rows: list[dict[str, Any]]) -> int:
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast("Table", model.__table__)).on_conflict_do_nothing()
    return db.session.connection().execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount


def take_back(rule_id: uuid.UUID, *, since: date) -> int:
    """Delete the rule's visits from a day on that nobody has planned or touched; how many."""
    on_a_round = exists().where(Stop.visit_id == Visit.id)
    touched = exists().where(VisitEvent.visit_id == Visit.id)
    of_rule = exists().where(ExtraVisit.visit_id == Visit.id, ExtraVisit.rule_id == rule_id)
    gone = and_(Visit.on >= since, Visit.status == VisitStatus.DUE, of_rule, ~on_a_round, ~touched)
    statement = delete(Visit).where(gone).returning(Visit.id).execution_options(synchronize_session=False)
    return len(db.session.scalars(statement).all())


def hand_over(rule_id: uuid.UUID, to_rule_id: uuid.UUID, *, today: date) -> None:
    """A changed rule goes on under another id: who has had her visit of this occurrence keeps it."""
    current = select(Visit.id).where(Visit.due_on >= today)
    db.session.execute(
        update(ExtraVisit)
        .where(ExtraVisit.rule_id == rule_id, ExtraVisit.visit_id.in_(current))
        .values(rule_id=to_rule_id)
        .execution_options(synchronize_session=False)
    )
