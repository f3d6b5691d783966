"""What pages read of rounds: the board of days, proposals, and one helper's round."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from domain.divisions import lineage
from extensions import db
from models import (
    Division,
    DivisionLevel,
    Helper,
    Proposal,
    ProposalStatus,
    Round,
    Senior,
    Stop,
    User,
    Visit,
    VisitMode,
    VisitStatus,
    subtree_prefix,
)
from policy import Scope
from policy.reach import code_within

from . import paging
from .round_lines import BoardLine, LeftOutLine, ProposalLine, ProposalPage, RoundLine, RoundSheet, StopLine

MOST_PLACES = 150
LIVE = (ProposalStatus.PUBLISHED, ProposalStatus.SEARCHING, ProposalStatus.PROPOSED)
"""In the order in which a board prefers them."""


def readable(scope: Scope) -> ColumnElement[bool]:
    """Proposals of the scope's divisions; of a division above them, once they are published."""
    above = sorted({up for code in scope.divisions for up in lineage(code)[1:]})
    published_above = and_(Proposal.division_code.in_(above), Proposal.status == ProposalStatus.PUBLISHED)
    return or_(code_within(Proposal.division_code, scope), published_above)


def places(scope: Scope) -> list[tuple[str, str]]:
    """(code, name) of what is planned as one: the counties of the scope, and smaller places it names itself."""
    county = and_(Division.level == DivisionLevel.COUNTY, code_within(Division.code, scope))
    named = and_(Division.code.in_(scope.divisions), Division.level != DivisionLevel.CITY)
    statement = select(Division.code, Division.name).where(or_(county, named)).order_by(Division.code)
    return [(code, name) for code, name in db.session.execute(statement.limit(MOST_PLACES))]


def board(scope: Scope, days: Sequence[date]) -> dict[date, list[BoardLine]]:
    """For each day and place: what is due, what is planned, and the live proposal. Three statements."""
    its_places = places(scope)
    found = {day: [BoardLine(code, name) for code, name in its_places] for day in days}
    for day, code, status, count in db.session.execute(_counted(scope, days)):
        for line in found[day]:
            if code.startswith(subtree_prefix(line.code)):
                line.due += count if status == VisitStatus.DUE else 0
                line.planned += count if status != VisitStatus.DUE else 0
    for proposal in _live(scope, days):
        for line in found[proposal.on]:
            if line.code.startswith(subtree_prefix(proposal.division_code)) and _outranks(proposal, line.proposal):
                line.proposal = proposal
    return found


def _outranks(proposal: ProposalLine, other: ProposalLine | None) -> bool:
    return other is None or LIVE.index(proposal.status) < LIVE.index(other.status)


def _counted(scope: Scope, days: Sequence[date]) -> Select[Any]:
    township = func.substr(Visit.division_code, 1, 9)
    return (
        select(Visit.on, township, Visit.status, func.count())
        .where(
            Visit.on.in_(days),
            Visit.mode == VisitMode.DOOR,
            Visit.status != VisitStatus.CANCELLED,
            code_within(Visit.division_code, scope),
        )
        .group_by(Visit.on, township, Visit.status)
    )


def _lines() -> Select[Any]:
    return (
        select(
            Proposal.id, Proposal.division_code, Division.name, Proposal.on, Proposal.status, Proposal.method,
            Proposal.figures, Proposal.created_at, User.name,
        )
        .join(Division, Division.code == Proposal.division_code)
        .outerjoin(User, User.id == Proposal.made_by_id)
    )  # fmt: skip


def _live(scope: Scope, days: Sequence[date]) -> list[ProposalLine]:
    """The newest first."""
    statement = (
        _lines()
        .where(readable(scope), Proposal.on.in_(days), Proposal.status.in_(LIVE))
        .order_by(Proposal.on, Proposal.id.desc())
        .limit(MOST_PLACES * 4)
    )
    return [ProposalLine(*row) for row in db.session.execute(statement)]


def history(scope: Scope, cursor: str | None) -> paging.Page[ProposalLine]:
    """Every proposal, the latest day first."""
    statement = _lines().where(readable(scope)).order_by(Proposal.on.desc(), Proposal.id.desc())
    start = _start(cursor)
    if start:
        statement = statement.where(tuple_(Proposal.on, Proposal.id) < start)
    rows = [ProposalLine(*row) for row in db.session.execute(statement.limit(paging.PAGE + 1))]
    shown = rows[: paging.PAGE]
    more = paging.encode(shown[-1].on, shown[-1].id) if len(rows) > paging.PAGE else None
    return paging.Page(shown, more, start is None)


def _start(cursor: str | None) -> tuple[date, uuid.UUID] | None:
    values = paging.decode(cursor, 2)
    try:
        return (date.fromisoformat(values[0]), uuid.UUID(values[1])) if values else None
    except ValueError:
        return None


def proposal(scope: Scope, proposal_id: uuid.UUID) -> ProposalPage | None:
    """One proposal, if the scope may read it."""
    maker, publisher = aliased(User), aliased(User)
    statement = (
        select(
            Proposal.id, Proposal.division_code, Division.name, Proposal.on, Proposal.status, Proposal.method,
            Proposal.seconds, Proposal.progress, Proposal.heartbeat_at, Proposal.is_stop_asked, Proposal.figures,
            Proposal.left_out, Proposal.set_aside, Proposal.created_at, Proposal.published_at, maker.name,
            publisher.name,
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
    Round.base_longitude,
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


def _stops(*conditions: ColumnElement[bool]) -> list[StopLine]:
    statement = (
        select(
            Stop.id, Stop.visit_id, Stop.position, Stop.tour, Stop.arrive_minute, Stop.start_minute,
            Stop.leave_minute, Stop.travel_minutes, Stop.distance_m, Stop.latitude, Stop.longitude,
            Stop.is_approximate, Visit.window_from, Visit.window_to, Visit.priority, Visit.skills, Visit.reason,
            Visit.status, Visit.outcome, Visit.helper_id, Senior.id, Senior.name, Senior.address, Senior.landmark,
            Stop.round_id,
        )
        .join(Visit, Visit.id == Stop.visit_id)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(*conditions)
        .order_by(Stop.round_id, Stop.position)
    )  # fmt: skip
    return [StopLine(*row) for row in db.session.execute(statement)]


def left_out_of(shown: ProposalPage, scope: Scope) -> list[LeftOutLine]:
    """The visits it leaves out, the urgent ones first; those in the scope."""
    reasons = {uuid.UUID(one["visit_id"]): one["reasons"] for one in shown.left_out}
    if not reasons:
        return []
    statement = (
        select(
            Visit.id, Senior.id, Senior.name, func.coalesce(Division.name, ""), Visit.window_from, Visit.window_to,
            Visit.priority, Visit.status,
        )
        .join(Senior, Senior.id == Visit.senior_id)
        .outerjoin(Division, Division.code == Visit.division_code)
        .where(Visit.id.in_(reasons), code_within(Visit.division_code, scope))
        .order_by(Visit.priority, Visit.division_code, Visit.id)
    )  # fmt: skip
    rows: list[list[Any]] = [[*row, reasons[row.id]] for row in db.session.execute(statement)]
    return [LeftOutLine(*row) for row in rows]


def names_in(reasons: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The names of the helpers and of the visits' seniors that reasons mention, by id as text."""
    found = list(reasons)
    helpers = {uuid.UUID(one["helper"]) for one in found if one.get("helper")}
    visits = {uuid.UUID(one["visit"]) for one in found if one.get("visit")}
    names: dict[str, str] = {}
    if helpers:
        statement = select(Helper.id, Helper.name).where(Helper.id.in_(helpers))
        names |= {str(key): name for key, name in db.session.execute(statement)}
    if visits:
        joined = select(Visit.id, Senior.name).join(Senior, Senior.id == Visit.senior_id).where(Visit.id.in_(visits))
        names |= {str(key): name for key, name in db.session.execute(joined)}
    return names


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
