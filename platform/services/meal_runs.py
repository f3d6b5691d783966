"""Meal runs 送餐路线: publishing a plan, taking that back, discarding it. `services.meal_run_search` makes them.

With a joint plan its visits are published as rounds in the same step: reminders and phones read those.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import (
    BookingStatus,
    CanteenCourier,
    Handover,
    Helper,
    HelperLeave,
    MealBooking,
    MealRun,
    MealRunPlan,
    MealRunPortion,
    MealRunStop,
    MealService,
    ProposalStatus,
    Senior,
)
from policy import Actor, Permission, reach
from queries.meal_run_days import WAITING, Minutes
from queries.round_lines import SILENT_FOR
from queries.served import served_on

from . import audit, free_time, joint_rounds


def publish(plan_id: uuid.UUID, *, by: Actor, now: datetime) -> MealRunPlan:
    """From now on these runs hold; of a joint plan, its visits too. All of it, or nothing."""
    plan = load(plan_id, by)
    if plan.on < local_day(now):
        raise Refusal(_("这一天已经过去了，方案不能再发布。"))
    _refuse_rival(plan)
    carriers = _carriers(plan)
    free_time.hold(list(carriers))
    busy = free_time.busy_on(plan.on, list(carriers))
    plan.publish(by_id=by.user_id, at=now)
    if not carriers:
        raise Refusal(_("这份方案里没有一份能送到的餐，没有可发布的。"))
    _refuse_open_services(plan, now)
    _refuse_stale_portions(plan)
    _refuse_stale_carriers(plan, carriers, busy)
    _take_portions(plan)
    if plan.has_visits:
        joint_rounds.publish(plan, by=by, now=now)
    _record("publish", plan, by, now)
    return plan


def _refuse_rival(plan: MealRunPlan) -> None:
    """Of a joint plan and the one apart only one can hold."""
    pair = plan.joint_id or plan.id
    others = select(MealRunPlan.status).where(
        or_(MealRunPlan.id == pair, MealRunPlan.joint_id == pair), MealRunPlan.id != plan.id
    )
    for status in db.session.scalars(others.with_for_update()).all():
        if status == ProposalStatus.PUBLISHED:
            raise Refusal(_("这一天的另一份方案已经发布了。"), suggestion=_("要换过来，请先撤回它。"))


def _carriers(plan: MealRunPlan) -> dict[uuid.UUID, list[Minutes]]:
    """When each helper and courier of the plan is away."""
    statement = select(func.coalesce(MealRun.helper_id, MealRun.courier_id), MealRun.tours).where(
        MealRun.plan_id == plan.id
    )
    rows = db.session.execute(statement).tuples()
    return {carrier: [(tour["leave"], tour["back"]) for tour in tours] for carrier, tours in rows}


def _portions_of(plan: MealRunPlan) -> Any:
    """The plan's rows of meal_run_portions, for a WHERE."""
    on_it = select(MealRunStop.id).join(MealRun, MealRun.id == MealRunStop.run_id).where(MealRun.plan_id == plan.id)
    return MealRunPortion.stop_id.in_(on_it)


def _refuse_open_services(plan: MealRunPlan, now: datetime) -> None:
    """Until the cut-off anybody may still book or cancel."""
    still_open = (
        select(func.count())
        .select_from(MealRunPortion)
        .join(MealBooking, MealBooking.id == MealRunPortion.booking_id)
        .join(MealService, MealService.id == MealBooking.service_id)
        .where(_portions_of(plan), MealService.cut_off_at > now)
    )
    if db.session.scalar(still_open):
        raise Refusal(_("还没有到订餐截止时间，现在发布会漏掉后面订的餐。"), suggestion=_("截止以后再规划、发布。"))


def _refuse_stale_portions(plan: MealRunPlan) -> None:
    """Every portion must still be waiting to be brought, to somebody who is served."""
    of_plan = select(func.count()).select_from(MealRunPortion).where(_portions_of(plan))
    good = (
        of_plan.join(MealBooking, MealBooking.id == MealRunPortion.booking_id)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .where(
            MealBooking.handover == Handover.DELIVERY, MealBooking.status.in_(WAITING), MealBooking.on == plan.on,
            served_on(plan.on),
        )
    )  # fmt: skip
    changed = (db.session.scalar(of_plan) or 0) - (db.session.scalar(good) or 0)
    if changed:
        sentence = _("这份方案做好以后，有 %(count)d 份餐已经变了。", count=changed)
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))


def _refuse_stale_carriers(
    plan: MealRunPlan, carriers: dict[uuid.UUID, list[Minutes]], busy: dict[uuid.UUID, list[Minutes]]
) -> None:
    """Everybody must still be there that day, and not away on something else at those times."""
    gone = {name for name, is_there in _presence(plan.on, carriers) if not is_there}
    clashing = [key for key, times in carriers.items() if free_time.meet(times, busy.get(key, []))]
    gone |= {name for name, _is_there in _presence(plan.on, clashing)}
    if gone:
        sentence = _("这份方案做好以后，%(names)s 那天这个时候不能去了。", names="、".join(sorted(gone)[:5]))
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))


def _presence(on: date, carriers: Collection[uuid.UUID]) -> list[tuple[str, bool]]:
    """(name, whether at work that day) of these helpers and couriers."""
    on_leave = exists().where(HelperLeave.helper_id == Helper.id, HelperLeave.from_on <= on, HelperLeave.to_on >= on)
    helpers = select(Helper.name, Helper.is_active & ~on_leave).where(Helper.id.in_(carriers))
    couriers = select(CanteenCourier.name, CanteenCourier.is_active).where(CanteenCourier.id.in_(carriers))
    return [*db.session.execute(helpers).tuples(), *db.session.execute(couriers).tuples()]


def _take_portions(plan: MealRunPlan) -> None:
    """Mark the portions as carried; the database lets only one publication do so."""
    try:
        db.session.execute(
            update(MealRunPortion)
            .where(_portions_of(plan))
            .values(is_published=True)
            .execution_options(synchronize_session=False)
        )
    except IntegrityError as error:
        sentence = _("这份方案里有的餐已经由另一份发布的方案送了。")
        raise Refusal(sentence, suggestion=_("请重新规划一次。")) from error


def unpublish(plan_id: uuid.UUID, *, by: Actor, now: datetime) -> MealRunPlan:
    """Take a publication back while nothing of it has been handed over."""
    plan = load(plan_id, by)
    plan.unpublish()
    handed_over = (
        select(func.count())
        .select_from(MealRunPortion)
        .join(MealBooking, MealBooking.id == MealRunPortion.booking_id)
        .where(_portions_of(plan), MealBooking.status.in_((BookingStatus.SERVED, BookingStatus.FAILED)))
    )
    begun = db.session.scalar(handed_over)
    if begun:
        raise Refusal(_("已经有 %(count)d 份送到了，不能再撤回整份方案。", count=begun))
    db.session.execute(
        update(MealRunPortion)
        .where(_portions_of(plan))
        .values(is_published=False)
        .execution_options(synchronize_session=False)
    )
    if plan.proposal_id is not None:
        joint_rounds.take_back(plan.proposal_id, by=by, now=now)
        plan.proposal_id = None
    _record("unpublish", plan, by, now)
    return plan


def discard(plan_id: uuid.UUID, *, by: Actor, now: datetime) -> MealRunPlan:
    """The plan will not be used, nor the one apart beside it; the runs go, the figures stay."""
    plan = load(plan_id, by)
    if plan.status == ProposalStatus.SEARCHING and (plan.heartbeat_at or now) < now - SILENT_FOR:
        plan.status = ProposalStatus.ENDED
    beside = db.session.scalars(select(MealRunPlan).where(MealRunPlan.joint_id == plan.id).with_for_update())
    for one in (plan, *beside):
        one.discard()
        db.session.execute(delete(MealRun).where(MealRun.plan_id == one.id))
    _record("discard", plan, by, now)
    return plan


def beside(plan_id: uuid.UUID) -> list[uuid.UUID]:
    """The plan made apart that a joint one is measured against, if it is a joint one."""
    return list(db.session.scalars(select(MealRunPlan.id).where(MealRunPlan.joint_id == plan_id)))


def load(plan_id: uuid.UUID, by: Actor) -> MealRunPlan:
    """The plan, locked; not found outside what the actor plans."""
    within = reach.meal_run_plans(by.scope(Permission.MEAL_RUN_PLAN))
    statement = select(MealRunPlan).where(MealRunPlan.id == plan_id, within).with_for_update()
    plan = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if plan is None:
        raise NotFound("")
    return plan


def _record(act: str, plan: MealRunPlan, by: Actor, now: datetime) -> None:
    db.session.flush()
    audit.record(
        f"meal_run.{act}", "meal_run_plan", plan.id, by=by, now=now, division_code=plan.division_code,
        changes={"kind": [None, plan.kind.value]},
    )  # fmt: skip
