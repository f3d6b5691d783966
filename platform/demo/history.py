"""Four weeks that lie behind: the visits the plans asked for, made and reported by generated helpers."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, select, update

from domain.times import at_minute
from domain.visiting import Block, Mark, Mood
from extensions import db, unit_of_work
from gateways.travel import Point
from models import Helper, Outcome, Senior, Visit, VisitStatus
from services import calendar_visits, visits_due

from . import ways
from .dice import Dice

WEEKS = 4
_CHUNK = 4_000
_OUTCOMES = ((Outcome.MET, 940), (Outcome.NOT_AT_HOME, 28), (Outcome.NO_ANSWER, 12), (Outcome.GONE_TO_HOSPITAL, 8),
             (Outcome.REFUSED, 6), (None, 6))  # fmt: skip
_NOTES = ("精神不错，屋里暖和。", "血压有点高，提醒按时吃药。", "院里柴火不多了，已告诉村上。",
          "孩子周末要回来，很高兴。", "腿脚不太好，走路慢。", "药快吃完了，帮着记下。", "")  # fmt: skip


def make_due(today: date, now: datetime) -> int:
    """The visits of the weeks behind and of the weeks ahead; returns how many are new. Safe to call every day."""
    made = 0
    is_first = db.session.scalar(select(Visit.id).limit(1)) is None
    start = today - timedelta(weeks=WEEKS) if is_first else today
    horizon = (today - start).days + visits_due.HORIZON_DAYS
    while True:
        with unit_of_work():
            step = visits_due.make_due(start, horizon, now=now)
        made += step.visits
        if not step.plans:
            return made + _make_extra(today, now)


def _make_extra(today: date, now: datetime) -> int:
    """One visit more for a festival or a cold wave."""
    made = 0
    place: calendar_visits.Place | None = calendar_visits.START
    while place is not None:
        with unit_of_work():
            step = calendar_visits.make(today, place, now=now)
        made, place = made + step.visits, step.next
    return made


def waiting(before: date) -> int:
    """How many visits of days before `before` nobody has reported."""
    statement = select(func.count()).select_from(Visit).where(Visit.on < before, Visit.status == VisitStatus.DUE)
    return db.session.scalar(statement) or 0


def report(before: date) -> Iterator[int]:
    """Report the visits before a day that were never planned; yields how many after each chunk."""
    columns = (
        Visit.id, Visit.on, Visit.window_from, Visit.duration_minutes, Senior.regular_helper_id, Helper.means,
        Visit.division_code, Senior.latitude, Senior.longitude,
    )  # fmt: skip
    while True:
        statement = (
            select(*columns)
            .join(Senior, Senior.id == Visit.senior_id)
            .outerjoin(Helper, Helper.id == Senior.regular_helper_id)
            .where(Visit.on < before, Visit.status == VisitStatus.DUE)
            .order_by(Visit.on, Senior.regular_helper_id, Senior.latitude, Visit.id)
            .limit(_CHUNK)
        )
        with unit_of_work() as uow:
            visits = uow.session.execute(statement).all()
            if visits:
                uow.session.execute(update(Visit), list(_walked(visits)))
        if not visits:
            return
        yield len(visits)


def _walked(visits: Sequence[Row[Any]]) -> Iterator[dict[str, Any]]:
    """Each helper's day, door after door from north to south, with the ways between them."""
    for (_on, helper_id), day in groupby(visits, key=lambda visit: (visit.on, visit.regular_helper_id)):
        left: datetime | None = None
        there: Point | None = None
        for visit in day:
            dice = Dice("visited", visit.id)
            here = _door(visit)
            earliest = at_minute(visit.on, visit.window_from + dice.randint(0, 150))
            if helper_id and left and here and there:
                way = ways.minutes(there, here, visit.means, dice)
                earliest = max(left + timedelta(minutes=way), at_minute(visit.on, visit.window_from))
            row = _reported(visit, dice, earliest)
            left, there = row["left_at"], here
            yield row


def _door(visit: Row[Any]) -> Point | None:
    if visit.latitude is None or visit.longitude is None:
        return None
    return Point(visit.latitude, visit.longitude, division=visit.division_code)


def _reported(visit: Row[Any], dice: Dice, arrived: datetime) -> dict[str, Any]:
    """What the visit's row says after the helper was there."""
    outcome = dice.one(_OUTCOMES)
    row: dict[str, Any] = {"id": visit.id, "helper_id": visit.regular_helper_id, "outcome": outcome,
                           "arrived_at": None, "left_at": None, "met_on": None, "checklist": {}, "note": "",
                           "mood": None}  # fmt: skip
    if outcome is None:
        return row | {"status": VisitStatus.PLANNED}  # 未回报: somebody was to go, and nothing was heard
    left = arrived + timedelta(minutes=visit.duration_minutes + dice.randint(-8, 12))
    if outcome is not Outcome.MET:
        return row | {"status": VisitStatus.NOT_MET, "arrived_at": arrived, "left_at": arrived + timedelta(minutes=3)}
    return row | {"status": VisitStatus.DONE, "arrived_at": arrived, "left_at": left, "met_on": visit.on,
                  "checklist": checklist(dice), "note": dice.choice(_NOTES), "mood": mood(dice)}  # fmt: skip


def checklist(dice: Dice) -> dict[str, dict[str, str]]:
    """The five blocks: mostly normal, sometimes something to watch."""
    return {block.value: {"mark": _mark(dice).value, "note": ""} for block in Block}


def _mark(dice: Dice) -> Mark:
    return dice.one(((Mark.NORMAL, 930), (Mark.WATCH, 64), (Mark.PROBLEM, 6)))


def mood(dice: Dice) -> Mood:
    """How the person is today."""
    return dice.one(((Mood.JOYFUL, 22), (Mood.CONTENT, 45), (Mood.CALM, 26), (Mood.LOW, 6), (Mood.DISTRESSED, 1)))


def notes() -> Sequence[str]:
    """What helpers write."""
    return _NOTES
