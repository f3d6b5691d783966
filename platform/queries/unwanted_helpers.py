"""不要派: which helpers are never sent to whom."""

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from extensions import db
from models import UnwantedHelper


def by_senior(senior_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """The helpers each of these seniors must not be sent; who has none is not in it."""
    statement = select(UnwantedHelper.senior_id, UnwantedHelper.helper_id).where(
        UnwantedHelper.senior_id.in_(list(senior_ids))
    )
    found: dict[uuid.UUID, frozenset[uuid.UUID]] = {}
    for senior_id, helper_id in db.session.execute(statement):
        found[senior_id] = found.get(senior_id, frozenset()) | {helper_id}
    return found
