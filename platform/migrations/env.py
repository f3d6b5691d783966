"""How Alembic runs: forward only, the same history on SQLite and PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from extensions import db
from models import Base
from models.types import Encrypted, UTCDateTime

config = context.config


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own column types as what they are in the database, so that history needs no models."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    if isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")'
    return False


def run() -> None:
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


with current_app.app_context():
    run()
