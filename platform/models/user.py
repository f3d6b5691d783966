"""Users, what they are granted, and their attempts to sign in."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Keyed, Stamped
from .types import BlindIndex, Encrypted, enum_type


class Role(StrEnum):
    CITY_OFFICER = "city_officer"
    COUNTY_OFFICER = "county_officer"
    TOWNSHIP_CLERK = "township_clerk"
    DISPATCHER = "dispatcher"
    CENTRE_MANAGER = "centre_manager"
    CANTEEN_MANAGER = "canteen_manager"
    HELPER = "helper"
    FAMILY = "family"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class User(Keyed, Stamped, Base):
    """Somebody who can sign in. Signs in with the user name or the phone."""

    __tablename__ = "users"

    user_name: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(50), info={"personal": "name"})
    phone: Mapped[str | None] = mapped_column(Encrypted("users.phone"), info={"personal": "phone"})
    phone_index: Mapped[str | None] = mapped_column(BlindIndex, unique=True)
    password_hash: Mapped[str | None] = mapped_column(comment="argon2id; NULL: cannot sign in yet")
    password_changed_at: Mapped[datetime | None] = mapped_column()
    must_change_password: Mapped[bool] = mapped_column(default=False)
    session_version: Mapped[int] = mapped_column(default=1, comment="raised by 'sign out everywhere'")
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    is_big_type: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[list["Grant"]] = relationship(back_populates="user", lazy="raise", cascade="all, delete-orphan")

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}:{self.session_version}"


class Grant(Keyed, Stamped, Base):
    """A role held over one scope: a division's subtree, a centre, a canteen, a helper's own rounds, a senior."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN division_code IS NULL THEN 0 ELSE 1 END) + (CASE WHEN centre_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN canteen_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN helper_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN senior_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_scope",
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    division_code: Mapped[str | None] = mapped_column(ForeignKey("divisions.code", ondelete="CASCADE"))
    centre_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("centres.id", ondelete="CASCADE"))
    canteen_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("canteens.id", ondelete="CASCADE"))
    helper_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("helpers.id", ondelete="CASCADE"))
    senior_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str | None] = mapped_column(String(20), comment="family: daughter, son, …")
    from_on: Mapped[date | None] = mapped_column()
    to_on: Mapped[date | None] = mapped_column(comment="last day")

    user: Mapped[User] = relationship(back_populates="grants", lazy="raise")


class SignInAttempt(Keyed, Base):
    """One try to sign in, for the lock-out: by what was typed (blind) and from where."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_login_at", "login_index", "at"),)

    login_index: Mapped[str] = mapped_column(BlindIndex)
    address: Mapped[str] = mapped_column(String(45), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    is_success: Mapped[bool] = mapped_column()
