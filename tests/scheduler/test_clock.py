"""The clock: ticks come, failures do not stop them, a step of the wall clock is noticed, a hang ends the process."""

import threading
import time

import pytest

from scheduler import clock as clocks
from scheduler.clock import Clock
from scheduler.ticks import TICKS, Tick, ticks_of
from tests.messages import make_gateway


@pytest.fixture
def stop():
    event = threading.Event()
    yield event
    event.set()


def run_for(clock: Clock, stop: threading.Event, seconds: float) -> list[int]:
    """The exit codes it asked for."""
    codes: list[int] = []
    threading.Timer(seconds, stop.set).start()
    clock.run(exit_now=codes.append)
    return codes


def test_ticks_come_again_and_again_and_one_that_fails_comes_again_too(app, stop):
    counts = {"good": 0, "bad": 0}

    def good() -> None:
        counts["good"] += 1

    def bad() -> None:
        counts["bad"] += 1
        raise RuntimeError("this tick fails")

    clock = Clock(app, stop)
    clock.add([Tick("good", 0.2, good), Tick("bad", 0.2, bad)])
    assert run_for(clock, stop, 1.5) == []
    assert counts["good"] >= 3
    assert counts["bad"] >= 3


def test_a_tick_never_runs_twice_at_once(app, stop):
    running, most = 0, 0

    def slow() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.5)
        running -= 1

    clock = Clock(app, stop)
    clock.add([Tick("slow", 0.1, slow)])
    run_for(clock, stop, 1.5)
    assert most == 1


def test_a_tick_that_should_have_come_is_started_by_the_watchdog(app, stop, monkeypatch):
    monkeypatch.setattr(clocks, "LATE_S", 0.5)
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1

    clock = Clock(app, stop)
    clock.add([Tick("tick", 0.2, tick)])
    threading.Timer(0.7, lambda: clock._timer.modify_job("tick", next_run_time=_in_an_hour())).start()
    run_for(clock, stop, 4.0)
    assert count >= 5, "as after a step of the wall clock back by an hour"


def _in_an_hour():
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) + timedelta(hours=1)


def test_a_tick_that_hangs_ends_the_process(app, stop, monkeypatch):
    monkeypatch.setattr(clocks, "HUNG_S", 0.5)
    monkeypatch.setattr(clocks, "STOP_S", 0.1)
    released = threading.Event()
    clock = Clock(app, stop)
    clock.add([Tick("hangs", 0.1, released.wait)])
    assert run_for(clock, stop, 6.0) == [clocks.HUNG_CODE]
    released.set()
    clock._timer.shutdown(wait=True)


def test_a_stop_waits_for_the_work_in_hand_and_leaves_when_it_takes_too_long(app, stop, monkeypatch):
    done = []
    clock = Clock(app, stop)
    clock.add([Tick("work", 5, lambda: (time.sleep(1.0), done.append(1)))])
    assert run_for(clock, stop, 0.4) == []
    assert done == [1]


def test_the_ticks_of_the_design_are_all_there(app):
    from services.messages.sender import Sender

    sender = Sender(gateway=make_gateway("http://127.0.0.1:9"), callback_base="")
    every = {tick.name: tick.seconds for tick in ticks_of(sender, dict)}
    assert {name: every[name] for name in ("plan", "dispatch", "doubts", "poll", "expire", "heartbeat")} == {
        "plan": 60, "dispatch": 2, "doubts": 5, "poll": 60, "expire": 60, "heartbeat": 5,
    }  # fmt: skip
    assert {tick.name for tick in TICKS} >= {"visits_due", "meals_close", "audit_seal"}
