"""Travel times: what learned factors save of the error, and what remembered answers of a road server save of time."""

import argparse
import random
import time
from collections.abc import Callable

import numpy as np

from domain.travelling import COUNTY_LEAST, Basis, between, lesson, ratio
from gateways.travel import MOTOR, Learned, Osrm, Pair, Point, StraightLine
from gateways.travel.memory import Memory

COUNTY = "610602"
EASIEST, HARDEST, LUCK = 0.85, 1.7, 0.18
"""What a road between two townships takes of the estimate's time, and how much one day differs from another."""


def doors(rng: random.Random, count: int, townships: int) -> list[Point]:
    """Doors scattered around the seats of a county's townships."""
    seats = [(36.4 + rng.random() * 0.4, 109.3 + rng.random() * 0.4) for _town in range(townships)]
    found = []
    for _door in range(count):
        number = rng.randrange(townships)
        latitude, longitude = seats[number]
        place = latitude + rng.gauss(0, 0.015), longitude + rng.gauss(0, 0.015)
        found.append(Point(*place, 0.5, division=f"{COUNTY}{100 + number}"))
    return found


def true_factors(rng: random.Random, townships: int) -> dict[tuple[str, str], float]:
    """How hard each road is, which nobody knows."""
    codes = [f"{COUNTY}{100 + number}" for number in range(townships)]
    return {between(one, other): rng.uniform(EASIEST, HARDEST) for one in codes for other in codes if one <= other}


def learning(seed: int, legs: int, townships: int = 15) -> None:
    """Legs are logged between near doors; then the mean error of other ways, with nothing learned and with it."""
    rng = random.Random(seed)
    points, truth = doors(rng, 400, townships), true_factors(rng, townships)
    table = StraightLine().table(points, MOTOR).seconds
    seen: dict[Pair, list[float]] = {}
    for _leg in range(legs):
        here = rng.randrange(len(points))
        there = int(rng.choice(np.argsort(table[here])[1:60]))
        pair = between(points[here].division, points[there].division)
        model_s = float(table[here, there])
        times = ratio(model_s, model_s * truth[pair] * rng.lognormvariate(0, LUCK))
        if times is not None:
            seen.setdefault(Pair(Basis.LINE, MOTOR, *pair), []).append(times)
            seen.setdefault(Pair(Basis.LINE, MOTOR, COUNTY, COUNTY), []).append(times)
    county = lesson(seen.get(Pair(Basis.LINE, MOTOR, COUNTY, COUNTY), []), least=COUNTY_LEAST)
    prior = county.factor if county else 1.0
    factors = {pair: found.factor for pair, ratios in seen.items() if (found := lesson(ratios, prior=prior))}
    if county:
        factors[Pair(Basis.LINE, MOTOR, COUNTY, COUNTY)] = county.factor
    after = Learned(StraightLine(), factors).table(points, MOTOR).seconds
    roads = np.array([[truth[between(one.division, other.division)] for other in points] for one in points])
    real = table * roads
    near = (table > 0) & (table < 45 * 60)
    before_s, after_s = np.abs(table - real)[near].mean(), np.abs(after - real)[near].mean()
    print(f"| {legs} | {len(factors)} | {before_s / 60:.1f} | {after_s / 60:.1f} |")


def timed(act: Callable[[], object]) -> float:
    """Seconds."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def remembering(seed: int, count: int, url: str) -> None:
    """A county's day from memory; and, where a server is named, asked of it, asked again, and with one door more."""
    points = doors(random.Random(seed), count, 15)
    memory, seconds = Memory(), np.full((count, count), 600, np.int64)
    kept = timed(lambda: memory.keep(points, seconds, seconds))
    print(f"{count} doors: straight line {timed(lambda: StraightLine().table(points, MOTOR)):.2f} s, "
          f"{len(memory)} answers kept {kept:.2f} s, found {timed(lambda: memory.recall(points)):.2f} s")  # fmt: skip
    if url:
        model = Osrm(url, StraightLine())
        for what, some in (("asked", points), ("again", points), ("one more", [*points, Point(36.6, 109.5)])):
            print(f"  server {what}: {timed(lambda these=some: model.table(these, MOTOR)):.2f} s")  # type: ignore[misc]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--doors", type=int, default=660)
    parser.add_argument("--osrm", default="", help="a road server's address")
    options = parser.parse_args()
    print("| legs logged | factors | error before, minutes | error after |\n|---|---|---|---|")
    for legs in (0, 100, 500, 2000, 10000):
        learning(options.seed, legs)
    remembering(options.seed, options.doors, options.osrm)


if __name__ == "__main__":
    main()
