"""The city day: thirteen counties planned through the project's executor, and how that grows with the visits.

    python benchmarks city [--visits 1250 2500 5000 10000] [--seconds 10] [--workers 2] [--executor dask://…]

--seconds is a county's time in a city of 5,000 visits; half as many visits get half the time. Helpers are one for 8.6
visits. Every plan is checked, and nearest first plans the same days in the same run.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.county import county_day  # noqa: E402  after the path
from benchmarks.one_core import most_memory  # noqa: E402
from dispatch import Limit, check  # noqa: E402
from gateways.workers import PROCESSES, open_workers  # noqa: E402
from services.city_search import Answer, Order, search_all  # noqa: E402

SHARES = (16, 12, 11, 10, 9, 8, 7, 6, 6, 5, 4, 3, 3)
"""Per cent of the city's visits in each county."""
CITY, HELPERS = 5000, 582


@dataclass(frozen=True, slots=True)
class Used:
    """What one city's day took. `mine`: CPU seconds of this process; `memory`: MiB of the largest worker so far."""

    wall: float
    cpu: float
    mine: float
    memory: float


def orders(visits: int, seconds: float, seed: int) -> list[Order]:
    """The counties, the largest first: it takes the longest to prepare."""
    return [
        Order(
            f"{number:02d}",
            county_day(visits * share // 100, max(1, round(HELPERS * visits / CITY * share / 100)), seed=seed + number),
            Limit(seconds=seconds * visits / CITY),
            seed,
        )
        for number, share in enumerate(SHARES)
    ]


def plan(wanted: list[Order], executor: str, workers: int) -> tuple[list[Answer], Used]:
    """All of them."""
    started, before, mine = time.perf_counter(), _cpu(resource.RUSAGE_CHILDREN), _cpu(resource.RUSAGE_SELF)
    with open_workers(executor, workers) as hands:
        answers = list(search_all(hands, wanted))
        wall = time.perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = Used(
        wall, _cpu(resource.RUSAGE_CHILDREN) - before, _cpu(resource.RUSAGE_SELF) - mine, children.ru_maxrss / 1024
    )
    return answers, used


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main(argv: Sequence[str] | None = None) -> int:
    """Print a line for each size; 1 if any plan breaks a rule or is missing."""
    parser = argparse.ArgumentParser(
        prog="city", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, nargs="+", default=[1250, 2500, 5000, 10_000])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--executor", default=PROCESSES)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    print(f"{len(SHARES)} counties, {options.workers} workers, seed {options.seed}; load {os.getloadavg()[0]:.1f}")
    head = ("visits", "helpers", "s each", "minutes", "CPU s", "own CPU", "left out", "urgent", "travel h", "nearest",
            "left out", "urgent", "travel h", "MiB/worker", "MiB here")  # fmt: skip
    print("{:>7}{:>8}{:>8}{:>9}{:>8}{:>8}{:>10}{:>8}{:>9}{:>10}{:>10}{:>8}{:>9}{:>12}{:>10}".format(*head))
    return max([_line(size, options) for size in options.visits])


def _line(size: int, options: argparse.Namespace) -> int:
    wanted = orders(size, options.seconds, options.seed)
    answers, used = plan(wanted, options.executor, options.workers)
    by_code = {answer.division_code: answer for answer in answers}
    broken = [code for code in by_code if check(wanted[int(code)].problem, by_code[code].plan)]
    helpers = sum(len(order.problem.helpers) for order in wanted)
    ours, near = [answer.plan.figures for answer in answers], [answer.nearest for answer in answers]
    left, urgent, travel = (
        [sum(sum(one.unserved) for one in figures) for figures in (ours, near)],
        [sum(one.unserved[0] for one in figures) for figures in (ours, near)],
        [sum(one.travel for one in figures) / 3600 for figures in (ours, near)],
    )
    emergencies = [answer.division_code for answer in answers if answer.is_emergency]
    print(
        f"{sum(one.visits for one in ours):>7}{helpers:>8}{options.seconds * size / CITY:>8.1f}{used.wall / 60:>9.1f}"
        f"{used.cpu:>8.0f}{used.mine:>8.1f}{left[0]:>10}{urgent[0]:>8}{travel[0]:>9.0f}{'':>10}{left[1]:>10}"
        f"{urgent[1]:>8}{travel[1]:>9.0f}{used.memory:>12.0f}{most_memory():>10.0f}"
        + (f"  BREAKS RULES: {broken}" if broken else "")
        + (f"  emergency plans: {emergencies}" if emergencies else ""),
        flush=True,
    )
    return int(bool(broken) or len(by_code) < len(wanted))


if __name__ == "__main__":
    raise SystemExit(main())
