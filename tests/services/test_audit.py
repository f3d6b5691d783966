"""The audit trail: written with the act, sealed into a chain, changed by nobody."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from extensions import db, unit_of_work
from models import AuditEntry, AuditSeal
from policy import Actor
from services import audit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLERK = Actor(user_id=None, name="李敏")


def _write(count: int) -> None:
    with unit_of_work():
        for number in range(count):
            audit.record("senior.show", "senior", str(number), by=CLERK, now=NOW, changes={"phone": ["a", "b"]})


def test_sealing_chains_every_entry_once(app):
    _write(3)
    with unit_of_work():
        assert audit.seal(NOW) == 3
    with unit_of_work():
        assert audit.seal(NOW) == 0
    _write(2)
    with unit_of_work():
        assert audit.seal(NOW) == 2
    first, second = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id))
    assert second.previous_digest == first.digest
    assert list(audit.broken_links()) == []


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET act = 'other'", "DELETE FROM audit_entries",
                                       "UPDATE audit_entries SET seal_id = NULL", "DELETE FROM audit_seals",
                                       "UPDATE audit_seals SET digest = 'x'"])  # fmt: skip
def test_the_database_refuses_to_change_the_trail(app, statement):
    _write(1)
    with unit_of_work():
        audit.seal(NOW)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), unit_of_work() as uow:
        uow.session.execute(sa.text(statement))


def test_a_trail_changed_behind_the_databases_back_is_found(app):
    _write(2)
    with unit_of_work():
        audit.seal(NOW)
    with unit_of_work() as uow:
        if db.engine.dialect.name == "sqlite":
            uow.session.execute(sa.text("DROP TRIGGER audit_entries_no_update"))
        else:
            uow.session.execute(sa.text("ALTER TABLE audit_entries DISABLE TRIGGER ALL"))
        uow.session.execute(sa.update(AuditEntry).where(AuditEntry.subject_id == "1").values(act="nothing.happened"))
    try:
        assert list(audit.broken_links()) == [db.session.scalar(sa.select(sa.func.max(AuditSeal.id)))]
    finally:
        if db.engine.dialect.name == "postgresql":
            with unit_of_work() as uow:
                uow.session.execute(sa.text("ALTER TABLE audit_entries ENABLE TRIGGER ALL"))


def test_many_sealers_at_once_make_one_unbroken_chain(app, monkeypatch):
    monkeypatch.setattr(audit, "BATCH", 7)
    _write(60)
    errors = []

    def seal_all() -> None:
        with app.app_context():
            try:
                for _ in range(20):
                    with unit_of_work():
                        audit.seal(NOW)
            except sa.exc.SQLAlchemyError as error:
                errors.append(error)

    threads = [threading.Thread(target=seal_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert errors == []
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.seal_id.is_(None))) == 0
    assert db.session.scalar(sa.select(sa.func.sum(AuditSeal.entries))) == 60
    assert list(audit.broken_links()) == []


def test_an_act_that_fails_leaves_no_entry(app):
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012  the transaction is the point
        audit.record("senior.edit", "senior", "1", by=CLERK, now=NOW)
        _ = 1 / 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0
