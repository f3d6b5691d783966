"""A county's day at 10:30: a helper falls ill; the day is changed as little as it needs, or planned from nothing.

    python benchmarks replan [--visits 600] [--helpers 60] [--seconds 3] [--ill 5] [--seed 1]

Changed: stops still to come that get another helper. Told: who hears of another helper, of half an hour, or that nobody
comes. Cost: travel seconds / 1000, what is left out and what is told, by the weights of the problem.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "platform"), str(Path(__file__).resolve().parents[1])]

from benchmarks.county import county_day  # noqa: E402  after the path
from dispatch import Call, Done, Limit, Plan, Problem, Told, arrange, check, solve  # noqa: E402
from services.narrowing import held, narrowed  # noqa: E402

TOLD_FROM = 30 * 60


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison; 1 if any plan breaks a rule or moves what is done."""
    parser = argparse.ArgumentParser(prog="replan", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--visits", type=int, default=600)
    parser.add_argument("--helpers", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--night", type=float, default=20.0, help="seconds for the plan of the day")
    parser.add_argument(
        "--ill", type=int, default=5, help="how many helpers fall ill, one at a time, each from the same day"
    )
    parser.add_argument("--minute", type=int, default=630, help="of the day: 10:30")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    problem = county_day(options.visits, options.helpers, seed=options.seed)
    morning = solve(problem, Limit(seconds=options.night), seed=options.seed)
    now = options.minute * 60
    print(f"A mountain county at {options.minute // 60}:{options.minute % 60:02d}: {options.visits} visits,"
          f" {morning.figures.served} planned, {options.helpers} helpers, seed {options.seed}")  # fmt: skip
    head = ("", "displaced", "changed", "told", "lost", "travel h", "cost", "seconds")
    print("{:<26}{:>10}{:>9}{:>7}{:>6}{:>10}{:>9}{:>9}".format(*head))
    busiest = sorted(morning.rounds, key=lambda one: (-len(one.stops), one.helper_id))
    wrong = 0
    for one in busiest[:: max(len(busiest) // options.ill, 1)][: options.ill]:
        wrong += _compare(problem, morning, one.helper_id, now, options)
    return min(wrong, 1)


def _compare(problem: Problem, morning: Plan, ill: str, now: int, options: argparse.Namespace) -> int:
    """One helper goes home at `now`."""
    day = _at(problem, morning, ill, now)
    displaced = sum(told.helper_id == ill for told in day.told)
    served = {stop.visit_id for one in morning.rounds for stop in one.stops}
    order = {
        one.helper_id: [Call(stop.visit_id) for stop in one.stops if stop.arrive - stop.travel > now]
        for one in morning.rounds
        if one.helper_id != ill
    }
    started = time.perf_counter()
    nothing = arrange(held(day), order, is_explained=False).plan
    wrong = _line(f"{ill}: nothing done", day, nothing, served, displaced, time.perf_counter() - started)
    about = {told.visit_id for told in day.told if told.helper_id == ill}
    started = time.perf_counter()
    near = narrowed(held(day, about), about)
    plan = solve(near, Limit(seconds=options.seconds), seed=options.seed)
    took = time.perf_counter() - started
    wrong += _line(f"{ill}: changed", day, _with_others(nothing, plan, near), served, displaced, took)
    started = time.perf_counter()
    anew = solve(replace(day, told=()), Limit(seconds=options.seconds), seed=options.seed)
    wrong += _line(f"{ill}: planned anew", day, anew, served, displaced, time.perf_counter() - started)
    return wrong


def _with_others(nothing: Plan, plan: Plan, near: Problem) -> Plan:
    """The plan of those near, with the rounds of everybody else as they were."""
    ours = {helper.id for helper in near.helpers}
    return replace(plan, rounds=plan.rounds + tuple(one for one in nothing.rounds if one.helper_id not in ours))


def _at(problem: Problem, morning: Plan, ill: str, now: int) -> Problem:
    """The day as it stands: who is at a door or on the way to it goes there; the rest is known."""
    done, told, gone = [], [], set()
    for one in morning.rounds:
        for stop in one.stops:
            if stop.arrive - stop.travel > now:
                told.append(Told(stop.visit_id, one.helper_id, stop.start))
            elif one.helper_id == ill:
                gone.add(stop.visit_id)
            else:
                done.append(Done(stop.visit_id, one.helper_id, stop.arrive, stop.start, stop.leave))
    wanted = {one.visit_id for one in told} | {one.visit_id for one in done}
    return replace(
        problem,
        helpers=tuple(helper for helper in problem.helpers if helper.id != ill),
        visits=tuple(visit for visit in problem.visits if visit.id in wanted - gone),
        done=tuple(done),
        told=tuple(told),
        now=now,
    )


def _line(name: str, day: Problem, plan: Plan, served: set[str], displaced: int, seconds: float) -> int:
    known = {told.visit_id: told for told in day.told}
    where = {stop.visit_id: (one.helper_id, stop) for one in plan.rounds for stop in one.stops}
    changed = [key for key, told in known.items() if key in where and where[key][0] != told.helper_id]
    stays = [(where[key][1], told) for key, told in known.items() if key in where and key not in changed]
    retimed = [told for stop, told in stays if abs(stop.start - told.start) >= TOLD_FROM]
    lost = [key for key in known if key in served and key not in where]
    moved = [one for one in day.done if where.get(one.visit_id, ("", None))[0] != one.helper_id]
    priced = arrange(
        day,
        {one.helper_id: [Call(stop.visit_id) for stop in one.stops if not stop.is_done] for one in plan.rounds},
        is_explained=False,
    )
    broken = [one for one in check(day, plan) if one.what not in {"no reason", "missing"}] if "anew" in name else []
    travel = sum(one.travel for one in plan.rounds) / 3600
    print(
        f"{name:<26}{displaced:>10}{len(changed):>9}{len(changed) + len(retimed) + len(lost):>7}{len(lost):>6}"
        f"{travel:>10.1f}{priced.plan.figures.cost / 1000:>9.0f}{seconds:>9.1f}"
        + (f"  BREAKS RULES: {broken[:3]} {moved[:3]}" if broken or moved else "")
    )
    return bool(broken or moved)


if __name__ == "__main__":
    raise SystemExit(main())
