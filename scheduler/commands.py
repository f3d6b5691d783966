"""`flask scheduler …`: the clock as a process."""

import logging
import signal
import sys
import threading

import click
from flask import current_app
from flask.cli import AppGroup

from extensions import db
from services.messages import heartbeats
from services.messages.sender import sender_of

from .clock import Clock
from .ticks import ticks_of

scheduler_group = AppGroup("scheduler", help="The clock that plans, sends and reminds.")


@scheduler_group.command("run")
def run() -> None:
    """Run the ticks until SIGTERM or Ctrl-C; any number of these may run, on any number of machines."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own recipe
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_given: stop.set())
    sender = sender_of(app.extensions["settings"], should_stop=stop.is_set)
    sender.prepare()
    db.session.remove()
    clock = Clock(app, stop)
    clock.add(ticks_of(sender, clock.ages))
    click.echo(f"scheduler {sender.owner}: started")
    clock.run()
    heartbeats.gone(sender.owner)
    click.echo(f"scheduler {sender.owner}: stopped")
    sys.exit(0)


@scheduler_group.command("status")
def status() -> None:
    """Which schedulers are alive; exits with 1 if none is."""
    found = heartbeats.alive()
    for one in found:
        click.echo(f"{one.owner}  since {one.started_at:%Y-%m-%d %H:%M}Z  seen {one.seen_at:%H:%M:%S}Z")
    if not found:
        click.echo("no scheduler is alive: start one with `flask scheduler run`")
        sys.exit(1)
