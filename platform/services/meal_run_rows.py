"""From a plan of the optimiser to rows: each carrier's calls at counters and doors in order, and the figures."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from dispatch import Fetched, Figures, Helper, Plan, Reason, Round, Travel
from dispatch import Stop as PlannedStop
from extensions import db
from models import MealRun, MealRunPlan, MealRunPortion, MealRunStop, MealRunStopKind, Means

from .joint_plans import Found
from .meal_run_days import Drop, RunDay
from .round_days import MINUTE
from .round_rows import numbers, reason_row, tour_row


def write(plan: MealRunPlan, day: RunDay, planned: Plan, found: Found) -> None:
    """The runs, their stops and portions, what is left out, and the figures of all."""
    helpers = {helper.id: helper for helper in day.problem.helpers}
    heats: list[int] = []
    for number, one in enumerate(planned.rounds, 1):
        heats += _write_run(plan, day, number, helpers[one.helper_id], one)
    plan.left_out = [_left_out(day, one.visit_id, one.reasons) for one in planned.left_out]
    plan.set_aside = [
        {"carrier_id": one.helper_id, "reasons": list(map(reason_row, one.reasons))} for one in planned.set_aside
    ]
    plan.figures = _figures(day, planned, found, heats)
    db.session.flush()


def _left_out(day: RunDay, visit_id: str, why: Iterable[Reason]) -> dict[str, Any]:
    drop = day.drops.get(visit_id)
    about = {"booking_ids": [str(one) for one in drop.booking_ids]} if drop else {"visit_id": visit_id}
    return {**about, "reasons": list(map(reason_row, why))}


@dataclass(slots=True)
class _Walk:
    """Where a carrier is while a tour is written down, and since when each counter's portions are on the way."""

    day: RunDay
    travel: Travel
    run_id: uuid.UUID
    place: int
    tour: int = 0
    position: int = 0
    left_counter: dict[int, int] = field(default_factory=dict)
    heats: list[int] = field(default_factory=list)
    handed_over: list[tuple[MealRunStop, Drop]] = field(default_factory=list)

    def leg_to(self, place: int) -> dict[str, int]:
        here, self.place = self.place, place
        return {
            "travel_minutes": _minute(int(self.travel.seconds[here, place])),
            "distance_m": int(self.travel.metres[here, place]),
        }

    def next_row(self, kind: MealRunStopKind, times: PlannedStop | Fetched, **columns: Any) -> MealRunStop:
        self.position += 1
        row = MealRunStop(
            run_id=self.run_id, position=self.position, tour=self.tour, kind=kind,
            arrive_minute=_minute(times.arrive), start_minute=_minute(times.start),
            leave_minute=_minute(times.leave), **columns,
        )  # fmt: skip
        db.session.add(row)
        return row


def _write_run(plan: MealRunPlan, day: RunDay, number: int, carrier: Helper, one: Round) -> list[int]:
    """One carrier's run; how long each of its portions was on the way, in seconds."""
    base, end = day.bases.get(carrier.id), day.ends.get(carrier.id)
    key = uuid.UUID(carrier.id)
    is_courier = carrier.id in day.couriers
    run = MealRun(
        plan_id=plan.id, helper_id=None if is_courier else key, courier_id=key if is_courier else None, on=day.on,
        number=number, means=Means(carrier.means), capacity=carrier.capacity,
        start_minute=_minute(one.tours[0].leave), end_minute=_minute(one.tours[-1].back),
        travel_minutes=_minute(one.travel), distance_m=one.metres, tours=[tour_row(tour) for tour in one.tours],
        base_latitude=base.latitude if base else None, base_longitude=base.longitude if base else None,
        end_latitude=end.latitude if end else None, end_longitude=end.longitude if end else None,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    walk = _Walk(day, day.problem.travel[carrier.means], run.id, carrier.start_place)
    places = {visit.id: visit.place for visit in day.problem.visits}
    for walk.tour, tour in enumerate(one.tours):
        walk.place = carrier.start_place
        walk.left_counter.clear()
        for stop in tour.stops:
            if stop.fetched is not None:
                _call_at_counter(walk, stop.fetched)
            _call_at_door(walk, stop, places[stop.visit_id])
    db.session.flush()
    db.session.add_all(
        MealRunPortion(stop_id=row.id, booking_id=one) for row, drop in walk.handed_over for one in drop.booking_ids
    )
    return walk.heats


def _call_at_counter(walk: _Walk, fetched: Fetched) -> None:
    canteen_id, spot = walk.day.counters[fetched.place]
    walk.next_row(
        MealRunStopKind.COUNTER, fetched, canteen_id=canteen_id, portions=fetched.portions, latitude=spot.latitude,
        longitude=spot.longitude, is_approximate=spot.is_approximate, **walk.leg_to(fetched.place),
    )  # fmt: skip
    walk.left_counter[fetched.place] = fetched.leave


def _call_at_door(walk: _Walk, stop: PlannedStop, place: int | None) -> None:
    drop = walk.day.drops.get(stop.visit_id)
    spot = walk.day.doors[stop.visit_id]
    where = {"latitude": spot.latitude, "longitude": spot.longitude, "is_approximate": spot.is_approximate}
    leg = walk.leg_to(place if place is not None else walk.place)
    if drop is None:
        visit_id = uuid.UUID(stop.visit_id)
        walk.next_row(MealRunStopKind.VISIT, stop, visit_id=visit_id, is_second=stop.is_second, **where, **leg)
        return
    counter = next(key for key, (canteen_id, _spot) in walk.day.counters.items() if canteen_id == drop.canteen_id)
    heat = stop.start - walk.left_counter[counter]
    row = walk.next_row(
        MealRunStopKind.DOOR, stop, canteen_id=drop.canteen_id, portions=len(drop.booking_ids), hot_seconds=heat,
        **where, **leg,
    )  # fmt: skip
    walk.handed_over.append((row, drop))
    walk.heats += [heat] * len(drop.booking_ids)


def _minute(seconds: int) -> int:
    return round(seconds / MINUTE)


def _figures(day: RunDay, planned: Plan, found: Found, heats: list[int]) -> dict[str, Any]:
    """What pages show. `saved` and `on_the_way` only of a joint plan that has one made apart beside it."""
    doors = sum(stop.visit_id in day.drops for one in planned.rounds for stop in one.stops)
    visits = [visit for visit in day.problem.visits if visit.id not in day.drops]
    left = {one.visit_id for one in planned.left_out}
    figures: dict[str, Any] = {
        "portions": sum(len(drop.booking_ids) for drop in day.drops.values()),
        "delivered": len(heats),
        "doors": doors,
        "runs": len(planned.rounds),
        "metres": planned.figures.metres,
        "travel_minutes": _minute(planned.figures.travel),
        "hot_mean": round(fmean(heats) / MINUTE, 1) if heats else 0,
        "hot_max": -(-max(heats) // MINUTE) if heats else 0,
        "visits": len(visits),
        "visits_served": sum(visit.id not in left for visit in visits),
        "visits_urgent_left": sum(visit.priority == 1 and visit.id in left for visit in visits),
        "on_the_way": _on_the_way(day, planned),
        "cost": planned.figures.cost,
        "calendar": day.calendar.as_row(),
    }
    if found.nearest is not None:
        figures["nearest"] = numbers(found.nearest)
    if found.apart is not None:
        figures["saved"] = _saved(found.plan.figures, found.apart.figures)
    return figures


def _saved(together: Figures, apart: Figures) -> dict[str, int]:
    return {
        "metres": apart.metres - together.metres,
        "minutes": _minute(apart.travel - together.travel),
        "served": together.served - apart.served,
    }


def _on_the_way(day: RunDay, planned: Plan) -> int:
    """Visits made on a tour that also carries portions."""
    tours = [tour for one in planned.rounds for tour in one.tours]
    carrying = [tour for tour in tours if any(stop.visit_id in day.drops for stop in tour.stops)]
    return sum(stop.visit_id not in day.drops for tour in carrying for stop in tour.stops)
