"""Visits 探访: why and how often, one call at one door, and what the phone reported of it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal
from domain.visiting import Mood

from .base import Base, Keyed, Stamped
from .types import enum_type
from .visit_terms import VisitTerms, second_constraint

LONG_AGO = date(2000, 1, 1)


class VisitMode(StrEnum):
    DOOR = "door"
    PHONE = "phone"


class VisitStatus(StrEnum):
    """UNREPORTED is asked of a planned visit whose time has passed (`Visit.shown_status`), never stored: nothing
    is decided by a timer."""

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


class Approval(StrEnum):
    """A supervisor's word on a visit that was entered long after it happened."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


class VisitPlan(Keyed, VisitTerms, Stamped, Base):
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
        Index("ix_visit_plans_made_to", "made_to", "id"),
        CheckConstraint("window_from < window_to AND duration_minutes > 0", name="window"),
        CheckConstraint("priority BETWEEN 1 AND 3", name="priority"),
        CheckConstraint("every_days IS NULL OR every_days BETWEEN 1 AND 366", name="every_days"),
        second_constraint(),
    )

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    mode: Mapped[VisitMode] = mapped_column(enum_type(VisitMode), default=VisitMode.DOOR)
    every_days: Mapped[int | None] = mapped_column(comment="NULL: the Rule visit.every_days for the senior's tier")
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day")
    reason: Mapped[str] = mapped_column(default="")
    made_to: Mapped[date] = mapped_column(default=LONG_AGO, comment="visits have been made due up to this day")

    def is_live(self, today: date) -> bool:
        """Whether it asks for visits today or later."""
        return self.to_on is None or self.to_on >= today


class VisitPlanPause(Keyed, Stamped, Base):
    """Days on which a plan asks for nothing: the senior is with the children, asked to be left alone, …"""

    __tablename__ = "visit_plan_pauses"
    __table_args__ = (CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("visit_plans.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day; NULL: until resumed")
    reason: Mapped[str] = mapped_column(default="")


OPEN = (VisitStatus.DUE, VisitStatus.PLANNED)
"""Nobody has been there yet."""
REPORTED = (VisitStatus.DONE, VisitStatus.NOT_MET)


class Visit(Keyed, VisitTerms, Stamped, Base):
    """探访: one call at one door. Made due from a plan (once per plan and day), planned into a round, reported."""

    __tablename__ = "visits"
    __table_args__ = (
        UniqueConstraint("plan_id", "due_on", name="uq_visits_plan_due"),
        Index("ix_visits_on_id", "on", "id"),
        Index("ix_visits_on_status", "on", "status"),
        Index("ix_visits_division_on", "division_code", "on"),
        Index("ix_visits_senior_on", "senior_id", "on"),
        Index("ix_visits_helper_on", "helper_id", "on"),
        Index("ix_visits_second_helper_on", "second_helper_id", "on"),
        Index("ix_visits_met_on", "met_on"),
        Index(
            "ix_visits_waiting",
            "division_code",
            sqlite_where=text("approval = 'waiting'"),
            postgresql_where=text("approval = 'waiting'"),
        ),
        CheckConstraint("window_from < window_to AND duration_minutes > 0", name="window"),
        CheckConstraint("(status = 'done') = (outcome IS NOT NULL AND outcome = 'met')", name="done_means_met"),
        CheckConstraint("met_on IS NULL OR status = 'done'", name="met_on"),
        CheckConstraint("status <> 'unreported'", name="unreported_is_asked"),
        CheckConstraint("status <> 'cancelled' OR cancel_reason <> ''", name="cancelled_with_reason"),
        CheckConstraint("second_helper_id IS NULL OR second_helper_id <> helper_id", name="two_people"),
        second_constraint(),
    )

    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"))
    plan_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visit_plans.id", ondelete="SET NULL"))
    division_code: Mapped[str] = mapped_column(String(12), comment="the senior's residence when it became due")
    mode: Mapped[VisitMode] = mapped_column(enum_type(VisitMode), default=VisitMode.DOOR)
    due_on: Mapped[date] = mapped_column(comment="the last day on which it keeps the promised frequency")
    on: Mapped[date] = mapped_column(comment="the day it is to be made")
    reason: Mapped[str] = mapped_column(default="")
    status: Mapped[VisitStatus] = mapped_column(enum_type(VisitStatus), default=VisitStatus.DUE)
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="SET NULL"))
    second_helper_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("helpers.id", ondelete="SET NULL"), comment="who goes with helper_id, where two are needed"
    )
    arrived_at: Mapped[datetime | None] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column()
    met_on: Mapped[date | None] = mapped_column(comment="the city's day on which the senior was met")
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    checklist: Mapped[dict[str, Any]] = mapped_column(
        default=dict, comment="block -> {mark: normal|watch|problem, note}"
    )
    mood: Mapped[Mood | None] = mapped_column(enum_type(Mood))
    needs: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(String(1000), default="")
    cancel_reason: Mapped[str] = mapped_column(default="")
    late_reason: Mapped[str] = mapped_column(default="", comment="补录: why it was entered afterwards")
    approval: Mapped[Approval | None] = mapped_column(enum_type(Approval))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    approved_at: Mapped[datetime | None] = mapped_column()

    def move(self, on: date, window_from: int, window_to: int) -> None:
        """To another day or time; another time is one, not several. It leaves its round: it is planned anew."""
        self._only_open(_("这次探访已经开始或结束，不能再改日子。"))
        if (window_from, window_to) != (self.window_from, self.window_to):
            self.windows = []
        self.on, self.window_from, self.window_to = on, window_from, window_to
        self.status, self.helper_id, self.second_helper_id = VisitStatus.DUE, None, None

    def cancel(self, reason: str) -> None:
        """It is not to be made. `reopen` takes that back."""
        self._only_open(_("这次探访已经开始或结束，不能取消。"))
        self.status, self.cancel_reason = VisitStatus.CANCELLED, reason

    def reopen(self, *, is_on_a_round: bool) -> None:
        """It is to be made after all."""
        if self.status != VisitStatus.CANCELLED:
            raise Refusal(_("只有已取消的探访可以恢复。"))
        self.status = VisitStatus.PLANNED if is_on_a_round else VisitStatus.DUE
        self.cancel_reason = ""
        if not is_on_a_round:
            self.helper_id = self.second_helper_id = None

    def decide(self, approval: Approval, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """A supervisor's word on a late entry."""
        if self.approval is None:
            raise Refusal(_("这次探访不需要审核。"))
        self.approval, self.approved_by_id, self.approved_at = approval, by_id, at

    def _only_open(self, sentence: str) -> None:
        if self.status == VisitStatus.CANCELLED:
            raise Refusal(_("这次探访已经取消了。"), suggestion=_("可以先恢复它。"))
        if self.status not in OPEN:
            raise Refusal(sentence)


class VisitEventKind(StrEnum):
    """What can be reported of a visit; the payload of each is checked by `services.visit_reports`."""

    ARRIVED = "arrived"
    CHECKED = "checked"
    MOOD = "mood"
    NEEDS = "needs"
    NOTE = "note"
    OUTCOME = "outcome"
    DONE = "done"
    REOPENED = "reopened"


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
