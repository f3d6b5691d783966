"""The counter: portions handed over or not fetched; each mark is a person's, none is a timer's."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from formatting import near_day
from models import BookingStatus, MealBooking, MealService, Senior, SeniorPhone
from policy import Actor, Permission, reach

from . import audit

MARKED = (BookingStatus.SERVED, BookingStatus.NO_SHOW, BookingStatus.FAILED)


def serve(booking_id: uuid.UUID, *, by: Actor, now: datetime) -> MealBooking:
    """The portion was eaten or handed over: a sign of life. Twice is once."""
    booking = portion_at_counter(booking_id, by=by)
    if booking.status is BookingStatus.SERVED:
        return booking
    _refuse_unless_due(booking, now)
    before = booking.status
    booking.status, booking.served_at = BookingStatus.SERVED, now
    if booking.on == local_day(now):
        _tell_clock(booking, now)
    db.session.flush()
    _write_down("booking.serve", booking, by, now, {"status": [before, booking.status]})
    return booking


def miss(booking_id: uuid.UUID, *, by: Actor, now: datetime) -> MealBooking:
    """Nobody came for the portion."""
    booking = portion_at_counter(booking_id, by=by)
    if booking.status is BookingStatus.NO_SHOW:
        return booking
    _refuse_unless_due(booking, now)
    if booking.status is BookingStatus.SERVED:
        raise Refusal(_("这份餐已经登记为已取，请先撤销。"))
    booking.status = BookingStatus.NO_SHOW
    db.session.flush()
    _write_down("booking.miss", booking, by, now, {"status": ["locked", "no_show"]})
    return booking


def undo(booking_id: uuid.UUID, *, by: Actor, now: datetime) -> MealBooking:
    """Take a mark back; the 平安钟 goes back too, unless something else has set it since."""
    booking = portion_at_counter(booking_id, by=by)
    if booking.status not in MARKED:
        return booking
    before = booking.status
    if before is BookingStatus.SERVED:
        db.session.execute(
            update(Senior)
            .where(
                Senior.id == booking.senior_id, Senior.last_well_by == "meal", Senior.last_well_at == booking.served_at
            )
            .values(last_well_at=booking.well_before_at, last_well_by=booking.well_before_by)
        )
    booking.status, booking.served_at = BookingStatus.LOCKED, None
    db.session.flush()
    _write_down("booking.undo", booking, by, now, {"status": [before, booking.status]})
    return booking


def serve_by_phone(service_id: uuid.UUID, tail: str, *, by: Actor, now: datetime) -> MealBooking:
    """The portion of whoever has a phone that ends in these four digits; refused where that is nobody, or two."""
    if len(tail) != 4 or not tail.isdecimal():
        raise Refusal(_("请输入手机号的最后四位数字。"), field="tail")
    service = _service(service_id, by=by)
    found = _with_phone(service, tail)
    if not found:
        raise Refusal(
            _("这一餐没有尾号 %(tail)s 的订餐。", tail=tail), field="tail",
            suggestion=_("请在名单里按姓名找，或问问是不是订在别的餐厅。"),
        )  # fmt: skip
    waiting = [booking for booking, _name in found if booking.status not in MARKED]
    if not waiting:
        raise Refusal(_("尾号 %(tail)s 的这份餐已经登记过了。", tail=tail), field="tail")
    if len(waiting) > 1:
        names = _("、").join(name for booking, name in found if booking in waiting)
        raise Refusal(
            _("有 %(count)d 位老人的手机尾号都是 %(tail)s：%(names)s。", count=len(waiting), tail=tail, names=names),
            field="tail", suggestion=_("请在名单里点其中一位。"),
        )  # fmt: skip
    return serve(waiting[0].id, by=by, now=now)


def portion_at_counter(booking_id: uuid.UUID, *, by: Actor) -> MealBooking:
    """One of the actor's canteens' portions, held against a second tap."""
    mine = reach.meal_services(by.scope(Permission.MEAL_SERVE))
    statement = (
        select(MealBooking)
        .where(MealBooking.id == booking_id, MealBooking.service_id.in_(select(MealService.id).where(mine)))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    booking = db.session.scalars(statement).one_or_none()
    if booking is None:
        raise NotFound("")
    return booking


def _service(service_id: uuid.UUID, *, by: Actor) -> MealService:
    mine = reach.meal_services(by.scope(Permission.MEAL_SERVE))
    service = db.session.scalars(select(MealService).where(MealService.id == service_id, mine)).one_or_none()
    if service is None:
        raise NotFound("")
    return service


def _refuse_unless_due(booking: MealBooking, now: datetime) -> None:
    today = local_day(now)
    if booking.status is BookingStatus.CANCELLED:
        raise Refusal(_("这份餐已经取消了。"))
    if booking.on > today:
        raise Refusal(_("这是%(day)s的餐，到那天才能登记。", day=near_day(booking.on, today)))
    if booking.status is BookingStatus.BOOKED:
        raise Refusal(_("还没有到截止时间，厨房还没有定数。"))


def _tell_clock(booking: MealBooking, now: datetime) -> None:
    """平安钟: who came for a meal was all right. An earlier sign of life is kept for the undo."""
    columns = (Senior.last_well_at, Senior.last_well_by)
    at, sign = db.session.execute(select(*columns).where(Senior.id == booking.senior_id)).one()
    booking.well_before_at, booking.well_before_by = at, sign
    db.session.execute(
        update(Senior)
        .where(Senior.id == booking.senior_id, or_(Senior.last_well_at.is_(None), Senior.last_well_at < now))
        .values(last_well_at=now, last_well_by="meal")
    )


def _with_phone(service: MealService, tail: str) -> list[tuple[MealBooking, str]]:
    """Portions of a service whose senior has a number with this tail. Numbers are encrypted: one meal's are few."""
    statement = (
        select(MealBooking, Senior.name, SeniorPhone.number)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .join(SeniorPhone, SeniorPhone.senior_id == Senior.id)
        .where(MealBooking.service_id == service.id, MealBooking.status != BookingStatus.CANCELLED)
    )
    matching = {
        booking.id: (booking, name)
        for booking, name, number in db.session.execute(statement).tuples()
        if number.endswith(tail)
    }
    return list(matching.values())


def _write_down(
    act: str, booking: MealBooking, by: Actor, now: datetime, changes: dict[str, Any], reason: str = ""
) -> None:
    audit.record(act, "booking", booking.id, by=by, now=now, reason=reason, changes=changes)
