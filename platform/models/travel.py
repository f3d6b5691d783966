"""Ways 路程: what logged arrivals have taught of them, and the roads that are closed."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal
from domain.travelling import Basis

from .base import Base, Keyed, Stamped
from .helper import Means
from .types import enum_type


class TravelFactor(Keyed, Stamped, Base):
    """What the legs between two townships (or within one, or within a county) say of a travel model."""

    __tablename__ = "travel_factors"
    __table_args__ = (
        UniqueConstraint("basis", "means", "one_code", "other_code", name="uq_travel_factors_pair"),
        Index("ix_travel_factors_one_code", "one_code"),
        Index("ix_travel_factors_other_code", "other_code"),
        CheckConstraint("one_code <= other_code", name="in_order"),
        CheckConstraint("factor BETWEEN 0.5 AND 3.0", name="bounds"),
        CheckConstraint("legs > 0 AND low <= median AND median <= high", name="quartiles"),
    )

    basis: Mapped[Basis] = mapped_column(enum_type(Basis), comment="what the factor corrects")
    means: Mapped[Means] = mapped_column(enum_type(Means))
    one_code: Mapped[str] = mapped_column(String(9), comment="township; a county's code twice: the county as a whole")
    other_code: Mapped[str] = mapped_column(String(9))
    legs: Mapped[int] = mapped_column(comment="how many were counted")
    low: Mapped[float] = mapped_column(comment="quartile of observed time / the model's")
    median: Mapped[float] = mapped_column()
    high: Mapped[float] = mapped_column()
    factor: Mapped[float] = mapped_column(comment="what is multiplied: the median, drawn and bounded")
    model_s: Mapped[int] = mapped_column(comment="median leg by the model, seconds")
    observed_s: Mapped[int] = mapped_column(comment="median leg as logged, seconds")
    from_on: Mapped[date] = mapped_column(comment="day of the first leg counted")
    to_on: Mapped[date] = mapped_column(comment="and of the last")
    learned_at: Mapped[datetime] = mapped_column()
    reset_at: Mapped[datetime | None] = mapped_column(comment="legs before this moment do not count")
    reset_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reset_reason: Mapped[str] = mapped_column(default="")

    @property
    def holds(self) -> bool:
        """Whether ways are corrected by it."""
        return self.reset_at is None or self.learned_at > self.reset_at

    def reset(self, reason: str, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """Forget it: ways are as the model says until enough legs of later days are logged."""
        if not self.holds:
            raise Refusal(_("这一条已经重置过了。"))
        self.reset_at, self.reset_by_id, self.reset_reason = at, by_id, reason

    def undo_reset(self) -> None:
        """It holds again as it was."""
        if self.reset_at is None:
            raise Refusal(_("这一条没有重置过。"))
        self.reset_at, self.reset_by_id, self.reset_reason = None, None, ""


class ClosureShape(StrEnum):
    PLACE = "place"  # every way into or out of a division
    PAIR = "pair"  # every way between two divisions
    CIRCLE = "circle"  # every way that comes within so many metres of a point


class RoadClosure(Keyed, Stamped, Base):
    """封路: from one day to another, ways across it take a detour or do not exist."""

    __tablename__ = "road_closures"
    __table_args__ = (
        Index("ix_road_closures_days", "from_on", "to_on"),
        Index("ix_road_closures_division_code", "division_code"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
        CheckConstraint("(shape = 'pair') = (other_code IS NOT NULL)", name="pair"),
        CheckConstraint(
            "(shape = 'circle') = (latitude IS NOT NULL AND longitude IS NOT NULL AND radius_m IS NOT NULL)",
            name="circle",
        ),
        CheckConstraint("radius_m IS NULL OR radius_m BETWEEN 50 AND 20000", name="radius"),
        CheckConstraint("detour IS NULL OR detour BETWEEN 1.1 AND 5", name="detour"),
    )

    shape: Mapped[ClosureShape] = mapped_column(enum_type(ClosureShape))
    division_code: Mapped[str] = mapped_column(
        ForeignKey("divisions.code", ondelete="CASCADE"), comment="the place; one of the two; where the point lies"
    )
    other_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code", ondelete="CASCADE"))
    latitude: Mapped[float | None] = mapped_column(comment="WGS84")
    longitude: Mapped[float | None] = mapped_column(comment="WGS84")
    radius_m: Mapped[int | None] = mapped_column()
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day; NULL: until ended")
    means: Mapped[Means | None] = mapped_column(enum_type(Means), comment="NULL: closed to everybody")
    detour: Mapped[float | None] = mapped_column(comment="ways take so many times as long; NULL: impassable")
    reason: Mapped[str] = mapped_column()
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    def holds_on(self, day: date) -> bool:
        """Whether it is in the way that day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)
