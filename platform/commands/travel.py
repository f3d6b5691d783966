"""`flask travel …`: learning travel times from the shell."""

import time

import click
from flask import current_app
from flask.cli import AppGroup

from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from gateways.travel import travel_model
from services import travel_learning

travel_group = AppGroup("travel", help="Travel times: what logged arrivals teach.")


@travel_group.command("learn")
def learn() -> None:
    """Learn from the arrivals of the last season. May run any number of times."""
    now, begun = utc_now(), time.monotonic()
    model = travel_model(current_app.extensions["settings"].osrm_url)
    seen = travel_learning.observe(model, today=local_day(now))
    db.session.remove()
    with unit_of_work():
        learnt = travel_learning.learn(seen, now=now)
    took = time.monotonic() - begun
    click.echo(f"{learnt.legs} legs: {learnt.pairs} pairs of townships, {learnt.counties} counties; {took:.1f} s.")
