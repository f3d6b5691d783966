"""What the senders share through the database: opt-outs, the rate, the circuit breaker, heartbeats."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed
from .types import BlindIndex, enum_type


class OptOut(Keyed, Base):
    """A number that wants no texts, from when, told to whom and how; ended when it wants them again."""

    __tablename__ = "opt_outs"
    __table_args__ = (
        Index(
            "uq_opt_outs_one_live",
            "to_index",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    to_index: Mapped[str] = mapped_column(BlindIndex, index=True)
    at: Mapped[datetime] = mapped_column()
    how: Mapped[str] = mapped_column(String(20), comment="page, phone, station, provider")
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column()
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SenderBucket(Base):
    """The token bucket of one sender, shared by all processes: how many texts may go now."""

    __tablename__ = "sender_buckets"
    __table_args__ = (CheckConstraint("tokens >= 0", name="tokens"),)

    sender: Mapped[str] = mapped_column(String(40), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float)
    filled_at: Mapped[datetime] = mapped_column()


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"  # one text is out to see whether it works again


class Breaker(Base):
    """The circuit breaker of one provider: when it is open, nobody sends; no message is lost by it."""

    __tablename__ = "breakers"

    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[BreakerState] = mapped_column(enum_type(BreakerState), default=BreakerState.CLOSED)
    failures: Mapped[int] = mapped_column(default=0, comment="in a row")
    openings: Mapped[int] = mapped_column(default=0, comment="in a row, without a success between")
    reason: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column()
    until: Mapped[datetime | None] = mapped_column(comment="when it may be tried again")


class Heartbeat(Base):
    """A scheduler process, and when it was last alive."""

    __tablename__ = "heartbeats"

    owner: Mapped[str] = mapped_column(String(80), primary_key=True)
    started_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column(index=True)
    ticks: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="tick -> seconds since it last ended well")
