"""One transaction at the edge: all of it or nothing, effects after the commit."""

import threading

import pytest
import sqlalchemy as sa

from extensions import db, unit_of_work
from models import Division, DivisionLevel


def _add(code: str) -> None:
    db.session.add(Division(code=code, name="延安市", level=DivisionLevel.CITY))


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Division)) or 0


def test_what_is_written_is_there_afterwards(app):
    with unit_of_work():
        _add("610600")
    assert _count() == 1


def test_an_error_takes_everything_back(app):
    with pytest.raises(ZeroDivisionError), unit_of_work():  # noqa: PT012  the transaction is the point
        _add("610600")
        _ = 1 / 0
    assert _count() == 0


def test_effects_wait_for_the_commit(app):
    seen = []
    with unit_of_work() as uow:
        uow.after_commit(lambda: seen.append(_count()))
        _add("610600")
        assert seen == []
    assert seen == [1]


def test_effects_of_a_failed_transaction_never_happen(app):
    seen = []
    with pytest.raises(ZeroDivisionError), unit_of_work() as uow:  # noqa: PT012  the transaction is the point
        uow.after_commit(lambda: seen.append(1))
        _ = 1 / 0
    with unit_of_work():
        pass
    assert seen == []


def test_writers_wait_for_each_other_instead_of_failing(app):
    """Read, then write, from eight threads at once: on SQLite a deferred transaction would fail half way."""
    with unit_of_work():
        _add("610600")
    errors = []

    def raise_ruggedness() -> None:
        with app.app_context():
            try:
                for _ in range(10):
                    with unit_of_work() as uow:
                        city = uow.session.get(Division, "610600", with_for_update=True)
                        city.ruggedness += 1
            except sa.exc.SQLAlchemyError as error:  # pragma: no cover  what must not happen
                errors.append(error)

    threads = [threading.Thread(target=raise_ruggedness) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert errors == []
    assert db.session.get(Division, "610600").ruggedness == pytest.approx(80.5)
