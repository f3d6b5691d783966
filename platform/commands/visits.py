"""`flask visits …`: making visits due from the shell."""

from datetime import datetime

import click
from flask.cli import AppGroup

from domain.times import local_day, utc_now
from extensions import unit_of_work
from services import calendar_visits, visits_due

visits_group = AppGroup("visits", help="Visits: what is due.")


@visits_group.command("due")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The city's day; today if not given.")
@click.option("--days", default=visits_due.HORIZON_DAYS, show_default=True, help="How far ahead.")
def due(on: datetime | None, days: int) -> None:
    """Make the visits due that plans and rules ask for. May run any number of times."""
    today = on.date() if on else local_day(utc_now())
    plans = visits = 0
    with unit_of_work():
        taken = visits_due.take_back_unserved(today, days)
    while True:
        with unit_of_work():
            made = visits_due.make_due(today, days, now=utc_now())
        if not made.plans:
            break
        plans, visits = plans + made.plans, visits + made.visits
    place: calendar_visits.Place | None = calendar_visits.START
    while place is not None:
        with unit_of_work():
            extra = calendar_visits.make(today, place, days, now=utc_now())
        visits, place = visits + extra.visits, extra.next
    click.echo(f"{today}: {plans} plans looked at, {visits} visits made due, {taken} taken back.")
