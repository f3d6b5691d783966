"""送餐员: a canteen's own people who carry its portions."""

import uuid
from datetime import datetime

from sqlalchemy import func, select

from domain.errors import NotFound, Refusal
from extensions import db
from extensions.babel import gettext as _
from models import Canteen, CanteenCourier, Means
from policy import Actor, Permission, reach
from queries.couriers import MOST

from . import audit


def add(canteen_id: uuid.UUID, *, name: str, means: Means, capacity: int, by: Actor, now: datetime) -> CanteenCourier:
    """One more for the canteen."""
    canteen = _canteen(canteen_id, by)
    if capacity < 1:
        raise Refusal(_("请填写一次能带多少份。"), field="capacity")
    active = select(func.count()).where(CanteenCourier.canteen_id == canteen_id, CanteenCourier.is_active)
    if (db.session.scalar(active) or 0) >= MOST:
        raise Refusal(_("一家餐厅最多登记 %(count)d 位送餐员。", count=MOST))
    courier = CanteenCourier(
        canteen_id=canteen_id, name=name.strip(), means=means, capacity=capacity, created_at=now
    )  # fmt: skip
    db.session.add(courier)
    db.session.flush()
    _write_down("add_courier", canteen, courier, by, now)
    return courier


def remove(canteen_id: uuid.UUID, courier_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Carries no longer. Twice is once."""
    canteen = _canteen(canteen_id, by)
    courier = db.session.get(CanteenCourier, courier_id, with_for_update=True)
    if courier is None or courier.canteen_id != canteen_id:
        raise NotFound("")
    if courier.is_active:
        courier.is_active = False
        _write_down("remove_courier", canteen, courier, by, now)
    db.session.flush()


def _canteen(canteen_id: uuid.UUID, by: Actor) -> Canteen:
    mine = reach.canteens(by.scope(Permission.CANTEEN_EDIT))
    canteen = db.session.scalars(select(Canteen).where(Canteen.id == canteen_id, mine)).one_or_none()
    if canteen is None:
        raise NotFound("")
    return canteen


def _write_down(act: str, canteen: Canteen, courier: CanteenCourier, by: Actor, now: datetime) -> None:
    audit.record(
        f"canteen.{act}", "canteen", canteen.id, by=by, now=now, division_code=canteen.division_code,
        changes={"courier_id": [None, str(courier.id)], "capacity": [None, courier.capacity]},
    )  # fmt: skip
