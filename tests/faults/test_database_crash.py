"""PostgreSQL stopped as if it had crashed, again and again, with texts in every state."""

import time

import pytest

from application import create_app
from extensions import db
from tests.conftest import _migrate, make_settings
from tests.faults.harness import arena
from tests.postgres import Server

pytestmark = [pytest.mark.faults, pytest.mark.server]


def test_a_database_that_crashes_neither_loses_nor_doubles(request, tmp_path, size):
    if request.config.getoption("--database") != "postgresql":
        pytest.skip("SQLite has no server to crash: killed processes are its crashes")
    server = Server()
    server.start(is_durable=True)
    try:
        _migrate(server.url, tmp_path)
        with (
            create_app(make_settings(server.url), tmp_path).app_context(),
            arena(server.url, faults={"rates": {"slow": 0.6, "500_after": 0.1}, "slow_s": 0.2}) as run,
        ):
            run.write(40 * size)
            for _sender in range(3):
                run.start()
            assert run.wait(lambda: sum(run.sandbox.state.counts().values()) >= 3, 30)
            crashes = 0
            while crashes < 4 * size and run.left():
                time.sleep(1.0)
                db.engine.dispose()
                server.stop("immediate")
                server.start(is_durable=True)
                crashes += 1
            run.settle()
            outcome = run.report("PostgreSQL crashes", faults=crashes)
            db.engine.dispose()
            assert outcome.is_clean
            assert crashes >= 2
    finally:
        server.remove()
