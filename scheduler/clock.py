"""The clock of one process: APScheduler as a timer and nothing else, and a watchdog over it.

Jobs live in memory and are declared in code; any number of identical processes may run. The watchdog looks at the
monotonic clock, because a step of the wall clock, or an error inside the timer, stops ticks without a word.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from .ticks import Tick

_log = logging.getLogger("yannian.scheduler")

LATE_S = 60.0
"""A tick this much later than its interval is started by the watchdog."""
HUNG_S = 900.0
"""A tick that runs this long hangs: the process ends, and whoever looks after it starts another."""
STOP_S = 33.0
"""How long a stop waits for the work in hand."""
HUNG_CODE = 70
THREADS = 16


class Clock:
    """Runs ticks until `stop` is set."""

    def __init__(self, app: Flask, stop: threading.Event) -> None:
        self._app = app
        self._stop = stop
        self._ticks: dict[str, Tick] = {}
        self._ended: dict[str, float] = {}
        self._begun: dict[str, float] = {}
        self._nudged: dict[str, float] = {}
        self._timer = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def add(self, ticks: Sequence[Tick]) -> None:
        """What it is to do, before it runs."""
        for tick in ticks:
            self._ticks[tick.name] = tick
            self._ended[tick.name] = time.monotonic()

    def ages(self) -> dict[str, float]:
        """Seconds since each tick last ended well."""
        now = time.monotonic()
        return {name: now - ended for name, ended in self._ended.items()}

    def run(self, *, exit_now: Callable[[int], object] = os._exit) -> None:
        """Tick until stopped; then finish the work in hand, or leave after STOP_S. `exit_now` is for tests."""
        for tick in self._ticks.values():
            self._timer.add_job(
                self._run, "interval", args=[tick], id=tick.name, seconds=tick.seconds, jitter=tick.seconds / 10,
                next_run_time=datetime.now(UTC),
            )  # fmt: skip
        self._timer.start()
        while not self._stop.wait(1.0):
            if self.is_hung():
                exit_now(HUNG_CODE)
                return
        self._finish(exit_now)

    def _finish(self, exit_now: Callable[[int], object]) -> None:
        closing = threading.Thread(target=self._timer.shutdown, kwargs={"wait": True}, daemon=True)
        closing.start()
        closing.join(STOP_S)
        if closing.is_alive():
            _log.warning("the work in hand is not done after %.0f s; its lease will run out", STOP_S)
            exit_now(0)

    def _run(self, tick: Tick) -> None:
        if self._stop.is_set():
            return
        self._begun[tick.name] = time.monotonic()
        try:
            with self._app.app_context():
                tick.act()
            self._ended[tick.name] = time.monotonic()
        except Exception:  # noqa: BLE001  whatever it was, the next tick must come
            _log.exception("tick %s failed; it comes again in %.0f s", tick.name, tick.seconds)
        finally:
            self._begun.pop(tick.name, None)

    def is_hung(self) -> bool:
        """Look at every tick once: start those that should have come, and say whether the process is beyond help."""
        now = time.monotonic()
        for name, tick in self._ticks.items():
            begun = self._begun.get(name)
            if begun is not None:
                if now - begun > HUNG_S:
                    _log.critical("tick %s has run for %.0f s", name, now - begun)
                    return True
                continue
            since = max(self._ended[name], self._nudged.get(name, 0.0))
            if now - since <= tick.seconds * 1.2 + LATE_S:
                continue
            if not self._timer.running:
                _log.critical("the timer has stopped")
                return True
            _log.warning("tick %s has not come for %.0f s; it is started now", name, now - since)
            self._nudged[name] = now
            self._timer.modify_job(name, next_run_time=datetime.now(UTC))
        return False
