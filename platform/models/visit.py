"""Visits 探访: why and how often, one call at one door, and what the phone reported of it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import enum_type


class VisitMode(StrEnum):
    DOOR = "door"
    PHONE = "phone"


class VisitStatus(StrEnum):
    DUE = "due"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_MET = "not_met"
    UNREPORTED = "unreported"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How a visit ended. Everything but MET needs no checklist; some raise an alert."""

    MET = "met"
    NOT_AT_HOME = "not_at_home"  # 不在家(知情)
    NO_ANSWER = "no_answer"  # 无人应答
    GONE_TO_HOSPITAL = "gone_to_hospital"  # 外出就医
    IN_HOSPITAL = "in_hospital"  # 住院
    IN_INSTITUTION = "in_institution"  # 入住机构
    MOVED = "moved"  # 搬迁
    REFUSED = "refused"  # 拒访
    DECEASED = "deceased"  # 死亡: reported, then confirmed by a second person


class VisitPlan(Keyed, Stamped, Base):
    """探访计划: why a senior is visited, how often (a Rule by tier unless `every_days` is set), and how."""

    __tablename__ = "visit_plans"
    __table_args__ = (
        Index(
            "uq_visit_plans_one_live",
            "senior_id",
            "mode",
            unique=True,
            sqlite_where=text("to_on IS NULL"),
            postgresql_where=text("to_on IS NULL"),
        ),
        CheckConstraint("window_from < window_to AND duration_minutes > 0", name="window"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
    )

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    mode: Mapped[VisitMode] = mapped_column(enum_type(VisitMode), default=VisitMode.DOOR)
    every_days: Mapped[int | None] = mapped_column(comment="NULL: the Rule visit.every_days for the senior's tier")
    duration_minutes: Mapped[int] = mapped_column(default=30)
    window_from: Mapped[int] = mapped_column(default=510, comment="minutes after local midnight")
    window_to: Mapped[int] = mapped_column(default=1050)
    skills: Mapped[list[str]] = mapped_column(default=list)
    wants_sex: Mapped[str | None] = mapped_column(String(10), comment="helper's sex the senior asks for")
    priority: Mapped[int] = mapped_column(default=2, comment="1 urgent .. 3 can wait")
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(default="")


class Visit(Keyed, Stamped, Base):
    """探访: one call at one door. Made due from a plan (once per plan and day), planned into a round, reported."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("plan_id", "due_on", name="uq_visits_plan_due"),
        Index("ix_visits_on_status", "on", "status"),
        Index("ix_visits_division_on", "division_code", "on"),
        Index("ix_visits_senior_on", "senior_id", "on"),
        CheckConstraint("window_from < window_to AND duration_minutes > 0", name="window"),
        CheckConstraint("(status = 'done') = (outcome IS NOT NULL AND outcome = 'met')", name="done_means_met"),
    )

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"))
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit_plans.id", ondelete="SET NULL"))
    division_code: Mapped[str] = mapped_column(String(12), comment="the senior's residence when it became due")
    mode: Mapped[VisitMode] = mapped_column(enum_type(VisitMode), default=VisitMode.DOOR)
    due_on: Mapped[date] = mapped_column(comment="the last day on which it keeps the promised frequency")
    on: Mapped[date] = mapped_column(comment="the day it is to be made")
    window_from: Mapped[int] = mapped_column()
    window_to: Mapped[int] = mapped_column()
    duration_minutes: Mapped[int] = mapped_column()
    skills: Mapped[list[str]] = mapped_column(default=list)
    wants_sex: Mapped[str | None] = mapped_column(String(10))
    priority: Mapped[int] = mapped_column(default=2)
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[VisitStatus] = mapped_column(enum_type(VisitStatus), default=VisitStatus.DUE)
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="SET NULL"), index=True)
    arrived_at: Mapped[datetime | None] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    checklist: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="block -> {mark: normal|watch|problem, note}"
    )
    note: Mapped[str] = mapped_column(default="")
    cancel_reason: Mapped[str] = mapped_column(default="")


class VisitEventKind(StrEnum):
    ARRIVED = "arrived"
    CHECKED = "checked"
    OUTCOME = "outcome"
    DONE = "done"
    NOTE = "note"


class VisitEvent(Base):
    """What a phone reported, append-only. The id is made on the phone; the server takes each id once."""

    __tablename__ = "visit_events"
    __table_args__ = (Index("ix_visit_events_visit_happened", "visit_id", "happened_at"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"))
    kind: Mapped[VisitEventKind] = mapped_column(enum_type(VisitEventKind))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    happened_at: Mapped[datetime] = mapped_column(comment="when it happened, as the helper says")
    recorded_at: Mapped[datetime] = mapped_column(comment="when the phone wrote it down")
    received_at: Mapped[datetime] = mapped_column(comment="when the server heard of it")
    clock_offset_s: Mapped[float | None] = mapped_column(comment="phone clock minus server clock")
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
