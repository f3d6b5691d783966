"""The database, and the one place where a transaction is opened and committed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.orm import Session

from models.base import Base

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate()

_EFFECTS = "effects_after_commit"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL, foreign keys, patience with other writers; the driver's own transaction handling is off."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """A write transaction on SQLite takes its lock at once, so it can never fail half way for want of it."""
    if connection.dialect.name == "sqlite":
        immediate = connection.get_execution_options().get("immediate", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class UnitOfWork:
    """The open transaction: its session, and the effects that wait for its commit."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def after_commit(self, effect: Callable[[], None]) -> None:
        """Run `effect` once the transaction is safely written; never if it is not."""
        self.session.info.setdefault(_EFFECTS, []).append(effect)


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """One transaction per request, tick or command, opened at the edge: commits at the end, or not at all.

    Whatever was only read before in this session is let go first, so the transaction starts on fresh data.
    """
    session = db.session()
    session.rollback()
    session.expire_all()
    session.info[_EFFECTS] = []
    session.connection(execution_options={"immediate": True})
    try:
        yield UnitOfWork(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    for effect in session.info.pop(_EFFECTS, []):
        effect()


def database_now() -> datetime:
    """The instant now by the database's own clock: leases and due times of all machines agree on it."""
    if db.session().get_bind().dialect.name == "sqlite":
        text = db.session.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now")))
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    return cast("datetime", db.session.scalar(select(func.clock_timestamp()))).astimezone(UTC)
