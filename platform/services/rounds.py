"""Rounds 巡访路线: publishing a proposal, taking that back, discarding it. `services.round_search` makes them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Helper, HelperLeave, Proposal, ProposalStatus, Round, Senior, Stop, Visit, VisitStatus
from policy import Actor, Permission, reach
from queries.round_lines import SILENT_FOR
from queries.served import served_on

from . import audit


def publish(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """From now on these rounds hold: every visit is planned and has its helper. All of it, or nothing."""
    proposal = load(proposal_id, by)
    if proposal.on < local_day(now):
        raise Refusal(_("这一天已经过去了，方案不能再发布。"))
    refuse_published(proposal.division_code, proposal.on, but=proposal.id)
    proposal.publish(by_id=by.user_id, at=now)
    statement = (
        select(Stop.visit_id, Round.helper_id)
        .join(Round, Round.id == Stop.round_id)
        .where(Round.proposal_id == proposal.id)
    )
    helper_of = dict(db.session.execute(statement).tuples().all())
    if not helper_of:
        raise Refusal(_("这份方案里没有一次能成行的探访，没有可发布的。"))
    _refuse_stale_visits(proposal, set(helper_of))
    _refuse_stale_helpers(proposal, set(helper_of.values()))
    for helper_id in sorted(set(helper_of.values())):
        visits = [visit for visit, its in helper_of.items() if its == helper_id]
        db.session.execute(
            update(Visit)
            .where(Visit.id.in_(visits))
            .values(status=VisitStatus.PLANNED, helper_id=helper_id, on=proposal.on, updated_at=now)
            .execution_options(synchronize_session="fetch")
        )
    _record("publish", proposal, by, now, visits=len(helper_of))
    return proposal


def unpublish(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """Take a publication back while nobody has set out: its visits are due again."""
    proposal = load(proposal_id, by)
    proposal.unpublish()
    on_it = select(Stop.visit_id).join(Round, Round.id == Stop.round_id).where(Round.proposal_id == proposal.id)
    begun = db.session.scalar(
        select(func.count())
        .select_from(Visit)
        .where(
            Visit.id.in_(on_it),
            Visit.on == proposal.on,
            or_(
                Visit.arrived_at.is_not(None),
                Visit.status.not_in((VisitStatus.PLANNED, VisitStatus.DUE, VisitStatus.CANCELLED)),
            ),
        )
    )
    if begun:
        sentence = _("已经有 %(count)d 次探访开始了，不能再撤回整份方案。", count=begun)
        raise Refusal(sentence, suggestion=_("需要调整的探访请单独改期。"))
    changed = db.session.scalars(
        update(Visit)
        .where(Visit.id.in_(on_it), Visit.status == VisitStatus.PLANNED)
        .values(status=VisitStatus.DUE, helper_id=None, updated_at=now)
        .returning(Visit.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    _record("unpublish", proposal, by, now, visits=len(changed))
    return proposal


def discard(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """The proposal will not be used; its rounds go, its figures stay."""
    proposal = load(proposal_id, by)
    if proposal.status == ProposalStatus.SEARCHING and (proposal.heartbeat_at or now) < now - SILENT_FOR:
        proposal.status = ProposalStatus.ENDED
    proposal.discard()
    stops = select(Round.id).where(Round.proposal_id == proposal.id)
    db.session.execute(delete(Stop).where(Stop.round_id.in_(stops)))
    db.session.execute(delete(Round).where(Round.proposal_id == proposal.id))
    _record("discard", proposal, by, now)
    return proposal


def load(proposal_id: uuid.UUID, by: Actor) -> Proposal:
    """The proposal, locked; not found outside what the actor plans."""
    within = reach.proposals(by.scope(Permission.ROUND_PLAN))
    statement = select(Proposal).where(Proposal.id == proposal_id, within).with_for_update()
    proposal = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if proposal is None:
        raise NotFound("")
    return proposal


def refuse_published(division_code: str, on: date, *, but: uuid.UUID | None = None) -> None:
    """One publication holds for a division and day."""
    statement = select(Proposal.id).where(
        Proposal.division_code == division_code, Proposal.on == on, Proposal.status == ProposalStatus.PUBLISHED
    )
    if but is not None:
        statement = statement.where(Proposal.id != but)
    if db.session.scalar(statement.limit(1)) is not None:
        raise Refusal(_("这一天的路线已经发布了。"), suggestion=_("要重新规划，请先撤回已发布的方案。"))


def _refuse_stale_visits(proposal: Proposal, visits: set[uuid.UUID]) -> None:
    """Every visit must still be as it was planned: due, in time, and the senior served."""
    good = (
        select(func.count())
        .select_from(Stop)
        .join(Round, Round.id == Stop.round_id)
        .join(Visit, Visit.id == Stop.visit_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(
            Round.proposal_id == proposal.id,
            Visit.status == VisitStatus.DUE,
            Visit.on <= proposal.on,
            Visit.window_from <= Stop.start_minute,
            Visit.window_to >= Stop.leave_minute,
            served_on(proposal.on),
        )
    )
    changed = len(visits) - (db.session.scalar(good) or 0)
    if changed:
        sentence = _("这份方案做好以后，有 %(count)d 次探访已经变了。", count=changed)
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))


def _refuse_stale_helpers(proposal: Proposal, helpers: set[uuid.UUID]) -> None:
    """Every helper must still be there that day, and on no other published round."""
    leave = select(HelperLeave.helper_id).where(HelperLeave.from_on <= proposal.on, HelperLeave.to_on >= proposal.on)
    elsewhere = (
        select(Round.helper_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(Round.on == proposal.on, Proposal.status == ProposalStatus.PUBLISHED, Proposal.id != proposal.id)
    )
    statement = (
        select(Helper.name)
        .where(Helper.id.in_(helpers), or_(~Helper.is_active, Helper.id.in_(leave), Helper.id.in_(elsewhere)))
        .order_by(Helper.pinyin)
    )
    gone = db.session.scalars(statement).all()
    if gone:
        sentence = _("这份方案做好以后，%(names)s 那天不能去了。", names="、".join(gone[:5]))
        raise Refusal(sentence, suggestion=_("请重新规划一次。"))


def _record(act: str, proposal: Proposal, by: Actor, now: datetime, *, visits: int | None = None) -> None:
    changes: dict[str, Any] = {} if visits is None else {"visits": [None, visits]}
    db.session.flush()
    audit.record(
        f"round.{act}", "proposal", proposal.id, by=by, now=now, division_code=proposal.division_code, changes=changes
    )
