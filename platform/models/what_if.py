"""What if 如果: a question about a day's plan, and its answer. Nothing is planned by it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import enum_type


class Question(StrEnum):
    WITHOUT = "without"  # a day without this helper
    ONE_MORE = "one_more"  # one helper more in this township
    WIDER = "wider"  # windows that are so many minutes wider
    FREQUENCY = "frequency"  # how many helpers a frequency needs


class WhatIfStatus(StrEnum):
    SEARCHING = "searching"
    ANSWERED = "answered"
    ENDED = "ended"  # the search died before it had an answer


class WhatIf(Keyed, Stamped, Base):
    """A question of one division and day. `answer`: figures of both plans, visits by id, the rounds of the variant."""

    __tablename__ = "what_ifs"
    __table_args__ = (Index("ix_what_ifs_division", "division_code", "id"),)

    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    on: Mapped[date] = mapped_column()
    question: Mapped[Question] = mapped_column(enum_type(Question))
    status: Mapped[WhatIfStatus] = mapped_column(enum_type(WhatIfStatus), default=WhatIfStatus.SEARCHING)
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="SET NULL"))
    place_code: Mapped[str | None] = mapped_column(String(12), comment="the township of one more helper")
    skills: Mapped[list[str]] = mapped_column(default=list)
    minutes: Mapped[int | None] = mapped_column(comment="how much wider")
    tier: Mapped[str | None] = mapped_column(String(10))
    every_days: Mapped[int | None] = mapped_column()
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    heartbeat_at: Mapped[datetime | None] = mapped_column(comment="when the search last gave a sign of life")
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict, info={"personal": "address"})
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
