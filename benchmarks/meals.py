"""Meal runs: hundreds of lunches within 45 and 60 hot minutes, and a day of visits and lunches, apart and together.

    python benchmarks/meals.py --lunches 300 --canteens 12 --seconds 2 10 [--seed 1]

Every plan passes the optimiser's checker and an account of its own: nothing cold, nothing too heavy, nothing unfetched.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.lunches import lunch_day  # noqa: E402  after the path
from benchmarks.portions import Account, account_of  # noqa: E402
from dispatch import Limit, Method, Plan, Problem, baseline, check, solve  # noqa: E402
from services.joint_plans import apart  # noqa: E402


def main(argv: Sequence[str] | None = None) -> int:
    """Print both comparisons; 1 if any plan breaks a rule."""
    parser = argparse.ArgumentParser(prog="meals", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--lunches", type=int, default=300)
    parser.add_argument("--canteens", type=int, default=12)
    parser.add_argument("--hot", type=int, nargs="+", default=[45, 60], help="minutes after the counter")
    parser.add_argument("--seconds", type=float, nargs="+", default=[2.0, 10.0], help="one search for each")
    parser.add_argument("--joint-seconds", type=float, nargs="+", default=[10.0, 30.0], help="0: no joint day")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    wrong = sum(_lunches(options, hot) for hot in options.hot)
    wrong += sum(_joint(options.seed, seconds) for seconds in options.joint_seconds if seconds)
    return min(wrong, 1)


def _lunches(options: argparse.Namespace, hot: int) -> int:
    problem = lunch_day(options.lunches, options.canteens, hot=hot, seed=options.seed).problem
    portions = sum(visit.fetch.size for visit in problem.visits if visit.fetch)
    print(
        f"\n{portions} lunches for {len(problem.visits)} doors from {options.canteens} canteens, {len(problem.helpers)}"
        f" couriers with room for 20, hot for {hot} minutes, seed {options.seed}"
    )
    print(f"{'':<22}{'hot':>8}{'left out':>10}{'mean min':>10}{'max min':>9}{'km':>8}{'travel h':>10}{'seconds':>9}")
    ways: list[tuple[str, Callable[[], Plan]]] = [
        ("nearest first", lambda: baseline(problem, Method.NEAREST_FIRST)),
        ("cheapest insertion", lambda: baseline(problem, Method.CHEAPEST_INSERTION)),
    ]
    ways += [
        (f"search, {one:g} s", lambda one=one: solve(problem, Limit(seconds=one), seed=options.seed))
        for one in options.seconds
    ]
    return sum(_line(problem, portions, name, make) for name, make in ways)


def _line(problem: Problem, portions: int, name: str, make: Callable[[], Plan]) -> int:
    started = time.perf_counter()
    plan = make()
    took = time.perf_counter() - started
    account = account_of(problem, plan)
    wrong = _wrong(problem, plan, account)
    print(
        f"{name:<22}{account.delivered / portions:>8.1%}{portions - account.delivered:>10}"
        f"{fmean(account.heats or [0]) / 60:>10.1f}{max(account.heats, default=0) / 60:>9.1f}"
        f"{plan.figures.metres / 1000:>8.0f}{plan.figures.travel / 3600:>10.1f}{took:>9.1f}{wrong}"
    )
    return int(bool(wrong))


def _wrong(problem: Problem, plan: Plan, account: Account) -> str:
    broken = [*(violation.what for violation in check(problem, plan)), *account.wrong]
    return f"  BREAKS RULES: {broken[:3]}" if broken else ""


def _joint(seed: int, seconds: float) -> int:
    day = lunch_day(120, 6, couriers=1, room=12, visits=200, helpers=22, seed=seed)
    problem, limit = day.problem, Limit(seconds=seconds)
    print(f"\n200 visits and 120 lunches, 22 helpers with room for 12 and 6 couriers, seed {seed}, {seconds:g} s each")
    print(f"{'':<22}{'lunches':>9}{'visits':>8}{'urgent out':>12}{'km':>8}{'travel h':>10}{'cost':>9}")
    plans = (("apart", apart(day, limit, seed=seed)), ("together", solve(problem, limit, seed=seed)))
    wrong = 0
    for name, plan in plans:
        account = account_of(problem, plan)
        left = {one.visit_id for one in plan.left_out}
        visits = [visit for visit in problem.visits if visit.fetch is None]
        urgent = sum(visit.priority == 1 and visit.id in left for visit in visits)
        served = sum(visit.id not in left for visit in visits)
        print(
            f"{name:<22}{account.delivered:>9}{served:>8}{urgent:>12}{plan.figures.metres / 1000:>8.0f}"
            f"{plan.figures.travel / 3600:>10.1f}{plan.figures.cost / 1000:>9.0f}{_wrong(problem, plan, account)}"
        )
        wrong += bool(_wrong(problem, plan, account))
    one, other = plans[0][1].figures, plans[1][1].figures
    print(
        f"together saves {(one.metres - other.metres) / 1000:.0f} km"
        f" and {(one.travel - other.travel) / 3600:.1f} h, and reaches {other.served - one.served} more"
    )
    return wrong


if __name__ == "__main__":
    raise SystemExit(main())
