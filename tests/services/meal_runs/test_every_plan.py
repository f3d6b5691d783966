"""Whatever the day: nothing is served cold, nobody carries more than fits, and nothing comes from nowhere."""

from collections import defaultdict, deque
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from benchmarks.lunches import lunch_day
from benchmarks.portions import account_of
from dispatch import Limit, check
from extensions import db
from models import MealRun, MealRunPlan, MealRunStop, MealRunStopKind
from services import joint_plans, meal_run_search
from tests.factories import make_canteen, make_dish, make_helper, make_senior, make_service, make_visit
from tests.meal_runs import DISPATCHER, NOW, TOMORROW, make_courier, make_portion, prepared, stops_of

DAYS = st.fixed_dictionaries({
    "lunches": st.integers(1, 24), "canteens": st.integers(1, 3), "hot": st.sampled_from([5, 12, 30, 60]),
    "couriers": st.integers(0, 2), "room": st.integers(1, 6), "visits": st.integers(0, 6), "helpers": st.integers(0, 4),
    "seed": st.integers(0, 10_000),
})  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(DAYS)
def test_every_plan_passes_the_checker_and_an_account_of_its_own(options):
    day = lunch_day(**options)
    found = joint_plans.search(day, Limit(iterations=40), seed=1)
    for plan in filter(None, (found.plan, found.apart)):
        assert check(day.problem, plan) == []
        assert account_of(day.problem, plan).wrong == []
        left = {one.visit_id for one in plan.left_out}
        delivered = sum(len(drop.booking_ids) for key, drop in day.drops.items() if key not in left)
        assert account_of(day.problem, plan).delivered == delivered


def faults_of_rows(plan: MealRunPlan, hot_minutes: int) -> list[str]:
    """What is wrong with a plan, told from its rows alone."""
    faults = []
    by_run: dict[object, list[MealRunStop]] = defaultdict(list)
    for stop in stops_of(plan):
        by_run[stop.run_id].append(stop)
    for run in db.session.scalars(select(MealRun).where(MealRun.plan_id == plan.id)):
        box: dict[object, deque[int]] = defaultdict(deque)
        for stop in by_run[run.id]:
            if stop.kind is MealRunStopKind.COUNTER:
                box[stop.canteen_id] += [stop.leave_minute] * stop.portions
            elif stop.kind is MealRunStopKind.DOOR:
                faults += ["not fetched"] * (len(box[stop.canteen_id]) < stop.portions)
                taken = [box[stop.canteen_id].popleft() for _one in range(stop.portions)]
                minutes = stop.start_minute - min(taken) - 1  # both are rounded
                faults += ["cold"] * (max(minutes * 60, stop.hot_seconds) > hot_minutes * 60)
                faults += ["late"] * (stop.leave_minute > 750 or min(taken) < 660)
            faults += ["too heavy"] * (sum(map(len, box.values())) > run.capacity)
        faults += ["brought back"] * any(box.values())
    return faults


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_of_a_kept_plan_say_the_same(app, seed):
    random = Random(seed)
    for _canteen in range(2):
        canteen = make_canteen(latitude=36.6 + random.uniform(0, 0.1), longitude=109.4 + random.uniform(0, 0.1))
        dish = make_dish(canteen)
        service = make_service(canteen, TOMORROW, dish)
        make_courier(canteen, capacity=random.randint(1, 4))
        for _portion in range(10):
            where = {"latitude": canteen.latitude + random.gauss(0, 0.03), "longitude": canteen.longitude}
            make_portion(service, dish, make_senior(address=f"{random.randint(1, 6)} 号", **where))
    for number in range(3):
        make_helper(name=f"助老员{number}", capacity=random.randint(0, 3), latitude=36.65)
        make_visit(make_senior(latitude=36.6 + random.uniform(0, 0.1)), TOMORROW)
    day = prepared(is_joint=True)
    found = joint_plans.search(day, Limit(iterations=60), seed=seed)
    plan = meal_run_search.keep(day, found, by=DISPATCHER, now=NOW)
    for one in db.session.scalars(select(MealRunPlan)):
        assert faults_of_rows(one, 60) == []
    assert plan.figures["delivered"] > 0
