"""The audit trail: who did or read what, append-only, sealed into a chain of digests."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed


class AuditEntry(Keyed, Base):
    """One act or one read of personal data. Never changed or deleted, except that sealing numbers it once.

    `changes` maps a field to [before, after]; personal values are masked before they get here.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "at"),
        Index("ix_audit_entries_actor_at", "actor_id", "at"),
        Index("ix_audit_entries_at", "at"),
        Index("ix_audit_entries_act_at", "act", "at"),
    )

    at: Mapped[datetime] = mapped_column()
    actor_id: Mapped[uuid.UUID | None] = mapped_column(comment="no foreign key: an entry outlives its user")
    actor_name: Mapped[str] = mapped_column(String(60), default="")
    act: Mapped[str] = mapped_column(String(60), comment="senior.edit, senior.reveal, booking.cancel, …")
    subject_type: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[str] = mapped_column(String(36), default="")
    division_code: Mapped[str] = mapped_column(String(12), default="", index=True)
    reason: Mapped[str] = mapped_column(default="")
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")
    seal_id: Mapped[int | None] = mapped_column(ForeignKey("audit_seals.id", ondelete="RESTRICT"), index=True)


class AuditSeal(Base):
    """A link of the chain: the digest over the entries it covers and over the link before it."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    sealed_at: Mapped[datetime] = mapped_column()
    entries: Mapped[int] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64))
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
