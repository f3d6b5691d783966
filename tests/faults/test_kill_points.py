"""kill -9 at exact points of the send: nothing is lost, nothing doubled, whoever takes over."""

import pytest

from tests.faults.harness import arena

pytestmark = [pytest.mark.faults, pytest.mark.server]

POINTS = (
    "claimed, not committed",
    "claim committed",
    "before the request",
    "request half written",
    "accepted, answer unread",
    "answer read, not committed",
    "settled",
)


@pytest.mark.parametrize("point", POINTS)
def test_a_sender_killed_there_neither_loses_nor_doubles(app, database, point):
    with arena(database) as run:
        run.write(6)
        victim = run.start(die_at=point)
        assert run.wait(lambda: not run.is_alive(victim), 30)
        run.start()
        run.settle()
        assert run.report(f"killed: {point}", faults=1).is_clean


def test_a_sender_killed_while_adopting_neither_loses_nor_doubles(app, database):
    with arena(database, faults={"rates": {"500_after": 1.0}}) as run:
        run.write(3)
        victim = run.start(die_at="adopting, not committed")
        assert run.wait(lambda: not run.is_alive(victim), 30)
        run.start()
        run.settle()
        assert run.report("killed: adopting, not committed").is_clean
