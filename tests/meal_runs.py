"""Meals for doors, and plans of runs made by hand: what the tests of meal runs need to exist."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import func, select

from dispatch import Fetched, Figures, Helper, LeftOut, Method, Plan, Problem, Reason, ReasonCode, Round, Tour, Visit
from dispatch import Stop as PlannedStop
from extensions import db
from gateways.travel import StraightLine
from models import (
    BookingStatus,
    Canteen,
    CanteenCourier,
    Dish,
    Handover,
    Meal,
    MealBooking,
    MealRun,
    MealRunPlan,
    MealRunPortion,
    MealRunStop,
    MealService,
    Role,
    Senior,
)
from policy import Actor, Held
from services import meal_run_days, meal_run_search
from services.joint_plans import Found
from services.meal_run_days import RunDay
from tests.factories import BAOTA, make_senior

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 17:00 on Monday, past the cut-off for Tuesday
TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)


def make_portion(service: MealService, dish: Dish, senior: Senior | None = None, **changes: Any) -> MealBooking:
    """A portion to be brought to a door, counted by the kitchen."""
    fields: dict[str, Any] = {
        "on": service.on, "meal": service.meal, "booked_at": LONG_AGO, "price_fen": 1200, "self_fen": 1200,
        "handover": Handover.DELIVERY, "status": BookingStatus.LOCKED,
    }  # fmt: skip
    senior = senior or make_senior()
    booking = MealBooking(service_id=service.id, senior_id=senior.id, dish_id=dish.id, **(fields | changes))
    db.session.add(booking)
    db.session.flush()
    return booking


def make_courier(canteen: Canteen, **changes: Any) -> CanteenCourier:
    """王师傅 of the canteen, with room for twenty."""
    fields: dict[str, Any] = {"name": "王师傅", "capacity": 20}
    courier = CanteenCourier(canteen_id=canteen.id, **(fields | changes))
    db.session.add(courier)
    db.session.flush()
    return courier


def by_hand(day: RunDay, orders: Mapping[str, Sequence[str]] | None = None) -> Found:
    """A plan in which each carrier makes these visits in this order, on one tour; without orders the first makes all.

    Portions of one counter that follow each other are fetched together. Times are as early as they can be.
    """
    problem = day.problem
    if orders is None:
        orders = {problem.helpers[0].id: [visit.id for visit in problem.visits if visit.place is not None]}
    return Found(plan_of(problem, orders))


def plan_of(problem: Problem, orders: Mapping[str, Sequence[str]]) -> Plan:
    """The same for any problem."""
    helpers = {helper.id: helper for helper in problem.helpers}
    rounds = tuple(Round(key, (_tour(problem, helpers[key], ids),)) for key, ids in orders.items() if ids)
    served = {visit_id for ids in orders.values() for visit_id in ids}
    missing = [visit for visit in problem.visits if visit.id not in served]
    reason = (Reason(ReasonCode.ALL_FULL, {"helpers": 1}),)
    left_out = tuple(LeftOut(visit.id, reason) for visit in missing)
    return Plan(rounds, left_out, (), _figures(problem, rounds, missing), Method.SEARCH)


def _tour(problem: Problem, helper: Helper, ids: Sequence[str]) -> Tour:
    visits = {visit.id: visit for visit in problem.visits}
    travel = problem.travel[helper.means]
    here, clock = helper.start_place, helper.shifts[0].start
    stops: list[PlannedStop] = []

    def counter_of(visit_id: str) -> int | None:
        fetch = visits[visit_id].fetch
        return fetch.place if fetch else None

    for counter, group in groupby(ids, key=counter_of):
        some = [visits[one] for one in group]
        fetched = None
        legs = 0, 0
        if counter is not None:
            legs = int(travel.seconds[here, counter]), int(travel.metres[here, counter])
            fetched = _fetched(some, counter, clock + legs[0])
            here, clock = counter, fetched.leave
        for visit in some:
            assert visit.place is not None
            way = int(travel.seconds[here, visit.place]), int(travel.metres[here, visit.place])
            arrive = clock + way[0]
            start = max(arrive, visit.windows[0].start)
            clock, here = start + visit.duration, visit.place
            stops.append(
                PlannedStop(visit.id, arrive, start, clock, way[0] + legs[0], way[1] + legs[1], fetched=fetched)
            )
            fetched, legs = None, (0, 0)
    back = int(travel.seconds[here, helper.end_place]), int(travel.metres[here, helper.end_place])
    return Tour(0, helper.shifts[0].start, clock + back[0], tuple(stops), *back)


def _fetched(some: Sequence[Visit], counter: int, arrive: int) -> Fetched:
    fetches = [visit.fetch for visit in some if visit.fetch]
    start = max(arrive, *(fetch.ready for fetch in fetches))
    return Fetched(counter, arrive, start, start + fetches[0].duration, sum(fetch.size for fetch in fetches))


def _figures(problem: Problem, rounds: Sequence[Round], missing: Iterable[Visit]) -> Figures:
    unserved = [0, 0, 0]
    for visit in missing:
        unserved[visit.priority - 1] += 1
    travel = sum(one.travel for one in rounds)
    return Figures(
        visits=len(problem.visits), served=sum(len(one.stops) for one in rounds),
        unserved=(unserved[0], unserved[1], unserved[2]), rounds=len(rounds), travel=travel,
        metres=sum(one.metres for one in rounds), work=sum(one.work for one in rounds), wait=0, kept_regular=0,
        had_regular=0, cost=travel,
    )  # fmt: skip


def prepared(**changes: Any) -> RunDay:
    """Tomorrow's lunches of 宝塔区 that go to doors."""
    return meal_run_days.prepare(BAOTA, TOMORROW, Meal.LUNCH, today=TODAY, travel=StraightLine(), **changes)


def kept(**changes: Any) -> MealRunPlan:
    """The same, planned by hand and kept."""
    day = prepared(**changes)
    return meal_run_search.keep(day, by_hand(day), by=DISPATCHER, now=NOW)


def stops_of(plan: MealRunPlan) -> list[MealRunStop]:
    """Its stops, run by run."""
    statement = select(MealRunStop).join(MealRun, MealRun.id == MealRunStop.run_id).where(MealRun.plan_id == plan.id)
    return list(db.session.scalars(statement.order_by(MealRun.number, MealRunStop.position)))


def published_portions() -> int:
    """How many portions somebody brings."""
    return db.session.scalar(select(func.count()).where(MealRunPortion.is_published)) or 0
