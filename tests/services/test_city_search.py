"""A city's day on workers that die: every county has a plan all the same."""

import os
import signal
import threading
from concurrent.futures import Executor, Future

import pytest

from dispatch import Limit, Method, Problem, check
from gateways.workers import Processes, open_workers
from gateways.workers.base import Workers
from services import city_search
from services.city_search import Order, search_all
from tests.clusters import cluster
from tests.dispatch.problems import helper, line, problem, visit

COUNTIES = ("610602", "610603", "610621")


def county(visits: int = 6) -> Problem:
    """More than one helper can do: what a search improves on is not nothing."""
    doors = [visit(f"v{number}", place=1 + number % 3) for number in range(visits)]
    return problem([helper("li"), helper("wang")], doors, line(0, 10, 20, 30))


def orders(**limit) -> list[Order]:
    return [Order(code, county(), Limit(**limit or {"iterations": 30})) for code in COUNTIES]


def is_sound(answers) -> bool:
    by_code = {answer.division_code: answer for answer in answers}
    assert sorted(by_code) == sorted(COUNTIES)
    return all(answer.plan.rounds and not check(county(), answer.plan) for answer in by_code.values())


class _Thread(Executor):
    """At once, in this process; the first `failures` tasks of a county fail as if their worker had died."""

    def __init__(self, failing: str = "", failures: int = 0) -> None:
        self.failing, self.failures, self.given = failing, failures, []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        code = args[0].division_code
        self.given.append(code)
        if code == self.failing and self.given.count(code) <= self.failures:
            future.set_exception(RuntimeError("the worker died"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


class Hands(Workers):
    def __init__(self, executor):
        super().__init__()
        self.executor = executor
        self.tell = self._heard.append

    def close(self):
        self.executor.shutdown()


def test_every_county_is_searched_and_tells_how_it_gets_on():
    seen = set()
    with Processes(2) as workers:
        answers = list(search_all(workers, orders(seconds=1.2), lambda code, how: seen.add((code, how.visits))))
    assert is_sound(answers)
    assert {answer.plan.method for answer in answers} == {Method.SEARCH}
    assert seen == {(code, 6) for code in COUNTIES}
    assert not any(answer.lost or answer.is_emergency for answer in answers)


def test_the_same_seed_gives_the_same_plan_wherever_it_is_searched():
    there, here = (list(search_all(hands, orders())) for hands in (Hands(_Thread()), Processes(1)))
    assert [one.plan for one in sorted(there, key=lambda one: one.division_code)] == [
        one.plan for one in sorted(here, key=lambda one: one.division_code)
    ]


def test_a_county_whose_worker_died_is_planned_again():
    hands = Hands(_Thread(COUNTIES[1], failures=1))
    answers = {answer.division_code: answer for answer in search_all(hands, orders())}
    assert is_sound(answers.values())
    assert [answers[code].lost for code in COUNTIES] == [0, 1, 0]
    assert answers[COUNTIES[1]].plan.method is Method.SEARCH


def test_a_county_that_kills_every_worker_gets_the_emergency_plan_and_says_so():
    hands = Hands(_Thread(COUNTIES[1], failures=99))
    answers = {answer.division_code: answer for answer in search_all(hands, orders())}
    assert is_sound(answers.values())
    assert [answers[code].is_emergency for code in COUNTIES] == [False, True, False]
    assert answers[COUNTIES[1]].plan.method is Method.CHEAPEST_INSERTION
    assert hands.executor.given.count(COUNTIES[1]) == city_search.TRIES


def test_workers_that_fall_silent_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(city_search, "SILENCE_S", 0.5)

    class Nobody(Executor):
        def submit(self, fn, /, *args, **kwargs):
            return Future()

    answers = list(search_all(Hands(Nobody()), orders()))
    assert is_sound(answers)
    assert all(answer.is_emergency for answer in answers)


def test_workers_that_take_nothing_leave_emergency_plans():
    class Gone(Executor):
        def submit(self, fn, /, *args, **kwargs):
            raise RuntimeError("cannot schedule new futures")

    assert all(answer.is_emergency for answer in search_all(Hands(Gone()), orders()))


def test_a_process_killed_in_the_middle_of_a_search_loses_nothing():
    killed = threading.Event()

    def kill_one(code, _how):
        if not killed.is_set():
            killed.set()
            os.kill(_searching(workers), signal.SIGKILL)

    with Processes(2) as workers:
        answers = list(search_all(workers, orders(seconds=2), kill_one))
    assert killed.is_set()
    assert is_sound(answers)
    assert sum(answer.lost for answer in answers) == 1
    assert {answer.plan.method for answer in answers} == {Method.SEARCH}


def _searching(workers: Processes) -> int:
    """The process of a lane that is searching just now."""
    return next(lane._pid for lane in workers.executor._lanes if lane._running and not lane._running.done())


@pytest.mark.server
def test_a_cluster_loses_a_worker_in_the_middle_and_no_county(tmp_path):
    killed = threading.Event()
    with cluster(tmp_path, 2) as (address, processes):

        def kill_one(code, _how):
            if not killed.is_set():
                killed.set()
                os.kill(processes[0].pid, signal.SIGKILL)

        with open_workers(address, 1) as workers:
            assert not workers.is_substitute
            answers = list(search_all(workers, orders(seconds=3), kill_one))
        assert processes[0].wait(timeout=10) == -signal.SIGKILL
        assert processes[1].poll() is None
    assert killed.is_set(), "nothing was told while it searched"
    assert is_sound(answers)
    assert {answer.plan.method for answer in answers} == {Method.SEARCH}


@pytest.mark.server
def test_a_cluster_whose_workers_all_die_leaves_emergency_plans(tmp_path, monkeypatch):
    monkeypatch.setattr(city_search, "SILENCE_S", 4.0)
    with cluster(tmp_path, 1) as (address, processes), open_workers(address, 1) as workers:
        answers = list(search_all(workers, orders(seconds=30), lambda *_: processes[0].kill()))
    assert is_sound(answers)
    assert all(answer.is_emergency for answer in answers)
