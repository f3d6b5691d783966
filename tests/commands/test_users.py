"""Letting the first people in from the shell."""

import sqlalchemy as sa

from commands.users import create
from extensions import db
from models import Grant, Role, User
from services import passwords
from tests.factories import make_divisions


def _run(app, *words):
    return app.test_cli_runner().invoke(create, list(words))


def test_the_first_administrator_gets_a_password_that_must_be_changed(app):
    make_divisions()
    db.session.commit()
    answer = _run(app, "--user-name", "gao.wenqing", "--name", "高文清")
    assert answer.exit_code == 0, answer.output
    db.session.rollback()
    user = db.session.scalars(sa.select(User)).one()
    grant = db.session.scalars(sa.select(Grant)).one()
    assert passwords.matches(user.password_hash, answer.output.strip().rpartition(": ")[2])
    assert user.must_change_password
    assert (grant.role, grant.division_code) == (Role.ADMINISTRATOR, "610600")


def test_what_is_refused_is_said(app):
    answer = _run(app, "--user-name", "gao", "--name", "高文清", "--division", "999999")
    assert answer.exit_code == 1
    assert "这个范围不归您管" in answer.output
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 0
