"""Real processes for tests: our own servers, each in a process group of its own that ends with the test."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE_S = 60


def environment(database_url: str, **changes: str) -> dict[str, str]:
    """What a process of ours is started with: the test's database, cheap passwords, no proxy in between."""
    ours = {
        "YANNIAN_MODE": "test",
        "DATABASE_URL": database_url,
        "PASSWORD_COST": "1",
        "PYTHONUNBUFFERED": "1",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    return {**os.environ, **ours, **changes}


@contextmanager
def process(
    *command: str, env: Mapping[str, str], log: Path, pass_fds: tuple[int, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m …` from the top of the project; at the end SIGTERM to its group, SIGKILL if it will not go."""
    with log.open("ab") as output:
        running = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT, env=dict(env), stdout=output, stderr=output, start_new_session=True, pass_fds=pass_fds,
        )  # fmt: skip
    try:
        yield running
    finally:
        end(running)


def end(running: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the whole group, then SIGKILL to what is left of it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(running.pid, number)
        except ProcessLookupError:
            break
        try:
            running.wait(timeout=10)
            break
        except subprocess.TimeoutExpired:
            continue
    running.wait(timeout=10)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_answers(url: str, log: Path) -> None:
    """Return once `url` answers anything at all; fail with the process's own words if it does not."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=_PATIENCE_S).close()
    except urllib.error.HTTPError as answer:
        answer.close()
    except OSError as error:
        raise AssertionError(f"{url} does not answer ({error}):\n{log.read_text()[-4000:]}") from error


@contextmanager
def web_server(database_url: str, log: Path, **changes: str) -> Iterator[str]:
    """A real gunicorn on loopback; gives its address. The socket is opened here, so no port is lost to a race."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.set_inheritable(True)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = ("gunicorn", "wsgi:app", "--bind", f"fd://{listener.fileno()}", "--worker-class", "gthread",
                   "--threads", "8", "--graceful-timeout", "2", "--log-level", "warning")  # fmt: skip
        env = environment(database_url, PUBLIC_URL=url, **changes)
        with process(*command, env=env, log=log, pass_fds=(listener.fileno(),)):
            wait_until_answers(f"{url}/sign-in", log)
            yield url
