"""The benchmark of two-helper visits solves what a file says, and its checker believes no plan."""

import copy
from typing import Any

import pytest

from benchmarks.hhcrsp import Checker, solve

FAR = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]

TOWN: dict[str, Any] = {
    "services": [{"id": "wash", "default_duration": 10}, {"id": "lift", "default_duration": 20}],
    "caregivers": [{"id": "c1", "abilities": ["wash", "lift"]}, {"id": "c2", "abilities": ["lift"]}],
    "patients": [
        {"id": "p1", "time_window": [0, 60], "required_caregivers": [{"service": "wash"}]},
        {"id": "p2", "time_window": [50, 90], "required_caregivers": [{"service": "lift", "duration": 5}]},
        {
            "id": "p3",
            "time_window": [60, 100],
            "required_caregivers": [{"service": "wash"}, {"service": "lift"}],
            "synchronization": {"type": "simultaneous"},
        },
    ],
    "distances": FAR,
}


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    return solve(TOWN, 0.2, 1)[0]


def checked(plan: dict[str, Any]) -> tuple[float, list[str]]:
    checker = Checker(TOWN)
    return checker.price(plan), checker.wrong


def test_a_plan_of_the_search_passes_and_is_the_best_there_is(plan):
    # c1 goes to p1 and p3, c2 to p3; p2 is on the way of either: two ways of 60, nobody late
    assert checked(plan) == (pytest.approx(40.0), [])


def test_lateness_costs_its_sum_and_its_largest(plan):
    late = copy.deepcopy(plan)
    for stop in (stop for route in late["routes"] for stop in route["locations"] if stop["patient_id"] == "p3"):
        stop["departure_time"] += 109.0 - stop["arrival_time"]
        stop["arrival_time"] = 109.0
    assert checked(late) == (pytest.approx(40.0 + (9 + 9 + 9) / 3), [])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda stop: stop.update(arrival_time=stop["arrival_time"] + 1.0), "apart"),
        (lambda stop: stop.update(arrival_time=1.0), "too early"),
        (lambda stop: stop.update(departure_time=stop["departure_time"] + 1.0), "does not last"),
        (lambda stop: stop.update(service_id="lift"), "does not get"),
    ],
)
def test_a_broken_rule_is_named(plan, change, word):
    broken = copy.deepcopy(plan)
    for stop in (stop for route in broken["routes"] for stop in route["locations"]):
        if stop["patient_id"] == "p3" and stop["service_id"] == "wash":
            change(stop)
    assert any(word in one for one in checked(broken)[1])
