"""What a page costs: home, search, roster, round, booking, beside a bare Flask page that does SELECT 1.

    make bench NAME=pages ARGS="--seniors 30000"                           # SQLite, then PostgreSQL
    make bench NAME=pages ARGS="--seniors 500000 --database postgresql"

Every page is measured twice, on a real database with the demo city in it (the home county's rounds planned, meals
booked): `wsgi` is the application alone (routing, session, guard, template; no socket); `served` is what a browser
waits for, through one gunicorn worker of one thread over a connection that stays open. The bare page is a Flask
application with Flask-SQLAlchemy on the same database, in the same worker, asked for in the same way and in turn with
the others, so that a busy machine slows all alike. --url names a database of your own, which is filled if it is empty
and kept.
"""

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "platform"), str(HERE.parent), str(HERE)]

import served  # noqa: E402
import sqlalchemy as sa  # noqa: E402  after the path
from flask import Flask, url_for  # noqa: E402
from flask_migrate import upgrade  # noqa: E402
from rich.console import Console  # noqa: E402
from werkzeug.test import Client  # noqa: E402

from commands.progress import Bars  # noqa: E402
from demo import accounts, dining, history, walking  # noqa: E402
from demo import load as loading  # noqa: E402
from demo.clock import Moments  # noqa: E402
from demo.people import senior_id  # noqa: E402
from demo.shape import HOME_COUNTY  # noqa: E402
from domain.times import utc_now  # noqa: E402
from extensions import db  # noqa: E402
from models import Meal, Proposal, User  # noqa: E402
from settings import Settings, database_url  # noqa: E402
from tests.postgres import Server  # noqa: E402
from tests.statements import counted  # noqa: E402

AIM = 5.0


@dataclass(slots=True)
class Case:
    """One page: how it is asked for, and what was measured."""

    name: str
    client: Client
    url: str
    cookie: str
    times: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure; 1 if a page is dearer than AIM times the bare page."""
    parser = argparse.ArgumentParser(prog="pages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seniors", type=int, default=30_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--url", help="a database of your own, instead of a new one")
    parser.add_argument("--rounds", type=int, default=60, help="how often each page is asked for")
    parser.add_argument("--show", action="store_true", help="print the statements of pages that miss the aim")
    options = parser.parse_args(argv)
    wanted = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    missed = 0
    for kind in ["given"] if options.url else wanted:
        with _database(kind, options.url) as (url, folder):
            missed += _measure(url, folder, options)
    return 1 if missed else 0


@contextmanager
def _database(kind: str, given: str | None) -> Iterator[tuple[str, Path]]:
    with tempfile.TemporaryDirectory(prefix="yannian-bench-") as name:
        folder = Path(name)
        if given:
            yield database_url(Settings(database_url=given), folder), folder
        elif kind == "sqlite":
            yield f"sqlite:///{folder / 'bench.sqlite3'}", folder
        else:
            server = Server()
            server.start()
            try:
                yield server.url, folder
            finally:
                server.remove()


def _measure(url: str, folder: Path, options: argparse.Namespace) -> int:
    app = served.yannian(url, str(folder))
    with app.app_context():
        upgrade()
        _fill(options.seniors)
        dialect = db.engine.dialect.name
        cases = [Case("bare SELECT 1", Client(served.bare(url)), served.BARE, ""), *_pages(app)]
        db.session.remove()
    _run(app, cases, options.rounds)
    _serve(url, folder, cases, options.rounds)
    print(f"\n{dialect}, {options.seniors:,} seniors, each page {options.rounds} times; ms")
    print(f"{'':<16}{'wsgi p50':>10}{'p95':>8}{'× bare':>8}{'served p50':>12}{'p95':>8}{'× bare':>8}{'statements':>12}")
    missed = sum(_print(case, cases[0], show=options.show) for case in cases)
    with app.app_context():
        db.engine.dispose()
    return missed


def _print(case: Case, bare: Case, *, show: bool) -> bool:
    """A line of the table; whether the page, as it is served, is over the aim."""
    ways = ((case.times, bare.times), (case.served, bare.served))
    ratios = [statistics.median(its) / statistics.median(plain) for its, plain in ways]
    line = f"{case.name:<16}"
    for wide, (its, _plain), ratio in zip((10, 12), ways, ratios, strict=True):
        p50, p95 = statistics.median(its) * 1000, sorted(its)[int(len(its) * 0.95)] * 1000
        line += f"{p50:>{wide}.2f}{p95:>8.2f}{ratio:>8.1f}"
    is_over = ratios[-1] > AIM
    print(f"{line}{len(case.statements) or 1:>12}{'  over the aim' if is_over else ''}")
    for text in case.statements if show and is_over else ():
        print("    " + " ".join(text.split())[:200])
    return is_over


def _fill(seniors: int) -> None:
    """The city, four weeks of visits, today's rounds of the home county, and meals."""
    now = utc_now()
    moments = Moments(now)
    with Bars(Console(stderr=True), {}) as bars:
        loading.load(seniors, now=now, progress=bars)
        history.make_due(moments.today, now)
        for _count in history.report(moments.today):
            pass
        dining.open_kitchens(moments)
        dining.book(dining.orders(moments)[:400], tell=lambda: None)
        orders = walking.unplanned([walking.Order(HOME_COUNTY, moments.today, now)])
        walking.plan(orders, workers=1, osrm_url="", tell=lambda: None)
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")


def _pages(app: Flask) -> list[Case]:
    today = Moments(utc_now()).today
    with app.test_request_context():
        proposal = db.session.scalars(sa.select(Proposal.id).order_by(Proposal.id.desc()).limit(1)).one()
        urls: list[tuple[str, str, str]] = [
            ("home", "city", url_for("homes.show")),
            ("home (county)", "county", url_for("homes.show")),
            ("search name", "city", url_for("seniors.index", q="张玉兰")),
            ("search pinyin", "city", url_for("seniors.index", q="zyl")),
            ("search phone", "county", url_for("seniors.index", q="1234")),
            ("seniors", "city", url_for("seniors.index")),
            ("senior", "city", url_for("seniors.show", senior_id=senior_id(0))),
            ("roster", "centre", url_for("rosters.show", centre_id=accounts.HOME_CENTRE)),
            ("round (helper)", "helper", url_for("visits.today")),
            ("round (plan)", "dispatcher", url_for("rounds.show", proposal_id=proposal)),
            ("booking", "family", url_for("meals.show", senior_id=senior_id(0), on=today + timedelta(days=2),
                                          meal=Meal.LUNCH.value)),
        ]  # fmt: skip
    users = {user.user_name: user for user in db.session.scalars(sa.select(User).where(User.is_demo))}
    return [_signed_in(app, name, users[who], url) for name, who, url in urls]


def _signed_in(app: Flask, name: str, user: User, url: str) -> Case:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = serializer.dumps({"_user_id": user.get_id(), "_fresh": True, "seen": utc_now().timestamp()})
    client, cookie = Client(app), app.config["SESSION_COOKIE_NAME"]
    client.set_cookie(cookie, value)
    return Case(name, client, url, f"{cookie}={value}")


def _run(app: Flask, cases: list[Case], rounds: int) -> None:
    """Ask for every page in turn, so that all meet the same machine; the first three rounds warm up."""
    for case in cases[1:]:
        with app.app_context(), counted(db.engine) as sent:
            answer = case.client.get(case.url)
        if answer.status_code != 200:
            raise SystemExit(f"{case.name} {case.url} answers {answer.status_code}")
        case.statements = sent.texts
    gc.collect()
    for number in range(rounds + 3):
        for case in cases:
            seconds = _timed(lambda case=case: case.client.get(case.url))
            if number >= 3:
                case.times.append(seconds)


def _serve(url: str, folder: Path, cases: list[Case], rounds: int) -> None:
    """The same through a web server."""
    with served.server(url, folder) as connection:
        for number in range(rounds + 3):
            for case in cases:
                seconds = _timed(lambda case=case: served.fetch(connection, case.url, case.cookie))
                if number >= 3:
                    case.served.append(seconds)


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
