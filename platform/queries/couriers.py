"""A canteen's own couriers, as its page shows them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from extensions import db
from models import Canteen, CanteenCourier
from policy import Scope, reach

MOST = 100


@dataclass(frozen=True, slots=True)
class CouriersPage:
    """A canteen, and who carries for it."""

    canteen_id: uuid.UUID
    canteen_name: str
    couriers: Sequence[CanteenCourier]


def of_canteen(scope: Scope, canteen_id: uuid.UUID) -> CouriersPage | None:
    """None outside the scope."""
    statement = select(Canteen.name).where(Canteen.id == canteen_id, reach.canteens(scope))
    name = db.session.scalars(statement).one_or_none()
    if name is None:
        return None
    active = select(CanteenCourier).where(CanteenCourier.canteen_id == canteen_id, CanteenCourier.is_active)
    return CouriersPage(canteen_id, name, db.session.scalars(active.order_by(CanteenCourier.id).limit(MOST)).all())
