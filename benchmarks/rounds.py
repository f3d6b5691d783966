"""The county day: nearest first, cheapest insertion, PyVRP, VROOM, OR-Tools and ours on one generated problem.

    python benchmarks rounds [--rich] [--seconds 5 10 30] [--visits 600] [--helpers 60] [--seed 1] [--only ours,VROOM]

J = the objective, seconds of travel / 1000: travel, 40 / 25 / 15 for each visit of priority 1 / 2 / 3 left out, and 0.6
for a senior who gets another helper than the one they know; smaller is better. --rich adds pairs, soft windows, breaks,
lunches, contracts and fairness. Each way runs in a process of its own on one core; every plan is checked.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.county import county_day  # noqa: E402  after the path
from benchmarks.county_rich import rich_county_day  # noqa: E402
from benchmarks.one_core import most_memory, one_core, stretched, used  # noqa: E402
from benchmarks.rounds_pricing import flat, priced  # noqa: E402
from benchmarks.rounds_solvers import SOLVERS, Order  # noqa: E402
from dispatch import Limit, Method, Plan, Problem, Violation, baseline, check, solve  # noqa: E402

WARMING = 0.2
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Way:
    """A name, and how long it may take; None: it takes what it takes."""

    name: str
    seconds: float | None

    @property
    def title(self) -> str:
        return self.name if self.seconds is None else f"{self.name}, {self.seconds:g} s"


@dataclass(frozen=True, slots=True)
class Result:
    """A plan, what it breaks, and what it took: seconds of the clock, of the core, and MiB at most."""

    plan: Plan
    broken: list[Violation]
    wall: float
    cpu: float
    memory: float


def run(problem: Problem, way: Way, seed: int, *, is_stretched: bool) -> Result:
    """In a process of its own. Telling others of the day, and pricing the order they give, is not their time."""
    if is_stretched and way.seconds is not None:
        way = Way(way.name, stretched(way.seconds))
    told = flat(problem) if way.name in SOLVERS else problem
    started, before = time.perf_counter(), used()
    found = _make(told, way, seed)
    wall, cpu = time.perf_counter() - started, used() - before
    plan = found if isinstance(found, Plan) else priced(problem, found)
    return Result(plan, check(problem, plan), wall, cpu, most_memory())


def _make(problem: Problem, way: Way, seed: int) -> Plan | Order:
    if way.seconds is None:
        return baseline(problem, Method(way.name.replace(" ", "_")))
    if way.name == OURS:
        return solve(problem, Limit(seconds=way.seconds), seed=seed)
    return SOLVERS[way.name](problem, way.seconds, seed)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison; 1 if any plan breaks a rule."""
    options = _arguments(argv)
    make = rich_county_day if options.rich else county_day
    problem = make(options.visits, options.helpers, seed=options.seed, change_cost=options.change)
    print(
        f"A mountain county{', rich' * options.rich}: {options.visits} visits, {options.helpers} helpers, "
        f"seed {options.seed}; load {os.getloadavg()[0]:.1f}"
    )
    head = ("", "left out", "urgent/normal/can wait", "travel h", "km", "spread min", "same helper", "J", "wall s",
            "CPU s", "MiB")  # fmt: skip
    print("{:<24}{:>9}{:>24}{:>10}{:>7}{:>12}{:>13}{:>9}{:>8}{:>7}{:>6}".format(*head))
    is_broken = False
    for way in _ways(options):
        with one_core() as pool:
            once = way if way.seconds is None else Way(way.name, WARMING)  # imports and compiling do not count
            pool.submit(run, make(20, 3, seed=1), once, 1, is_stretched=False).result()
            result = pool.submit(run, problem, way, options.seed, is_stretched=options.busy).result()
        _show(way, result)
        is_broken |= bool(result.broken)
    print(f"load {os.getloadavg()[0]:.1f}")
    return int(is_broken)


def _ways(options: argparse.Namespace) -> list[Way]:
    ways = [Way("nearest first", None), Way("cheapest insertion", None)]
    for name in (*SOLVERS, OURS):
        if not options.only or name.lower().startswith(tuple(options.only.lower().split(","))):
            ways += [Way(name, seconds) for seconds in options.seconds]
    return ways


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="rounds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=600)
    parser.add_argument("--helpers", type=int, default=60)
    parser.add_argument("--seconds", type=float, nargs="+", default=[5.0, 10.0, 30.0], help="one search for each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rich", action="store_true", help="with everything in it that days have")
    parser.add_argument("--change", type=int, default=600, help="what another helper than the one known costs, s")
    parser.add_argument("--busy", action="store_true", help="stretch the time to make up for others on this core")
    parser.add_argument("--only", default="", help="beginnings of names, with commas between")
    return parser.parse_args(argv)


def _show(way: Way, result: Result) -> None:
    figures = result.plan.figures
    kept = f"{100 * figures.kept_regular / figures.had_regular:.0f} %" if figures.had_regular else "-"
    by_priority = " / ".join(str(number) for number in figures.unserved)
    print(
        f"{way.title:<24}{sum(figures.unserved):>9}{by_priority:>24}{figures.travel / 3600:>10.1f}"
        f"{figures.metres / 1000:>7.0f}{figures.spread / 60:>12.0f}{kept:>13}{figures.cost / 1000:>9.0f}"
        f"{result.wall:>8.1f}{result.cpu:>7.1f}{result.memory:>6.0f}"
        + (f"  BREAKS RULES: {result.broken[:3]}" if result.broken else ""),
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
