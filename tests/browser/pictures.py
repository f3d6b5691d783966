"""Takes the README's pictures: `python tests/browser/pictures.py`. A demo city at 10:45 on a Tuesday, served here."""

import logging
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

import time_machine  # noqa: E402  after the path
from flask import Flask  # noqa: E402
from flask_migrate import upgrade  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from sqlalchemy import select  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

from application import create_app  # noqa: E402
from demo import accounts, roll_call  # noqa: E402
from demo.people import senior_id  # noqa: E402
from demo.shape import HOME_COUNTY  # noqa: E402
from domain.times import at_minute  # noqa: E402
from extensions import db, unit_of_work  # noqa: E402
from models import Proposal, User  # noqa: E402
from services import tallies  # noqa: E402
from tests.browser.conftest import CHROMIUM, DESKTOP, FLAGS, PHONE  # noqa: E402
from tests.conftest import make_settings  # noqa: E402
from tests.site.conftest import live_a_day  # noqa: E402

TODAY = date(2026, 11, 24)
NOW = at_minute(TODAY, 10 * 60 + 45)
OUT = ROOT / "docs" / "pictures"


def _pages() -> list[tuple[str, str, str, dict[str, int]]]:
    """File, account, address, size."""
    find = select(Proposal.id).where(Proposal.division_code == HOME_COUNTY, Proposal.on == TODAY)
    proposal = db.session.scalars(find).first()
    return [
        ("rounds", "dispatcher", f"/rounds/{proposal}?round=3", {"width": 1280, "height": 1160}),
        ("roster", "centre", f"/rosters/{accounts.HOME_CENTRE}", DESKTOP),
        ("visits", "helper", "/visits/today", PHONE),
        ("meals", "family", f"/meals/{senior_id(0)}/2026-11-26/lunch", PHONE),
        ("home", "city", "/", DESKTOP),
        ("senior", "town", f"/seniors/{senior_id(0)}", DESKTOP),
    ]


def main() -> None:
    """Serve, look, keep."""
    OUT.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as name, time_machine.travel(NOW, tick=True):
        folder = Path(name)
        app = create_app(make_settings(f"sqlite:///{folder / 'pictures.sqlite3'}"), folder)
        with app.app_context():
            upgrade()
            live_a_day(3000, NOW)
            roll_call.call(TODAY, roll_call.expected(TODAY), NOW, tell=lambda _count: None)
            with unit_of_work():
                tallies.count_visits(TODAY, now=NOW)
            users = {user.user_name: user for user in db.session.scalars(select(User).where(User.is_demo))}
            pages = _pages()
            db.session.remove()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for file, who, path, size in pages:
                _take(app, browser, f"http://127.0.0.1:{server.port}", users[who], path, size, OUT / f"{file}.png")
            browser.close()
        server.shutdown()


def _take(app: Flask, browser: Browser, url: str, user: User, path: str, size: dict[str, int], file: Path) -> None:
    serializer = app.session_interface.get_signing_serializer(app)
    value = serializer.dumps({"_user_id": user.get_id(), "_fresh": True})
    context = browser.new_context(viewport=size, locale="zh-CN", device_scale_factor=1)
    context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": url}])
    page = context.new_page()
    page.goto(url + path, wait_until="networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=file)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB  {page.url}")
    context.close()


if __name__ == "__main__":
    main()
