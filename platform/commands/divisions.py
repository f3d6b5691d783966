"""`flask divisions …`: the reference data every installation begins with."""

import click
from flask.cli import AppGroup

from domain.times import utc_now
from extensions import unit_of_work
from policy import SYSTEM
from services import divisions

divisions_group = AppGroup("divisions", help="The tree of places.")


@divisions_group.command("load")
def load() -> None:
    """Enter the city, its counties and their former codes. What is there already stays."""
    with unit_of_work():
        new = divisions.load_reference(by=SYSTEM, now=utc_now())
    click.echo(f"{new} divisions loaded." if new else "The divisions are there already.")
