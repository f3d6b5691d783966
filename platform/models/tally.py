"""Figures counted now and then, so that a first page over half a million people costs a handful of rows."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class VisitTally(Base):
    """探访率 of one place and month, as it stood at `counted_at`: how many were to be met, and how many were."""

    __tablename__ = "visit_tallies"
    __table_args__ = (CheckConstraint("met <= due AND by_phone <= met AND by_phone >= 0", name="shares"),)

    month: Mapped[date] = mapped_column(primary_key=True, comment="its first day")
    division_code: Mapped[str] = mapped_column(String(12), primary_key=True, comment="township; county where unknown")
    due: Mapped[int] = mapped_column()
    met: Mapped[int] = mapped_column()
    by_phone: Mapped[int] = mapped_column(comment="of those met, only by telephone")
    counted_at: Mapped[datetime] = mapped_column()
