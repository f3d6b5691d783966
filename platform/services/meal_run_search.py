"""Searching for meal runs, and keeping what was found as a plan. As with rounds, a search takes no transaction.

day = meal_run_days.prepare(code, on, meal, today=today, travel=model)      # reads
found = joint_plans.search(day, Limit(seconds=20), seed=1)                  # neither reads nor writes
with unit_of_work():
    plan = meal_run_search.keep(day, found, by=actor, now=utc_now())
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Canteen, Division, Meal, MealRunKind, MealRunPlan, PlanMethod, ProposalStatus
from policy import Actor, Permission, reach
from queries.round_lines import SILENT_FOR

from . import audit, meal_run_rows, meal_runs, rounds
from .joint_plans import Found
from .meal_run_days import RunDay

FURTHEST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Order:
    """Which meal of which place to plan; `canteen_id` None: every canteen of the division."""

    division_code: str
    on: date
    meal: Meal
    canteen_id: uuid.UUID | None = None
    is_joint: bool = False

    @property
    def kind(self) -> MealRunKind:
        return MealRunKind.JOINT if self.is_joint else MealRunKind.MEALS


def check(order: Order, *, by: Actor, now: datetime) -> None:
    """Refuse a place out of reach, and a day that cannot be planned."""
    scope = by.scope(Permission.MEAL_RUN_PLAN)
    if not scope.holds_division(order.division_code):
        raise NotFound("")
    if db.session.get(Division, order.division_code) is None:
        raise Refusal(_("没有这个区划。"), field="division_code")
    if order.canteen_id is not None and not _is_within(order.canteen_id, reach.canteens(scope)):
        raise NotFound("")
    today = local_day(now)
    if order.on < today:
        raise Refusal(_("这一天已经过去了。"), field="on", suggestion=_("请选今天或以后的日子。"))
    if order.on > today + FURTHEST:
        raise Refusal(_("日子太远了，最多提前一个月规划。"), field="on")
    if order.is_joint and order.canteen_id is not None:
        raise Refusal(_("顺路单要连同全部餐厅一起排。"), field="is_joint", suggestion=_("请选“全部餐厅”。"))
    if order.is_joint:
        rounds.refuse_published(order.division_code, order.on)


def _is_within(canteen_id: uuid.UUID, condition: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(Canteen.id).where(Canteen.id == canteen_id, condition)) is not None


def begin(order: Order, *, seconds: float, seed: int, by: Actor, now: datetime) -> MealRunPlan:
    """A plan that is being searched for. One search at a time for a place, day and meal."""
    check(order, by=by, now=now)
    end_silent(now)
    running = select(MealRunPlan.id).where(
        MealRunPlan.division_code == order.division_code,
        MealRunPlan.canteen_id.is_(None) if order.canteen_id is None else MealRunPlan.canteen_id == order.canteen_id,
        MealRunPlan.on == order.on,
        MealRunPlan.meal == order.meal,
        MealRunPlan.status == ProposalStatus.SEARCHING,
    )
    if db.session.scalar(running.limit(1)) is not None:
        raise Refusal(_("这一餐已经有人在规划了。"), suggestion=_("请等它结束，或者打开它按“停止，用现在最好的”。"))
    plan = MealRunPlan(
        division_code=order.division_code, canteen_id=order.canteen_id, on=order.on, meal=order.meal, kind=order.kind,
        status=ProposalStatus.SEARCHING, seed=seed, seconds=seconds, heartbeat_at=now, made_by_id=by.user_id,
        created_at=now,
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    return plan


def tell(plan_id: uuid.UUID, progress: dict[str, Any], *, now: datetime) -> bool:
    """A sign of life of a search; whether it should stop."""
    statement = (
        update(MealRunPlan)
        .where(MealRunPlan.id == plan_id, MealRunPlan.status == ProposalStatus.SEARCHING)
        .values(progress=progress, heartbeat_at=now, updated_at=now)
        .returning(MealRunPlan.is_stop_asked)
    )
    is_stop_asked = db.session.scalars(statement).one_or_none()
    return is_stop_asked is None or is_stop_asked


def ask_to_stop(plan_id: uuid.UUID, *, by: Actor, now: datetime) -> MealRunPlan:
    """The search keeps the best it has so far."""
    plan = meal_runs.load(plan_id, by)
    if plan.status == ProposalStatus.SEARCHING:
        plan.is_stop_asked = True
        plan.updated_at = now
    return plan


def give_up(plan_id: uuid.UUID, *, now: datetime) -> None:
    """The search ended without a plan."""
    _end(MealRunPlan.id == plan_id, now)


def end_silent(now: datetime) -> None:
    """Searches whose process has died are shown as ended."""
    _end(or_(MealRunPlan.heartbeat_at.is_(None), MealRunPlan.heartbeat_at < now - SILENT_FOR), now)


def _end(which: ColumnElement[bool], now: datetime) -> None:
    db.session.execute(
        update(MealRunPlan)
        .where(which, MealRunPlan.status == ProposalStatus.SEARCHING)
        .values(status=ProposalStatus.ENDED, updated_at=now)
    )


def keep(
    day: RunDay,
    found: Found,
    *,
    seed: int = 1,
    seconds: float = 0.0,
    plan_id: uuid.UUID | None = None,
    by: Actor,
    now: datetime,
) -> MealRunPlan:
    """Store what was found: a new plan, or the one that was being searched for; beside a joint one, the one apart."""
    plan = db.session.get(MealRunPlan, plan_id, with_for_update=True) if plan_id else None
    if plan is None:
        plan = _new(day, day.kind, by, now)
    elif plan.status != ProposalStatus.SEARCHING:
        raise Refusal(_("这次规划已经结束了。"))
    plan.status, plan.seed, plan.seconds = ProposalStatus.PROPOSED, seed, round(seconds, 1)
    plan.method = PlanMethod(found.plan.method.value)
    db.session.flush()
    meal_run_rows.write(plan, day, found.plan, found)
    if found.apart is not None:
        other = _new(day, MealRunKind.APART, by, now)
        other.joint_id, other.seed, other.seconds = plan.id, seed, plan.seconds
        other.method = PlanMethod(found.apart.method.value)
        db.session.flush()
        meal_run_rows.write(other, day, found.apart, found)
    audit.record(
        "meal_run.propose", "meal_run_plan", plan.id, by=by, now=now, division_code=day.division_code,
        changes={key: [None, plan.figures[key]] for key in ("portions", "delivered")},
    )  # fmt: skip
    return plan


def _new(day: RunDay, kind: MealRunKind, by: Actor, now: datetime) -> MealRunPlan:
    plan = MealRunPlan(
        division_code=day.division_code, canteen_id=day.canteen_id, on=day.on, meal=day.meal, kind=kind,
        made_by_id=by.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(plan)
    return plan
