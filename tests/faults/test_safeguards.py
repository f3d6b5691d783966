"""Each safeguard with its mutation: without it, the suite must see texts doubled."""

import signal
import time

import pytest

from extensions import db
from tests.faults.harness import Arena, arena

pytestmark = [pytest.mark.faults, pytest.mark.server]


def _sleep_beyond_the_lease(run: Arena) -> None:
    """A sender sleeps between its claim and its request while another takes over; then it wakes."""
    run.write(1)
    sleeper = run.start(die_at="asleep before the request")
    run.wait(lambda: bool(_claimed()), 20)
    run.start()
    run.wait(lambda: sum(run.sandbox.state.counts().values()) == 1, 30)
    run.kill(sleeper, signal.SIGCONT)
    time.sleep(1.0)
    run.settle()


def _claimed() -> int:
    found = db.session.scalar(db.text("SELECT count(*) FROM messages WHERE status = 'sending'"))
    db.session.remove()
    return int(found or 0)


def test_a_sender_that_slept_beyond_its_lease_does_not_post(app, database):
    with arena(database) as run:
        _sleep_beyond_the_lease(run)
        assert run.report("asleep beyond the lease", faults=1).is_clean


def test_without_the_guard_it_would(app, database):
    with arena(database, mutation="no guard") as run:
        _sleep_beyond_the_lease(run)
        assert run.report("MUTATION no guard", faults=1, must_fail=True).doubled > 0


def test_without_the_settle_window_late_acceptance_doubles(app, database):
    knobs = {"rates": {"late_accept": 0.7}, "late_s": 1.0}
    with arena(database, faults=knobs, terms={"settle_s": 0.0}) as run:
        run.write(8)
        run.start()
        run.settle()
        assert run.report("MUTATION no settle window", must_fail=True).doubled > 0


def test_without_skip_locked_texts_are_claimed_twice(app, database):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no row locks: there BEGIN IMMEDIATE stands in, see the claim races")
    with arena(database, mutation="no SKIP LOCKED") as run:
        run.write(150)
        for _sender in range(4):
            run.start()
        run.settle()
        assert run.report("MUTATION no SKIP LOCKED", faults=4, must_fail=True).doubled > 0
