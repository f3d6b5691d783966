"""A search in the background of this web process: a page may not wait for it, and may not lose it either.

The thread is an edge: it opens its own transactions. Every second it writes how it goes and reads whether to stop;
if the process dies, the signs of life stop and the page says so.
"""

import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Flask

from dispatch import Limit, Progress
from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from policy import Actor
from services import round_again, round_days, round_search, travel
from services.round_again import Again

PLACES = "round_searches"


@dataclass(frozen=True, slots=True)
class Order:
    """What to search for, and for whom."""

    proposal_id: uuid.UUID
    division_code: str
    on: date
    seconds: float
    seed: int
    by: Actor
    again: Again = field(default_factory=Again)


def start(app: Flask, order: Order) -> None:
    """Search in a thread; at most as many at once as the setting allows, the others wait their turn."""
    app.extensions.setdefault(PLACES, threading.BoundedSemaphore(app.extensions["settings"].planning_workers))
    thread = threading.Thread(target=_run, args=(app, order), name=f"rounds-{order.proposal_id}", daemon=True)
    thread.start()


def _run(app: Flask, order: Order) -> None:
    with app.app_context():
        try:
            _wait_for_a_place(app, order)
            try:
                _search(app, order)
            finally:
                app.extensions[PLACES].release()
        except Refusal as refusal:
            app.logger.warning("planning %s for %s: %s", order.division_code, order.on, refusal.sentence)
            _give_up(order)
        except Exception:
            app.logger.exception("planning %s for %s failed", order.division_code, order.on)
            _give_up(order)
        finally:
            db.session.remove()


def _wait_for_a_place(app: Flask, order: Order) -> None:
    while not app.extensions[PLACES].acquire(timeout=2):
        with unit_of_work():
            round_search.tell(order.proposal_id, {}, now=utc_now())


def _give_up(order: Order) -> None:
    with unit_of_work():
        round_search.give_up(order.proposal_id, now=utc_now())


def _search(app: Flask, order: Order) -> None:
    model = travel.model_for(order.division_code, order.on, osrm_url=app.extensions["settings"].osrm_url)
    today = local_day(utc_now())
    day = round_days.prepare(order.division_code, order.on, today=today, travel=model)
    day = round_again.shaped(day, order.again)
    db.session.remove()
    reporter = _Reporter(order.proposal_id)
    limit = Limit(seconds=order.seconds, cancelled=lambda: reporter.is_stop_asked)
    started = time.monotonic()
    plan, nearest = round_again.search(day.problem, limit, order.again, seed=order.seed, progress=reporter)
    took = time.monotonic() - started
    with unit_of_work():
        round_search.keep(
            day, plan, nearest, seed=order.seed, seconds=took, proposal_id=order.proposal_id, by=order.by, now=utc_now()
        )


class _Reporter:
    """Writes the progress, at most once a second."""

    def __init__(self, proposal_id: uuid.UUID) -> None:
        self.is_stop_asked = False
        self._proposal_id = proposal_id
        self._told = 0.0
        self._history: list[list[float]] = []

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._told < 1:
            return
        self._told = time.monotonic()
        self._history = with_point(self._history, progress)
        row = as_row(progress) | {"history": self._history}
        with unit_of_work():
            self.is_stop_asked = round_search.tell(self._proposal_id, row, now=utc_now())


POINTS = 120
"""Of a search's curve at most; beyond, every second one goes."""


def with_point(history: list[list[float]], progress: Progress) -> list[list[float]]:
    """The curve with one more point: seconds, cost, visits placed."""
    kept = [*history, [round(progress.seconds, 1), progress.cost, progress.served]]
    return kept if len(kept) <= POINTS else [*kept[0:-1:2], kept[-1]]


def as_row(progress: Progress) -> dict[str, Any]:
    """What is stored of a progress."""
    return {
        "seconds": round(progress.seconds, 1),
        "cost": progress.cost,
        "served": progress.served,
        "visits": progress.visits,
    }
