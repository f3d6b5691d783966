"""不要派: which helpers are never sent to whom."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from extensions import db
from models import Helper, UnwantedHelper, User


@dataclass(frozen=True, slots=True)
class Unwanted:
    """One helper who is not to come: why, since when, and who wrote it down."""

    id: uuid.UUID
    helper_name: str
    reason: str
    since: datetime
    by: str | None


def of_senior(senior_id: uuid.UUID) -> list[Unwanted]:
    """The helpers who are not to come to a senior, at most a hundred."""
    statement = (
        select(UnwantedHelper.id, Helper.name, UnwantedHelper.reason, UnwantedHelper.created_at, User.name)
        .join(Helper, Helper.id == UnwantedHelper.helper_id)
        .outerjoin(User, User.id == UnwantedHelper.by_id)
        .where(UnwantedHelper.senior_id == senior_id)
        .order_by(UnwantedHelper.created_at, UnwantedHelper.id)
        .limit(100)
    )
    return [Unwanted(*row) for row in db.session.execute(statement)]


def by_senior(senior_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """The helpers each of these seniors must not be sent; who has none is not in it."""
    statement = select(UnwantedHelper.senior_id, UnwantedHelper.helper_id).where(
        UnwantedHelper.senior_id.in_(list(senior_ids))
    )
    found: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
    for senior_id, helper_id in db.session.execute(statement):
        found[senior_id] = found.get(senior_id, frozenset()) | {helper_id}
    return found
