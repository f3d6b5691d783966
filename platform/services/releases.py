"""When a senior is not served for some days, what was arranged for them is let go; when she is back, taken up again."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import force_locale
from sqlalchemy import ColumnElement, select, true

from domain.errors import Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import DEFAULT
from extensions.babel import gettext as _
from models import BookingStatus, MealBooking, Senior, SeniorStatus, Visit, VisitStatus
from models.visit import OPEN
from policy import Actor
from queries.served import reasons_not_served
from wording import word

from . import bookings, visits

MARK = "老人状态："
"""What the reason of a visit begins with that was cancelled here, and may be reopened here."""


@dataclass(frozen=True, slots=True)
class Released:
    """What was let go, and what could not be: portions that the kitchen has already counted."""

    visits: int = 0
    meals: int = 0
    counted_meals: int = 0


def let_go(
    senior: Senior, status: SeniorStatus, *, from_on: date, to_on: date | None, by: Actor, now: datetime
) -> Released:
    """Cancel the visits not begun and the meals before their cut-off on these days, with their texts."""
    first = max(from_on, local_day(now))
    agent = replace(by, is_system=True)  # the clerk's act, in rooms the clerk need not be able to enter
    with force_locale(DEFAULT):
        reason = MARK + word(status)
    due = select(Visit.id).where(Visit.senior_id == senior.id, Visit.status.in_(OPEN), *_days(Visit.on, first, to_on))
    visit_ids = list(db.session.scalars(due))
    for visit_id in visit_ids:
        visits.cancel(visit_id, reason=reason, by=agent, now=now)
    booked = select(MealBooking.id).where(
        MealBooking.senior_id == senior.id,
        MealBooking.status == BookingStatus.BOOKED,
        *_days(MealBooking.on, first, to_on),
    )
    meals = counted = 0
    for booking_id in list(db.session.scalars(booked)):
        try:
            bookings.cancel(booking_id, reason=reason, by=agent, now=now)
        except Refusal:
            counted += 1
        else:
            meals += 1
    return Released(len(visit_ids), meals, counted)


def take_up(senior: Senior, *, by: Actor, now: datetime) -> int:
    """Reopen the visits that were let go, on days on which she is served after all; returns how many."""
    agent = replace(by, is_system=True)
    gone = select(Visit.id, Visit.on).where(
        Visit.senior_id == senior.id,
        Visit.status == VisitStatus.CANCELLED,
        Visit.on >= local_day(now),
        Visit.cancel_reason.startswith(MARK),
    )
    found = list(db.session.execute(gone))
    served = {on for on in {row.on for row in found} if not reasons_not_served([senior.id], on)}
    for row in found:
        if row.on in served:
            visits.reopen(row.id, by=agent, now=now)
    return sum(row.on in served for row in found)


def told(released: Released) -> str:
    """What was let go, in a sentence; nothing where nothing was."""
    if released.counted_meals:
        return _(
            "取消了 %(visits)d 次探访、%(meals)d 份餐；还有 %(counted)d 份餐厨房已经备下，请联系餐厅。",
            visits=released.visits, meals=released.meals, counted=released.counted_meals,
        )  # fmt: skip
    if released == Released():
        return ""
    return _("取消了 %(visits)d 次探访、%(meals)d 份餐。", visits=released.visits, meals=released.meals)


def _days(column: Any, first: date, last: date | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column >= first, column <= last if last is not None else true()
