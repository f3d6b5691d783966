"""Two-helper visits on the public home health-care instances, against the best costs known.

    python benchmarks/hhcrsp.py --instances DIR [--best FILE] [--seconds 60] [--seed 1] [--out DIR] [--only TEXT]

Solves each instance on one core, writes solution files, and lets an independent checker price them: the figure
printed is the checker's. Cost = (distance + total tardiness + largest tardiness) / 3.
"""

import argparse
import csv
import itertools
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "platform"))

from dispatch.search import Case, Cooling, anneal, empty_state, make_case
from dispatch.search.anneal import rebuild, start_from
from dispatch.search.case import NEVER
from dispatch.search.state import AFTER, FIRST

TOLERANCE = 1e-6


def read_case(data: dict[str, Any]) -> Case:
    """The arrays of one instance; all prices are three times the instance's cost."""
    services = {service["id"]: service for service in data["services"]}
    patients, caregivers = data["patients"], data["caregivers"]
    duration = np.zeros(2 * len(patients))
    able = np.zeros((len(caregivers), 2 * len(patients)), dtype=bool)
    gaps = []
    for p, patient in enumerate(patients):
        for k, need in enumerate(patient["required_caregivers"]):
            duration[2 * p + k] = need.get("duration", services[need["service"]].get("default_duration", 0))
            able[:, 2 * p + k] = [need["service"] in caregiver["abilities"] for caregiver in caregivers]
        rule = patient.get("synchronization") or {}
        gaps.append(tuple(rule["distance"]) if rule.get("type") == "sequential" else (0.0, 0.0))
    return make_case(
        slots=[len(patient["required_caregivers"]) for patient in patients],
        place=list(range(1, len(patients) + 1)),
        windows=[[tuple(patient["time_window"])] for patient in patients],
        late=[1.0] * len(patients),
        gap=gaps,
        unserved=[NEVER] * len(patients),
        duration=duration,
        able=able,
        time=np.array([data["distances"]], dtype=float),
        worst_late=1.0,
    )


def first_plan(case: Case, seed: int) -> np.ndarray:
    """Any able helper at each door."""
    generator = np.random.default_rng(seed)
    helper = np.full(2 * len(case.slots), -1, dtype=np.int64)
    for p, slots in enumerate(case.slots):
        choices = [np.flatnonzero(case.able[:, v]) for v in range(2 * p, 2 * p + int(slots))]
        teams = [team for team in itertools.product(*choices) if len(set(team)) == len(team)]
        helper[2 * p : 2 * p + int(slots)] = teams[generator.integers(len(teams))]
    return helper


def solution(data: dict[str, Any], case: Case, state: Any) -> dict[str, Any]:
    """The best plan as a solution file."""
    rebuild(case, state, state.best_key.copy(), state.best_helper.copy())
    routes = []
    for h, caregiver in enumerate(data["caregivers"]):
        stops, v = [], int(state.routes[h, FIRST])
        while v >= 0:
            patient = data["patients"][v >> 1]
            start = float(state.start[v])
            stops.append({
                "patient_id": patient["id"],
                "service_id": patient["required_caregivers"][v & 1]["service"],
                "arrival_time": start,
                "departure_time": start + float(case.duration[v]),
            })  # fmt: skip
            v = int(state.links[v, AFTER])
        routes.append({"caregiver_id": caregiver["id"], "locations": stops})
    order = [data["patients"][p]["id"] for p in np.argsort(state.key)]
    return {"routes": routes, "global_ordering": order}


class Checker:
    """Prices a plan and lists every rule it breaks, from the instance's own text and nothing of the search."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.away = data["distances"]
        self.rows = {patient["id"]: row for row, patient in enumerate(data["patients"], 1)}
        self.patients = {patient["id"]: patient for patient in data["patients"]}
        self.default = {service["id"]: service.get("default_duration", 0) for service in data["services"]}
        self.able = {caregiver["id"]: set(caregiver["abilities"]) for caregiver in data["caregivers"]}
        self.made: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
        self.wrong: list[str] = []
        self.distance = 0.0

    def route(self, route: dict[str, Any]) -> None:
        """Follow one caregiver through the day."""
        who, at, free = route["caregiver_id"], 0, 0.0
        for stop in route["locations"]:
            row, patient = self.rows[stop["patient_id"]], self.patients[stop["patient_id"]]
            need = next(n for n in patient["required_caregivers"] if n["service"] == stop["service_id"])
            lasts = need.get("duration", self.default[need["service"]])
            start = stop["arrival_time"]
            if start < max(free + self.away[at][row], patient["time_window"][0]) - TOLERANCE:
                self.wrong.append(f"{who} is at {stop['patient_id']} too early")
            if abs(stop["departure_time"] - start - lasts) > TOLERANCE:
                self.wrong.append(f"{stop['patient_id']} does not last {lasts}")
            if stop["service_id"] not in self.able[who]:
                self.wrong.append(f"{who} is not able to {stop['service_id']}")
            self.distance += self.away[at][row]
            at, free = row, stop["departure_time"]
            self.made[stop["patient_id"]].append((stop["service_id"], who, start))
        self.distance += self.away[at][0]

    def tardiness(self, name: str) -> list[float]:
        """The tardiness of each service of a patient."""
        patient, made = self.patients[name], self.made[name]
        wanted = [need["service"] for need in patient["required_caregivers"]]
        if sorted(wanted) != sorted(service for service, _who, _start in made):
            self.wrong.append(f"{name} does not get {wanted}")
            return []
        if len({who for _service, who, _start in made}) < len(wanted):
            self.wrong.append(f"{name} gets one caregiver twice")
        starts = [next(start for service, _who, start in made if service == one) for one in wanted]
        if len(starts) == 2:
            rule = patient["synchronization"]
            least, most = rule["distance"] if rule["type"] == "sequential" else (0.0, 0.0)
            if not least - TOLERANCE <= starts[1] - starts[0] <= most + TOLERANCE:
                self.wrong.append(f"{name}'s two services are {starts[1] - starts[0]} apart")
        return [max(start - patient["time_window"][1], 0.0) for start in starts]

    def price(self, plan: dict[str, Any]) -> float:
        """The cost of a whole plan; what it breaks is in `wrong`."""
        for route in plan["routes"]:
            self.route(route)
        late = [one for name in self.patients for one in self.tardiness(name)]
        return (self.distance + sum(late) + max(late, default=0.0)) / 3


def solve(data: dict[str, Any], seconds: float, seed: int) -> tuple[dict[str, Any], int]:
    """The best plan found in so many seconds of one core, and the moves tried."""
    case = read_case(data)
    state = empty_state(case, seed)
    start_from(case, state, first_plan(case, seed))
    outcome = anneal(case, state, Cooling(seconds=seconds))
    return solution(data, case, state), outcome.moves


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """What the command was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=Path, required=True)
    parser.add_argument("--best", type=Path)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--only", default="", help="parts of file names, with commas between")
    return parser.parse_args(argv)


def best_known(path: Path | None) -> dict[str, float]:
    """Instance file to best cost known."""
    if path is None:
        return {}
    with path.open() as file:
        return {row["instance"]: float(row["total_cost"]) for row in csv.DictReader(file)}


def main(argv: list[str] | None = None) -> int:
    """Solve, check, print; 1 if any plan breaks a rule."""
    options = arguments(argv)
    best, gaps, is_broken = best_known(options.best), [], False
    parts = options.only.split(",")
    files = [path for path in sorted(options.instances.glob("*.json")) if any(part in path.name for part in parts)]
    solve(json.loads(files[0].read_text()), 0.1, 1)  # compile before the clock counts
    for path in files:
        data = json.loads(path.read_text())
        plan, moves = solve(data, options.seconds, options.seed)
        checker = Checker(data)
        cost = checker.price(plan)
        is_broken = is_broken or bool(checker.wrong)
        line = f"{path.name:34} cost {cost:9.3f}"
        if path.name in best:
            gaps.append((cost / best[path.name] - 1) * 100)
            line += f"  best known {best[path.name]:9.3f}  gap {gaps[-1]:+6.2f} %"
        print(f"{line}  {moves / options.seconds / 1e6:.2f} M moves/s  {'; '.join(checker.wrong[:2])}", flush=True)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / path.name).write_text(json.dumps(plan))
    if gaps:
        print(f"mean gap {np.mean(gaps):+.3f} % over {len(gaps)} instances, {options.seconds:g} s each")
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
