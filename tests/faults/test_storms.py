"""Many senders, random kills, a provider that fails a third of its requests."""

import random
import time

import pytest

from tests.faults.harness import arena

pytestmark = [pytest.mark.faults, pytest.mark.server]

THIRD = {
    "429": 0.04, "500_before": 0.03, "500_after": 0.04, "hang_before": 0.02, "hang_after": 0.03, "reset_before": 0.03,
    "reset_after": 0.04, "late_accept": 0.04, "half_answer": 0.03, "html_after": 0.02, "html": 0.02,
}  # fmt: skip


def test_five_senders_randomly_killed_with_a_third_of_the_requests_faulty(app, database, size):
    dice = random.Random(7)
    knobs = {"rates": THIRD, "hang_s": 1.2, "late_s": 0.5, "retry_after_s": 0.2, "list_lag_s": 0.3}
    with arena(database, faults=knobs) as run:
        run.write(100 * size)
        for _sender in range(5):
            run.start()
        end = time.monotonic() + 120 * size
        while run.left() and time.monotonic() < end:
            time.sleep(0.4)
            if run.kills < 25 * size:
                run.kill(dice.choice(run.pids))
                run.start()
        run.settle()
        assert run.report("5 senders killed, a third faulty").is_clean
        assert run.kills >= 10


@pytest.mark.parametrize("kind", ["late_accept", "hang_after", "reset_after", "500_after", "half_answer", "html_after"])
def test_an_answer_nobody_can_trust_is_asked_about(app, database, kind):
    with arena(database, faults={"rates": {kind: 0.5}, "hang_s": 1.2, "late_s": 0.5}) as run:
        run.write(8)
        run.start()
        run.start()
        run.settle()
        assert run.report(f"answers: {kind}").is_clean


def test_a_storm_of_429_loses_nothing(app, database):
    with arena(database, faults={"rates": {"429": 0.8}, "retry_after_s": 0.1}) as run:
        run.write(15)
        run.start()
        run.start()
        run.settle()
        assert run.report("429 storm").is_clean


def test_an_outage_loses_nothing(app, database):
    with arena(database, faults={"rates": {"500_before": 1.0}}) as run:
        run.write(10)
        run.start()
        time.sleep(3)
        run.sandbox.faults.rates.clear()
        run.settle()
        assert run.report("outage").is_clean


def test_permanent_codes_fail_their_texts_and_no_other(app, database):
    with arena(database, faults={"codes": {"2": "21211", "3": "21610", "4": "21614"}}) as run:
        run.write(10)
        run.start()
        run.settle()
        outcome = run.report("permanent codes", faults=3)
        assert outcome.is_clean
        assert sum(run.sandbox.state.counts().values()) == 7
