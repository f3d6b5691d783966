"""The pages and the bare page behind one web server, for the benchmark `pages`: what somebody's browser waits for."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "platform"), str(HERE.parent)]

import sqlalchemy as sa  # noqa: E402  after the path
from flask import Flask  # noqa: E402
from flask_sqlalchemy import SQLAlchemy  # noqa: E402

from application import create_app  # noqa: E402
from settings import Settings  # noqa: E402
from tests.postgres import _free_port as free_port  # noqa: E402

BARE = "/bare"
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def yannian(url: str, folder: str) -> Flask:
    """The platform on the benchmark's database."""
    return create_app(Settings(mode="test", database_url=url, password_cost=1), Path(folder))


def bare(url: str) -> Flask:
    """The page everything is compared with."""
    plain = SQLAlchemy()
    app = Flask("bare")
    app.config.update(SQLALCHEMY_DATABASE_URI=url)
    plain.init_app(app)

    @app.get(BARE)
    def one() -> str:
        return f"<p>{plain.session.scalar(sa.select(1))}</p>"

    return app


def both(url: str, folder: str) -> Wsgi:
    """Both in one worker, told apart by the path before either sees the request."""
    ours, theirs = yannian(url, folder), bare(url)

    def choose(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (theirs if environ["PATH_INFO"] == BARE else ours)(environ, start_response)

    return choose


@contextmanager
def server(url: str, folder: Path) -> Iterator[http.client.HTTPConnection]:
    """One gunicorn worker with one thread, and one connection to it that stays open."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", f"served:both({url!r}, {str(folder)!r})", "--pythonpath", str(HERE),
        "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1", "--threads", "1",
        "--keep-alive", "60", "--log-level", "error",
    ]  # fmt: skip
    running = subprocess.Popen(command, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        yield _connected(port, running)
    finally:
        running.terminate()
        running.wait(timeout=30)


def _connected(port: int, running: subprocess.Popen[bytes]) -> http.client.HTTPConnection:
    for _attempt in range(300):
        if running.poll() is not None:
            raise SystemExit("the web server of the benchmark did not start")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.connect()
        except OSError:
            time.sleep(0.2)
        else:
            return connection
    raise SystemExit("the web server of the benchmark does not answer")


def fetch(connection: http.client.HTTPConnection, path: str, cookie: str) -> None:
    """Ask for a page and read all of it."""
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path} answers {answer.status} when it is served")
