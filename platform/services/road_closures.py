"""Closing roads: what is in the way, from when to when, and taking it back."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.divisions import CITY
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import ClosureShape, Division, Means, RoadClosure
from policy import Actor, Permission

from . import audit, changes, checks

LEAST_RADIUS_M, MOST_RADIUS_M = 50, 20_000
LEAST_DETOUR, MOST_DETOUR = 1.1, 5.0


@dataclass(frozen=True, slots=True)
class ClosureData:
    """What somebody says of a closed road. `detour` None: nobody gets through."""

    shape: ClosureShape
    division_code: str
    from_on: date
    to_on: date | None
    reason: str
    other_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int | None = None
    means: Means | None = None
    detour: float | None = None


def get(closure_id: uuid.UUID, *, by: Actor, permission: Permission = Permission.TRAVEL_EDIT) -> RoadClosure:
    """A closed road with an end in the actor's scope."""
    row = db.session.get(RoadClosure, closure_id)
    scope = by.scope(permission)
    if row is None or not any(scope.holds_division(code) for code in (row.division_code, row.other_code or "-")):
        raise NotFound("")
    return row


def close(data: ClosureData, *, by: Actor, now: datetime) -> RoadClosure:
    """A road is closed from a day on: today's and later plans go round it."""
    today = local_day(now)
    if data.from_on < today:
        raise Refusal(_("封路从今天或以后开始登记，过去的路线不会再变。"), field="from_on")
    row = RoadClosure(set_by_id=by.user_id, created_at=now, **_checked(data, by))
    db.session.add(row)
    db.session.flush()
    audit.record(
        "road.close", "road_closure", row.id, by=by, now=now, division_code=row.division_code, reason=row.reason,
        changes={"days": [None, _days(row)]},
    )  # fmt: skip
    return row


def update(closure_id: uuid.UUID, data: ClosureData, *, by: Actor, now: datetime) -> RoadClosure:
    """Correct it. What has begun keeps its first day."""
    row = get(closure_id, by=by)
    today = local_day(now)
    if row.to_on is not None and row.to_on < today:
        raise Refusal(_("这条封路已经结束了，不能再改。"), suggestion=_("还没通的话，请重新登记一条。"))
    if data.from_on != row.from_on and min(data.from_on, row.from_on) < today:
        raise Refusal(_("已经开始的封路不能改开始的日子。"), field="from_on")
    if data.to_on is not None and data.to_on < today - timedelta(days=1):
        raise Refusal(_("最后一天不能早于昨天。"), field="to_on")
    changed = changes.assign(row, **_checked(data, by))
    if changed:
        db.session.flush()
        audit.record(
            "road.update", "road_closure", row.id, by=by, now=now, division_code=row.division_code, changes=changed
        )
    return row


def open_again(closure_id: uuid.UUID, *, by: Actor, now: datetime) -> RoadClosure | None:
    """The road is open from today on; one that has not begun is taken back whole (None)."""
    row = get(closure_id, by=by)
    today = local_day(now)
    if row.to_on is not None and row.to_on < today:
        raise Refusal(_("这条封路已经结束了。"))
    before = _days(row)
    is_begun = row.from_on < today
    if is_begun:
        row.to_on = today - timedelta(days=1)
    else:
        db.session.delete(row)
    db.session.flush()
    audit.record(
        "road.open", "road_closure", row.id, by=by, now=now, division_code=row.division_code,
        changes={"days": [before, _days(row) if is_begun else None]},
    )  # fmt: skip
    return row if is_begun else None


def _days(row: RoadClosure) -> str:
    return f"{row.from_on:%Y-%m-%d} – {row.to_on:%Y-%m-%d}" if row.to_on else f"{row.from_on:%Y-%m-%d} –"


def _checked(data: ClosureData, by: Actor) -> dict[str, Any]:
    """The row's values; refuses a place out of reach, and what makes no sense."""
    _check_place(data.division_code, "division_code", by)
    checks.period(data.from_on, data.to_on)
    reason = " ".join(data.reason.split())
    if not reason:
        raise Refusal(_("请写明原因，别人才知道什么时候能通。"), field="reason")
    if data.detour is not None and not LEAST_DETOUR <= data.detour <= MOST_DETOUR:
        raise Refusal(
            _("绕行要在 %(least)s 到 %(most)s 倍之间。", least=LEAST_DETOUR, most=MOST_DETOUR), field="detour"
        )
    return {
        "shape": data.shape, "division_code": data.division_code, "from_on": data.from_on, "to_on": data.to_on,
        "means": data.means, "detour": data.detour, "reason": reason, **_shape(data),
    }  # fmt: skip


def _shape(data: ClosureData) -> dict[str, Any]:
    """What belongs to the shape; what belongs to another one is left out."""
    empty: dict[str, Any] = {"other_code": None, "latitude": None, "longitude": None, "radius_m": None}
    if data.shape is ClosureShape.PAIR:
        return empty | {"other_code": _other(data)}
    if data.shape is ClosureShape.CIRCLE:
        return empty | _circle(data)
    return empty


def _other(data: ClosureData) -> str:
    if not data.other_code:
        raise Refusal(_("请填写路的另一头。"), field="other_code")
    one, other = data.division_code, data.other_code
    if one.startswith(other) or other.startswith(one):
        raise Refusal(_("两头不能是同一个地方，也不能一头在另一头里面。"), field="other_code")
    if db.session.get(Division, other) is None:
        raise Refusal(_("没有这个区划。"), field="other_code")
    return other


def _circle(data: ClosureData) -> dict[str, Any]:
    if data.latitude is None or data.longitude is None:
        raise Refusal(_("请填写这个点的经纬度。"), field="latitude")
    checks.point(data)
    if data.radius_m is None or not LEAST_RADIUS_M <= data.radius_m <= MOST_RADIUS_M:
        sentence = _("范围要在 %(least)d 到 %(most)d 米之间。", least=LEAST_RADIUS_M, most=MOST_RADIUS_M)
        raise Refusal(sentence, field="radius_m")
    return {"latitude": data.latitude, "longitude": data.longitude, "radius_m": data.radius_m}


def _check_place(code: str, field: str, by: Actor) -> None:
    if not by.scope(Permission.TRAVEL_EDIT).holds_division(code):
        raise NotFound("")
    if code == CITY:
        raise Refusal(_("请选到县区、乡镇或村。"), field=field)
    if db.session.get(Division, code) is None:
        raise Refusal(_("没有这个区划。"), field=field)
