"""What pages read of rounds as a whole: the board of days, and the list of proposals. `queries.proposals` has one."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from domain.divisions import lineage
from extensions import db
from models import (
    Division,
    DivisionLevel,
    Proposal,
    ProposalStatus,
    User,
    Visit,
    VisitMode,
    VisitStatus,
    subtree_prefix,
)
from policy import Scope
from policy.reach import code_within

from . import paging
from .round_lines import BoardLine, ProposalLine

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
