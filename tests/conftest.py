"""What every test may ask for: an application on a clean database, people signed in, the clock held still."""

import contextvars
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings

from application import create_app
from extensions import db
from models import Base, Grant, Role, User
from settings import Settings
from tests.postgres import Server

hypothesis_settings.register_profile("patient", deadline=None)  # a busy machine is no defect
hypothesis_settings.load_profile("patient")

_SERVER_URL = "YANNIAN_TEST_SERVER"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite", help="which database to test on")


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts PostgreSQL once; xdist's workers find it by the environment."""
    if config.getoption("--database") == "postgresql" and not hasattr(config, "workerinput"):
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            server = Server()
            server.start()
            config.add_cleanup(server.remove)
            url = server.url
        os.environ[_SERVER_URL] = url


def make_settings(url: str = "", **changes: Any) -> Settings:
    """Settings of a test: cheap passwords, nothing real behind any gateway."""
    return Settings(mode="test", database_url=url, password_cost=1, **changes)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this worker's own migrated, empty database."""
    folder = tmp_path_factory.mktemp("database")
    if request.config.getoption("--database") == "sqlite":
        url = f"sqlite:///{folder / 'test.sqlite3'}"
        _migrate(url, folder)
        shutil.copy(folder / "test.sqlite3", folder / "empty.sqlite3")
        yield url
        return
    server = sa.make_url(os.environ[_SERVER_URL])
    name = f"yannian_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    _migrate(url, folder)
    yield url
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _migrate(url: str, folder: Path) -> None:
    from flask_migrate import upgrade

    app = create_app(make_settings(url), folder)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def _application(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    application = create_app(make_settings(database), tmp_path_factory.mktemp("instance"))
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application, on an empty database, inside its context."""
    with _application.app_context():
        yield _application
        db.session.remove()
        empty_database()


def empty_database() -> None:
    """Back to the freshly migrated state; commits of the test included."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        engine.dispose()
        path = Path(str(engine.url.database))
        for tail in ("-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        shutil.copy(path.with_name("empty.sqlite3"), path)
        return
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


class Browser(FlaskClient):
    """A client whose requests run as a server's do: in a context, and so a session, of their own.

    What the test has added is committed first; afterwards the test's own session reads afresh.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()
        try:
            return contextvars.Context().run(super().open, *args, **kwargs)
        finally:
            db.session.rollback()
            db.session.expire_all()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser's stand-in, not signed in. CSRF is off in it; tests/site proves that it is on in the application."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def make_user(app: Flask) -> Callable[..., User]:
    """`make_user(Role.DISPATCHER, division_code="610602")`: a user with one grant, saved."""

    def make(role: Role, *, user_name: str = "", **scope: Any) -> User:
        user = User(user_name=user_name or f"{role}-{uuid.uuid4().hex[:6]}", name="王建国")
        user.grants = [Grant(role=role, **scope)]
        db.session.add(user)
        db.session.commit()
        return user

    return make


@pytest.fixture
def sign_in(client: FlaskClient) -> Callable[[User], FlaskClient]:
    """`sign_in(user)` gives the client back, signed in as that user."""

    def enter(user: User) -> FlaskClient:
        with client.session_transaction() as session:
            session.clear()
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
        return client

    return enter
