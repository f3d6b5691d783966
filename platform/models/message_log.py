"""What a message is about, and what happened to it: append-only attempts and receipts."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from .base import Base, Keyed
from .message import Purpose
from .types import enum_type


class SubjectType(StrEnum):
    VISIT = "visit"
    BOOKING = "booking"


class MessageSubject(Keyed, Base):
    """A visit or a booking a message speaks of: each is spoken of once per purpose, day and number."""

    __tablename__ = "message_subjects"
    __table_args__ = (
        UniqueConstraint("purpose", "subject_id", "on", "number", name="uq_message_subjects_once"),
        Index("ix_message_subjects_subject", "subject_type", "subject_id"),
    )

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose))
    subject_type: Mapped[SubjectType] = mapped_column(enum_type(SubjectType))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    senior_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="CASCADE"), index=True)
    on: Mapped[date] = mapped_column(comment="the local day it speaks of")
    number: Mapped[int] = mapped_column(default=0, comment="0 the first text of its purpose, 1 the next change, …")
    told: Mapped[str] = mapped_column(String(80), default="", comment="what it says of a meal; another is a change")


class AttemptEvent(StrEnum):
    """What a sender, a reaper or a person did or found."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    LATER = "later"
    REFUSED = "refused"
    DOUBT = "doubt"
    RELEASED = "released"
    LAPSED = "lapsed"
    ADOPTED = "adopted"
    ABSENT = "absent"
    NO_ANSWER = "no_answer"
    GAVE_UP = "gave_up"
    DROPPED = "dropped"
    RESENT = "resent"
    HANDLED = "handled"


class MessageAttempt(Base):
    """One thing done about a message. Append-only."""

    __tablename__ = "message_attempts"
    __table_args__ = (Index("ix_message_attempts_message", "message_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    event: Mapped[AttemptEvent] = mapped_column(enum_type(AttemptEvent))
    at: Mapped[datetime] = mapped_column()
    attempt: Mapped[int] = mapped_column(comment="which attempt it belongs to")
    by: Mapped[str] = mapped_column(String(80), default="", comment="process, or person")
    code: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(String(300), default="")
    milliseconds: Mapped[int | None] = mapped_column(comment="how long the provider took")


class MessageReceipt(Base):
    """One word of the provider about a text, by callback or by asking. Append-only; each word is taken once."""

    __tablename__ = "message_receipts"
    __table_args__ = (
        UniqueConstraint("sid", "status", name="uq_message_receipts_sid_status"),
        Index("ix_message_receipts_message", "message_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    sid: Mapped[str] = mapped_column(String(34))
    status: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(20), default="")
    received_at: Mapped[datetime] = mapped_column()
    source: Mapped[str] = mapped_column(String(10), default="callback", comment="callback, or poll")


class AppendOnly(Exception):
    """Somebody tried to change or delete a line of a log."""


@event.listens_for(MessageAttempt, "before_update")
@event.listens_for(MessageAttempt, "before_delete")
@event.listens_for(MessageReceipt, "before_update")
@event.listens_for(MessageReceipt, "before_delete")
def _refuse(_mapper: Mapper[Any], _connection: Any, target: Any) -> None:
    raise AppendOnly(f"{type(target).__name__} is append-only")
