"""Rules 规则: any number a policy sets, dated and placed; and the days the calendar treats otherwise."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.workdays import DayKind

from .base import Base, Keyed, Stamped
from .types import enum_type


class Rule(Keyed, Stamped, Base):
    """One dated value of one key for one division's subtree. The most local and then the latest one wins."""

    __tablename__ = "rules"
    __table_args__ = (
        Index("ix_rules_key_division", "key", "division_code", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
    )

    key: Mapped[str] = mapped_column(String(60), comment="visit.every_days, meal.cut_off, meal.subsidy, …")
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="CASCADE"))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    value: Mapped[dict[str, Any]] = mapped_column()
    note: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class CalendarDay(Base):
    """A day the State Council, or an officer, has set apart; overrides the built-in calendar."""

    __tablename__ = "calendar_days"

    on: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_type(DayKind))
    name: Mapped[str] = mapped_column(String(40), default="")
