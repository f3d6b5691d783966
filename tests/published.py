"""A published day for the tests of changes: helpers with their visits, made by hand, at minutes one knows."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from dispatch import Figures, LeftOut, Method, Plan, Reason, ReasonCode, Round, Stop, Tour
from domain.times import at_minute
from extensions import db
from gateways.travel import StraightLine
from models import ChangeKind, Helper, Proposal, ProposalStatus, Role, RoundChange, Visit, VisitStatus
from models import Round as RoundRow
from models import Stop as StopRow
from policy import Actor, Held
from services import replanning, round_changes, round_comparison
from services.replanning import Event, Standing
from tests.factories import BAOTA, make_helper, make_senior, make_visit

STOP, WAY = 30, 15
"""Minutes at each door, and on the way to it."""


@dataclass
class Published:
    """A published proposal of 宝塔区."""

    on: date
    proposal: Proposal
    helpers: list[Helper]
    visits: list[list[Visit]]

    def at(self, clock: str) -> datetime:
        """That time of its day."""
        hours, minutes = clock.split(":")
        return at_minute(self.on, int(hours) * 60 + int(minutes))

    def order(self) -> dict[str, list[str]]:
        """As the rows say: each helper's visits."""
        db.session.expire_all()
        rounds = db.session.scalars(db.select(RoundRow).where(RoundRow.proposal_id == self.proposal.id)).all()
        return {
            str(row.helper_id): [
                str(stop.visit_id)
                for stop in db.session.scalars(
                    db.select(StopRow).where(StopRow.round_id == row.id).order_by(StopRow.position)
                )
            ]
            for row in rounds
        }


def publish_by_hand(on: date, *sizes: int, first: int = 540, **visit: Any) -> Published:
    """A helper for each size, with so many visits: at 9:00 and every 45 minutes after that."""
    helpers = [make_helper(name=f"助老员{number}", latitude=36.67 + number / 200) for number in range(len(sizes))]
    proposal = Proposal(division_code=BAOTA, on=on, status=ProposalStatus.PUBLISHED, figures=figures_row(sum(sizes)))
    db.session.add(proposal)
    db.session.flush()
    visits = []
    for number, (helper, size) in enumerate(zip(helpers, sizes, strict=True)):
        its = [
            make_visit(
                make_senior(name=f"老人{number}{one}", latitude=36.67 + number / 200 + one / 1000),
                on, status=VisitStatus.PLANNED, helper_id=helper.id, **visit,
            )
            for one in range(size)
        ]  # fmt: skip
        add_round(proposal, helper, its, number=number + 1, first=first)
        visits.append(its)
    return Published(on, proposal, helpers, visits)


def figures_row(visits: int) -> dict[str, Any]:
    plan = {
        "visits": visits, "served": visits, "unserved": [0, 0, 0], "rounds": 2, "travel_minutes": 100,
        "metres": 50_000, "work_minutes": 300, "wait_minutes": 0, "kept_regular": 0, "had_regular": 0, "cost": 6000,
    }  # fmt: skip
    return {"plan": plan, "nearest": plan}


def add_round(proposal: Proposal, helper: Helper, visits: Sequence[Visit], *, number: int, first: int) -> None:
    """The rows of one helper's day."""
    row = RoundRow(
        proposal_id=proposal.id, helper_id=helper.id, division_code=proposal.division_code, on=proposal.on,
        number=number, start_minute=first - WAY, end_minute=first + len(visits) * (STOP + WAY),
        travel_minutes=WAY * (len(visits) + 1), work_minutes=STOP * len(visits), distance_m=5000 * (len(visits) + 1),
        tours=[{"leave": first - WAY, "back": first + len(visits) * (STOP + WAY), "minutes": WAY, "metres": 5000}],
        base_latitude=helper.latitude, base_longitude=helper.longitude,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for position, visit in enumerate(visits, 1):
        start = first + (position - 1) * (STOP + WAY)
        db.session.add(StopRow(
            round_id=row.id, visit_id=visit.id, position=position, arrive_minute=start, start_minute=start,
            leave_minute=start + STOP, travel_minutes=WAY, distance_m=5000, latitude=36.68, longitude=109.4,
        ))  # fmt: skip
    db.session.flush()


def report(visit: Visit, arrived: datetime, left: datetime | None = None) -> None:
    """Somebody is at the door, or has been."""
    visit.arrived_at, visit.left_at = arrived, left
    visit.status = VisitStatus.UNDER_WAY
    if left is not None:
        visit.status, visit.outcome, visit.met_on = VisitStatus.DONE, "met", visit.on
    db.session.flush()


def by_hand(standing: Standing, order: Mapping[uuid.UUID, Sequence[Visit]]) -> Plan:
    """The plan in which each helper goes on like this, from now or from the last door, no earlier than people know."""
    done = {
        helper.id: [one for one in standing.problem.done if one.helper_id == helper.id]
        for helper in standing.problem.helpers
    }
    told = {one.visit_id: one for one in standing.problem.told}
    rounds = []
    for helper in standing.problem.helpers:
        stops = [Stop(one.visit_id, one.arrive, one.start, one.leave, WAY * 60, 5000, is_done=True)
                 for one in done[helper.id]]  # fmt: skip
        for visit in order.get(uuid.UUID(helper.id), ()):
            key = str(visit.id)
            earliest = stops[-1].leave + WAY * 60 if stops else max((standing.problem.now or 0), 510 * 60) + WAY * 60
            keeps = told[key].start if key in told and told[key].helper_id == helper.id else 0
            start = max(earliest, keeps)
            stops.append(Stop(key, start, start, start + STOP * 60, WAY * 60, 5000))
        if stops:
            tour = Tour(0, stops[0].arrive - WAY * 60, stops[-1].leave + WAY * 60, tuple(stops), WAY * 60, 5000)
            rounds.append(Round(helper.id, (tour,)))
    placed = {stop.visit_id for one in rounds for stop in one.stops}
    left = [LeftOut(visit.id, (Reason(ReasonCode.ALL_FULL, {"helpers": 1}),))
            for visit in standing.problem.visits if visit.id not in placed]  # fmt: skip
    empty = Figures(0, 0, (0, 0, 0), 0, 0, 0, 0, 0, 0, 0, 0)
    return Plan(tuple(rounds), tuple(left), (), replace(empty, cost=1), Method.SEARCH)


DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))


def read(day: Published, event: Event, clock: str = "8:30") -> Standing:
    """The day as it stands at that time."""
    return replanning.read(day.proposal.id, event, by=DISPATCHER, now=day.at(clock), travel=StraightLine())


def suggest(
    day: Published, event: Event, order: Mapping[uuid.UUID, Sequence[Visit]], clock: str = "8:30"
) -> RoundChange:
    """The suggestion that the plan by hand makes."""
    standing = read(day, event, clock)
    draft = round_comparison.compare(standing, by_hand(standing, order))
    return round_changes.keep(draft, seconds=1.0, by=DISPATCHER, now=day.at(clock))


def ill(day: Published, clock: str = "8:30") -> RoundChange:
    """The first helper falls ill and the second takes all visits that are open."""
    first, second = day.helpers[:2]
    event = Event(ChangeKind.ILL, helper_id=first.id, reason="发烧")
    left = [one for one in day.visits[0] if one.status == VisitStatus.PLANNED]
    return suggest(day, event, {second.id: day.visits[1] + left}, clock)


def ids(visits: Sequence[Visit]) -> list[str]:
    """As the problem and JSON know them."""
    return [str(one.id) for one in visits]
