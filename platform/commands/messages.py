"""`flask messages …` and `flask sandbox …`: looking after texts from the shell."""

import signal
import sys
import threading
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from gateways.sms import Unreachable
from gateways.sms.sandbox import Sandbox
from services.messages import auditing
from services.messages.sender import sender_of

messages_group = AppGroup("messages", help="Texts: the nightly audit.")
sandbox_group = AppGroup("sandbox", help="The SMS sandbox: a provider on this machine.")


@messages_group.command("audit")
@click.option("--hours", default=26, show_default=True, help="How far back.")
def audit(hours: int) -> None:
    """Whether the provider has every sent text exactly once; exits with 1 if not."""
    sender = sender_of(current_app.extensions["settings"])
    try:
        found = auditing.compare(sender.gateway, hours=hours)
    except Unreachable as error:
        click.echo(f"the provider cannot be asked: {error}")
        sys.exit(2)
    click.echo(f"{found.texts} texts to {found.numbers} numbers: {len(found.lost)} lost, {len(found.doubled)} doubled.")
    for kind, ids in (("lost", found.lost), ("doubled", found.doubled)):
        for message_id in ids:
            click.echo(f"  {kind}: message {message_id}")
    sys.exit(1 if found.lost or found.doubled else 0)


@sandbox_group.command("run")
@click.option("--port", default=8001, show_default=True, help="On 127.0.0.1.")
@click.option("--file", "path", type=click.Path(path_type=Path), help="Where texts are kept; instance/sandbox.sqlite3.")
@click.option("--memory", is_flag=True, help="Keep nothing.")
def run(port: int, path: Path | None, *, memory: bool) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = current_app.extensions["settings"]
    kept = None if memory else path or Path(current_app.instance_path) / "sandbox.sqlite3"
    sandbox = Sandbox(
        account_sid=settings.twilio_account_sid, auth_token=settings.twilio_auth_token, port=port, path=kept
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_given: stop.set())
    sandbox.start()
    click.echo(f"sandbox: {sandbox.url}")
    stop.wait()
    sandbox.stop()
