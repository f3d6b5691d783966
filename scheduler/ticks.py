"""What the clock does, and how often: (name, seconds, act). An act runs in an application context and opens its own
transactions; it must end by itself and may run in any number of processes at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app

from domain.times import local, local_day, utc_now
from extensions import db, unit_of_work
from gateways.travel import travel_model
from services import attendance, audit, calendar_visits, kitchens, status, tallies, travel_learning, visits, visits_due
from services.messages import heartbeats
from services.messages.sender import Sender


@dataclass(frozen=True, slots=True)
class Tick:
    """One thing done again and again, `seconds` apart (jittered by a tenth)."""

    name: str
    seconds: float
    act: Callable[[], object]


def make_visits_due() -> int:
    """The visits that plans and rules ask for."""
    today, made = local_day(utc_now()), 0
    with unit_of_work():
        visits_due.take_back_unserved(today)
    with unit_of_work():
        visits.call_off_unserved(today, now=utc_now())
    while True:
        with unit_of_work():
            batch = visits_due.make_due(today, now=utc_now())
        made += batch.visits
        if not batch.plans:
            return made + _make_extra_visits(today)


def _make_extra_visits(today: date) -> int:
    """One visit more for a festival or a weather notice."""
    made, place = 0, calendar_visits.START
    while True:
        with unit_of_work():
            step = calendar_visits.make(today, place, now=utc_now())
        made += step.visits
        if step.next is None:
            return made
        place = step.next


def open_meals() -> int:
    """Meal services of the days ahead."""
    with unit_of_work():
        return kitchens.open_services(local_day(utc_now()))


def close_meals() -> int:
    """Meal services whose cut-off has passed."""
    with unit_of_work():
        return kitchens.close_due_services(utc_now())


def look_for_missing() -> int:
    """Who is expected at a centre and has not come becomes an alert."""
    with unit_of_work():
        return attendance.alert_missing(utc_now())


def settle_statuses() -> int:
    """Seniors whose stay or pause began or ended with the day."""
    with unit_of_work():
        return status.settle_today(utc_now())


def seal_audit() -> int:
    """New audit entries into the chain."""
    with unit_of_work():
        return audit.seal(utc_now())


def count_tallies() -> int:
    """The visit rate of this month, for the first pages of the offices."""
    now = utc_now()
    with unit_of_work():
        return tallies.count_visits(local_day(now), now=now)


_NIGHT = range(1, 5)
_LEARN_AFTER = timedelta(hours=20)


def learn_travel() -> int:
    """How long ways take, once a night, from the arrivals that were logged; returns how many pairs are known."""
    now = utc_now()
    learned_at = travel_learning.learned_at()
    if local(now).hour not in _NIGHT or (learned_at is not None and now - learned_at < _LEARN_AFTER):
        return 0
    seen = travel_learning.observe(travel_model(current_app.extensions["settings"].osrm_url), today=local_day(now))
    db.session.remove()
    with unit_of_work():
        return travel_learning.learn(seen, now=now).pairs


TICKS: list[Tick] = [
    Tick("visits_due", 600, make_visits_due),
    Tick("meals_open", 900, open_meals),
    Tick("meals_close", 30, close_meals),
    Tick("tallies", 600, count_tallies),
    Tick("roster_missing", 600, look_for_missing),
    Tick("senior_status", 900, settle_statuses),
    Tick("audit_seal", 60, seal_audit),
    Tick("travel_learn", 1800, learn_travel),
]
"""Add a tick here."""


def ticks_of(sender: Sender, ages: Callable[[], dict[str, float]]) -> list[Tick]:
    """All ticks of a process: the texts' own, with its sender, and those above."""
    return [
        Tick("heartbeat", 5, lambda: heartbeats.beat(sender.owner, ages())),
        Tick("dispatch", 2, sender.dispatch),
        Tick("doubts", 5, sender.settle_doubts),
        Tick("plan", 60, sender.plan),
        Tick("poll", 60, sender.poll),
        Tick("expire", 60, sender.expire),
        *TICKS,
    ]
