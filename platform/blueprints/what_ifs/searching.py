"""Answering a question in the background of this web process, the way a proposal is searched for."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from dispatch import Limit, Progress, solve
from domain.errors import Refusal
from domain.times import local_day, utc_now
from extensions import db, unit_of_work
from gateways.travel import TravelModel
from models import Question, RiskTier, WhatIf
from services import imagined_days, needed_helpers, travel, what_ifs

SECONDS = 4.0
"""For each of the two plans of a question: the same, so that they can be compared."""
SEED = 1
_PLACES = "what_if_searches"


@dataclass(frozen=True, slots=True)
class _Search:
    app: Flask
    what_if_id: uuid.UUID

    def tell(self, **progress: int | float | str) -> None:
        with unit_of_work():
            what_ifs.tell(self.what_if_id, progress, now=utc_now())


def start(app: Flask, what_if_id: uuid.UUID) -> None:
    """Search in a thread; as many at once as the setting allows plans, the others wait their turn."""
    app.extensions.setdefault(_PLACES, threading.BoundedSemaphore(app.extensions["settings"].planning_workers))
    name = f"what-if-{what_if_id}"
    threading.Thread(target=_run, args=(_Search(app, what_if_id),), name=name, daemon=True).start()


def _run(search: _Search) -> None:
    with search.app.app_context():
        try:
            while not search.app.extensions[_PLACES].acquire(timeout=2):
                search.tell()
            try:
                _answer(search)
            finally:
                search.app.extensions[_PLACES].release()
        except Refusal as refusal:
            _give_up(search, " ".join(filter(None, (refusal.sentence, refusal.suggestion))))
        except Exception:
            search.app.logger.exception("question %s failed", search.what_if_id)
            _give_up(search, "")
        finally:
            db.session.remove()


def _give_up(search: _Search, sentence: str) -> None:
    with unit_of_work():
        what_ifs.give_up(search.what_if_id, sentence, now=utc_now())


def _answer(search: _Search) -> None:
    what_if = what_ifs.load(search.what_if_id)
    osrm_url = search.app.extensions["settings"].osrm_url
    model = travel.model_for(what_if.division_code, what_if.on, osrm_url=osrm_url)
    if what_if.question is Question.FREQUENCY:
        _needed(search, what_if, model)
    else:
        _pair(search, what_if, model)


def _pair(search: _Search, what_if: WhatIf, model: TravelModel) -> None:
    pair = imagined_days.read(what_if, today=local_day(utc_now()), travel=model)
    db.session.remove()
    limit = Limit(seconds=SECONDS)
    plans = [
        solve(day.problem, limit, seed=SEED, progress=_every_second(search, number))
        for number, day in enumerate((pair.base, pair.variant), 1)
    ]
    with unit_of_work():
        what_ifs.answer_pair(search.what_if_id, pair, *plans, seconds=SECONDS, now=utc_now())


def _every_second(search: _Search, number: int) -> Callable[[Progress], None]:
    told = [0.0]

    def show(progress: Progress) -> None:
        if time.monotonic() - told[0] >= 1:
            told[0] = time.monotonic()
            done = (number - 1) * SECONDS + min(progress.seconds, SECONDS)
            search.tell(done=round(100 * done / (2 * SECONDS)))

    return show


def _needed(search: _Search, what_if: WhatIf, model: TravelModel) -> None:
    started = time.monotonic()
    tier = RiskTier(what_if.tier) if what_if.tier else None
    week = needed_helpers.week(what_if.division_code, what_if.on, tier, what_if.every_days or 7)
    sizes = week.by_size()
    days = [sizes[len(sizes) // 2], sizes[-1]]
    problems = [needed_helpers.problem_of(what_if.division_code, what_if.on, week, day, model) for day in days]
    db.session.remove()

    def tell(tries: int, helpers: int, left_out: int) -> None:
        search.tell(tries=tries, helpers=helpers, left_out=left_out)

    needed = needed_helpers.search(problems, seed=SEED, tell=tell)
    with unit_of_work():
        took = time.monotonic() - started
        what_ifs.answer_needed(search.what_if_id, week, needed, seconds=took, now=utc_now())
