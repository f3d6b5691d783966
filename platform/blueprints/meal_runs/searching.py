"""A search for meal runs in the background of this web process, as rounds are searched for, and in the same places.

The thread is an edge: it opens its own transactions. Every second it writes how it goes and reads whether to stop.
"""

import threading
import time
import uuid
from dataclasses import dataclass

from flask import Flask

from blueprints.rounds.searching import PLACES, as_row
from dispatch import Limit, Progress
from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from policy import Actor
from services import joint_plans, meal_run_days, meal_run_search, travel
from services.meal_run_search import Order


@dataclass(frozen=True, slots=True)
class Task:
    """What to search for, and for whom."""

    plan_id: uuid.UUID
    order: Order
    seconds: float
    seed: int
    by: Actor


def start(app: Flask, task: Task) -> None:
    """Search in a thread; at most as many at once as the setting allows, the others wait their turn."""
    app.extensions.setdefault(PLACES, threading.BoundedSemaphore(app.extensions["settings"].planning_workers))
    threading.Thread(target=_run, args=(app, task), name=f"meal-runs-{task.plan_id}", daemon=True).start()


def _run(app: Flask, task: Task) -> None:
    with app.app_context():
        try:
            _wait_for_a_place(app, task)
            try:
                _search(app, task)
            finally:
                app.extensions[PLACES].release()
        except Refusal as refusal:
            app.logger.warning("planning meal runs %s: %s", task.order, refusal.sentence)
            _give_up(task)
        except Exception:
            app.logger.exception("planning meal runs %s failed", task.order)
            _give_up(task)
        finally:
            db.session.remove()


def _wait_for_a_place(app: Flask, task: Task) -> None:
    while not app.extensions[PLACES].acquire(timeout=2):
        with unit_of_work():
            meal_run_search.tell(task.plan_id, {}, now=utc_now())


def _give_up(task: Task) -> None:
    with unit_of_work():
        meal_run_search.give_up(task.plan_id, now=utc_now())


def _search(app: Flask, task: Task) -> None:
    order = task.order
    model = travel.model_for(order.division_code, order.on, osrm_url=app.extensions["settings"].osrm_url)
    day = meal_run_days.prepare(
        order.division_code, order.on, order.meal, canteen_id=order.canteen_id, is_joint=order.is_joint,
        today=local_day(utc_now()), travel=model,
    )  # fmt: skip
    db.session.remove()
    reporter = _Reporter(task.plan_id)
    limit = Limit(seconds=task.seconds, cancelled=lambda: reporter.is_stop_asked)
    started = time.monotonic()
    found = joint_plans.search(day, limit, seed=task.seed, progress=reporter)
    took = time.monotonic() - started
    with unit_of_work():
        meal_run_search.keep(day, found, seed=task.seed, seconds=took, plan_id=task.plan_id, by=task.by, now=utc_now())


class _Reporter:
    """Writes the progress, at most once a second."""

    def __init__(self, plan_id: uuid.UUID) -> None:
        self.is_stop_asked = False
        self._plan_id = plan_id
        self._told = 0.0

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() - self._told < 1:
            return
        self._told = time.monotonic()
        with unit_of_work():
            self.is_stop_asked = meal_run_search.tell(self._plan_id, as_row(progress), now=utc_now())
