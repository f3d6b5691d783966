"""A city's day: a search for each division, as many at once as there are workers, and a plan for each whatever dies.

Imports nothing but the optimiser and the workers, so that a worker loads no web and no database.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from time import monotonic

from dispatch import Figures, Limit, Plan, Problem, Progress, baseline_figures, solve
from gateways.workers import Tell, Workers

TRIES = 2
SILENCE_S = 180.0
"""Nothing heard of any search for so long: the workers are taken to be gone."""
_LOOK_S = 0.2
_log = logging.getLogger(__name__)

Watch = Callable[[str, Progress], None]
Found = tuple[Plan, Figures]


@dataclass(frozen=True, slots=True)
class Order:
    """A division's problem and how long to search. `lost`: workers that have died over it."""

    division_code: str
    problem: Problem
    limit: Limit
    seed: int = 1
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A plan, and the figures of nearest first. `is_emergency`: no worker could search, the plan is the emergency's."""

    division_code: str
    plan: Plan
    nearest: Figures
    lost: int = 0
    is_emergency: bool = False


def search_all(workers: Workers, orders: Iterable[Order], watch: Watch = lambda _code, _how: None) -> Iterator[Answer]:
    """An answer for every order, in the order in which they are found; `watch` is told how each gets on."""
    waiting: dict[Future[Found], Order] = {}
    queue = list(orders)
    heard_at = monotonic()
    while queue or waiting:
        while queue:
            order = queue.pop(0)
            waiting[_submitted(workers, order)] = order
        ended, _running = wait(waiting, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
        messages = workers.heard()
        for code, seconds, *numbers in messages:
            watch(str(code), Progress(float(seconds), *(int(number) for number in numbers)))
        if ended or messages:
            heard_at = monotonic()
        elif monotonic() - heard_at > SILENCE_S:
            ended = _given_up(waiting)
        for future in ended:
            order = waiting.pop(future)
            answer = _answer(order, future)
            if answer is not None:
                yield answer
            else:
                queue.append(replace(order, lost=order.lost + 1))


def _submitted(workers: Workers, order: Order) -> "Future[Found]":
    """The search on its way; a future that has failed where there is nobody to give it to."""
    try:
        return workers.executor.submit(searched, order, workers.tell)
    except Exception as error:  # noqa: BLE001  whatever a cluster says when it is gone
        failed: Future[Found] = Future()
        failed.set_exception(error)
        return failed


def _given_up(waiting: "dict[Future[Found], Order]") -> "set[Future[Found]]":
    """All of them, as lost as often as a search may be."""
    _log.error("nothing heard of any search for %d s", SILENCE_S)
    for future, order in waiting.items():
        future.cancel()
        waiting[future] = replace(order, lost=TRIES - 1)
    return set(waiting)


def _answer(order: Order, future: "Future[Found]") -> Answer | None:
    """What was found; the emergency plan after the last try; None: try again."""
    try:
        plan, nearest = future.result(timeout=0)
    except (Exception, CancelledError) as error:  # noqa: BLE001  a plan is due tomorrow whatever a worker does
        lost = order.lost + 1
        _log.warning("searching for %s: worker %d failed: %r", order.division_code, lost, error)
        if lost < TRIES:
            return None
        plan, nearest = solve(order.problem, Limit(), seed=order.seed), baseline_figures(order.problem)
        return Answer(order.division_code, plan, nearest, lost, is_emergency=True)
    return Answer(order.division_code, plan, nearest, order.lost)


def searched(order: Order, tell: Tell) -> Found:
    """In a worker: the search, and what is compared with it."""

    def progress(how: Progress) -> None:
        tell((order.division_code, how.seconds, how.iterations, how.cost, how.served, how.visits))

    plan = solve(order.problem, order.limit, seed=order.seed, progress=progress)
    return plan, baseline_figures(order.problem)
