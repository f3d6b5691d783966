"""Single-helper routes on public VRPTW instances: ours, PyVRP, OR-Tools and VROOM beside each other.

    python benchmarks vrptw --instances DIR [--best FILE] [--seconds 10] [--seed 1] [--only C1,R2]

Distances and durations are cut off after one decimal, distance is the only objective, the number of vehicles is free
up to the file's (the DIMACS convention). Each solver runs in a process of its own, bound to one core, for so many
seconds; whatever it says, the price printed is that of a checker here. `best` is a CSV of instance and cost.
"""

import argparse
import csv
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.one_core import one_core, stretched, used  # noqa: E402  after the path
from benchmarks.vrptw_case import Case, Routes, cost, read_case, refusals  # noqa: E402  after the path
from benchmarks.vrptw_solvers import SOLVERS  # noqa: E402  after the path

WARMING = 0.2


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """What the command was asked."""
    parser = argparse.ArgumentParser(
        prog="vrptw", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--instances", type=Path, required=True)
    parser.add_argument("--best", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, nargs="+", default=[1], help="several: every solver once with each")
    parser.add_argument("--busy", action="store_true", help="stretch the time to make up for others on this core")
    parser.add_argument("--only", default="", help="beginnings of instance names, with commas between")
    parser.add_argument("--solvers", default=",".join(SOLVERS), help="with commas between")
    options = parser.parse_args(argv)
    options.solvers = [name for name in SOLVERS if name.lower() in options.solvers.lower().split(",")]
    return options


def best_known(path: Path | None) -> dict[str, float]:
    """Instance to best cost known."""
    if path is None:
        return {}
    with path.open(encoding="utf-8") as file:
        return {row["instance"]: float(row["cost"]) for row in csv.DictReader(file)}


def run(name: str, case: Case, seconds: float, seed: int, *, is_stretched: bool) -> tuple[Routes, float, float]:
    """In a process of its own: the routes, wall seconds and CPU seconds."""
    limit = stretched(seconds) if is_stretched else seconds
    started, before = time.perf_counter(), used()
    routes = SOLVERS[name](case, limit, seed)
    return routes, time.perf_counter() - started, used() - before


def line(case: Case, name: str, answer: tuple[Routes, float, float], best: float | None) -> tuple[float | None, bool]:
    """Print what a solver found; its gap in per cent, and whether it breaks a rule."""
    routes, wall, cpu = answer
    wrong = refusals(case, routes)
    price = cost(case, routes)
    gap = None if best is None or wrong else (price / best - 1) * 100
    known = "" if best is None else f"{best:>10.1f}"
    shown = "" if gap is None else f"{gap:>+8.2f} %"
    print(
        f"{case.name:<10}{name:<10}{price:>10.1f}{known}{shown}{len(routes):>8}{wall:>8.1f}{cpu:>8.1f}"
        + (f"  REFUSED: {'; '.join(wrong[:2])}" if wrong else ""),
        flush=True,
    )
    return gap, bool(wrong)


def main(argv: Sequence[str] | None = None) -> int:
    """Solve, check, print; 1 if any routes break a rule."""
    options = arguments(argv)
    best, gaps, is_broken = best_known(options.best), defaultdict(list), False
    paths = [
        path for path in sorted(options.instances.glob("*.vrp")) if path.stem.startswith(tuple(options.only.split(",")))
    ]
    print(f"{len(paths)} instances, {options.seconds:g} s on one core each; load {os.getloadavg()[0]:.1f}")
    head = ("best known", "gap", "routes", "wall s", "CPU s")
    print("{:<20}{:>10}{:>10}{:>10}{:>8}{:>8}{:>8}".format("", "distance", *head))
    with one_core() as pool:
        for name in options.solvers:  # what is imported and compiled once does not count
            pool.submit(run, name, read_case(paths[0]), WARMING, 1, is_stretched=False).result()
        for path in paths:
            case = read_case(path)
            for seed in options.seed:
                for name in options.solvers:
                    answer = pool.submit(run, name, case, options.seconds, seed, is_stretched=options.busy).result()
                    gap, is_refused = line(case, name, answer, best.get(case.name))
                    is_broken |= is_refused
                    gaps[name] += [] if gap is None else [gap]
    for name, found in gaps.items():
        if found:
            print(f"{name:<10} mean gap {sum(found) / len(found):+.3f} % over {len(found)}, worst {max(found):+.2f} %")
    print(f"load {os.getloadavg()[0]:.1f}")
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
