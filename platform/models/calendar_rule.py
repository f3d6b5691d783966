"""Calendar rules 日历规则: market days, festivals, weather and holidays as dated rows, and what they do to visits."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.calendar_effects import UNCHANGED_PERCENT, Effect
from domain.festivals import Festival, Recurrence, Repeats

from .base import Base, Keyed, Stamped
from .types import enum_type
from .visit import VisitMode


class CalendarKind(StrEnum):
    MARKET_DAY = "market_day"  # 赶集
    FESTIVAL = "festival"
    WEATHER = "weather"
    HOLIDAY = "holiday"


class CalendarRule(Keyed, Stamped, Base):
    """One dated row for one division's subtree. All rows that hold on a day act together; none hides another."""

    __tablename__ = "calendar_rules"
    __table_args__ = (
        Index("ix_calendar_rules_to_on", "to_on", "from_on"),
        Index("ix_calendar_rules_division", "division_code"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),
        CheckConstraint("closed_from IS NULL OR (closed_from >= 0 AND closed_from < closed_to)", name="closed"),
        CheckConstraint("instead_from IS NULL OR (instead_from >= 0 AND instead_from < instead_to)", name="instead"),
        CheckConstraint("closed_to IS NULL OR closed_to <= 1440", name="closed_in_the_day"),
        CheckConstraint("instead_to IS NULL OR instead_to <= 1440", name="instead_in_the_day"),
        CheckConstraint(
            "travel_percent BETWEEN 100 AND 400 AND duration_percent BETWEEN 100 AND 400", name="percentages"
        ),
        CheckConstraint("postpone_from IS NULL OR postpone_from BETWEEN 2 AND 3", name="postpone"),
        CheckConstraint("lead_days BETWEEN 0 AND 15 AND lag_days BETWEEN 0 AND 15", name="around"),
    )

    kind: Mapped[CalendarKind] = mapped_column(enum_type(CalendarKind))
    name: Mapped[str] = mapped_column(comment="柳林集, 寒潮蓝色预警")
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="CASCADE"))
    repeats: Mapped[Repeats] = mapped_column(enum_type(Repeats))
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day")
    numbers: Mapped[list[int]] = mapped_column(default=list, comment="weekdays 1..7, or last digits of dates 0..9")
    festival: Mapped[Festival | None] = mapped_column(enum_type(Festival))
    lunar_month: Mapped[int | None] = mapped_column()
    lunar_day: Mapped[int | None] = mapped_column()
    lead_days: Mapped[int] = mapped_column(default=0)
    lag_days: Mapped[int] = mapped_column(default=0)
    closed_from: Mapped[int | None] = mapped_column(comment="minutes after local midnight: nobody calls from here …")
    closed_to: Mapped[int | None] = mapped_column(comment="… to here")
    instead_from: Mapped[int | None] = mapped_column(comment="when those call who no longer can in their own time")
    instead_to: Mapped[int | None] = mapped_column()
    travel_percent: Mapped[int] = mapped_column(default=UNCHANGED_PERCENT)
    duration_percent: Mapped[int] = mapped_column(default=UNCHANGED_PERCENT)
    is_foot_out: Mapped[bool] = mapped_column(default=False, comment="nobody goes on foot")
    postpone_from: Mapped[int | None] = mapped_column(comment="visits of this priority and beneath wait")
    extra_tiers: Mapped[list[str]] = mapped_column(default=list, comment="risk tiers that get one visit more")
    extra_mode: Mapped[VisitMode] = mapped_column(enum_type(VisitMode), default=VisitMode.DOOR)
    note: Mapped[str] = mapped_column(default="")
    set_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    @property
    def recurrence(self) -> Recurrence:
        """When it holds."""
        return Recurrence(
            self.repeats, self.from_on, self.to_on, frozenset(self.numbers or ()), self.festival, self.lunar_month,
            self.lunar_day, self.lead_days or 0, self.lag_days or 0,
        )  # fmt: skip

    @property
    def effect(self) -> Effect:
        """What it asks for on such a day."""
        return Effect(
            closed=_span(self.closed_from, self.closed_to),
            instead=_span(self.instead_from, self.instead_to),
            travel_percent=self.travel_percent or UNCHANGED_PERCENT,
            duration_percent=self.duration_percent or UNCHANGED_PERCENT,
            is_foot_out=bool(self.is_foot_out),
            postpone_from=self.postpone_from,
        )


class ExtraVisit(Base):
    """A visit made because of a calendar rule, beside those of the senior's plan."""

    __tablename__ = "extra_visits"
    __table_args__ = (Index("ix_extra_visits_rule", "rule_id"),)

    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), primary_key=True)
    rule_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("calendar_rules.id", ondelete="CASCADE"))


def _span(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)
