"""Alerts 预警: something to look into, with a level, an owner and a deadline."""

import uuid
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal

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


_LIVE = text("status <> 'closed'")
_CLOSED = text("status = 'closed'")


class Alert(Keyed, Stamped, Base):
    """Raised once per cause (`dedup_key`): a knock nobody answered, a problem found, an overdue visit.

    `due_at` is when it has to be taken by; once it is taken, when it has to be closed by.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_live_due", "due_at", "id", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_alerts_closed_at", "closed_at", "id", sqlite_where=_CLOSED, postgresql_where=_CLOSED),
        Index("ix_alerts_division_status", "division_code", "status", "due_at"),
    )

    senior_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    division_code: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(30))
    level: Mapped[AlertLevel] = mapped_column(enum_type(AlertLevel))
    dedup_key: Mapped[str] = mapped_column(String(120), unique=True)
    summary: Mapped[str] = mapped_column()
    raised_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column(comment="to be taken by then; once taken, to be closed by then")
    status: Mapped[AlertStatus] = mapped_column(enum_type(AlertStatus), default=AlertStatus.OPEN)
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    resolution: Mapped[str] = mapped_column(default="")

    def take(self, owner_id: uuid.UUID | None, *, due_at: datetime, now: datetime) -> None:
        """Somebody looks into it, and has until `due_at` to close it; an alert may pass from hand to hand."""
        self._refuse_if_closed()
        self.status = AlertStatus.TAKEN
        self.owner_id, self.taken_at, self.due_at = owner_id, now, due_at

    def close(self, resolution: str, *, now: datetime) -> None:
        """It has been looked into, and this is what was found and done."""
        self._refuse_if_closed()
        if len(resolution.strip()) < 2:
            raise Refusal(_("请写一句结果：联系上了谁、人怎么样、做了什么。"), field="resolution")
        self.status = AlertStatus.CLOSED
        self.resolution, self.closed_at = resolution.strip(), now

    def _refuse_if_closed(self) -> None:
        if self.status is AlertStatus.CLOSED:
            raise Refusal(_("这条预警已经办结了。"))
