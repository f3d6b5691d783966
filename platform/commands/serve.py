"""`flask serve`: web server, scheduler and (in demo mode) the sandbox as one thing that starts and ends together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
from flask import current_app
from flask_babel import get_locale
from rich import box
from rich.console import Console
from rich.table import Table

from demo import accounts
from extensions.babel import gettext as _

from .children import Program, Supervisor
from .languages import speaking

console = Console(highlight=False)
_FLASK = (sys.executable, "-m", "flask")


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="The web server's port on 127.0.0.1.")
@click.option("--sandbox-port", default=0, help="The SMS sandbox's port; by default the one after the web server's.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web worker processes.")
@click.option("--day", is_flag=True, help="Run the demo city's day once everything is up.")
@speaking
def serve(port: int, sandbox_port: int, workers: int, *, day: bool) -> None:
    """Serve everything at one address until Ctrl-C."""
    sandbox_port = sandbox_port or port + 1
    for taken in (port, sandbox_port):
        if not _is_free(taken):
            console.print(
                _("端口 %(port)d 已被占用。请换一个，例如：make run PORT=%(other)d", port=taken, other=port + 10)
            )
            raise SystemExit(1)
    folder = Path(current_app.instance_path)
    env = _environment(folder, port, sandbox_port)
    supervisor = Supervisor(_programs(port, sandbox_port, workers, env, folder / "logs"), _note)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, supervisor.stop)
    try:
        supervisor.start()
        if _wait_until_up(f"{env['PUBLIC_URL']}/healthz", supervisor):
            if day:
                _run_day(env, supervisor)
            supervisor.add(Program("scheduler", (*_FLASK, "scheduler", "run"), env, folder / "logs" / "scheduler.log"))
            _greet(env, folder / "logs")
            supervisor.run()
    finally:
        console.print(_("正在停止……"))
        supervisor.end()
        console.print(_("都停好了。数据在 %(folder)s，下次接着用。", folder=str(folder)))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _environment(folder: Path, port: int, sandbox_port: int) -> dict[str, str]:
    """What the children are started with: the addresses they find each other at, and a clean folder of metrics."""
    metrics = folder / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir(parents=True)
    ours = {
        "FLASK_APP": "wsgi",
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "SANDBOX_URL": f"http://127.0.0.1:{sandbox_port}",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    if not current_app.extensions["settings"].is_production:
        ours["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    return {"PUBLIC_URL": current_app.extensions["settings"].public_url, **os.environ, **ours}


def _programs(port: int, sandbox_port: int, workers: int, env: dict[str, str], logs: Path) -> list[Program]:
    web = (
        sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", str(workers), "--threads", "8", "--graceful-timeout", "10", "--preload",
    )  # fmt: skip
    programs = [Program("web", web, env, logs / "web.log")]
    if current_app.extensions["settings"].sms_gateway == "sandbox":
        sandbox = (*_FLASK, "sandbox", "run", "--port", str(sandbox_port))
        programs.insert(0, Program("sandbox", sandbox, env, logs / "sandbox.log"))
    return programs


def _note(name: str, code: int, pause: float) -> None:
    console.print(_("%(name)s 停了（代码 %(code)d），%(pause).0f 秒后重新启动。", name=name, code=code, pause=pause))


def _wait_until_up(url: str, supervisor: Supervisor) -> bool:
    """Whether the web server answered before somebody stopped us."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not supervisor.is_stopping:
        try:
            opener.open(url, timeout=5).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return True
        except OSError:
            supervisor.look()
            time.sleep(0.2)
        else:
            return True
    return False


def _run_day(env: dict[str, str], supervisor: Supervisor) -> None:
    """The day as a process of its own, on this console. No scheduler runs yet: the day has a clock of its own."""
    command = [*_FLASK, "demo", "day", "--language", str(get_locale())]
    running = subprocess.Popen(command, env=env, start_new_session=True)
    while running.poll() is None:
        if supervisor.is_stopping:
            os.killpg(running.pid, signal.SIGTERM)
            running.wait()
        supervisor.look()
        time.sleep(0.1)


def _greet(env: dict[str, str], logs: Path) -> None:
    console.print()
    console.print(_("延年已经在运行：%(url)s", url=env["PUBLIC_URL"]), style="bold green")
    if current_app.extensions["settings"].sms_gateway == "sandbox":
        console.print(_("老人的手机屏幕：%(url)s", url=f"{env['PUBLIC_URL']}/phones"))
    if current_app.extensions["settings"].is_demo:
        table = Table(
            box=box.SIMPLE, title=_("演示账号，密码都是 %(password)s", password=accounts.PASSWORD), title_justify="left"
        )
        for heading in (_("用户名"), _("角色"), _("能看到")):
            table.add_column(heading)
        for account in accounts.for_sign_in():
            table.add_row(account.user_name, account.role, account.sees)
        console.print(table)
    console.print(_("在浏览器里打开 %(url)s", url=env["PUBLIC_URL"]), style="bold green")
    console.print(_("日志在 %(folder)s。按 Ctrl-C 停止。", folder=str(logs)))
