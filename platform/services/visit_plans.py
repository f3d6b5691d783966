"""Visit plans 探访计划: why and how often somebody is visited; creating, changing, pausing, ending one."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from domain.errors import NotFound, Refusal
from domain.rules import RuleKey
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import (
    RiskTier,
    Senior,
    Visit,
    VisitEvent,
    VisitMode,
    VisitPlan,
    VisitPlanPause,
    VisitStatus,
)
from models.visit import LONG_AGO
from policy import Actor, Permission, reach

from . import audit, rules, visit_terms, visits
from .visit_terms import Terms


def every_days(plan_days: int | None, tier: RiskTier, division_code: str, day: date) -> int:
    """One visit in so many days: the plan's own number, else what the rule says for the tier, there and then."""
    return plan_days or rules.value(RuleKey.VISIT_EVERY_DAYS, division_code, day).value[tier.value]


def create(
    senior_id: uuid.UUID, *, terms: Terms, from_on: date, mode: VisitMode = VisitMode.DOOR, by: Actor, now: datetime
) -> VisitPlan:
    """A new plan. One senior has at most one running plan of a kind."""
    senior = _senior(senior_id, by, now)
    visit_terms.check(terms, mode)
    if from_on < local_day(now):
        raise Refusal(_("计划只能从今天或以后开始。"), field="from_on")
    running = exists().where(VisitPlan.senior_id == senior_id, VisitPlan.mode == mode, _runs(from_on))
    if db.session.scalar(select(running)):
        raise Refusal(_("这位老人已经有一份探访计划了。"), suggestion=_("可以修改它，或者先结束它。"))
    plan = VisitPlan(senior_id=senior_id, mode=mode, from_on=from_on, **visit_terms.columns(terms))
    db.session.add(plan)
    db.session.flush()
    _record("create", plan, senior, by, now, changes={"from_on": [None, from_on.isoformat()]})
    return plan


def _runs(day: date) -> Any:
    return or_(VisitPlan.to_on.is_(None), VisitPlan.to_on >= day)


def change(plan_id: uuid.UUID, *, terms: Terms, by: Actor, now: datetime) -> VisitPlan:
    """Other terms from now on. Visits that nobody has planned yet are made anew; planned ones stay."""
    plan, senior = load(plan_id, by, now)
    visit_terms.check(terms, plan.mode)
    _refuse_ended(plan, now)
    after = visit_terms.columns(terms)
    before = {name: getattr(plan, name) for name in after}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    for name, value in after.items():
        setattr(plan, name, value)
    _forget_unplanned(plan, local_day(now))
    _record("change", plan, senior, by, now, changes=changes)
    return plan


def pause(
    plan_id: uuid.UUID, *, from_on: date, to_on: date | None, reason: str, by: Actor, now: datetime
) -> VisitPlanPause:
    """Nothing is due on these days: what was due moves to other days or falls away, planned visits are cancelled."""
    plan, senior = load(plan_id, by, now)
    _refuse_ended(plan, now)
    today = local_day(now)
    if from_on < today:
        raise Refusal(_("暂停只能从今天或以后开始。"), field="from_on")
    if to_on is not None and to_on < from_on:
        raise Refusal(_("恢复的日子不能早于暂停的日子。"), field="to_on")
    if not reason.strip():
        raise Refusal(_("请写明为什么暂停。"), field="reason")
    if _overlapping_pause(plan_id, from_on, to_on):
        raise Refusal(_("这段日子已经有一次暂停了。"), field="from_on")
    paused = VisitPlanPause(plan_id=plan_id, from_on=from_on, to_on=to_on, reason=reason.strip())
    db.session.add(paused)
    _forget_unplanned(plan, today)
    _call_off_planned(plan, from_on, to_on, reason, by=by, now=now, makes_room=True)
    _record("pause", plan, senior, by, now, reason=reason, changes={"days": [None, f"{from_on}..{to_on or ''}"]})
    return paused


def resume(pause_id: uuid.UUID, *, by: Actor, now: datetime) -> VisitPlan:
    """The pause ends today; one that has not begun is taken back."""
    paused = db.session.get(VisitPlanPause, pause_id)
    if paused is None:
        raise NotFound("")
    plan, senior = load(paused.plan_id, by, now)
    today = local_day(now)
    if paused.from_on >= today:
        db.session.delete(paused)
    elif paused.to_on is None or paused.to_on >= today:
        paused.to_on = today - timedelta(days=1)
    else:
        raise Refusal(_("这次暂停已经结束了。"))
    plan.made_to = LONG_AGO
    _record("resume", plan, senior, by, now)
    return plan


def end(plan_id: uuid.UUID, *, last_on: date, reason: str, by: Actor, now: datetime) -> VisitPlan:
    """The plan's last day. Visits after it fall away, or are cancelled where they were planned."""
    plan, senior = load(plan_id, by, now)
    _refuse_ended(plan, now)
    today = local_day(now)
    if last_on < max(today - timedelta(days=1), plan.from_on - timedelta(days=1)):
        raise Refusal(_("最后一天不能早于昨天。"), field="last_on")
    if not reason.strip():
        raise Refusal(_("请写明为什么结束。"), field="reason")
    before = plan.to_on
    plan.to_on = last_on
    after = last_on + timedelta(days=1)
    _forget_unplanned(plan, after)
    _call_off_planned(plan, after, None, reason, by=by, now=now, makes_room=False)
    _record("end", plan, senior, by, now, reason=reason, changes={"to_on": [before and str(before), str(last_on)]})
    return plan


def load(plan_id: uuid.UUID, by: Actor, now: datetime) -> tuple[VisitPlan, Senior]:
    """The plan and its senior, locked; not found outside the actor's reach."""
    reached = reach.seniors(by.scope(Permission.VISIT_PLAN), local_day(now))
    statement = (
        select(VisitPlan, Senior)
        .join(Senior, Senior.id == VisitPlan.senior_id)
        .where(VisitPlan.id == plan_id, reached)
        .with_for_update(of=VisitPlan)
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound("")
    return row[0], row[1]


def _senior(senior_id: uuid.UUID, by: Actor, now: datetime) -> Senior:
    reached = reach.seniors(by.scope(Permission.VISIT_PLAN), local_day(now))
    senior = db.session.scalars(select(Senior).where(Senior.id == senior_id, reached)).one_or_none()
    if senior is None:
        raise NotFound("")
    return senior


def _overlapping_pause(plan_id: uuid.UUID, from_on: date, to_on: date | None) -> bool:
    others = exists().where(
        VisitPlanPause.plan_id == plan_id,
        or_(VisitPlanPause.to_on.is_(None), VisitPlanPause.to_on >= from_on),
        VisitPlanPause.from_on <= (to_on or date.max),
    )
    return bool(db.session.scalar(select(others)))


def _forget_unplanned(plan: VisitPlan, from_day: date) -> None:
    """Take back visits that were only made due, and have the plan's days worked out again."""
    touched = exists().where(VisitEvent.visit_id == Visit.id)
    unplanned = Visit.plan_id == plan.id, Visit.status == VisitStatus.DUE, Visit.on >= from_day, ~touched
    db.session.execute(delete(Visit).where(*unplanned).execution_options(synchronize_session=False))
    plan.made_to = LONG_AGO
    db.session.flush()


def _call_off_planned(
    plan: VisitPlan, first: date, last: date | None, reason: str, *, by: Actor, now: datetime, makes_room: bool
) -> None:
    days = [Visit.on >= max(first, local_day(now))] + ([Visit.on <= last] if last else [])
    planned = select(Visit).where(Visit.plan_id == plan.id, Visit.status == VisitStatus.PLANNED, *days)
    visits.call_off(db.session.scalars(planned).all(), reason=reason, by=by, now=now, makes_room=makes_room)


def made_anew(senior_ids: Iterable[uuid.UUID]) -> None:
    """Have the days of these seniors' plans worked out again: the tier, the stay or the status has changed."""
    ids = list(senior_ids)
    db.session.execute(update(VisitPlan).where(VisitPlan.senior_id.in_(ids)).values(made_to=LONG_AGO))


def _refuse_ended(plan: VisitPlan, now: datetime) -> None:
    if not plan.is_live(local_day(now)):
        raise Refusal(_("这份计划已经结束了。"), suggestion=_("可以新建一份。"))


def _record(
    act: str, plan: VisitPlan, senior: Senior, by: Actor, now: datetime, *,
    reason: str = "", changes: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    audit.record(
        f"visit_plan.{act}", "visit_plan", plan.id, by=by, now=now, division_code=senior.residence_code,
        reason=reason.strip(), changes=changes,
    )  # fmt: skip
