"""What pages read of one proposal: itself, its rounds and stops, what it leaves out; and one helper's round."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased

from extensions import db
from models import Division, DivisionLevel, Helper, Proposal, ProposalStatus, Round, Senior, Stop, User, Visit
from models.division import prefix_bounds
from policy import Scope
from policy.reach import code_within

from . import paging
from .round_lines import Earlier, LeftOutLine, ProposalPage, RoundLine, RoundSheet, StopLine, Township
from .rounds import readable

MOST_TOWNSHIPS = 150


def proposal(scope: Scope, proposal_id: uuid.UUID) -> ProposalPage | None:
    """One proposal, if the scope may read it."""
    maker, publisher = aliased(User), aliased(User)
    statement = (
        select(
            Proposal.id, Proposal.division_code, Division.name, Proposal.on, Proposal.status, Proposal.method,
            Proposal.seconds, Proposal.progress, Proposal.heartbeat_at, Proposal.is_stop_asked, Proposal.figures,
            Proposal.left_out, Proposal.set_aside, Proposal.calendar, Proposal.created_at, Proposal.published_at,
            maker.name, publisher.name, Proposal.asked, Proposal.edits,
        )
        .join(Division, Division.code == Proposal.division_code)
        .outerjoin(maker, maker.id == Proposal.made_by_id)
        .outerjoin(publisher, publisher.id == Proposal.published_by_id)
        .where(Proposal.id == proposal_id, readable(scope))
    )  # fmt: skip
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    values: list[Any] = [*row, scope.holds_division(row.division_code)]
    return ProposalPage(*values)


_ROUND = (
    Round.id, Round.number, Round.helper_id, Helper.name, Helper.means, Round.start_minute, Round.end_minute,
    Round.travel_minutes, Round.work_minutes, Round.distance_m, Round.tours, Round.base_latitude,
    Round.base_longitude, Round.end_latitude, Round.end_longitude,
)  # fmt: skip


def rounds_of(shown: ProposalPage, scope: Scope) -> list[RoundLine]:
    """Its rounds with their stops, two statements; of a division above the scope, the stops in the scope."""
    within: ColumnElement[bool] = true() if shown.is_whole else code_within(Visit.division_code, scope)
    statement = (
        select(*_ROUND)
        .join(Helper, Helper.id == Round.helper_id)
        .where(Round.proposal_id == shown.id)
        .order_by(Round.number)
    )
    lines = {row.id: RoundLine(*row) for row in db.session.execute(statement)}
    on_them = Stop.round_id.in_(select(Round.id).where(Round.proposal_id == shown.id))
    for stop in _stops(on_them, within):
        lines[stop.round_id].stops.append(stop)
    return [line for line in lines.values() if line.stops]


def _companion(mine: type[Round]) -> Any:
    """The name of the other helper whom the same proposal sends to the same visit."""
    stop, its, helper = aliased(Stop), aliased(Round), aliased(Helper)
    return (
        select(helper.name)
        .join(its, its.helper_id == helper.id)
        .join(stop, stop.round_id == its.id)
        .where(stop.visit_id == Stop.visit_id, its.proposal_id == mine.proposal_id, its.id != mine.id)
        .limit(1)
        .correlate(Stop, mine)
        .scalar_subquery()
    )


def _stops(*conditions: ColumnElement[bool]) -> list[StopLine]:
    mine = aliased(Round)
    statement = (
        select(
            Stop.id, Stop.visit_id, Stop.position, Stop.tour, Stop.arrive_minute, Stop.start_minute,
            Stop.leave_minute, Stop.travel_minutes, Stop.distance_m, Stop.latitude, Stop.longitude,
            Stop.is_approximate, Visit.window_from, Visit.window_to, Visit.priority, Visit.skills, Visit.reason,
            Visit.status, Visit.outcome, Visit.helper_id, Senior.id, Senior.name, Senior.address, Senior.landmark,
            Stop.round_id, Visit.division_code, Visit.needs_two, Stop.is_second, Stop.is_pinned, Stop.is_done,
            Stop.late_minutes, Stop.fetched, Stop.why, case((Visit.needs_two, _companion(mine))),
        )
        .join(mine, mine.id == Stop.round_id)
        .join(Visit, Visit.id == Stop.visit_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(*conditions)
        .order_by(Stop.round_id, Stop.position)
    )  # fmt: skip
    return [StopLine(*row) for row in db.session.execute(statement)]


def left_out_of(shown: ProposalPage, scope: Scope) -> list[LeftOutLine]:
    """The visits it leaves out, the urgent ones first; those in the scope."""
    stored = {uuid.UUID(one["visit_id"]): one for one in shown.left_out}
    if not stored:
        return []
    statement = (
        select(
            Visit.id, Senior.id, Senior.name, Visit.division_code, func.coalesce(Division.name, ""),
            Visit.window_from, Visit.window_to, Visit.priority, Visit.status, Visit.plan_id, Visit.needs_two,
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Division, Division.code == Visit.division_code)
        .where(Visit.id.in_(stored), code_within(Visit.division_code, scope))
        .order_by(Visit.priority, Visit.division_code, Visit.id)
    )  # fmt: skip
    rows: list[list[Any]] = [
        [*row, stored[row.id]["reasons"], stored[row.id].get("at")] for row in db.session.execute(statement)
    ]
    return [LeftOutLine(*row) for row in rows]


def names_in(reasons: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names of the helpers and of the visits' seniors that reasons mention, by id as text."""
    found = list(reasons)
    helpers = {uuid.UUID(one[key]) for one in found for key in ("helper", "other") if one.get(key)}
    visits = {uuid.UUID(one["visit"]) for one in found if one.get("visit")}
    names: dict[str, str] = {}
    if helpers:
        statement = select(Helper.id, Helper.name).where(Helper.id.in_(helpers))
        names |= {str(key): name for key, name in db.session.execute(statement)}
    if visits:
        joined = select(Visit.id, Senior.name).join(Senior, Senior.id == Visit.senior_id).where(Visit.id.in_(visits))
        names |= {str(key): name for key, name in db.session.execute(joined)}
    return names


def townships(division_code: str) -> list[Township]:
    """The townships of a division that is planned as one, or what it is itself."""
    low, high = prefix_bounds(division_code)
    statement = (
        select(Division.code, Division.name, Division.latitude, Division.longitude)
        .where(Division.code >= low, Division.code < high, Division.level == DivisionLevel.TOWNSHIP)
        .order_by(Division.code)
        .limit(MOST_TOWNSHIPS)
    )
    return [Township(*row) for row in db.session.execute(statement)]


def earlier(division_code: str, on: date) -> Earlier | None:
    """The rounds that held on the last day before `on` for which there were some."""
    statement = (
        select(Proposal.on, Proposal.figures)
        .where(
            Proposal.division_code == division_code, Proposal.on < on, Proposal.status == ProposalStatus.PUBLISHED
        )
        .order_by(Proposal.on.desc())
        .limit(1)
    )  # fmt: skip
    row = db.session.execute(statement).one_or_none()
    return Earlier(row.on, row.figures.get("plan", {})) if row else None


def sheet(scope: Scope, round_id: uuid.UUID) -> RoundSheet | None:
    """One round for paper: of the scope's divisions, or a helper's own once it is published."""
    own = and_(Round.helper_id.in_(scope.helpers), Proposal.status == ProposalStatus.PUBLISHED)
    statement = (
        select(*_ROUND, Proposal.id, Round.on, Proposal.division_code, Division.name, Proposal.status)
        .join(Helper, Helper.id == Round.helper_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .join(Division, Division.code == Proposal.division_code)
        .where(Round.id == round_id, or_(code_within(Proposal.division_code, scope), own))
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    line = RoundLine(*row[: len(_ROUND)])
    line.stops = _stops(Stop.round_id == round_id)
    return RoundSheet(line, *row[len(_ROUND) :])


def sheets(shown: ProposalPage, scope: Scope) -> list[RoundSheet]:
    """All rounds of a proposal for paper."""
    facts = (shown.id, shown.on, shown.division_code, shown.division_name, shown.status)
    return [RoundSheet(line, *facts) for line in rounds_of(shown, scope)]


def own_rounds(scope: Scope, since: date) -> list[RoundSheet]:
    """A helper's published rounds from a day on, without their stops."""
    statement = (
        select(*_ROUND, Proposal.id, Round.on, Proposal.division_code, Division.name, Proposal.status)
        .join(Helper, Helper.id == Round.helper_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .join(Division, Division.code == Proposal.division_code)
        .where(Round.helper_id.in_(scope.helpers), Round.on >= since, Proposal.status == ProposalStatus.PUBLISHED)
        .order_by(Round.on)
        .limit(paging.PAGE)
    )
    return [RoundSheet(RoundLine(*row[: len(_ROUND)]), *row[len(_ROUND) :]) for row in db.session.execute(statement)]


def set_aside_of(shown: ProposalPage) -> list[tuple[str, list[dict[str, Any]]]]:
    """(name, reasons) of helpers who could not be planned because of how they are entered."""
    reasons = {uuid.UUID(one["helper_id"]): one["reasons"] for one in shown.set_aside}
    if not reasons or not shown.is_whole:
        return []
    statement = select(Helper.id, Helper.name).where(Helper.id.in_(reasons)).order_by(Helper.pinyin, Helper.id)
    return [(name, reasons[key]) for key, name in db.session.execute(statement)]
