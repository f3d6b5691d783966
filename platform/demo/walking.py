"""Rounds of all counties planned at once, published, and walked: each stop reported as a phone would."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from dispatch import Limit
from domain.errors import Refusal
from domain.times import at_minute
from extensions import db, unit_of_work
from gateways.workers import PROCESSES, open_workers
from models import (
    Outcome,
    Proposal,
    ProposalStatus,
    Round,
    Senior,
    Stop,
    Visit,
    VisitEventKind,
    VisitStatus,
)
from policy import SYSTEM
from services import city_search, round_days, round_search, rounds, travel, visit_log
from services.visit_reports import Report

from . import history
from .dice import Dice
from .shape import COUNTIES

_SECONDS_PER_VISIT, _LEAST_S, _MOST_S = 0.05, 0.6, 20.0
_BATCH = 60


@dataclass(frozen=True, slots=True)
class Order:
    """One county's day to be planned, as of a moment."""

    county: str
    on: date
    now: datetime


def unplanned(orders: Iterable[Order]) -> list[Order]:
    """Those that have no published rounds yet and have visits to be made."""
    done = select(Proposal.division_code, Proposal.on).where(Proposal.status == ProposalStatus.PUBLISHED)
    published = set(db.session.execute(done).tuples())
    return [order for order in orders if (order.county, order.on) not in published]


def orders(on: date, now: datetime) -> list[Order]:
    """Every county's day."""
    return [Order(shape.code, on, now) for shape in COUNTIES]


def plan(
    wanted: list[Order], *, workers: int, osrm_url: str, tell: Callable[[], None], executor: str = PROCESSES
) -> None:
    """Search for all of them in parallel, each in a process of its own; publish each as it is found."""
    moments = {order.county: order.now for order in wanted}
    days = [_day(order, osrm_url) for order in wanted]
    db.session.rollback()
    by_code = {day.division_code: day for day in days if day.problem.visits and day.problem.helpers}
    for _idle in range(len(days) - len(by_code)):
        tell()
    searches = [city_search.Order(code, day.problem, Limit(seconds=_seconds(day))) for code, day in by_code.items()]
    with open_workers(executor, workers) as hands:
        for answer in city_search.search_all(hands, searches):
            day, now = by_code[answer.division_code], moments[answer.division_code]
            if answer.plan.rounds:
                with unit_of_work():
                    proposal = round_search.keep(
                        day, answer.plan, answer.nearest, seconds=_seconds(day), by=SYSTEM, now=now
                    )
                    rounds.publish(proposal.id, by=SYSTEM, now=now)
            tell()


def _day(order: Order, osrm_url: str) -> round_days.Day:
    model = travel.model_for(order.county, order.on, osrm_url=osrm_url)
    return round_days.prepare(order.county, order.on, today=order.on, travel=model)


def _seconds(day: round_days.Day) -> float:
    return min(_MOST_S, max(_LEAST_S, _SECONDS_PER_VISIT * len(day.problem.visits)))


def stops_until(on: date, now: datetime) -> int:
    """How many planned stops of that day's rounds should be done by now."""
    statement = select(func.count()).select_from(_due(on, now).subquery())
    return db.session.scalar(statement) or 0


def _due(on: date, now: datetime) -> Any:
    minute = int((now - at_minute(on, 0)).total_seconds() // 60)
    return (
        select(Visit.id, Stop.start_minute, Stop.leave_minute, Senior.latitude, Senior.longitude)
        .join(Stop, Stop.visit_id == Visit.id)
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(Proposal.status == ProposalStatus.PUBLISHED, Proposal.on == on, Visit.on == on,
               Visit.status == VisitStatus.PLANNED, Stop.leave_minute <= minute, ~Stop.is_second)
        .order_by(Visit.id)
    )  # fmt: skip


def walk(on: date, now: datetime, *, tell: Callable[[int], None]) -> int:
    """Report every stop that is due by now, but for one in forty that nobody reports; returns how many."""
    done = 0
    stops = db.session.execute(_due(on, now)).all()
    for first in range(0, len(stops), _BATCH):
        batch = stops[first : first + _BATCH]
        reports = [report for stop in batch for report in _reports(on, *stop)]
        with unit_of_work():
            receipts = visit_log.take(reports, by=SYSTEM, now=now, clock_offset_s=0.0)
        refused = [receipt.why for receipt in receipts if receipt.why]
        if refused:
            raise Refusal(refused[0])
        done += len({report.visit_id for report in reports})
        tell(len(batch))
    return done


def _reports(
    on: date, visit_id: uuid.UUID, start: int, leave: int, latitude: float | None, longitude: float | None
) -> list[Report]:
    """What the phone recorded at one door."""
    dice = Dice("walked", visit_id)
    if dice.happens(0.025):
        return []
    late = dice.choice((-4, -2, 0, 1, 3, 6, 11))
    arrived, left = at_minute(on, start + late), at_minute(on, max(leave - 2, start + late + 4))
    outcome = dice.one(((None, 95), (Outcome.NOT_AT_HOME, 3), (Outcome.NO_ANSWER, 1), (Outcome.REFUSED, 1)))
    position = {"latitude": latitude, "longitude": longitude, "accuracy_m": 18.0} if latitude and longitude else {}
    steps: list[tuple[VisitEventKind, datetime, dict[str, Any]]] = [(VisitEventKind.ARRIVED, arrived, position)]
    if outcome is not None:
        end = min(arrived + timedelta(minutes=4), left)
        steps.append((VisitEventKind.OUTCOME, end, {"outcome": outcome.value}))
    else:
        marks = history.checklist(dice)
        steps += [(VisitEventKind.CHECKED, arrived + timedelta(minutes=2), {"block": block, **mark})
                  for block, mark in marks.items()]  # fmt: skip
        steps.append((VisitEventKind.MOOD, left, {"mood": history.mood(dice).value}))
        note = dice.choice(history.notes())
        steps.append((VisitEventKind.DONE, left, {"note": note} if note else {}))
    return [
        Report(dice.id(number), visit_id, kind, at, at + timedelta(seconds=20), payload)
        for number, (kind, at, payload) in enumerate(steps)
    ]
