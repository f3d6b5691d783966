"""Searching for rounds, and keeping what was found as a proposal.

A search takes no transaction: an edge prepares the day, lets go of the database, solves, and keeps the plan.

    day = round_days.prepare(code, on, today=today, travel=model)                # reads
    plan, nearest = round_search.search(day.problem, Limit(seconds=20), seed=1)  # neither reads nor writes
    with unit_of_work():
        proposal = round_search.keep(day, plan, nearest, by=actor, now=utc_now())
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from dispatch import Figures, Limit, Plan, Problem, Progress, baseline_figures, solve
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Division, PlanMethod, Proposal, ProposalStatus
from policy import Actor, Permission
from queries.round_lines import SILENT_FOR

from . import audit, round_rows, rounds
from .round_days import Day

FURTHEST = timedelta(days=31)


def search(
    problem: Problem, limit: Limit, *, seed: int, progress: Callable[[Progress], None] | None = None
) -> tuple[Plan, Figures]:
    """The plan, and the figures of nearest first on the same day. Pure: any process may run it."""
    return solve(problem, limit, seed=seed, progress=progress), baseline_figures(problem)


def begin(division_code: str, on: date, *, seconds: float, seed: int, by: Actor, now: datetime) -> Proposal:
    """A proposal that is being searched for. One search at a time for a division and day."""
    check(division_code, on, by=by, now=now)
    end_silent(now)
    running = select(Proposal.id).where(
        Proposal.division_code == division_code,
        Proposal.on == on,
        Proposal.status == ProposalStatus.SEARCHING,
    )
    if db.session.scalar(running.limit(1)) is not None:
        raise Refusal(_("这一天已经有人在规划了。"), suggestion=_("请等它结束，或者打开它按“停止，用现在最好的”。"))
    proposal = Proposal(
        division_code=division_code, on=on, status=ProposalStatus.SEARCHING, seed=seed, seconds=seconds,
        heartbeat_at=now, made_by_id=by.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    return proposal


def check(division_code: str, on: date, *, by: Actor, now: datetime) -> None:
    """Refuse a place out of reach, a day that cannot be planned, and one whose rounds are published."""
    _check_place(division_code, by)
    _check_day(on, now)
    rounds.refuse_published(division_code, on)


def tell(proposal_id: uuid.UUID, progress: dict[str, Any], *, now: datetime) -> bool:
    """A sign of life of a search; whether it should stop."""
    statement = (
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.status == ProposalStatus.SEARCHING)
        .values(progress=progress, heartbeat_at=now, updated_at=now)
        .returning(Proposal.is_stop_asked)
    )
    is_stop_asked = db.session.scalars(statement).one_or_none()
    return is_stop_asked is None or is_stop_asked


def ask_to_stop(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> Proposal:
    """The search keeps the best it has so far."""
    proposal = rounds.load(proposal_id, by)
    if proposal.status == ProposalStatus.SEARCHING:
        proposal.is_stop_asked = True
        proposal.updated_at = now
    return proposal


def give_up(proposal_id: uuid.UUID, *, now: datetime) -> None:
    """The search ended without a plan."""
    db.session.execute(
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.status == ProposalStatus.SEARCHING)
        .values(status=ProposalStatus.ENDED, updated_at=now)
    )


def end_silent(now: datetime) -> int:
    """Searches whose process has died are shown as ended; how many."""
    statement = (
        update(Proposal)
        .where(
            Proposal.status == ProposalStatus.SEARCHING,
            or_(Proposal.heartbeat_at.is_(None), Proposal.heartbeat_at < now - SILENT_FOR),
        )
        .values(status=ProposalStatus.ENDED, updated_at=now)
        .returning(Proposal.id)
    )
    return len(db.session.scalars(statement).all())


def keep(
    day: Day,
    plan: Plan,
    nearest: Figures,
    *,
    seed: int = 1,
    seconds: float = 0.0,
    proposal_id: uuid.UUID | None = None,
    by: Actor,
    now: datetime,
) -> Proposal:
    """Store a plan as a proposal: a new one, or the one that was being searched for."""
    proposal = db.session.get(Proposal, proposal_id, with_for_update=True) if proposal_id else None
    if proposal is None:
        proposal = Proposal(division_code=day.division_code, on=day.on, made_by_id=by.user_id, created_at=now)
        db.session.add(proposal)
    elif proposal.status != ProposalStatus.SEARCHING:
        raise Refusal(_("这次规划已经结束了。"))
    proposal.status = ProposalStatus.PROPOSED
    proposal.method = PlanMethod(plan.method.value)
    proposal.seed, proposal.seconds = seed, round(seconds, 1)
    proposal.figures = {"nearest": round_rows.numbers(nearest)}
    proposal.calendar = day.calendar.as_row()
    round_rows.write(proposal, day, plan, now=now)
    audit.record(
        "round.propose", "proposal", proposal.id, by=by, now=now, division_code=day.division_code,
        changes={"served": [None, plan.figures.served], "left_out": [None, len(plan.left_out)]},
    )  # fmt: skip
    return proposal


def _check_place(division_code: str, by: Actor) -> None:
    if not by.scope(Permission.ROUND_PLAN).holds_division(division_code):
        raise NotFound("")
    if db.session.get(Division, division_code) is None:
        raise Refusal(_("没有这个区划。"), field="division_code")


def _check_day(on: date, now: datetime) -> None:
    today = local_day(now)
    if on < today:
        raise Refusal(_("这一天已经过去了。"), field="on", suggestion=_("请选今天或以后的日子。"))
    if on > today + FURTHEST:
        raise Refusal(_("日子太远了，最多提前一个月规划。"), field="on")
