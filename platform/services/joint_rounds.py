"""The visits of a joint plan, published as rounds: what reminders, phones and the next day's planning read."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from extensions import db
from models import MealRun, MealRunPlan, MealRunStop, Proposal, ProposalStatus, Round, Stop
from policy import Actor

from . import rounds


def publish(plan: MealRunPlan, *, by: Actor, now: datetime) -> None:
    """Write the plan's visits as a proposal and publish it, if it holds any."""
    statement = (
        select(MealRun, MealRunStop)
        .join(MealRunStop, MealRunStop.run_id == MealRun.id)
        .where(MealRun.plan_id == plan.id, MealRunStop.visit_id.is_not(None))
        .order_by(MealRun.number, MealRunStop.position)
    )
    stops: dict[MealRun, list[MealRunStop]] = defaultdict(list)
    for run, stop in db.session.execute(statement).tuples():
        stops[run].append(stop)
    if not stops:
        return
    proposal = Proposal(
        division_code=plan.division_code, on=plan.on, method=plan.method, seed=plan.seed, seconds=plan.seconds,
        figures=_figures(plan, stops), made_by_id=plan.made_by_id, created_at=now,
        calendar=plan.figures["calendar"], left_out=[one for one in plan.left_out if "visit_id" in one],
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    for number, (run, its) in enumerate(stops.items(), 1):
        _write_round(proposal, number, run, its, now)
    plan.proposal_id = proposal.id
    rounds.publish(proposal.id, by=by, now=now)


def _write_round(proposal: Proposal, number: int, run: MealRun, stops: Sequence[MealRunStop], now: datetime) -> None:
    """The tours that lead to visits; the way between two of them may go by doors where portions are handed over."""
    tours = sorted({stop.tour for stop in stops})
    its = Round(
        proposal_id=proposal.id, helper_id=run.helper_id, division_code=proposal.division_code, on=proposal.on,
        number=number, start_minute=run.tours[tours[0]]["leave"], end_minute=run.tours[tours[-1]]["back"],
        travel_minutes=_sum(stops, "travel_minutes") + sum(run.tours[tour]["minutes"] for tour in tours),
        work_minutes=sum(stop.leave_minute - stop.start_minute for stop in stops),
        distance_m=_sum(stops, "distance_m") + sum(run.tours[tour]["metres"] for tour in tours),
        tours=[run.tours[tour] for tour in tours],
        base_latitude=run.base_latitude, base_longitude=run.base_longitude,
        end_latitude=run.end_latitude, end_longitude=run.end_longitude, created_at=now,
    )  # fmt: skip
    db.session.add(its)
    db.session.flush()
    same = (
        "visit_id", "arrive_minute", "start_minute", "leave_minute", "travel_minutes", "distance_m", "latitude",
        "longitude", "is_approximate", "is_second",
    )  # fmt: skip
    db.session.add_all(
        Stop(
            round_id=its.id,
            position=position,
            tour=tours.index(stop.tour),
            **{name: getattr(stop, name) for name in same},
        )
        for position, stop in enumerate(stops, 1)
    )
    db.session.flush()


def _sum(stops: Sequence[MealRunStop], name: str) -> int:
    return sum(getattr(stop, name) for stop in stops)


def _figures(plan: MealRunPlan, stops: dict[MealRun, list[MealRunStop]]) -> dict[str, Any]:
    """As a proposal has them. Ways count where they lead to a visit."""
    every = [stop for its in stops.values() for stop in its]
    tours = [run.tours[tour] for run, its in stops.items() for tour in sorted({stop.tour for stop in its})]
    figures, left = plan.figures, plan.figures["visits"] - plan.figures["visits_served"]
    urgent, near = figures["visits_urgent_left"], figures.get("nearest", {})
    mine = {
        "visits": figures["visits"], "served": figures["visits_served"], "unserved": [urgent, left - urgent, 0],
        "rounds": len(stops),
        "travel_minutes": _sum(every, "travel_minutes") + sum(tour["minutes"] for tour in tours),
        "metres": _sum(every, "distance_m") + sum(tour["metres"] for tour in tours),
        "work_minutes": sum(stop.leave_minute - stop.start_minute for stop in every),
        "wait_minutes": sum(stop.start_minute - stop.arrive_minute for stop in every),
        "late_minutes": 0, "overtime_minutes": 0, "pair_wait_minutes": 0, "spread_minutes": 0, "kept_regular": 0,
        "had_regular": 0, "cost": figures["cost"],
    }  # fmt: skip
    return {"plan": mine, "nearest": near}


def take_back(proposal_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """The rounds are due again; nothing is left of them but their figures. Who has taken them back already: nothing."""
    proposal = db.session.get_one(Proposal, proposal_id)
    if proposal.status == ProposalStatus.PUBLISHED:
        rounds.unpublish(proposal_id, by=by, now=now)
    if proposal.status == ProposalStatus.PROPOSED:
        rounds.discard(proposal_id, by=by, now=now)
