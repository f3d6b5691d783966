"""Making visits due: from plans, rules and who is served, to rows in `visits`; any number of processes, once each.

For every period of a plan (a week, two, a calendar month, a quarter) there is one visit. Its day is the plan's own
place in the period, weighed by the hours helpers work there on each weekday: a month's visits spread over the month
as the hands do, and a senior keeps the rhythm. A visit is written once its day is within the horizon.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from uuid_utils.compat import uuid7

from domain.periods import Period, days_between, periods_between, pick, share_of
from domain.workdays import SetApart, shift_weekday
from extensions import db
from models import (
    ExtraVisit,
    Helper,
    HelperShift,
    Residence,
    RiskTier,
    Senior,
    Stop,
    Visit,
    VisitEvent,
    VisitPlan,
    VisitPlanPause,
    VisitStatus,
)
from models.visit_terms import TERM_NAMES
from queries.served import served_on
from queries.workdays import days_apart

from . import visit_plans

HORIZON_DAYS = 35
"""Far enough that a month's visits are all known while it runs: the visit rate counts them."""
BATCH = 4000
_WORKDAYS = (1, 1, 1, 1, 1, 0, 0)
_Spans = dict[uuid.UUID, list[tuple[date, date | None]]]


@dataclass(frozen=True, slots=True)
class Made:
    """One step's work: plans looked at, visits written. No plans: all is done."""

    plans: int
    visits: int


class Wanted(NamedTuple):
    """A visit to be written."""

    plan: Row[Any]
    period: Period
    on: date


def make_due(today: date, horizon_days: int = HORIZON_DAYS, *, now: datetime, limit: int = BATCH) -> Made:
    """One step: the next `limit` plans whose visits are not yet made up to the horizon. Call until `plans` is 0.

    Each step is whole by itself, so each may be its own transaction; a step cut off is simply done again.
    """
    end = today + timedelta(days=horizon_days)
    plans = _claim(end, limit)
    if not plans:
        return Made(0, 0)
    wanted = _wanted(plans, today, end)
    wanted = _without_existing(wanted)
    wanted = _only_served(wanted)
    made = _write(wanted, now)
    ids = [plan.id for plan in plans]
    db.session.execute(update(VisitPlan).where(VisitPlan.id.in_(ids)).values(made_to=end, updated_at=now))
    return Made(len(plans), made)


def _claim(end: date, limit: int) -> Sequence[Row[Any]]:
    """The next plans, each with its senior's home and tier. A second process takes others, or waits (SQLite)."""
    statement = (
        select(
            VisitPlan.id, VisitPlan.senior_id, VisitPlan.mode, VisitPlan.every_days, VisitPlan.from_on,
            VisitPlan.to_on, VisitPlan.reason, Senior.residence_code, Senior.risk_tier,
            *(getattr(VisitPlan, name) for name in TERM_NAMES),
        )
        .join(Senior, Senior.id == VisitPlan.senior_id)
        .where(VisitPlan.made_to < end)
        .order_by(VisitPlan.made_to, VisitPlan.id)
        .limit(limit)
        .with_for_update(of=VisitPlan, skip_locked=True)
    )  # fmt: skip
    return db.session.execute(statement).all()


def _wanted(plans: Sequence[Row[Any]], today: date, end: date) -> list[Wanted]:
    pauses = _pauses([plan.id for plan in plans])
    hands = Hands.load(today, end + timedelta(days=366))
    return [want for plan in plans for want in _of_plan(plan, pauses.get(plan.id, []), hands, today, end)]


def _of_plan(
    plan: Row[Any], pauses: list[tuple[date, date | None]], hands: "Hands", today: date, end: date
) -> Iterator[Wanted]:
    """The visits one plan asks for from today to the horizon: one a period, on a day that is not paused."""
    every = visit_plans.every_days(plan.every_days, RiskTier(plan.risk_tier), plan.residence_code, today)
    start = max(today, plan.from_on)
    for period in periods_between(start, min(end, plan.to_on or end), every):
        first, last = max(period.first, plan.from_on), min(period.last, plan.to_on or period.last)
        days, weights = hands.days(plan.residence_code, first, last)
        if pauses:
            open_days = [n for n, day in enumerate(days) if not _covers(pauses, day)]
            days, weights = [days[n] for n in open_days], [weights[n] for n in open_days]
        on = day_of(days, weights, share_of(plan.id), today)
        if on is not None and on <= end:
            yield Wanted(plan, period, on)


def day_of(days: Sequence[date], weights: Sequence[int], share: float, today: date) -> date | None:
    """The plan's day among a period's. One that has passed unmade is caught up with, spread over what is left."""
    if not days:
        return None
    day = pick(days, weights, share)
    if day >= today:
        return day
    left = [(day, weight) for day, weight in zip(days, weights, strict=True) if day > today]
    if left:
        return pick([day for day, _weight in left], [weight for _day, weight in left], share)
    return today if days[-1] == today else None


def _covers(spans: Iterable[tuple[date, date | None]], day: date) -> bool:
    return any(first <= day and (last is None or day <= last) for first, last in spans)


def _pauses(plan_ids: list[uuid.UUID]) -> _Spans:
    spans: _Spans = defaultdict(list)
    columns = (VisitPlanPause.plan_id, VisitPlanPause.from_on, VisitPlanPause.to_on)
    for plan_id, first, last in db.session.execute(select(*columns).where(VisitPlanPause.plan_id.in_(plan_ids))):
        spans[plan_id].append((first, last))
    return spans


class Hands:
    """How much of a day's work there are hands for, by place and weekday: minutes of shifts.

    On holidays and make-up days those count whose shifts then hold (`domain.workdays`).
    """

    def __init__(self, minutes: dict[str, list[int]], apart: dict[date, SetApart]) -> None:
        self.minutes = minutes
        self.apart = apart
        self._known: dict[tuple[str, date, date], tuple[list[date], list[int]]] = {}

    @classmethod
    def load(cls, first: date, last: date) -> "Hands":
        """Summed by township and by county: two statements, a few thousand small rows for a city."""
        minutes: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
        place = func.substr(Helper.division_code, 1, 9)
        shift = HelperShift.end_minute - HelperShift.start_minute
        statement = (
            select(place, HelperShift.weekday, func.sum(shift))
            .join(Helper, Helper.id == HelperShift.helper_id)
            .where(Helper.is_active)
            .group_by(place, HelperShift.weekday)
        )
        for code, weekday, total in db.session.execute(statement):
            for prefix in {code[:9], code[:6]}:
                minutes[prefix][weekday - 1] += int(total)
        return cls(dict(minutes), days_apart(first, last))

    def days(self, division_code: str, first: date, last: date) -> tuple[list[date], list[int]]:
        """The days of a span and one weight for each: the township's own, else the county's, else Monday to Friday."""
        key = (division_code[:9], first, last)
        if key not in self._known:
            days = days_between(first, last)
            week = self.minutes.get(division_code[:9]) or self.minutes.get(division_code[:6]) or _WORKDAYS
            self._known[key] = days, [week[shift_weekday(day, self.apart.get(day)) - 1] for day in days]
        return self._known[key]


def _without_existing(wanted: list[Wanted]) -> list[Wanted]:
    """Leave out periods that have their visit already, under whatever frequency it was made."""
    if not wanted:
        return []
    earliest = min(want.period.first for want in wanted)
    ids = {want.plan.id for want in wanted}
    there: dict[uuid.UUID, list[date]] = defaultdict(list)
    statement = select(Visit.plan_id, Visit.due_on).where(Visit.plan_id.in_(ids), Visit.due_on >= earliest)
    for plan_id, due_on in db.session.execute(statement):
        there[plan_id].append(due_on)
    return [
        want
        for want in wanted
        if not any(want.period.first <= due_on <= want.period.last for due_on in there[want.plan.id])
    ]


def _only_served(wanted: list[Wanted]) -> list[Wanted]:
    """Those whose senior is served on the day: one statement a day of the horizon."""
    by_day: dict[date, set[uuid.UUID]] = defaultdict(set)
    for want in wanted:
        by_day[want.on].add(want.plan.senior_id)
    served = {
        (day, senior_id)
        for day, ids in by_day.items()
        for senior_id in db.session.scalars(select(Senior.id).where(Senior.id.in_(ids), served_on(day)))
    }
    return [want for want in wanted if (want.on, want.plan.senior_id) in served]


def _write(wanted: list[Wanted], now: datetime) -> int:
    """Insert what is not there. UNIQUE(plan, due_on) decides between two processes; the later one writes nothing."""
    if not wanted:
        return 0
    stays = _stays({want.plan.senior_id for want in wanted})
    rows = [_row(want, stays, now) for want in wanted]
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    table = cast("Table", Visit.__table__)
    statement = insert(table).on_conflict_do_nothing(index_elements=[table.c.plan_id, table.c.due_on])
    # Not RETURNING: one wide VALUES list costs ten times the prepared statement sent row by row in a pipeline.
    result = db.session.connection().execute(statement, rows, execution_options={"preserve_rowcount": True})
    return result.rowcount


def _stays(senior_ids: set[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, date | None, str]]]:
    """Where these seniors stay for a while: first day, last day, division."""
    stays: dict[uuid.UUID, list[tuple[date, date | None, str]]] = defaultdict(list)
    statement = (
        select(Residence.senior_id, Residence.from_on, Residence.to_on, Residence.division_code)
        .where(Residence.senior_id.in_(senior_ids), Residence.kind == "stay")
        .order_by(Residence.from_on, Residence.id)
    )
    for senior_id, first, last, code in db.session.execute(statement):
        stays[senior_id].append((first, last, code))
    return stays


def _row(want: Wanted, stays: dict[uuid.UUID, list[tuple[date, date | None, str]]], now: datetime) -> dict[str, Any]:
    plan = want.plan
    code = plan.residence_code
    for first, last, elsewhere in stays.get(plan.senior_id, ()):
        if _covers([(first, last)], want.on):
            code = elsewhere
    return {
        "id": uuid7(), "senior_id": plan.senior_id, "plan_id": plan.id, "division_code": code, "mode": plan.mode,
        "due_on": want.period.last, "on": want.on, "reason": plan.reason, "status": VisitStatus.DUE, "checklist": {},
        "needs": [], "note": "", "cancel_reason": "", "late_reason": "", "created_at": now, "updated_at": now,
        **{name: getattr(plan, name) for name in TERM_NAMES},
    }  # fmt: skip


def take_back_unserved(today: date, horizon_days: int = HORIZON_DAYS) -> int:
    """Delete visits that were only made due and whose senior is no longer served on their day: one statement a day.

    Nobody was promised them yet. Once the senior is served again, the period's visit is made anew.
    """
    on_a_round = exists().where(Stop.visit_id == Visit.id)
    touched = exists().where(VisitEvent.visit_id == Visit.id)
    made_by_itself = or_(Visit.plan_id.is_not(None), exists().where(ExtraVisit.visit_id == Visit.id))
    taken = 0
    for day in days_between(today, today + timedelta(days=horizon_days)):
        served = exists().where(Senior.id == Visit.senior_id, served_on(day))
        gone = Visit.on == day, Visit.status == VisitStatus.DUE, made_by_itself, ~served
        statement = delete(Visit).where(*gone, ~on_a_round, ~touched).returning(Visit.id)
        ids = db.session.scalars(statement.execution_options(synchronize_session=False)).all()
        taken += len(ids)
    return taken


def live_plans(today: date) -> int:
    """How many plans ask for visits today: what a progress bar counts to."""
    running = or_(VisitPlan.to_on.is_(None), VisitPlan.to_on >= today)
    return db.session.scalar(select(func.count()).select_from(VisitPlan).where(running)) or 0
