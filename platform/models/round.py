"""Rounds 巡访路线: a day's proposal for a division, and each helper's ordered day in it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import enum_type


class ProposalStatus(StrEnum):
    SEARCHING = "searching"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Proposal(Keyed, Stamped, Base):
    """A plan for one division and day: who goes where, in what order, and why a visit is left out."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_on_division", "on", "division_code"),
        Index(
            "uq_proposals_one_published",
            "division_code",
            "on",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    on: Mapped[date] = mapped_column()
    status: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus), default=ProposalStatus.PROPOSED)
    seed: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float] = mapped_column(default=0.0, comment="time the search took")
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="visits, km, minutes; plan and nearest-first")
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="visit id and its reasons")
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column()
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Round(Keyed, Stamped, Base):
    """巡访路线: one helper's ordered day within a proposal."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("proposal_id", "helper_id", name="uq_rounds_proposal_helper"),
        Index("ix_rounds_helper_on", "helper_id", "on"),
    )

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"))
    division_code: Mapped[str] = mapped_column(String(12), index=True)
    on: Mapped[date] = mapped_column()
    start_minute: Mapped[int] = mapped_column(comment="leaves the base, minutes after local midnight")
    end_minute: Mapped[int] = mapped_column(comment="back at the base")
    travel_minutes: Mapped[int] = mapped_column(default=0)
    work_minutes: Mapped[int] = mapped_column(default=0)
    distance_m: Mapped[int] = mapped_column(default=0)


class Stop(Keyed, Base):
    """One visit's place in a round; times in minutes after local midnight."""

    __tablename__ = "stops"
    __table_args__ = (
        UniqueConstraint("round_id", "position", name="uq_stops_round_position"),
        UniqueConstraint("round_id", "visit_id", name="uq_stops_round_visit"),
    )

    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()
    arrive_minute: Mapped[int] = mapped_column()
    start_minute: Mapped[int] = mapped_column()
    leave_minute: Mapped[int] = mapped_column()
    travel_minutes: Mapped[int] = mapped_column(comment="from the stop before")
    distance_m: Mapped[int] = mapped_column(default=0)
    is_pinned: Mapped[bool] = mapped_column(default=False)
