"""Questions about a day 如果…: asked, searched for in the background, answered. Nothing is planned by them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from dispatch import Plan
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Division, Helper, Question, RiskTier, WhatIf, WhatIfStatus
from policy import Actor, Permission, reach
from queries.round_lines import SILENT_FOR

from . import audit, round_rows
from .imagined_days import Pair
from .needed_helpers import Needed, Week
from .round_days import Day

FURTHEST = timedelta(days=31)
WIDEST = 180


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a form puts it."""

    question: Question
    division_code: str
    on: date
    helper_id: uuid.UUID | None = None
    place_code: str | None = None
    skills: tuple[str, ...] = ()
    minutes: int | None = None
    tier: str | None = None
    every_days: int | None = None


def ask(asked: Asked, *, by: Actor, now: datetime) -> WhatIf:
    """A question that is being looked into. Refused beside its field where it makes no sense."""
    _check_place(asked, by)
    _check_day(asked.on, local_day(now))
    _check(asked, by)
    what_if = WhatIf(
        division_code=asked.division_code, on=asked.on, question=asked.question, helper_id=asked.helper_id,
        place_code=asked.place_code, skills=sorted(asked.skills), minutes=asked.minutes, tier=asked.tier,
        every_days=asked.every_days, heartbeat_at=now, made_by_id=by.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(what_if)
    db.session.flush()
    audit.record(
        "what_if.ask", "what_if", what_if.id, by=by, now=now, division_code=asked.division_code,
        changes={"question": [None, asked.question.value]},
    )  # fmt: skip
    return what_if


def load(what_if_id: uuid.UUID) -> WhatIf:
    """For a search that has begun."""
    return db.session.scalars(select(WhatIf).where(WhatIf.id == what_if_id)).one()


def _check_place(asked: Asked, by: Actor) -> None:
    if not by.scope(Permission.ROUND_PLAN).holds_division(asked.division_code):
        raise NotFound("")
    if db.session.get(Division, asked.division_code) is None:
        raise Refusal(_("没有这个区划。"), field="division_code")


def _check_day(on: date, today: date) -> None:
    if on < today:
        raise Refusal(_("这一天已经过去了。"), field="on", suggestion=_("请选今天或以后的日子。"))
    if on > today + FURTHEST:
        raise Refusal(_("日子太远了，最多看一个月以内。"), field="on")


def _check(asked: Asked, by: Actor) -> None:
    match asked.question:
        case Question.WITHOUT:
            within = reach.helpers(by.scope(Permission.ROUND_PLAN))
            if db.session.scalar(select(Helper.id).where(Helper.id == asked.helper_id, within)) is None:
                raise Refusal(_("请选一位助老员。"), field="helper_id")
        case Question.ONE_MORE:
            if not asked.place_code or not asked.place_code.startswith(asked.division_code.rstrip("0")[:6]):
                raise Refusal(_("请选这个地方里的一个乡镇。"), field="place_code")
        case Question.WIDER:
            if not 1 <= (asked.minutes or 0) <= WIDEST:
                raise Refusal(_("放宽的时间在 1 到 180 分钟之间。"), field="minutes")
        case Question.FREQUENCY:
            if not 1 <= (asked.every_days or 0) <= 90:
                raise Refusal(_("频次在 1 到 90 天一次之间。"), field="every_days")
            if asked.tier is not None and asked.tier not in set(RiskTier):
                raise Refusal(_("没有这个档。"), field="tier")


def tell(what_if_id: uuid.UUID, progress: dict[str, Any], *, now: datetime) -> None:
    """A sign of life."""
    db.session.execute(
        update(WhatIf)
        .where(WhatIf.id == what_if_id, WhatIf.status == WhatIfStatus.SEARCHING)
        .values(progress=progress, heartbeat_at=now, updated_at=now)
    )


def give_up(what_if_id: uuid.UUID, sentence: str = "", *, now: datetime) -> None:
    """It ended without an answer; `sentence`: why, for whoever asked."""
    db.session.execute(
        update(WhatIf)
        .where(WhatIf.id == what_if_id, WhatIf.status == WhatIfStatus.SEARCHING)
        .values(status=WhatIfStatus.ENDED, progress={"why": sentence}, updated_at=now)
    )


def end_silent(now: datetime) -> None:
    """Questions whose process has died are shown as interrupted."""
    db.session.execute(
        update(WhatIf)
        .where(
            WhatIf.status == WhatIfStatus.SEARCHING,
            or_(WhatIf.heartbeat_at.is_(None), WhatIf.heartbeat_at < now - SILENT_FOR),
        )
        .values(status=WhatIfStatus.ENDED, updated_at=now)
    )


def answer_pair(what_if_id: uuid.UUID, pair: Pair, base: Plan, variant: Plan, *, seconds: float, now: datetime) -> None:
    """Keep what the two plans say."""
    was = {one.visit_id for one in base.left_out}
    reasons = {one.visit_id: [round_rows.reason_row(reason) for reason in one.reasons] for one in variant.left_out}
    _keep(
        what_if_id,
        {
            "base": round_rows.numbers(base.figures),
            "variant": round_rows.numbers(variant.figures),
            "lost": [{"visit_id": key, "reasons": why} for key, why in sorted(reasons.items()) if key not in was],
            "gained": sorted(was - reasons.keys()),
            "helpers": [len(pair.base.problem.helpers), len(pair.variant.problem.helpers)],
            "at": _places(pair.variant, reasons.keys() - was),
            "rounds": _drawn(pair.variant, variant),
            "seconds": seconds,
        },
        now,
    )


def answer_needed(what_if_id: uuid.UUID, week: Week, needed: Needed, *, seconds: float, now: datetime) -> None:
    """Keep what the bisection says."""
    _keep(
        what_if_id,
        {
            "have": len(week.helpers),
            "now": list(week.now),
            "days": [len(day) for day in week.days],
            "usual": needed.usual,
            "busiest": needed.busiest,
            "at_least": needed.at_least,
            "probes": [[probe.day, probe.helpers, probe.left_out] for probe in needed.probes],
            "seconds": round(seconds, 1),
        },
        now,
    )


def _keep(what_if_id: uuid.UUID, answer: dict[str, Any], now: datetime) -> None:
    db.session.execute(
        update(WhatIf)
        .where(WhatIf.id == what_if_id, WhatIf.status == WhatIfStatus.SEARCHING)
        .values(status=WhatIfStatus.ANSWERED, answer=answer, progress={}, updated_at=now)
    )


def _places(day: Day, visits: Iterable[str]) -> dict[str, list[float]]:
    return {key: [day.doors[key].latitude, day.doors[key].longitude] for key in visits if key in day.doors}


def _drawn(day: Day, plan: Plan) -> list[dict[str, Any]]:
    """The rounds of a plan, as much of them as a map needs."""
    found = []
    for number, planned in enumerate(plan.rounds, 1):
        base, end = day.bases.get(planned.helper_id), day.ends.get(planned.helper_id)
        found.append({
            "number": number,
            "helper_id": planned.helper_id,
            "base": [base.latitude, base.longitude] if base else None,
            "end": [end.latitude, end.longitude] if end else None,
            "stops": [
                [day.doors[stop.visit_id].latitude, day.doors[stop.visit_id].longitude, tour, stop.start // 60]
                for tour, its in enumerate(planned.tours)
                for stop in its.stops
            ],
        })  # fmt: skip
    return found
