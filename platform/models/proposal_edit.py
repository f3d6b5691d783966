"""What a dispatcher changed by hand in a proposal: append-only, so that all can be undone and has a name to it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.times import utc_now

from .base import Base, Keyed
from .types import enum_type


class EditKind(StrEnum):
    MOVE = "move"  # a stop to another place of its round, or to another helper
    PUT_IN = "put_in"  # a visit that was left out
    TAKE_OUT = "take_out"
    PIN = "pin"
    UNPIN = "unpin"
    PIN_ROUND = "pin_round"
    UNPIN_ROUND = "unpin_round"
    UNDO = "undo"
    REDO = "redo"


class ProposalEdit(Keyed, Base):
    """One change. `before` and `after`: the calls of each helper whose round it changes, in order.

    A call is {"visit": id, "second": bool, "pinned": bool}. UNDO and REDO name the edit they concern in `of_number`.
    """

    __tablename__ = "proposal_edits"
    __table_args__ = (UniqueConstraint("proposal_id", "number", name="uq_proposal_edits_number"),)

    proposal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("proposals.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(comment="1.. within the proposal")
    kind: Mapped[EditKind] = mapped_column(enum_type(EditKind))
    of_number: Mapped[int | None] = mapped_column(comment="of UNDO and REDO: the edit taken back or done again")
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="visit, helper, position as asked for")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
