"""Visits 探访: adding one by hand, moving, cancelling, reopening, and a supervisor's word on a late entry."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, exists, select

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import DEFAULT
from extensions.babel import gettext as _
from models import (
    Helper,
    Proposal,
    ProposalStatus,
    Round,
    Senior,
    Stop,
    Visit,
    VisitEvent,
    VisitEventKind,
    VisitMode,
    VisitStatus,
)
from models.visit import REPORTED, Approval
from policy import SYSTEM, Actor, Permission, reach
from queries.served import served_on, why_not_served
from queries.whereabouts import places_on
from wording import word

from . import audit, messages, visit_log
from .visit_reports import Answer, Receipt, Report

FURTHEST = timedelta(days=366)
LONGEST_BACK = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Wish:
    """A single visit as an office asks for it; minutes after local midnight."""

    on: date
    window_from: int = 510
    window_to: int = 1050
    duration_minutes: int = 30
    mode: VisitMode = VisitMode.DOOR
    priority: int = 2
    reason: str = ""
    is_soft: bool = False
    needs_two: bool = False
    helper_id: uuid.UUID | None = None
    second_helper_id: uuid.UUID | None = None

    @property
    def helpers(self) -> list[uuid.UUID]:
        """Who is to go, where that is said."""
        return [key for key in (self.helper_id, self.second_helper_id) if key is not None]


def add(senior_id: uuid.UUID, *, wish: Wish, by: Actor, now: datetime) -> Visit:
    """One visit beyond the plan. A day that has passed (a month at most) is for entering what has taken place."""
    today = local_day(now)
    _senior(senior_id, by, today)
    _check_day(wish.on, today, earliest=today - LONGEST_BACK)
    _check_window(wish.window_from, wish.window_to, wish.duration_minutes)
    if reason := why_not_served(senior_id, wish.on):
        sentence = _("这位老人那天不在服务中（%(status)s）。", status=word(reason))
        raise Refusal(sentence, field="on", suggestion=_("请换一天，或先修改老人的状态。"))
    if not wish.reason.strip():
        raise Refusal(_("请写明为什么去。"), field="reason")
    _refuse_second(senior_id, wish)
    _check_helpers(wish, by)
    place = places_on([senior_id], wish.on)[senior_id]
    visit = Visit(
        senior_id=senior_id, division_code=place.division_code, mode=wish.mode, due_on=wish.on, on=wish.on,
        window_from=wish.window_from, window_to=wish.window_to, duration_minutes=wish.duration_minutes,
        priority=wish.priority, reason=wish.reason.strip(), is_soft=wish.is_soft, needs_two=wish.needs_two,
        helper_id=wish.helper_id, second_helper_id=wish.second_helper_id,
        status=VisitStatus.PLANNED if wish.helper_id else VisitStatus.DUE,
    )  # fmt: skip
    db.session.add(visit)
    db.session.flush()
    _record("add", visit, by, now, reason=visit.reason, changes={"on": [None, wish.on.isoformat()]})
    return visit


def move(visit_id: uuid.UUID, *, on: date, window_from: int, window_to: int, by: Actor, now: datetime) -> Visit:
    """To another day or time. A round it was on loses the stop, and its texts are withdrawn."""
    visit = load(visit_id, Permission.VISIT_PLAN, by)
    today = local_day(now)
    _check_day(on, today, earliest=today)
    _check_window(window_from, window_to, visit.duration_minutes)
    if reason := why_not_served(visit.senior_id, on):
        sentence = _("这位老人那天不在服务中（%(status)s）。", status=word(reason))
        raise Refusal(sentence, field="on", suggestion=_("请换一天，或先修改老人的状态。"))
    before = [visit.on.isoformat(), visit.window_from, visit.window_to]
    visit.move(on, window_from, window_to)
    db.session.execute(delete(Stop).where(Stop.visit_id == visit.id))
    db.session.flush()
    messages.withdraw("visit", visit.id, now=now)
    _record("move", visit, by, now, changes={"when": [before, [on.isoformat(), window_from, window_to]]})
    return visit


def cancel(visit_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> Visit:
    """It is not to be made. Its texts are withdrawn; `reopen` takes the cancelling back."""
    visit = load(visit_id, Permission.VISIT_PLAN, by)
    if not reason.strip():
        raise Refusal(_("请写明为什么取消。"), field="reason")
    before = visit.status
    visit.cancel(reason.strip())
    db.session.flush()
    messages.withdraw("visit", visit.id, now=now)
    _record("cancel", visit, by, now, reason=reason, changes={"status": [before.value, visit.status.value]})
    return visit


def call_off(visits: Iterable[Visit], *, reason: str, by: Actor, now: datetime, makes_room: bool) -> int:
    """Cancel visits together with what brought them about: a plan ended or paused, a senior no longer served.

    With `makes_room` the plan may ask for another one in the same period once it asks again.
    """
    called_off = 0
    for visit in visits:
        before = visit.status
        visit.cancel(reason.strip())
        if makes_room:
            visit.plan_id = None
        db.session.flush()
        messages.withdraw("visit", visit.id, now=now)
        _record("cancel", visit, by, now, reason=reason, changes={"status": [before.value, visit.status.value]})
        called_off += 1
    return called_off


def call_off_unserved(today: date, *, now: datetime, days: int = 14, limit: int = 200) -> int:
    """Planned visits of the coming days whose senior will not be served then, at most `limit`; today is left alone.

    A round under way is the helper's and the dispatcher's; whoever is found gone there is reported as such.
    """
    called_off = 0
    for ahead in range(1, days + 1):
        day = today + timedelta(days=ahead)
        served = exists().where(Senior.id == Visit.senior_id, served_on(day))
        planned = Visit.on == day, Visit.status == VisitStatus.PLANNED
        gone = db.session.scalars(select(Visit).where(*planned, ~served).order_by(Visit.id).limit(limit))
        with force_locale(DEFAULT):
            called_off += call_off(gone, reason=_("老人那天不在服务中"), by=SYSTEM, now=now, makes_room=True)
    return called_off


def reopen(visit_id: uuid.UUID, *, by: Actor, now: datetime) -> Visit:
    """Take a cancelling back: to its round, if it is still on a published one."""
    visit = load(visit_id, Permission.VISIT_PLAN, by)
    on_a_round = (
        select(Stop.id)
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(Stop.visit_id == visit.id, Round.on == visit.on, Proposal.status == ProposalStatus.PUBLISHED)
    )
    visit.reopen(is_on_a_round=db.session.scalars(on_a_round.limit(1)).one_or_none() is not None)
    db.session.flush()
    _record("reopen", visit, by, now, changes={"status": ["cancelled", visit.status.value]})
    return visit


def take_back_report(visit_id: uuid.UUID, *, submission: uuid.UUID, reason: str, by: Actor, now: datetime) -> Receipt:
    """Undo an ending that was reported by mistake: the visit is under way again, and the trail keeps both."""
    visit = load(visit_id, Permission.VISIT_LOG, by)
    if visit.status not in REPORTED:
        raise Refusal(_("这次探访还没有结束，不用撤回。"))
    ending = db.session.scalars(
        select(VisitEvent)
        .where(VisitEvent.visit_id == visit_id, VisitEvent.kind.in_((VisitEventKind.DONE, VisitEventKind.OUTCOME)))
        .order_by(VisitEvent.recorded_at.desc(), VisitEvent.id.desc())
        .limit(1)
    ).one_or_none()
    if ending is None:
        raise Refusal(_("这次探访没有可以撤回的记录。"))
    payload = {"ending_id": str(ending.id), "reason": reason.strip()[:200]}
    report = Report(submission, visit_id, VisitEventKind.REOPENED, now, now, payload)
    return visit_log.take([report], by=by, now=now)[0]


def decide(visit_id: uuid.UUID, *, approval: Approval, by: Actor, now: datetime) -> Visit:
    """A supervisor's word on a late entry; not by whoever entered it."""
    visit = load(visit_id, Permission.VISIT_PLAN, by)
    own = exists().where(
        VisitEvent.visit_id == visit_id, VisitEvent.by_user_id == by.user_id, VisitEvent.by_user_id.is_not(None),
        VisitEvent.kind.in_((VisitEventKind.DONE, VisitEventKind.OUTCOME)),
    )  # fmt: skip
    if db.session.scalar(select(own)):
        raise Refusal(_("自己补录的探访要由另一位同事审核。"))
    before = visit.approval
    visit.decide(approval, by_id=by.user_id, at=now)
    db.session.flush()
    _record("decide", visit, by, now, changes={"approval": [before, approval.value]})
    return visit


def load(visit_id: uuid.UUID, permission: Permission, by: Actor) -> Visit:
    """The visit, locked; not found outside the actor's reach."""
    within = reach.visits(by.scope(permission))
    visit = db.session.scalars(select(Visit).where(Visit.id == visit_id, within).with_for_update()).one_or_none()
    if visit is None:
        raise NotFound("")
    return visit


def note_read(visit_id: uuid.UUID, permission: Permission = Permission.VISIT_READ, *, by: Actor, now: datetime) -> None:
    """Somebody opens the full page of a visit: written down, as every read of personal data."""
    statement = select(Visit.division_code).where(Visit.id == visit_id, reach.visits(by.scope(permission)))
    code = db.session.scalar(statement)
    if code is None:
        raise NotFound("")
    audit.record("visit.show", "visit", visit_id, by=by, now=now, division_code=code)


def _senior(senior_id: uuid.UUID, by: Actor, today: date) -> Senior:
    within = reach.seniors(by.scope(Permission.VISIT_PLAN), today)
    senior = db.session.scalars(select(Senior).where(Senior.id == senior_id, within)).one_or_none()
    if senior is None:
        raise NotFound("")
    return senior


def _check_day(on: date, today: date, *, earliest: date) -> None:
    if on < earliest:
        raise Refusal(_("这一天已经过去了。"), field="on", suggestion=_("请选今天或以后的日子。"))
    if on > today + FURTHEST:
        raise Refusal(_("日子太远了，最多安排到一年以内。"), field="on")


def _check_window(window_from: int, window_to: int, duration: int) -> None:
    if not 5 <= duration <= 240:
        raise Refusal(_("一次探访的时长要在 5 到 240 分钟之间。"), field="duration_minutes")
    if not 0 <= window_from < window_to <= 1440:
        raise Refusal(_("结束的时间要晚于开始的时间。"), field="window_to")
    if window_to - window_from < duration:
        raise Refusal(_("这段时间放不下一次探访，请放宽一些。"), field="window_to")


def _refuse_second(senior_id: uuid.UUID, wish: Wish) -> None:
    """Two calls at one door on one day are a mistake more often than a wish; an urgent one may be added."""
    same = exists().where(
        Visit.senior_id == senior_id, Visit.on == wish.on, Visit.mode == wish.mode,
        Visit.status != VisitStatus.CANCELLED,
    )  # fmt: skip
    if wish.priority > 1 and db.session.scalar(select(same)):
        sentence = _("这位老人那天已经有一次探访了。")
        raise Refusal(sentence, field="on", suggestion=_("确实要再去一次，请把轻重选为“紧急”。"))


def _check_helpers(wish: Wish, by: Actor) -> None:
    """Nobody yet, or as many as it takes."""
    if wish.needs_two and wish.mode is VisitMode.PHONE:
        raise Refusal(_("打电话用不着两个人。"), field="needs_two")
    if wish.helpers and (wish.helper_id is None or len(set(wish.helpers)) != 1 + wish.needs_two):
        raise Refusal(_("要两个人去的，请写两位不同的助老员。"), field="second_helper_id")
    for helper_id in wish.helpers:
        _check_helper(helper_id, by)


def _check_helper(helper_id: uuid.UUID, by: Actor) -> None:
    within = reach.helpers(by.scope(Permission.VISIT_PLAN))
    statement = select(Helper.id).where(Helper.id == helper_id, Helper.is_active, within)
    if db.session.scalar(statement) is None:
        raise Refusal(_("没有这位助老员，或他不在您的管理范围内。"), field="helper_id")


def _record(
    act: str, visit: Visit, by: Actor, now: datetime, *, reason: str = "", changes: dict[str, Any] | None = None
) -> None:
    audit.record(
        f"visit.{act}", "visit", visit.id, by=by, now=now, division_code=visit.division_code,
        reason=reason.strip(), changes=changes,
    )  # fmt: skip


def refused(receipts: list[Receipt]) -> None:
    """For pages: a refused report is said to the person who filled in the form."""
    for receipt in receipts:
        if receipt.answer is Answer.REFUSED:
            raise Refusal(receipt.why)
