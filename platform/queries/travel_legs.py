"""What helpers logged of their days, door after door: what travel times are learned from."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import exists, or_, select

from domain.divisions import lineage
from extensions import db
from models import Division, Helper, Means, Residence, Senior, Visit, VisitMode

_ROWS = 5_000
"""So many rows are held at once, however many there are."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One visit as the next door sees it. `is_known`: where it was is known, and its times are not from memory."""

    helper_id: uuid.UUID
    means: Means
    on: date
    division_code: str
    arrived_at: datetime
    left_at: datetime | None
    latitude: float
    longitude: float
    is_known: bool


def days_of_helpers(first: date, last: date) -> Iterator[list[Logged]]:
    """Each helper's logged visits from one day to another, by day and arrival. One statement, read as it comes.

    Visits nothing can be learned from stay in: what lies between their neighbours is no way.
    """
    stays = exists().where(
        Residence.senior_id == Visit.senior_id, Residence.kind == "stay", Residence.from_on <= Visit.on,
        or_(Residence.to_on.is_(None), Residence.to_on >= Visit.on),
    )  # fmt: skip
    statement = (
        select(
            Visit.helper_id, Helper.means, Visit.on, Visit.division_code, Visit.arrived_at, Visit.left_at,
            Senior.latitude, Senior.longitude, Visit.mode, Visit.late_reason,
            Senior.residence_code == Visit.division_code, stays,
        )
        .join(Helper, Helper.id == Visit.helper_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(Visit.on.between(first, last), Visit.arrived_at.is_not(None))
        .order_by(Visit.helper_id, Visit.on, Visit.arrived_at, Visit.id)
        .execution_options(yield_per=_ROWS)
    )  # fmt: skip
    logged = (_logged(*row) for row in db.session.execute(statement).tuples())
    for _helper, days in groupby(logged, key=lambda one: one.helper_id):
        yield list(days)


def _logged(
    helper_id: uuid.UUID | None,
    means: Means,
    on: date,
    code: str,
    arrived_at: datetime | None,
    left_at: datetime | None,
    latitude: float | None,
    longitude: float | None,
    mode: VisitMode,
    late_reason: str,
    is_at_home: bool,
    is_away: bool,
) -> Logged:
    assert helper_id is not None  # noqa: S101  the join says so
    assert arrived_at is not None  # noqa: S101  and the condition
    has_pin = latitude is not None and longitude is not None
    is_known = has_pin and mode is VisitMode.DOOR and not late_reason and bool(is_at_home) and not is_away
    return Logged(helper_id, means, on, code, arrived_at, left_at, latitude or 0.0, longitude or 0.0, is_known=is_known)


def ruggedness() -> dict[str, float]:
    """How rugged the land is in each division that has a point."""
    statement = select(Division.code, Division.ruggedness).where(Division.latitude.is_not(None))
    return dict(db.session.execute(statement).tuples().all())


def ruggedness_of(code: str, known: dict[str, float]) -> float:
    """Of a division, or of the nearest one above it that is known; as rounds are planned."""
    return next((known[one] for one in lineage(code) if one in known), 0.5)
