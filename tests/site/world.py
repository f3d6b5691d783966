"""One of everything, for the tests that walk the whole site. All data is in Latin letters, so that any Chinese
character on an English page is a text nobody has translated.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from dispatch import Limit, solve
from domain.codes import AlertKind
from domain.times import local_day, utc_now
from domain.travelling import Basis
from extensions import db
from gateways.travel import StraightLine
from models import (
    Alert,
    AlertLevel,
    Canteen,
    Centre,
    ChangeKind,
    ClosureShape,
    Dish,
    Division,
    Enrolment,
    Meal,
    MealBooking,
    MealRun,
    Means,
    Proposal,
    Question,
    RoadClosure,
    Role,
    Round,
    RoundChange,
    Senior,
    TravelFactor,
    User,
    VisitStatus,
    WhatIf,
)
from policy import SYSTEM
from queries import standing
from services import (
    alerts,
    audit,
    imagined_days,
    meal_run_days,
    meal_run_search,
    meal_runs,
    round_days,
    round_search,
    what_ifs,
)
from services.joint_plans import Found
from services.what_ifs import Asked
from tests.factories import (
    BAOTA,
    CITY,
    TOWNSHIP,
    VILLAGE,
    make_calendar_rule,
    make_canteen,
    make_centre,
    make_dish,
    make_divisions,
    make_helper,
    make_plan,
    make_senior,
    make_service,
    make_visit,
)
from tests.meal_runs import make_courier, make_portion, plan_of
from tests.messages import make_message


@dataclass
class World:
    """What addresses may name, and who may look."""

    today: date
    values: dict[str, Any] = field(default_factory=dict)
    scopes: dict[Role, dict[str, Any]] = field(default_factory=dict)


def make_world() -> World:
    """A senior with a visit, a meal, a place at a centre and an alert; and who looks after her."""
    now = utc_now()
    today = local_day(now)
    make_divisions()
    helper = make_helper(name="Li Xiuying", capacity=20)
    senior = make_senior(
        name="Zhang Yulan", address="House 12", landmark="By the old locust tree", phones=["13800005678"],
        diets=["soft"], allergens=["egg"], last_well_at=now, last_well_by="visit", regular_helper_id=helper.id,
    )  # fmt: skip
    centre = make_centre(name="Day centre", address="Road 1")
    canteen = make_canteen(name="Canteen", address="Road 2")
    plan_day = date(2026, 1, 1)
    dish = make_dish(canteen, name="Set lunch", ingredients="Rice, greens")
    service = make_service(canteen, today + timedelta(days=2), dish)
    db.session.add_all(
        [
            Enrolment(centre_id=centre.id, senior_id=senior.id, weekdays=[1, 2, 3, 4, 5, 6, 7], from_on=plan_day),
            MealBooking(service_id=service.id, senior_id=senior.id, on=service.on, meal=Meal.LUNCH, dish_id=dish.id,
                        price_fen=1200, self_fen=1200, booked_at=now, diets=["soft"]),
        ]
    )  # fmt: skip
    service.booked = 1
    plan = make_plan(senior, reason="Lives alone")
    visit = make_visit(senior, today, plan_id=plan.id, helper_id=helper.id, status=VisitStatus.PLANNED)
    alerts.raise_once(kind=AlertKind.NO_ANSWER, level=AlertLevel.RED, division_code=VILLAGE, senior_id=senior.id,
                      cause=f"visit:{visit.id}", summary="Three knocks, nobody came", now=now)  # fmt: skip
    for table in (Division, Centre, Canteen):
        db.session.execute(update(table).values(name=f"Place {table.__name__}"))
    market = make_calendar_rule(
        today, today + timedelta(days=30), name="Market", note="As ever", extra_tiers=["A"], duration_percent=120
    )
    make_calendar_rule(
        today, today + timedelta(days=9), name="Snow", kind="weather", closed_from=None, closed_to=None,
        instead_from=None, instead_to=None, travel_percent=150, is_foot_out=True, postpone_from=3,
    )  # fmt: skip
    proposal = make_proposal(visit.on + timedelta(days=1))
    closure = make_ways(now, today)
    audit.record("senior.show", "senior", senior.id, by=SYSTEM, now=now, division_code=VILLAGE, reason="Check")
    message = make_message(now, senior_id=senior.id, body="[Yan'an Care] Hello.", resend_number=0)
    db.session.commit()
    alert_id = db.session.scalar(db.select(Alert.id))
    values = {
        "senior_id": senior.id, "visit_id": visit.id, "helper_id": helper.id, "centre_id": centre.id,
        "canteen_id": canteen.id, "alert_id": alert_id, "code": TOWNSHIP, "on": service.on, "day": today,
        "meal": "lunch", "monday": today - timedelta(days=today.weekday()), "key": "visit.every_days",
        "plan_id": plan.id, "proposal_id": proposal.id, "rule_id": market.id,
        "round_id": db.session.scalar(db.select(Round.id).where(Round.proposal_id == proposal.id)),
        "change_id": make_change(proposal, helper.id, now).id, "kind": "ill", "question": "without",
        "what_if_id": make_what_if(helper.id, proposal.on, now).id,
        "message_id": message.id, "closure_id": closure.id, **make_meal_run(canteen, dish, senior, service.on),
    }  # fmt: skip
    scopes = {
        Role.CENTRE_MANAGER: {"centre_id": centre.id}, Role.CANTEEN_MANAGER: {"canteen_id": canteen.id},
        Role.HELPER: {"helper_id": helper.id}, Role.FAMILY: {"senior_id": senior.id, "relation": "daughter"},
        Role.TOWNSHIP_CLERK: {"division_code": TOWNSHIP},
    }  # fmt: skip
    return World(today, values, {role: scopes.get(role, {"division_code": CITY}) for role in Role})


def make_proposal(on: date) -> Proposal:
    """A round of one stop, and a visit left out."""
    senior = make_senior(name="Xue Zhanshan", address="House 13", landmark="By the well", pinyin="xuezhanshan")
    make_visit(senior, on, reason="Lives alone")
    make_visit(senior, on, skills=["bathing"], reason="Lives alone")
    now = utc_now()
    day = round_days.prepare(BAOTA, on, today=local_day(now), travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(), seed=1)
    return round_search.keep(day, plan, nearest, by=SYSTEM, now=now)


def make_change(proposal: Proposal, helper_id: uuid.UUID, now: datetime) -> RoundChange:
    """The proposal's one stop goes later."""
    its = standing.rounds_of(proposal.id)[0]
    before = {"row": its.row, "stops": [stop.row for stop in its.stops]}
    after = {"row": its.row, "stops": [stop.row | {"start_minute": 800} for stop in its.stops]}
    figures = {"moved": 0, "retimed": 1, "lost": 1, "seniors": 1, "rounds": 1, "travel_minutes": 12, "silent": 1,
               "seconds": 3.1}  # fmt: skip
    change = RoundChange(
        proposal_id=proposal.id, division_code=proposal.division_code, on=proposal.on, kind=ChangeKind.ILL,
        helper_id=helper_id, minute=600, reason="Fever", as_of=now, before={"rounds": [before]},
        after={"rounds": [after]}, figures=figures, lost=proposal.left_out,
    )  # fmt: skip
    db.session.add(change)
    db.session.commit()
    return change


def make_what_if(helper_id: uuid.UUID, on: date, now: datetime) -> WhatIf:
    """A day without the helper, answered."""
    what_if = what_ifs.ask(Asked(Question.WITHOUT, BAOTA, on, helper_id=helper_id), by=SYSTEM, now=now)
    pair = imagined_days.read(what_if, today=local_day(now), travel=StraightLine())
    base, variant = (solve(day.problem, Limit(), seed=1) for day in (pair.base, pair.variant))
    what_ifs.answer_pair(what_if.id, pair, base, variant, seconds=4, now=now)
    db.session.commit()
    return what_if


def make_ways(now: datetime, today: date) -> RoadClosure:
    """A closed road, and a way that is known."""
    closure = RoadClosure(
        shape=ClosureShape.CIRCLE, division_code=TOWNSHIP, latitude=36.69, longitude=109.41, radius_m=300,
        from_on=today, reason="A landslide", detour=1.5,
    )  # fmt: skip
    factor = TravelFactor(
        basis=Basis.LINE, means=Means.MOTOR, one_code=TOWNSHIP, other_code=TOWNSHIP, legs=12, low=1.1, median=1.3,
        high=1.6, factor=1.25, model_s=900, observed_s=1170, from_on=today - timedelta(days=60),
        to_on=today - timedelta(days=1), learned_at=now,
    )  # fmt: skip
    db.session.add_all([closure, factor])
    db.session.flush()
    return closure


def make_meal_run(canteen: Canteen, dish: Dish, senior: Senior, on: date) -> dict[str, Any]:
    """A published joint plan: a portion and a visit at one door, a portion left out. What addresses name of it."""
    service = make_service(canteen, on, dish, meal=Meal.SUPPER)
    make_visit(senior, on, window_to=1200, reason="Lives alone")
    left_out = make_senior(name="He Zhijun", pinyin="hezhijun", address="House 14", landmark="", latitude=36.7)
    for one in (senior, left_out):
        make_portion(service, dish, one, allergens=["egg"])
    courier = make_courier(canteen, name="Wang Qiang")
    now = service.cut_off_at
    day = meal_run_days.prepare(BAOTA, on, Meal.SUPPER, is_joint=True, today=local_day(now), travel=StraightLine())
    helper = next(one.id for one in day.problem.helpers if one.capacity and one.id != str(courier.id))
    visits = [one.id for one in day.problem.visits if one.id not in day.drops]
    together = plan_of(day.problem, {helper: [next(iter(day.drops)), *visits]})
    plan = meal_run_search.keep(day, Found(together, together, together.figures), by=SYSTEM, now=now)
    meal_runs.publish(plan.id, by=SYSTEM, now=now)
    run = db.session.scalars(db.select(MealRun).where(MealRun.plan_id == plan.id)).one()
    return {"run_plan_id": plan.id, "run_id": run.id, "courier_id": courier.id}


def make_reader(world: World, make_user: Callable[..., User], role: Role, language: str = "zh_Hans") -> User:
    """Somebody of that role, over what the world holds."""
    user = make_user(role, **world.scopes[role])
    user.name, user.language = "Wang Jianguo", language
    db.session.commit()
    return user


def addresses(app: Flask, world: World) -> dict[str, str]:
    """Endpoint to address, for every page that can be asked for with what the world holds."""
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static" and rule.arguments <= world.values.keys():
                values = {name: world.values[name] for name in rule.arguments}
                found[rule.endpoint] = app.url_for(rule.endpoint, **values)
    return found


def unreached(app: Flask, world: World) -> set[str]:
    """Pages whose address names something the world does not hold."""
    asked = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return asked - addresses(app, world).keys() - {"static"}


def nobody() -> uuid.UUID:
    """An id nothing has."""
    return uuid.UUID(int=0)
