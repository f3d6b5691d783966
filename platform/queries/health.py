"""Whether the database answers."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from extensions import db


def database_answers() -> bool:
    """One statement there and back."""
    try:
        return bool(db.session.scalar(select(1)) == 1)
    except SQLAlchemyError:
        db.session.rollback()
        return False
