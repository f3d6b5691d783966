"""Divisions 区划: the tree of places by their official codes."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .types import enum_type


class DivisionLevel(StrEnum):
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


def subtree_prefix(code: str) -> str:
    """The digits every code under `code` begins with: 610600 (a city) gives 6106, all others themselves."""
    return code[:4] if len(code) == 6 and code.endswith("00") else code


def prefix_bounds(code: str) -> tuple[str, str]:
    """The half-open range of codes at or under `code`, for an index: 610602 gives ("610602", "610603")."""
    prefix = subtree_prefix(code)
    return prefix, str(int(prefix) + 1).zfill(len(prefix))


class Division(Base):
    """A place in the tree 市 6 / 县 6 / 乡镇 9 / 村 12 digits. The code is public and never reused."""

    __tablename__ = "divisions"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    pinyin: Mapped[str] = mapped_column(String(120), default="", index=True)
    level: Mapped[DivisionLevel] = mapped_column(enum_type(DivisionLevel))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code", ondelete="RESTRICT"), index=True)
    latitude: Mapped[float | None] = mapped_column(comment="WGS84")
    longitude: Mapped[float | None] = mapped_column(comment="WGS84")
    ruggedness: Mapped[float] = mapped_column(default=0.5, comment="0 plain .. 1 deep valleys; slows travel")
    valid_from: Mapped[date | None] = mapped_column()
    valid_to: Mapped[date | None] = mapped_column()


class DivisionAlias(Base):
    """A former code and the one that took its place (610624 安塞县 became 610603 安塞区)."""

    __tablename__ = "division_aliases"

    old_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("divisions.code", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(default="")
