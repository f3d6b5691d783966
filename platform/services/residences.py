"""Stays elsewhere: with a daughter in another county over the winter, and back. Moves are edits of the senior."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Division, Residence
from policy import Actor

from . import audit, seniors


def begin_stay(
    senior_id: uuid.UUID,
    *,
    division_code: str,
    address: str = "",
    landmark: str = "",
    from_on: date,
    to_on: date | None = None,
    by: Actor,
    now: datetime,
) -> Residence:
    """The senior stays at another place on these days; visits and deliveries go there, the history stays here."""
    senior = seniors.find(senior_id, by=by, today=local_day(now))
    if db.session.get(Division, division_code) is None:
        raise Refusal(_("请选择暂住在哪里。"), field="division_code")
    if to_on is not None and to_on < from_on:
        raise Refusal(_("结束日期不能早于开始日期。"), field="to_on")
    overlapping = select(Residence.id).where(
        Residence.senior_id == senior_id,
        Residence.kind == "stay",
        or_(Residence.to_on.is_(None), Residence.to_on >= from_on),
        Residence.from_on <= to_on if to_on else Residence.from_on.is_not(None),
    )
    if db.session.scalar(overlapping.limit(1)) is not None:
        raise Refusal(_("这几天已经登记过一处暂住。"), field="from_on", suggestion=_("请先结束原来的暂住。"))
    stay = Residence(
        senior_id=senior_id, kind="stay", division_code=division_code, address=address, landmark=landmark,
        from_on=from_on, to_on=to_on,
    )  # fmt: skip
    db.session.add(stay)
    db.session.flush()
    audit.record(
        "senior.stay", "senior", senior_id, by=by, now=now, division_code=senior.residence_code,
        changes={"division_code": [senior.residence_code, division_code], "from_on": [None, str(from_on)],
                 "to_on": [None, str(to_on) if to_on else None]},
    )  # fmt: skip
    return stay


def end_stay(senior_id: uuid.UUID, residence_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Back home today: yesterday was the stay's last day. A stay that has not begun is dropped."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, today=today)
    stay = db.session.get(Residence, residence_id)
    if stay is None or stay.senior_id != senior_id or stay.kind != "stay":
        raise NotFound("")
    if stay.to_on is not None and stay.to_on < today:
        raise Refusal(_("这段暂住已经结束了。"))
    if stay.from_on >= today:
        db.session.delete(stay)
    else:
        stay.to_on = today - timedelta(days=1)
    db.session.flush()
    audit.record("senior.end_stay", "senior", senior_id, by=by, now=now, division_code=senior.residence_code)
