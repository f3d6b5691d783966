"""Meal runs 送餐路线: a day's plan of who brings which portions to which doors, alone or together with visits."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.errors import Refusal

from .base import Base, Keyed, Stamped
from .canteen import Meal
from .helper import Means
from .round import PlanMethod, ProposalStatus
from .types import enum_type


class MealRunKind(StrEnum):
    MEALS = "meals"
    JOINT = "joint"  # 顺路单: portions and visits on the same ways
    APART = "apart"  # what a joint plan is measured against: runs first, then visits in the time that is left


class MealRunStopKind(StrEnum):
    COUNTER = "counter"
    DOOR = "door"
    VISIT = "visit"


class CanteenCourier(Keyed, Stamped, Base):
    """送餐员: somebody of the canteen's own who carries its portions, and nobody else's."""

    __tablename__ = "canteen_couriers"
    __table_args__ = (CheckConstraint("capacity > 0", name="capacity"),)

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    means: Mapped[Means] = mapped_column(enum_type(Means), default=Means.MOTOR)
    capacity: Mapped[int] = mapped_column(comment="portions on the way at once")
    is_active: Mapped[bool] = mapped_column(default=True)


class MealRunPlan(Keyed, Stamped, Base):
    """送餐方案: the runs of one place's meal, why a portion is left out, and with a joint one its visits."""

    __tablename__ = "meal_run_plans"
    __table_args__ = (
        Index("ix_meal_run_plans_on_division", "on", "division_code"),
        CheckConstraint("(kind = 'apart') = (joint_id IS NOT NULL)", name="apart_from_what"),
    )

    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    canteen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("canteens.id", ondelete="CASCADE"), index=True, comment="NULL: every canteen of the division"
    )
    on: Mapped[date] = mapped_column()
    meal: Mapped[Meal] = mapped_column(enum_type(Meal))
    kind: Mapped[MealRunKind] = mapped_column(enum_type(MealRunKind), default=MealRunKind.MEALS)
    joint_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("meal_run_plans.id", ondelete="CASCADE"), index=True, comment="of an apart plan: its joint one"
    )
    proposal_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("proposals.id", ondelete="SET NULL"), index=True, comment="the rounds published with it"
    )
    status: Mapped[ProposalStatus] = mapped_column(enum_type(ProposalStatus), default=ProposalStatus.PROPOSED)
    method: Mapped[PlanMethod] = mapped_column(enum_type(PlanMethod), default=PlanMethod.SEARCH)
    seed: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[float] = mapped_column(default=0.0, comment="time the search took, or may take")
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="while searching: seconds, served, visits")
    heartbeat_at: Mapped[datetime | None] = mapped_column(comment="when the search last gave a sign of life")
    is_stop_asked: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="portions, visits, km, minutes, heat")
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="booking or visit ids and reasons")
    set_aside: Mapped[list[dict[str, Any]]] = mapped_column(default=list, comment="carrier id and its reasons")
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column()
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    @property
    def has_visits(self) -> bool:
        return self.kind is not MealRunKind.MEALS

    def publish(self, *, by_id: uuid.UUID | None, at: datetime) -> None:
        """It holds from now on."""
        self._only(ProposalStatus.PROPOSED, _("这份方案现在不能发布。"))
        self.status, self.published_by_id, self.published_at = ProposalStatus.PUBLISHED, by_id, at

    def unpublish(self) -> None:
        """Back to a proposal."""
        self._only(ProposalStatus.PUBLISHED, _("这份方案没有发布，不用撤回。"))
        self.status, self.published_by_id, self.published_at = ProposalStatus.PROPOSED, None, None

    def discard(self) -> None:
        """It will not be used."""
        if self.status not in {ProposalStatus.PROPOSED, ProposalStatus.ENDED}:
            raise Refusal(_("这份方案现在不能放弃。"), suggestion=_("已发布的方案要先撤回。"))
        self.status = ProposalStatus.DISCARDED

    def _only(self, status: ProposalStatus, sentence: str) -> None:
        if self.status != status:
            raise Refusal(sentence, suggestion=_("请刷新页面，看看它现在的状态。"))


class MealRun(Keyed, Stamped, Base):
    """送餐路线: one carrier's ordered day within a plan: a helper's, or a canteen's own courier's."""

    __tablename__ = "meal_runs"
    __table_args__ = (
        UniqueConstraint("plan_id", "number", name="uq_meal_runs_plan_number"),
        Index("ix_meal_runs_helper_on", "helper_id", "on"),
        Index("ix_meal_runs_courier_on", "courier_id", "on"),
        CheckConstraint("(helper_id IS NULL) <> (courier_id IS NULL)", name="one_carrier"),
    )

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meal_run_plans.id", ondelete="CASCADE"))
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"))
    courier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("canteen_couriers.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column()
    number: Mapped[int] = mapped_column(comment="1.. within the plan: its colour and its name on the map")
    means: Mapped[Means] = mapped_column(enum_type(Means))
    capacity: Mapped[int] = mapped_column(comment="portions on the way at once, as planned with")
    start_minute: Mapped[int] = mapped_column(comment="leaves the base, minutes after local midnight")
    end_minute: Mapped[int] = mapped_column(comment="back at the base")
    travel_minutes: Mapped[int] = mapped_column(default=0)
    distance_m: Mapped[int] = mapped_column(default=0)
    tours: Mapped[list[dict[str, Any]]] = mapped_column(
        default=list, comment="for each: leave and back minute, minutes and metres of the way back"
    )
    base_latitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    base_longitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    end_latitude: Mapped[float | None] = mapped_column(comment="where it ends; NULL: at the base")
    end_longitude: Mapped[float | None] = mapped_column()


class MealRunStop(Keyed, Base):
    """A call on a run: at a counter, at a door with portions, or on a visit; minutes after local midnight."""

    __tablename__ = "meal_run_stops"
    __table_args__ = (
        UniqueConstraint("run_id", "position", name="uq_meal_run_stops_run_position"),
        CheckConstraint("(kind = 'visit') = (visit_id IS NOT NULL)", name="visit"),
        CheckConstraint("(kind = 'visit') = (canteen_id IS NULL)", name="canteen"),
        CheckConstraint("(kind = 'door') = (hot_seconds IS NOT NULL)", name="heat"),
    )

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meal_runs.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    tour: Mapped[int] = mapped_column(default=0, comment="which of the run's tours")
    kind: Mapped[MealRunStopKind] = mapped_column(enum_type(MealRunStopKind))
    canteen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("canteens.id", ondelete="CASCADE"), index=True, comment="whose counter, or whose portions"
    )
    visit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    is_second: Mapped[bool] = mapped_column(default=False, comment="the second helper's half of a visit by two")
    portions: Mapped[int] = mapped_column(default=0, comment="taken on at a counter, handed over at a door")
    arrive_minute: Mapped[int] = mapped_column()
    start_minute: Mapped[int] = mapped_column()
    leave_minute: Mapped[int] = mapped_column()
    travel_minutes: Mapped[int] = mapped_column(comment="from the call before")
    distance_m: Mapped[int] = mapped_column(default=0)
    hot_seconds: Mapped[int | None] = mapped_column(comment="of a door: from leaving the counter to the start")
    latitude: Mapped[float | None] = mapped_column(comment="where it was planned", info={"personal": "address"})
    longitude: Mapped[float | None] = mapped_column(info={"personal": "address"})
    is_approximate: Mapped[bool] = mapped_column(default=False, comment="the village's point, for want of a pin")


class MealRunPortion(Keyed, Base):
    """A portion handed over at a stop. At most one published run carries it."""

    __tablename__ = "meal_run_portions"
    __table_args__ = (
        UniqueConstraint("stop_id", "booking_id", name="uq_meal_run_portions_stop_booking"),
        Index("ix_meal_run_portions_booking", "booking_id"),
        Index(
            "uq_meal_run_portions_one_published",
            "booking_id",
            unique=True,
            sqlite_where=text("is_published"),
            postgresql_where=text("is_published"),
        ),
    )

    stop_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meal_run_stops.id", ondelete="CASCADE"))
    booking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meal_bookings.id", ondelete="CASCADE"))
    is_published: Mapped[bool] = mapped_column(default=False, comment="its plan's; here for the index")
