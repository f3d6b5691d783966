"""From a plan to the rows of its proposal: figures, rounds, stops, what is left out. Seconds become minutes."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from dispatch import Fetched, Figures, LeftOut, Plan, Reason, Tour
from dispatch import Round as PlannedRound
from dispatch import Stop as PlannedStop
from extensions import db
from models import Proposal, Round, Stop

from .round_days import Counter, Day, Spot


def write(
    proposal: Proposal,
    day: Day,
    plan: Plan,
    *,
    now: datetime,
    known: Mapping[str, tuple[uuid.UUID, int]] | None = None,
) -> None:
    """The proposal holds this plan and nothing else. `known`: id and number of the rounds that helpers keep."""
    proposal.figures = {**proposal.figures, "plan": numbers(plan.figures)}
    proposal.left_out = [_left_out(one, day.doors.get(one.visit_id)) for one in plan.left_out]
    proposal.set_aside = [
        {"helper_id": one.helper_id, "reasons": [reason_row(reason) for reason in one.reasons]}
        for one in plan.set_aside
    ]
    db.session.flush()
    _clear(proposal.id)
    kept = dict(known or {})
    taken = {number for _id, number in kept.values()}
    free = (number for number in range(1, len(plan.rounds) + len(taken) + 2) if number not in taken)
    for planned in plan.rounds:
        its = round_of(proposal, day, planned, 0, now)
        if planned.helper_id in kept:
            its.id, its.number = kept[planned.helper_id]
        else:
            its.number = next(free)
        db.session.add(its)
        db.session.flush()
        db.session.add_all(stops_of(its.id, planned, day))
    db.session.flush()


def _clear(proposal_id: uuid.UUID) -> None:
    its = select(Round.id).where(Round.proposal_id == proposal_id)
    db.session.execute(delete(Stop).where(Stop.round_id.in_(its)))
    db.session.execute(delete(Round).where(Round.proposal_id == proposal_id))


def reason_row(reason: Reason) -> dict[str, Any]:
    """A reason as it is stored."""
    return {"code": reason.code.value, **reason.parameters}


def _left_out(one: LeftOut, door: Spot | None) -> dict[str, Any]:
    row: dict[str, Any] = {"visit_id": one.visit_id, "reasons": [reason_row(reason) for reason in one.reasons]}
    return row | ({"at": [door.latitude, door.longitude]} if door else {})


def numbers(figures: Figures) -> dict[str, Any]:
    """What pages show of figures; minutes and metres."""
    return {
        "visits": figures.visits,
        "served": figures.served,
        "unserved": list(figures.unserved),
        "rounds": figures.rounds,
        "travel_minutes": round(figures.travel / 60),
        "metres": figures.metres,
        "work_minutes": round(figures.work / 60),
        "wait_minutes": round(figures.wait / 60),
        "late_minutes": round(figures.late / 60),
        "overtime_minutes": round(figures.overtime / 60),
        "pair_wait_minutes": round(figures.pair_wait / 60),
        "spread_minutes": round(figures.spread / 60),
        "moved": figures.moved,
        "retimed": figures.retimed,
        "kept_regular": figures.kept_regular,
        "had_regular": figures.had_regular,
        "cost": figures.cost,
    }


def round_of(proposal: Proposal, day: Day, planned: PlannedRound, number: int, now: datetime) -> Round:
    """The row of one helper's day."""
    base, end = day.bases.get(planned.helper_id), day.ends.get(planned.helper_id)
    return Round(
        proposal_id=proposal.id,
        helper_id=uuid.UUID(planned.helper_id),
        division_code=day.division_code,
        on=day.on,
        number=number,
        start_minute=_minute(planned.tours[0].leave),
        end_minute=_minute(planned.tours[-1].back),
        travel_minutes=_minute(planned.travel),
        work_minutes=_minute(planned.work),
        distance_m=planned.metres,
        tours=[tour_row(tour) for tour in planned.tours],
        base_latitude=base.latitude if base else None,
        base_longitude=base.longitude if base else None,
        end_latitude=end.latitude if end else None,
        end_longitude=end.longitude if end else None,
        created_at=now,
    )


def tour_row(tour: Tour) -> dict[str, Any]:
    """A tour as it is stored with its round."""
    return {
        "leave": _minute(tour.leave),
        "back": _minute(tour.back),
        "minutes": _minute(tour.travel_back),
        "metres": tour.metres_back,
        "breaks": [[_minute(pause.start), _minute(pause.end)] for pause in tour.breaks],
    }


def stops_of(round_id: uuid.UUID, planned: PlannedRound, day: Day) -> Iterable[Stop]:
    """The rows of its stops, in order."""
    position = 0
    for number, tour in enumerate(planned.tours):
        for stop in tour.stops:
            position += 1
            yield _stop(round_id, position, number, stop, day)


def _stop(round_id: uuid.UUID, position: int, tour: int, stop: PlannedStop, day: Day) -> Stop:
    door = day.doors[stop.visit_id]
    return Stop(
        round_id=round_id,
        visit_id=uuid.UUID(stop.visit_id),
        position=position,
        tour=tour,
        arrive_minute=_minute(stop.arrive),
        start_minute=_minute(stop.start),
        leave_minute=_minute(stop.leave),
        travel_minutes=_minute(stop.travel),
        distance_m=stop.metres,
        is_pinned=stop.is_pinned,
        is_second=stop.is_second,
        is_done=stop.is_done,
        late_minutes=_minute(stop.late),
        fetched=_fetched(stop.fetched, day) if stop.fetched else {},
        why=[reason_row(reason) for reason in stop.why],
        latitude=door.latitude,
        longitude=door.longitude,
        is_approximate=door.is_approximate,
    )


def _fetched(fetched: Fetched, day: Day) -> dict[str, Any]:
    counter = day.counters.get(fetched.place)
    return _where(counter) | {
        "arrive": _minute(fetched.arrive),
        "start": _minute(fetched.start),
        "leave": _minute(fetched.leave),
        "portions": fetched.portions,
    }


def _where(counter: Counter | None) -> dict[str, Any]:
    if counter is None:
        return {}
    return {"label": counter.label, "latitude": counter.spot.latitude, "longitude": counter.spot.longitude}


def _minute(seconds: int) -> int:
    return round(seconds / 60)
