"""Canteens 共享餐厅: kitchens, what they can cook, and when they are closed."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Fen, Keyed, Stamped
from .types import enum_type


class CanteenKind(StrEnum):
    CENTRAL_KITCHEN = "central_kitchen"  # 中央厨房
    CANTEEN = "canteen"  # 社区老年食堂
    MEAL_POINT = "meal_point"  # 老年助餐点
    RESTAURANT = "restaurant"  # 老年餐桌
    MUTUAL_STOVE = "mutual_stove"  # 互助灶


class Meal(StrEnum):
    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    SUPPER = "supper"


class Canteen(Keyed, Stamped, Base):
    """Cooks, serves or hands out meals."""

    __tablename__ = "canteens"
    __table_args__ = (Index("ix_canteens_division_name", "division_code", "pinyin"),)

    name: Mapped[str] = mapped_column(String(80))
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[CanteenKind] = mapped_column(enum_type(CanteenKind))
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    address: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(30), default="")
    manager_name: Mapped[str] = mapped_column(String(50), default="")
    licence: Mapped[str] = mapped_column(String(60), default="", comment="食品经营许可证")
    delivers: Mapped[bool] = mapped_column(default=False)
    is_open: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)


class CanteenMeal(Keyed, Base):
    """A meal a canteen offers: weekdays, hours, and the portions its kitchen can cook."""

    __tablename__ = "canteen_meals"
    __table_args__ = (
        UniqueConstraint("canteen_id", "meal", name="uq_canteen_meals_canteen_meal"),
        CheckConstraint("capacity >= 0", name="capacity"),
    )

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"))
    meal: Mapped[Meal] = mapped_column(enum_type(Meal))
    capacity: Mapped[int] = mapped_column()
    from_minute: Mapped[int] = mapped_column(comment="serving starts, minutes after local midnight")
    to_minute: Mapped[int] = mapped_column()
    weekdays: Mapped[list[int]] = mapped_column(default=lambda: [1, 2, 3, 4, 5, 6, 7])


class CanteenClosure(Keyed, Base):
    """Days on which a canteen is closed: new orders are refused, accepted ones kept until a person decides."""

    __tablename__ = "canteen_closures"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="days"),)

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(default="")


class Dish(Keyed, Stamped, Base):
    """A dish or set meal: what it suits, what it holds, what it costs."""

    __tablename__ = "dishes"
    __table_args__ = (
        CheckConstraint("price_fen >= 0", name="price"),
        UniqueConstraint("canteen_id", "name", name="uq_dishes_canteen_name"),
    )

    canteen_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    ingredients: Mapped[str] = mapped_column(default="", comment="as a guest reads it on the menu")
    diets: Mapped[list[str]] = mapped_column(default=list, comment="diets it suits: soft, low_salt, halal, …")
    allergens: Mapped[list[str]] = mapped_column(default=list, comment="what it contains: egg, peanut, …")
    price_fen: Mapped[int] = mapped_column(Fen)
    is_active: Mapped[bool] = mapped_column(default=True)
