"""The county day: nearest first, cheapest insertion and the search on one generated problem, in one run.

    python benchmarks/rounds.py --visits 600 --helpers 60 --seconds 30 [--seed 1]

J = travel seconds / 1000 + 40 / 25 / 15 for each visit of priority 1 / 2 / 3 left out; smaller is better.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.county import county_day  # noqa: E402  after the path
from dispatch import Limit, Method, Plan, Problem, Progress, baseline, check, solve  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison; 1 if any plan breaks a rule."""
    parser = argparse.ArgumentParser(prog="rounds", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--visits", type=int, default=600)
    parser.add_argument("--helpers", type=int, default=60)
    parser.add_argument("--seconds", type=float, nargs="+", default=[30.0], help="one search for each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    problem = county_day(options.visits, options.helpers, seed=options.seed)
    print(f"A mountain county: {options.visits} visits, {options.helpers} helpers, seed {options.seed}")
    head = ("", "unserved", "urgent/normal/can wait", "travel h", "km", "J", "seconds")
    print("{:<22}{:>9}{:>24}{:>10}{:>9}{:>9}{:>9}".format(*head))
    ways: list[tuple[str, Callable[[], Plan]]] = [
        ("nearest first", lambda: baseline(problem, Method.NEAREST_FIRST)),
        ("cheapest insertion", lambda: baseline(problem, Method.CHEAPEST_INSERTION)),
    ]
    ways += [(f"search, {one:g} s", lambda one=one: _search(problem, one, options.seed)) for one in options.seconds]
    return max([_line(problem, name, make) for name, make in ways])


def _search(problem: Problem, seconds: float, seed: int) -> Plan:
    def show(progress: Progress) -> None:
        if sys.stderr.isatty():
            print(
                f"\r  {progress.seconds:5.1f} s  cost {progress.cost / 1000:8.1f}", end="", file=sys.stderr, flush=True
            )

    plan = solve(problem, Limit(seconds=seconds), seed=seed, progress=show)
    if sys.stderr.isatty():
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return plan


def _line(problem: Problem, name: str, make: Callable[[], Plan]) -> int:
    started = time.perf_counter()
    plan = make()
    took = time.perf_counter() - started
    figures = plan.figures
    broken = check(problem, plan)
    by_priority = " / ".join(str(number) for number in figures.unserved)
    print(
        f"{name:<22}{sum(figures.unserved):>9}{by_priority:>24}{figures.travel / 3600:>10.1f}"
        f"{figures.metres / 1000:>9.0f}{figures.cost / 1000:>9.0f}{took:>9.1f}"
        + (f"  BREAKS RULES: {broken[:3]}" if broken else "")
    )
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
