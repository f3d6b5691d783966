"""Centres 机构/站点, who is enrolled in them, who works there, who came today."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import Encrypted, enum_type


class CentreKind(StrEnum):
    DAY_CARE = "day_care"  # 日间照料中心
    MUTUAL_AID = "mutual_aid"  # 互助幸福院
    EMBEDDED = "embedded"  # 嵌入式机构
    REGIONAL = "regional"  # 区域中心
    INSTITUTION = "institution"  # 养老机构


class Centre(Keyed, Stamped, Base):
    """A place where older people spend their day, or live."""

    __tablename__ = "centres"
    __table_args__ = (
        Index("ix_centres_division_kind", "division_code", "kind", "pinyin"),
        CheckConstraint("places >= 0 AND beds >= 0", name="capacity"),
    )

    name: Mapped[str] = mapped_column(String(80))
    pinyin: Mapped[str] = mapped_column(String(200), default="", index=True)
    kind: Mapped[CentreKind] = mapped_column(enum_type(CentreKind))
    division_code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"))
    address: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    phone: Mapped[str] = mapped_column(String(30), default="", comment="the office's public number")
    manager_name: Mapped[str] = mapped_column(String(50), default="")
    places: Mapped[int] = mapped_column(default=0, comment="places by day")
    beds: Mapped[int] = mapped_column(default=0)
    opens_minute: Mapped[int] = mapped_column(default=510)
    closes_minute: Mapped[int] = mapped_column(default=1050)
    weekdays: Mapped[list[int]] = mapped_column(default=lambda: [1, 2, 3, 4, 5], comment="open on: 1 Monday .. 7")
    is_exemplary: Mapped[bool] = mapped_column(default=False, comment="示范")
    is_open: Mapped[bool] = mapped_column(default=True, comment="False: 停办")
    is_demo: Mapped[bool] = mapped_column(default=False)


class CentreStaff(Keyed, Base):
    """Somebody who works at a centre."""

    __tablename__ = "centre_staff"

    centre_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    post: Mapped[str] = mapped_column(String(30))
    phone: Mapped[str | None] = mapped_column(Encrypted("centre_staff.phone"), info={"personal": "phone"})
    weekdays: Mapped[list[int]] = mapped_column(default=list)


class Enrolment(Keyed, Stamped, Base):
    """A senior's agreement with a centre: from when, on which weekdays expected."""

    __tablename__ = "enrolments"
    __table_args__ = (Index("ix_enrolments_centre_from", "centre_id", "from_on"),)

    centre_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"))
    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    weekdays: Mapped[list[int]] = mapped_column(default=list, comment="expected on: 1 Monday .. 7")
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
    note: Mapped[str] = mapped_column(default="")


class Attendance(Keyed, Stamped, Base):
    """出勤: one senior's day at a centre; absent with a reason, or here from when to when."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("centre_id", "senior_id", "on", name="uq_attendances_centre_senior_on"),
        Index("ix_attendances_on_centre", "on", "centre_id"),
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="order"),
        CheckConstraint("arrived_at IS NULL OR absence_reason IS NULL", name="here_or_absent"),
    )

    centre_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"))
    senior_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    on: Mapped[date] = mapped_column()
    arrived_at: Mapped[datetime | None] = mapped_column()
    left_at: Mapped[datetime | None] = mapped_column()
    absence_reason: Mapped[str | None] = mapped_column(String(30))
    well_before_at: Mapped[datetime | None] = mapped_column(comment="平安钟 before the arrival, for taking it back")
    well_before_by: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
