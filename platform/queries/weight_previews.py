"""The last day of a place whose rounds were published: what there was to do, and what came of it."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from domain.divisions import lineage
from extensions import db
from models import Division, Proposal, ProposalStatus, Round, Stop
from models.division import prefix_bounds

BACK = timedelta(days=60)
"""Older days say little about tomorrow."""


@dataclass(frozen=True, slots=True)
class PublishedDay:
    """`away_minutes`: how long each helper was out, from leaving to coming back, tour by tour."""

    proposal_id: uuid.UUID
    division_code: str
    division_name: str
    on: date
    figures: dict[str, Any]
    visit_ids: frozenset[uuid.UUID]
    away_minutes: tuple[int, ...]


def last_day(division_code: str, before: date) -> PublishedDay | None:
    """The latest day before `before`: of the division itself, of one under it, or of the one it is planned with."""
    low, high = prefix_bounds(division_code)
    there = or_(
        and_(Proposal.division_code >= low, Proposal.division_code < high),
        Proposal.division_code.in_(lineage(division_code)),
    )
    statement = (
        select(Proposal, Division.name)
        .join(Division, Division.code == Proposal.division_code)
        .where(
            there,
            Proposal.status == ProposalStatus.PUBLISHED,
            Proposal.on < before,
            Proposal.on >= before - BACK,
        )
        .order_by(Proposal.on.desc(), Proposal.division_code)
        .limit(1)
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        return None
    proposal, name = found
    tours = db.session.scalars(select(Round.tours).where(Round.proposal_id == proposal.id))
    return PublishedDay(
        proposal.id,
        proposal.division_code,
        name,
        proposal.on,
        proposal.figures.get("plan", {}),
        visits_of_proposal(proposal),
        tuple(sum(tour["back"] - tour["leave"] for tour in its) for its in tours),
    )


def visits_of_proposal(proposal: Proposal) -> frozenset[uuid.UUID]:
    """Every visit that was to be planned: those on its rounds, and those it left out."""
    on_it = select(Stop.visit_id).join(Round, Round.id == Stop.round_id).where(Round.proposal_id == proposal.id)
    left_out = {uuid.UUID(one["visit_id"]) for one in proposal.left_out}
    return frozenset(db.session.scalars(on_it)) | left_out
