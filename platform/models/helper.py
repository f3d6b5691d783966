"""Helpers 助老员: whoever goes to the door, when they can, and when not."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Keyed, Stamped
from .centre import Centre
from .senior import Sex
from .types import BlindIndex, Encrypted, enum_type


class HelperKind(StrEnum):
    VILLAGE = "village"  # 爱心助老员
    PAIRED_POST = "paired_post"  # 一岗双助
    CARE_WORKER = "care_worker"  # 护理员
    VOLUNTEER = "volunteer"  # 志愿者


class Means(StrEnum):
    FOOT = "foot"
    MOTOR = "motor"


BREAK_CHECK = (
    "break_minutes = 0 OR (break_minutes > 0 AND break_earliest IS NOT NULL AND break_latest IS NOT NULL"
    " AND break_earliest <= break_latest)"
)


class Helper(Keyed, Stamped, Base):
    """Whoever goes to the door: where from, by what means, with which skills, for how long a day."""

    __tablename__ = "helpers"
    __table_args__ = (
        Index("ix_helpers_division_name", "division_code", "pinyin"),
        CheckConstraint("kind <> 'paired_post' OR hardship_valid_to IS NOT NULL", name="post_has_proof"),
        CheckConstraint(BREAK_CHECK, name="break"),
        CheckConstraint("capacity >= 0 AND (contracted_minutes IS NULL OR contracted_minutes > 0)", name="amounts"),
    )

    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    pinyin: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[HelperKind] = mapped_column(enum_type(HelperKind))
    sex: Mapped[Sex] = mapped_column(enum_type(Sex), default=Sex.UNKNOWN)
    phone: Mapped[str | None] = mapped_column(Encrypted("helpers.phone"), info={"personal": "phone"})
    phone_index: Mapped[str | None] = mapped_column(BlindIndex, index=True)
    division_code: Mapped[str] = mapped_column(
        ForeignKey("divisions.code", ondelete="RESTRICT"), comment="home village or base"
    )
    centre_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("centres.id", ondelete="SET NULL"), index=True)
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    skills: Mapped[list[str]] = mapped_column(default=list, comment="nursing, rehabilitation, errand, …")
    languages: Mapped[list[str]] = mapped_column(default=list)
    means: Mapped[Means] = mapped_column(enum_type(Means), default=Means.MOTOR)
    max_daily_minutes: Mapped[int] = mapped_column(default=480)
    contracted_minutes: Mapped[int | None] = mapped_column(comment="paid a day; beyond it is overtime. NULL: no limit")
    break_minutes: Mapped[int] = mapped_column(default=0, comment="the noon break; 0: none")
    break_earliest: Mapped[int | None] = mapped_column(comment="it begins between these minutes after midnight")
    break_latest: Mapped[int | None] = mapped_column()
    capacity: Mapped[int] = mapped_column(default=0, comment="portions carried at once; 0: carries none")
    end_centre_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("centres.id", ondelete="SET NULL"), comment="where the day ends; NULL: where it began"
    )
    is_active: Mapped[bool] = mapped_column(default=True)
    hardship_proof: Mapped[str] = mapped_column(default="", comment="paired post: proof that the household is poor")
    hardship_valid_to: Mapped[date | None] = mapped_column()
    post_monthly_hours: Mapped[int | None] = mapped_column(comment="paired post: hours owed a month")
    is_demo: Mapped[bool] = mapped_column(default=False)

    shifts: Mapped[list["HelperShift"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    leaves: Mapped[list["HelperLeave"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    end_centre: Mapped[Centre | None] = relationship(lazy="raise", foreign_keys=[end_centre_id])


class HelperShift(Keyed, Base):
    """A weekly working time."""

    __tablename__ = "helper_shifts"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
        CheckConstraint("start_minute >= 0 AND start_minute < end_minute AND end_minute <= 1440", name="minutes"),
        Index("ix_helper_shifts_helper_weekday", "helper_id", "weekday"),
    )

    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"))
    weekday: Mapped[int] = mapped_column(comment="1 Monday .. 7 Sunday")
    start_minute: Mapped[int] = mapped_column(comment="minutes after local midnight")
    end_minute: Mapped[int] = mapped_column()


class HelperLeave(Keyed, Base):
    """Days on which a helper does not work."""

    __tablename__ = "helper_leaves"
    __table_args__ = (CheckConstraint("to_on >= from_on", name="days"),)

    helper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"), index=True)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(default="")
