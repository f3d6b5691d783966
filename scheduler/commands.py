"""`flask scheduler …`: the clock as a process."""

import click
from flask.cli import AppGroup

scheduler_group = AppGroup("scheduler", help="The clock that plans, sends and reminds.")


@scheduler_group.command("run")
def run() -> None:
    """Run the ticks until SIGTERM."""
    click.echo("scheduler")
