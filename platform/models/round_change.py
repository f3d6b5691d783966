"""Changes 调整 of a published day: what happened, what it would mean, and what was decided."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal

from .base import Base, Keyed, Stamped
from .types import enum_type


class ChangeKind(StrEnum):
    """What happened."""

    ILL = "ill"  # a helper cannot go, or go on
    LATE = "late"  # a stop takes longer
    ADDED = "added"  # visits that came up
    CLOSED = "closed"  # a road is closed, or open again
    CANCELLED = "cancelled"  # a visit is not wanted


class ChangeStatus(StrEnum):
    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    UNDONE = "undone"


class RoundChange(Keyed, Stamped, Base):
    """调整: a published proposal planned anew in the day. `before` and `after` are rows as they stood and will stand.

    Both hold every row of the rounds that change, so that accepting writes `after` and undoing writes `before` back,
    ids included.
    """

    __tablename__ = "round_changes"
    __table_args__ = (Index("ix_round_changes_proposal", "proposal_id", "id"),)

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    division_code: Mapped[str] = mapped_column(String(12), index=True)
    on: Mapped[date] = mapped_column()
    kind: Mapped[ChangeKind] = mapped_column(enum_type(ChangeKind))
    status: Mapped[ChangeStatus] = mapped_column(enum_type(ChangeStatus), default=ChangeStatus.SUGGESTED)
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="SET NULL"))
    minute: Mapped[int | None] = mapped_column(comment="ill from then on; the stop ends then")
    visit_ids: Mapped[list[str]] = mapped_column(default=list, comment="the visits it is about")
    reason: Mapped[str] = mapped_column(default="")
    as_of: Mapped[datetime] = mapped_column(comment="when the day was read")
    before: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="rounds with stops, visits, proposal", info={"personal": "address"}
    )
    after: Mapped[dict[str, Any]] = mapped_column(default=dict, info={"personal": "address"})
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="minutes, metres, people to be told, seconds")
    lost: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="visit id and its reasons")
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column()
    undone_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column()

    def accept(self, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """It holds from now on."""
        self._only(ChangeStatus.SUGGESTED, _("这份调整已经处理过了。"))
        self.status, self.decided_by_id, self.decided_at = ChangeStatus.ACCEPTED, by_id, at

    def dismiss(self, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """The day stays as it is."""
        self._only(ChangeStatus.SUGGESTED, _("这份调整已经处理过了。"))
        self.status, self.decided_by_id, self.decided_at = ChangeStatus.DISMISSED, by_id, at

    def undo(self, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """The day is as it was before."""
        self._only(ChangeStatus.ACCEPTED, _("只有已采用的调整可以撤销。"))
        self.status, self.undone_by_id, self.undone_at = ChangeStatus.UNDONE, by_id, at

    def _only(self, status: ChangeStatus, sentence: str) -> None:
        if self.status != status:
            raise Refusal(sentence, suggestion=_("请刷新页面，看看它现在的状态。"))
