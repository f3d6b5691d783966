"""Alerts 预警: something to look into, with a level, an owner and a deadline."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import enum_type


class AlertLevel(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"


class AlertStatus(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class Alert(Keyed, Stamped, Base):
    """Raised once per cause (`dedup_key`): a knock nobody answered, a problem found, an overdue visit."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_division_status", "division_code", "status", "due_at"),)

    senior_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    division_code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(30))
    level: Mapped[AlertLevel] = mapped_column(enum_type(AlertLevel))
    dedup_key: Mapped[str] = mapped_column(String(120), unique=True)
    summary: Mapped[str] = mapped_column()
    raised_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column(comment="to be taken by then")
    status: Mapped[AlertStatus] = mapped_column(enum_type(AlertStatus), default=AlertStatus.OPEN)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    resolution: Mapped[str] = mapped_column(default="")
