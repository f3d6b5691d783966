"""Meals: what is cooked where and when, and who has a portion."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Fen, Keyed, Stamped
from .canteen import Meal
from .types import enum_type


class MealServiceStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"  # cut-off has passed: the kitchen count is frozen


class BookingStatus(StrEnum):
    BOOKED = "booked"
    LOCKED = "locked"
    SERVED = "served"
    NO_SHOW = "no_show"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (BookingStatus.BOOKED, BookingStatus.LOCKED, BookingStatus.SERVED, BookingStatus.NO_SHOW, BookingStatus.FAILED)
"""A portion that exists: it takes one of the service's places."""


class Handover(StrEnum):
    DINE_IN = "dine_in"
    PICK_UP = "pick_up"
    DELIVERY = "delivery"


class MealService(Keyed, Stamped, Base):
    """One canteen × one day × one meal: its capacity, its counter, and the count the kitchen cooked by."""

    __tablename__ = "meal_services"
    __table_args__ = (
        UniqueConstraint("canteen_id", "on", "meal", name="uq_meal_services_canteen_on_meal"),
        Index("ix_meal_services_on_status", "on", "status"),
        CheckConstraint("booked >= 0 AND booked <= capacity", name="within_capacity"),
    )

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column()
    meal: Mapped[Meal] = mapped_column(enum_type(Meal))
    capacity: Mapped[int] = mapped_column()
    booked: Mapped[int] = mapped_column(default=0, comment="live portions; the database refuses one too many")
    cut_off_at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[MealServiceStatus] = mapped_column(enum_type(MealServiceStatus), default=MealServiceStatus.OPEN)
    closed_at: Mapped[datetime | None] = mapped_column()
    frozen_count: Mapped[dict[str, Any] | None] = mapped_column(comment="by dish and diet, as the kitchen got it")


class MenuItem(Keyed, Base):
    """A dish offered at one service."""

    __tablename__ = "menu_items"
    __table_args__ = (
        UniqueConstraint("canteen_id", "on", "meal", "dish_id", name="uq_menu_items_canteen_on_meal_dish"),
    )

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"))
    on: Mapped[date] = mapped_column()
    meal: Mapped[Meal] = mapped_column(enum_type(Meal))
    dish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dishes.id", ondelete="RESTRICT"), index=True)
    is_published: Mapped[bool] = mapped_column(default=False)


class MealBooking(Keyed, Stamped, Base):
    """订餐: one portion for one senior. At most one live portion per senior, day and meal over all canteens."""

    __tablename__ = "meal_bookings"
    __table_args__ = (
        Index(
            "uq_meal_bookings_one_portion",
            "senior_id",
            "on",
            "meal",
            unique=True,
            sqlite_where=text("status <> 'cancelled'"),
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index("ix_meal_bookings_service_status", "service_id", "status"),
        Index("ix_meal_bookings_status_updated", "status", "updated_at"),  # what is new, for the texts' planner
        Index("ix_meal_bookings_senior_on", "senior_id", "on"),
        Index("ix_meal_bookings_on_meal", "on", "meal"),
        CheckConstraint("price_fen = subsidy_fen + self_fen AND subsidy_fen >= 0 AND self_fen >= 0", name="money"),
    )

    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("meal_services.id", ondelete="RESTRICT"))
    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="RESTRICT"))
    on: Mapped[date] = mapped_column()
    meal: Mapped[Meal] = mapped_column(enum_type(Meal))
    dish_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dishes.id", ondelete="RESTRICT"))
    diets: Mapped[list[str]] = mapped_column(default=list, comment="the senior's; brought up to date at the cut-off")
    allergens: Mapped[list[str]] = mapped_column(default=list, comment="likewise")
    diet_note: Mapped[str] = mapped_column(default="", comment="likewise")
    is_diet_waived: Mapped[bool] = mapped_column(default=False, comment="booked knowing that the dish does not suit")
    handover: Mapped[Handover] = mapped_column(enum_type(Handover), default=Handover.DINE_IN)
    status: Mapped[BookingStatus] = mapped_column(enum_type(BookingStatus), default=BookingStatus.BOOKED)
    channel: Mapped[str] = mapped_column(String(20), default="page", comment="page, phone, door, canteen, standing")
    booked_at: Mapped[datetime] = mapped_column(comment="after the service's closed_at: a late portion")
    booked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    price_fen: Mapped[int] = mapped_column(Fen)
    subsidy_fen: Mapped[int] = mapped_column(Fen, default=0)
    self_fen: Mapped[int] = mapped_column(Fen)
    rule_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("rules.id", ondelete="RESTRICT"), comment="the subsidy rule used"
    )
    subsidy_line: Mapped[str] = mapped_column(String(40), default="", comment="the line of the rule that paid most")
    served_at: Mapped[datetime | None] = mapped_column()
    well_before_at: Mapped[datetime | None] = mapped_column(comment="the senior's 平安钟 before this meal, for an undo")
    well_before_by: Mapped[str | None] = mapped_column(String(20))
    cancelled_at: Mapped[datetime | None] = mapped_column()
    cancel_reason: Mapped[str] = mapped_column(default="")
