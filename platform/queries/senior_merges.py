"""Records that were made part of another."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from extensions import db
from models import Senior

MOST = 20


@dataclass(frozen=True, slots=True)
class Merged:
    id: uuid.UUID
    name: str
    born_on: date


def merged_into(senior_id: uuid.UUID) -> list[Merged]:
    """The records that are part of this one. The caller has checked the scope of `senior_id`."""
    statement = select(Senior.id, Senior.name, Senior.born_on).where(Senior.merged_into_id == senior_id)
    return [Merged(*row) for row in db.session.execute(statement.order_by(Senior.id).limit(MOST))]
