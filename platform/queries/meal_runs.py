"""What pages read of meal runs: a day's board, plans, runs with their stops, and one run for paper."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import aliased

from extensions import db
from models import (
    Canteen,
    CanteenCourier,
    Dish,
    Division,
    Handover,
    Helper,
    MealBooking,
    MealRun,
    MealRunKind,
    MealRunPlan,
    MealRunPortion,
    MealRunStop,
    MealRunStopKind,
    MealService,
    ProposalStatus,
    Senior,
    User,
    Visit,
)
from models.meal import LIVE as LIVE_PORTIONS
from policy import Scope, reach

from . import paging
from .meal_run_lines import (
    CanteenLine,
    Other,
    OwnRun,
    PlanLine,
    PlanPage,
    PortionLine,
    RunLine,
    RunSheet,
    StopRow,
    VisitLine,
    merged,
)
from .rounds import LIVE
from .whereabouts import Place, places_on

Met = TypeVar("Met", PortionLine, VisitLine)

MOST_PLANS = 100
MOST_CANTEENS = 300


def board(scope: Scope, on: date, cursor: str | None) -> paging.Page[CanteenLine]:
    """The meals of a day of which portions go to doors, by canteen."""
    counted = (
        select(
            MealBooking.service_id, func.count().label("portions"), func.count(MealRunPortion.id).label("carried")
        )
        .outerjoin(MealRunPortion, (MealRunPortion.booking_id == MealBooking.id) & MealRunPortion.is_published)
        .where(
            MealBooking.on == on, MealBooking.handover == Handover.DELIVERY, MealBooking.status.in_(LIVE_PORTIONS)
        )
        .group_by(MealBooking.service_id)
        .subquery()
    )  # fmt: skip
    keys = (Canteen.pinyin, MealService.id)
    statement = (
        select(
            Canteen.id, Canteen.name, Canteen.division_code, MealService.meal, MealService.cut_off_at,
            counted.c.portions, counted.c.carried, *keys,
        )
        .join(MealService, MealService.canteen_id == Canteen.id)
        .join(counted, counted.c.service_id == MealService.id)
        .where(reach.canteens(scope), MealService.on == on)
    )  # fmt: skip
    return paging.page(statement, keys, cursor, parse=lambda texts: (texts[0], uuid.UUID(texts[1])), row=CanteenLine)


def canteens_with_deliveries(scope: Scope, code: str, on: date) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of a division's canteens that have portions for doors that day, to choose from."""
    delivering = (
        select(MealService.canteen_id)
        .join(MealBooking, MealBooking.service_id == MealService.id)
        .where(MealBooking.on == on, MealBooking.handover == Handover.DELIVERY)
    )
    statement = (
        select(Canteen.id, Canteen.name)
        .where(reach.canteens(scope), reach.canteens(Scope(frozenset({code}))), Canteen.id.in_(delivering))
        .order_by(Canteen.pinyin, Canteen.id)
        .limit(MOST_CANTEENS)
    )
    return [(key, name) for key, name in db.session.execute(statement)]


def plans(scope: Scope, on: date) -> list[PlanLine]:
    """The day's plans that hold, are searched for, or wait for a decision; the newest first."""
    statement = (
        select(
            MealRunPlan.id, Division.name, Canteen.name, MealRunPlan.on, MealRunPlan.meal, MealRunPlan.kind,
            MealRunPlan.status, MealRunPlan.figures, MealRunPlan.created_at, User.name,
        )
        .join(Division, Division.code == MealRunPlan.division_code)
        .outerjoin(Canteen, Canteen.id == MealRunPlan.canteen_id)
        .outerjoin(User, User.id == MealRunPlan.made_by_id)
        .where(
            reach.meal_run_plans(scope), MealRunPlan.on == on, MealRunPlan.status.in_(LIVE),
            or_(MealRunPlan.kind != MealRunKind.APART, MealRunPlan.status == ProposalStatus.PUBLISHED),
        )
        .order_by(MealRunPlan.id.desc())
        .limit(MOST_PLANS)
    )  # fmt: skip
    return [PlanLine(*row) for row in db.session.execute(statement)]


def plan(scope: Scope, plan_id: uuid.UUID) -> PlanPage | None:
    """One plan of the scope's divisions."""
    maker, publisher = aliased(User), aliased(User)
    statement = (
        select(
            MealRunPlan.id, MealRunPlan.division_code, Division.name, Canteen.name, MealRunPlan.on, MealRunPlan.meal,
            MealRunPlan.kind, MealRunPlan.joint_id, MealRunPlan.status, MealRunPlan.method, MealRunPlan.seconds,
            MealRunPlan.progress, MealRunPlan.heartbeat_at, MealRunPlan.is_stop_asked, MealRunPlan.figures,
            MealRunPlan.left_out, MealRunPlan.set_aside, MealRunPlan.created_at, MealRunPlan.published_at, maker.name,
            publisher.name,
        )
        .join(Division, Division.code == MealRunPlan.division_code)
        .outerjoin(Canteen, Canteen.id == MealRunPlan.canteen_id)
        .outerjoin(maker, maker.id == MealRunPlan.made_by_id)
        .outerjoin(publisher, publisher.id == MealRunPlan.published_by_id)
        .where(MealRunPlan.id == plan_id, reach.meal_run_plans(scope))
    )  # fmt: skip
    row = db.session.execute(statement).one_or_none()
    return PlanPage(*row) if row else None


def other_of(shown: PlanPage) -> Other | None:
    """Of a joint plan the one apart, and the other way round."""
    if shown.kind is MealRunKind.MEALS:
        return None
    which = MealRunPlan.id == shown.joint_id if shown.joint_id else MealRunPlan.joint_id == shown.id
    statement = select(MealRunPlan.id, MealRunPlan.kind, MealRunPlan.status, MealRunPlan.figures).where(which)
    row = db.session.execute(statement).one_or_none()
    return Other(*row) if row else None


_RUN = (
    MealRun.id, MealRun.number, MealRun.helper_id, func.coalesce(Helper.name, CanteenCourier.name),
    MealRun.courier_id.is_not(None), MealRun.means, MealRun.capacity, MealRun.start_minute, MealRun.end_minute,
    MealRun.travel_minutes, MealRun.distance_m, MealRun.tours, MealRun.base_latitude, MealRun.base_longitude,
    MealRun.end_latitude, MealRun.end_longitude,
)  # fmt: skip


def _with_carrier(statement: Select[Any]) -> Select[Any]:
    return statement.outerjoin(Helper, Helper.id == MealRun.helper_id).outerjoin(
        CanteenCourier, CanteenCourier.id == MealRun.courier_id
    )


def runs_of(shown: PlanPage) -> list[RunLine]:
    """A plan's runs with all their stops. Four statements."""
    statement = _with_carrier(select(*_RUN)).where(MealRun.plan_id == shown.id).order_by(MealRun.number)
    lines = [RunLine(*row) for row in db.session.execute(statement)]
    _fill(lines, MealRun.plan_id == shown.id, true())
    return lines


def _fill(lines: Iterable[RunLine], runs: ColumnElement[bool], seen: ColumnElement[bool]) -> None:
    """Put the stops of these runs in place, those that may be seen."""
    of_runs = MealRunStop.run_id.in_(select(MealRun.id).where(runs))
    statement = (
        select(
            MealRunStop.id, MealRunStop.run_id, MealRunStop.position, MealRunStop.tour, MealRunStop.kind,
            MealRunStop.canteen_id, Canteen.name, MealRunStop.visit_id, MealRunStop.portions,
            MealRunStop.arrive_minute, MealRunStop.start_minute, MealRunStop.leave_minute, MealRunStop.travel_minutes,
            MealRunStop.distance_m, MealRunStop.hot_seconds, MealRunStop.latitude, MealRunStop.longitude,
            MealRunStop.is_approximate,
        )
        .outerjoin(Canteen, Canteen.id == MealRunStop.canteen_id)
        .where(of_runs, seen)
        .order_by(MealRunStop.run_id, MealRunStop.position)
    )  # fmt: skip
    stops: dict[uuid.UUID, list[StopRow]] = {}
    for row in db.session.execute(statement):
        stops.setdefault(row.run_id, []).append(StopRow(*row))
    portions, visits = _portions(of_runs, seen), _visits(of_runs, seen)
    for line in lines:
        line.stops = merged(stops.get(line.id, ()), portions, visits)


def _portions(*which: ColumnElement[bool]) -> dict[uuid.UUID, list[PortionLine]]:
    """By stop."""
    statement = (
        select(
            MealRunPortion.stop_id, MealBooking.id, Senior.id, Senior.name, Senior.address, Senior.landmark,
            Dish.name, MealBooking.diets, MealBooking.allergens, MealBooking.diet_note, MealBooking.status,
        )
        .join(MealRunStop, MealRunStop.id == MealRunPortion.stop_id)
        .join(MealBooking, MealBooking.id == MealRunPortion.booking_id)
        .join(Senior, Senior.id == MealBooking.senior_id)
        .join(Dish, Dish.id == MealBooking.dish_id)
        .where(*which)
        .order_by(Senior.pinyin, MealBooking.id)
    )  # fmt: skip
    found: dict[uuid.UUID, list[PortionLine]] = {}
    for stop_id, *row in db.session.execute(statement):
        found.setdefault(stop_id, []).append(PortionLine(*row))
    return found


def _visits(*which: ColumnElement[bool]) -> dict[uuid.UUID, VisitLine]:
    statement = (
        select(
            Visit.id, Senior.id, Senior.name, Senior.address, Senior.landmark, Visit.window_from, Visit.window_to,
            Visit.priority, Visit.reason, Visit.skills, Visit.status,
        )
        .join(MealRunStop, MealRunStop.visit_id == Visit.id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(*which)
    )  # fmt: skip
    return {row.id: VisitLine(*row) for row in db.session.execute(statement)}


def sheet(scope: Scope, run_id: uuid.UUID) -> RunSheet | None:
    """One run for paper, with the doors of that day. A canteen sees what goes over its own counter."""
    statement = (
        _with_carrier(
            select(
                *_RUN, MealRunPlan.id, MealRunPlan.on, MealRunPlan.meal, MealRunPlan.kind, MealRunPlan.status,
                MealRunPlan.division_code, Division.name,
            )
        )
        .join(MealRunPlan, MealRunPlan.id == MealRun.plan_id)
        .join(Division, Division.code == MealRunPlan.division_code)
        .where(MealRun.id == run_id, reach.meal_runs(scope))
    )  # fmt: skip
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    line = RunLine(*row[: len(_RUN)])
    shown = RunSheet(line, *row[len(_RUN) :])
    is_whole = scope.holds_division(shown.division_code) or line.helper_id in scope.helpers
    _fill([line], MealRun.id == run_id, true() if is_whole else MealRunStop.canteen_id.in_(scope.canteens))
    _put_doors(line, shown.on)
    return shown


def _put_doors(line: RunLine, on: date) -> None:
    """Who stays elsewhere that day is brought the meal there."""
    places = places_on({one.senior_id for call in line.stops for one in call.people}, on)
    for call in line.stops:
        call.portions = [_at(one, places) for one in call.portions]
        call.visits = [_at(one, places) for one in call.visits]


def _at(one: Met, places: dict[uuid.UUID, Place]) -> Met:
    place = places.get(one.senior_id)
    return replace(one, address=place.address, landmark=place.landmark) if place and place.is_stay else one


def own_runs(scope: Scope, since: date) -> list[OwnRun]:
    """The published runs of a helper, or from a canteen's counter, from a day on."""
    counted: ColumnElement[bool] = MealRunStop.kind == MealRunStopKind.DOOR
    if scope.canteens:
        counted &= MealRunStop.canteen_id.in_(scope.canteens)
    portions = (
        select(func.coalesce(func.sum(MealRunStop.portions), 0))
        .where(MealRunStop.run_id == MealRun.id, counted)
        .scalar_subquery()
    )
    statement = (
        _with_carrier(
            select(
                MealRun.id, MealRun.on, MealRunPlan.meal, _RUN[3], MealRun.start_minute, MealRun.end_minute,
                MealRun.distance_m, portions,
            )
        )
        .join(MealRunPlan, MealRunPlan.id == MealRun.plan_id)
        .where(reach.meal_runs(scope), MealRun.on >= since, MealRunPlan.status == ProposalStatus.PUBLISHED)
        .order_by(MealRun.on, MealRun.start_minute, MealRun.id)
        .limit(paging.PAGE)
    )  # fmt: skip
    return [OwnRun(*row) for row in db.session.execute(statement)]
