"""Searches in processes of this machine: who dies, dies alone."""

import os
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from gateways.workers import Lanes, Processes, open_workers
from tests.gateways.workers import jobs


@pytest.fixture
def lanes():
    with Lanes(2) as lanes:
        yield lanes


def _pid(note: Path) -> int:
    """Of the process that has written the note, once it has."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if note.exists() and note.read_text(encoding="ascii"):
            return int(note.read_text(encoding="ascii"))
        time.sleep(0.02)
    raise AssertionError("nobody began")


def test_tasks_run_elsewhere_and_answer(lanes):
    assert list(lanes.map(jobs.double, range(5))) == [0, 2, 4, 6, 8]
    assert lanes.submit(jobs.where).result() != os.getpid()


def test_an_error_is_the_tasks_own(lanes):
    assert isinstance(lanes.submit(int, "drei").exception(), ValueError)
    assert lanes.submit(jobs.double, 4).result() == 8


def test_a_process_that_is_killed_fails_its_own_task_only(lanes, tmp_path):
    doomed = lanes.submit(jobs.sleep, 60, tmp_path / "doomed")
    other = lanes.submit(jobs.sleep, 1.5, tmp_path / "other")
    waiting = [lanes.submit(jobs.double, number) for number in range(4)]
    os.kill(_pid(tmp_path / "doomed"), signal.SIGKILL)
    assert isinstance(doomed.exception(timeout=30), BrokenProcessPool)
    assert other.result(timeout=30) is None
    assert [one.result(timeout=60) for one in waiting] == [0, 2, 4, 6]


def test_what_a_task_tells_is_heard():
    with Processes(1) as workers:
        assert workers.executor.submit(jobs.count, 3, workers.tell).result() == 3
        assert workers.heard() == [("counted", 0), ("counted", 1), ("counted", 2)]
        assert workers.heard() == []


def test_telling_where_nobody_listens_is_no_error():
    workers = Processes(1)
    workers.close()
    assert jobs.count(2, workers.tell) == 2


def test_closing_ends_what_still_runs(tmp_path):
    with Processes(1) as workers:
        future = workers.executor.submit(jobs.sleep, 60, tmp_path / "note")
        pid = _pid(tmp_path / "note")
        closing = time.monotonic()
    assert time.monotonic() - closing < 20
    assert future.exception() is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.server
def test_a_cluster_that_does_not_answer_is_replaced_by_processes(monkeypatch):
    monkeypatch.setattr("gateways.workers.cluster.PATIENCE", "0.3s")
    with open_workers("dask://127.0.0.1:9", 1) as workers:
        assert workers.is_substitute
        assert workers.executor.submit(jobs.double, 2).result() == 4


def test_closing_ends_even_what_has_hardly_begun(monkeypatch, tmp_path):
    monkeypatch.setattr("gateways.workers.processes._LISTEN_S", 1.0)  # the parent has not yet heard who it is
    with Processes(1) as workers:
        workers.executor.submit(jobs.sleep, 60, tmp_path / "note")
        closing = time.monotonic()
    assert time.monotonic() - closing < 20
