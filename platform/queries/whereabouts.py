"""Where a senior is on a day: at home, or staying elsewhere for a while. Rounds and deliveries ask here."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from extensions import db
from models import Residence, Senior


@dataclass(frozen=True, slots=True)
class Place:
    """A door: its division, how to find it, and its pin."""

    division_code: str
    address: str
    landmark: str
    latitude: float | None
    longitude: float | None
    is_stay: bool


def places_on(senior_ids: Iterable[uuid.UUID], day: date) -> dict[uuid.UUID, Place]:
    """Where each of these is on `day`. Of two stays that overlap, the one that began last."""
    ids = list(senior_ids)
    home = select(
        Senior.id, Senior.residence_code, Senior.address, Senior.landmark, Senior.latitude, Senior.longitude
    ).where(Senior.id.in_(ids))
    stay = select(
        Residence.senior_id, Residence.division_code, Residence.address, Residence.landmark, Residence.latitude,
        Residence.longitude,
    ).where(
        Residence.senior_id.in_(ids), Residence.kind == "stay", Residence.from_on <= day,
        or_(Residence.to_on.is_(None), Residence.to_on >= day),
    ).order_by(Residence.from_on, Residence.id)  # fmt: skip
    places = {row[0]: _place(row, is_stay=False) for row in db.session.execute(home)}
    return places | {row[0]: _place(row, is_stay=True) for row in db.session.execute(stay)}


def _place(row: Sequence[Any], *, is_stay: bool) -> Place:
    return Place(row[1], row[2], row[3], row[4], row[5], is_stay=is_stay)
