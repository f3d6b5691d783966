"""A real browser before a real server: gunicorn on loopback, Debian's Chromium driven by Playwright.

    def test_something(live, page, signed_in, make_user):
        signed_in(page, make_user(Role.DISPATCHER, division_code="610602"))
        page.goto(live + "/rounds")

`app` is this folder's own: an application on the live server's database, so what a test saves the server sees.
A test fails when a page it visited raised a script error or met the content security policy.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from application import create_app
from extensions import db
from models import Base, User
from tests.conftest import make_settings
from tests.processes import web_server

HERE = Path(__file__).parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"]  # fmt: skip
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test; where there is no Chromium it is counted as skipped."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is missing: apt-get install chromium fonts-noto-cjk"))


@pytest.fixture(scope="session")
def _live_application(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a copy of the migrated database, so that the other tests may replace theirs as they like."""
    url = database
    if database.startswith("sqlite"):
        empty = Path(str(sa.make_url(database).database)).with_name("empty.sqlite3")
        url = f"sqlite:///{shutil.copy(empty, tmp_path_factory.mktemp('live') / 'live.sqlite3')}"
    application = create_app(make_settings(url), tmp_path_factory.mktemp("instance"))
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def live(_live_application: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    url = _live_application.config["SQLALCHEMY_DATABASE_URI"]
    with web_server(url, tmp_path_factory.mktemp("server") / "web.log") as address:
        yield address


@pytest.fixture
def app(_live_application: Flask) -> Iterator[Flask]:
    """The application whose database the live server reads; emptied after each test, with the server running."""
    with _live_application.app_context():
        yield _live_application
        db.session.remove()
        _delete_everything()


def _delete_everything() -> None:
    engine = db.engine
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        else:
            connection.connection.execute("PRAGMA foreign_keys=OFF")
            guards = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
            for name, _sql in guards:  # the audit trail is append-only, but for tests
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            for _name, sql in guards:
                connection.exec_driver_sql(sql)
        connection.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live: str) -> Iterator[Callable[..., Page]]:
    """`open_page(**context)` opens a page in a context of its own: another person at another machine."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: object) -> Page:
        context = browser.new_context(**{"locale": "zh-CN", "viewport": DESKTOP, "base_url": live, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if _is_complaint(line.type, line.text) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == [], "the pages raised script errors or met the content security policy"


def _is_complaint(kind: str, text: str) -> bool:
    """An answer of 4xx is what many tests want to see, and Chromium reports it as an error."""
    return kind == "error" and not text.startswith("Failed to load resource")


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page on an office's desktop."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A page on a helper's or a family's phone."""
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def signed_in(app: Flask, live: str) -> Callable[[Page, User], Page]:
    """`signed_in(page, user)` puts the cookie of a signed-in `user` into the page's browser."""

    def enter(page: Page, user: User) -> Page:
        serializer = app.session_interface.get_signing_serializer(app)
        value = serializer.dumps({"_user_id": user.get_id(), "_fresh": True})
        page.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": live}])
        return page

    return enter
