"""A helper's day: the doors of today in order."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from domain.times import at_minute
from extensions import db
from models import Helper, Proposal, ProposalStatus, RiskTier, Round, Senior, Stop, Visit, VisitStatus
from policy import Scope, reach
from queries.halves import other_half, own_half

MOST = 80
_OPEN = {VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.UNDER_WAY}


@dataclass(frozen=True, slots=True)
class Stopover:
    """One door. `start_minute` is the round's, or the beginning of the agreed window."""

    visit_id: uuid.UUID
    status: VisitStatus
    on: date
    start_minute: int
    window_to: int
    name: str
    address: str
    landmark: str
    tier: RiskTier
    allergens: list[str]
    companion: str | None

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN

    def is_late(self, now: datetime) -> bool:
        return self.status in {VisitStatus.DUE, VisitStatus.PLANNED} and now > at_minute(self.on, self.window_to)


@dataclass(frozen=True, slots=True)
class HelperDay:
    """Today's doors, and the next of them."""

    stops: list[Stopover]

    @property
    def next(self) -> Stopover | None:
        under_way = [stop for stop in self.stops if stop.status is VisitStatus.UNDER_WAY]
        return next(iter(under_way + [stop for stop in self.stops if stop.is_open]), None)

    @property
    def later(self) -> list[Stopover]:
        return [stop for stop in self.stops if stop is not self.next]

    @property
    def finished(self) -> int:
        return sum(not stop.is_open for stop in self.stops)


def helper_day(scope: Scope, today: date) -> HelperDay:
    """The visits of the scope's helpers today, in the order of the published round; one statement."""
    placed = (
        select(Stop.visit_id, Stop.start_minute, Round.helper_id)
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, and_(Proposal.id == Round.proposal_id, Proposal.status == ProposalStatus.PUBLISHED))
        .where(Round.helper_id.in_(scope.helpers), Round.on == today)
        .subquery("placed")
    )
    start = func.coalesce(placed.c.start_minute, Visit.window_from)
    statement = (
        select(
            Visit.id, Visit.status, Visit.on, start, Visit.window_to, Senior.name, Senior.address, Senior.landmark,
            Senior.risk_tier, Senior.allergens, Helper.name,
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(placed, and_(placed.c.visit_id == Visit.id, placed.c.helper_id == own_half(scope)))
        .outerjoin(Helper, Helper.id == other_half(scope))
        .where(reach.made_by(scope), Visit.on == today, Visit.status != VisitStatus.CANCELLED)
        .order_by(start, Visit.id)
        .limit(MOST)
    )  # fmt: skip
    return HelperDay([Stopover(*row) for row in db.session.execute(statement)])
