"""Messages 短信: one text to one person for one purpose, sent once, or on a person's list.

The row's life: pending → sending → sent → delivered, with unknown (nobody can say yet whether it went out),
undelivered, failed, cancelled, expired and dead (a person looks). Every move is a method that refuses a wrong one;
the CHECKs repeat what each state needs.
"""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import BlindIndex, Encrypted, enum_type


class MessageStatus(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DEAD = "dead"


class Purpose(StrEnum):
    VISIT_EVE = "visit_eve"
    VISIT_MORNING = "visit_morning"
    VISIT_CANCELLED = "visit_cancelled"
    VISIT_DONE = "visit_done"
    MEAL_BOOKED = "meal_booked"
    MEAL_CHANGED = "meal_changed"
    MEAL_CANCELLED = "meal_cancelled"


class Recipient(StrEnum):
    """Who gets it: the senior, somebody in the senior's place, or nobody (a person must call or go)."""

    SENIOR = "senior"
    CONTACT = "contact"
    NOBODY = "nobody"


OUT = frozenset({MessageStatus.SENDING, MessageStatus.UNKNOWN, MessageStatus.SENT, MessageStatus.DELIVERED})
"""States in which the recipient has, or may have, read the text."""

RANKS = {
    "accepted": 1, "scheduled": 1, "queued": 1, "sending": 2, "sent": 3,
    "delivered": 4, "undelivered": 4, "failed": 4, "canceled": 4, "read": 5,
}  # fmt: skip
"""The provider's words in the order of a text's life. Callbacks come in any order: a row only moves up."""

_FINAL = {
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.DELIVERED,
    "undelivered": MessageStatus.UNDELIVERED,
    "failed": MessageStatus.FAILED,
    "canceled": MessageStatus.FAILED,
}


class WrongMove(Exception):
    """A message was asked to make a move its state does not allow: a defect, never a user's mistake."""


class Message(Keyed, Stamped, Base):
    """One text: due at `due_at`, looked at by a machine next at `next_at`, useless from `not_after` on.

    `token` is the fencing token: raised by every claim, and every settlement must still find its own.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "uq_messages_one_in_doubt",
            "to_index",
            "body_digest",
            unique=True,
            sqlite_where=text("status IN ('sending', 'unknown')"),
            postgresql_where=text("status IN ('sending', 'unknown')"),
        ),
        # Whole, not partial: a bound parameter keeps SQLite from using a partial one.
        Index("ix_messages_work", "status", "next_at", "id"),
        Index("ix_messages_due", "due_at", "id"),
        Index("ix_messages_division_due", "division_code", "due_at", "id"),
        Index("ix_messages_senior_due", "senior_id", "due_at"),
        Index("ix_messages_to_sent", "to_index", "sent_at"),
        CheckConstraint("not_after > due_at", name="useful_after_due"),
        CheckConstraint("status <> 'sending' OR (owner IS NOT NULL AND lease_until IS NOT NULL)", name="sending_owned"),
        CheckConstraint("status <> 'unknown' OR unknown_since IS NOT NULL", name="unknown_since"),
        CheckConstraint("status NOT IN ('sent', 'delivered') OR sid IS NOT NULL", name="sent_has_sid"),
        CheckConstraint("to_number IS NOT NULL OR status IN ('dead', 'cancelled')", name="nobody_is_dead"),
        CheckConstraint("segments BETWEEN 0 AND 8 AND attempts >= 0", name="counts"),
    )

    dedup_key: Mapped[str] = mapped_column(String(160), unique=True, comment="purpose, person, local day, number")
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose))
    status: Mapped[MessageStatus] = mapped_column(enum_type(MessageStatus), default=MessageStatus.PENDING)
    senior_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("seniors.id", ondelete="SET NULL"))
    division_code: Mapped[str] = mapped_column(String(12), comment="the senior's residence when planned")
    recipient: Mapped[Recipient] = mapped_column(enum_type(Recipient))
    to_number: Mapped[str | None] = mapped_column(Encrypted("messages.to_number"), info={"personal": "phone"})
    to_index: Mapped[str] = mapped_column(BlindIndex, default="")
    language: Mapped[str] = mapped_column(String(10), default="zh")
    body: Mapped[str] = mapped_column(Encrypted("messages.body"), info={"personal": "text"})
    body_digest: Mapped[str] = mapped_column(BlindIndex)
    segments: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column()
    next_at: Mapped[datetime] = mapped_column(comment="when a machine looks at it next")
    not_after: Mapped[datetime] = mapped_column(comment="useless from then on")
    owner: Mapped[str | None] = mapped_column(String(80), comment="the process that holds the lease")
    token: Mapped[int] = mapped_column(default=0, comment="fencing token, raised by every claim")
    lease_until: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(default=0)
    unknown_since: Mapped[datetime | None] = mapped_column()
    sid: Mapped[str | None] = mapped_column(String(34), unique=True)
    rank: Mapped[int] = mapped_column(default=0, comment="how far the provider's receipts have come")
    callback_token: Mapped[str] = mapped_column(String(48))
    code: Mapped[str] = mapped_column(String(20), default="", comment="the provider's last error code, or ours")
    sent_at: Mapped[datetime | None] = mapped_column(comment="accepted by the provider")
    finished_at: Mapped[datetime | None] = mapped_column()
    resend_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    resend_number: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None] = mapped_column(comment="a person has dealt with it")
    handled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    handled_note: Mapped[str] = mapped_column(default="")

    def _move(self, to: MessageStatus, *allowed: MessageStatus) -> None:
        if self.status not in allowed:
            raise WrongMove(f"a {self.status} message cannot become {to}")
        self.status = to

    def _let_go(self) -> None:
        self.owner = None
        self.lease_until = None

    def claim(self, owner: str, lease_until: datetime) -> int:
        """Taken by a sender until `lease_until`; gives the fencing token of this claim."""
        self._move(MessageStatus.SENDING, MessageStatus.PENDING)
        self.owner = owner
        self.token += 1
        self.lease_until = lease_until
        self.next_at = lease_until
        self.attempts += 1
        return self.token

    def release(self, next_at: datetime) -> None:
        """Nothing was sent, for certain, and nobody is to blame: back in the queue, the attempt not counted."""
        self._move(MessageStatus.PENDING, MessageStatus.SENDING)
        self._let_go()
        self.attempts -= 1
        self.next_at = next_at

    def retry(self, code: str, next_at: datetime) -> None:
        """The provider said no for now."""
        self._move(MessageStatus.PENDING, MessageStatus.SENDING)
        self._let_go()
        self.code = code
        self.next_at = next_at

    def accepted(self, sid: str, now: datetime, poll_at: datetime) -> None:
        """The provider has it under `sid`: by its answer, by its list, or by a callback that proves it."""
        self._move(MessageStatus.SENT, MessageStatus.SENDING, MessageStatus.UNKNOWN)
        self._let_go()
        self.sid = sid
        self.unknown_since = None
        self.sent_at = now
        self.next_at = poll_at
        self.code = ""

    def refused(self, code: str, now: datetime) -> None:
        """The provider will never take it."""
        self._move(MessageStatus.FAILED, MessageStatus.SENDING)
        self._let_go()
        self.code = code
        self.finished_at = now

    def doubt(self, code: str, now: datetime, ask_at: datetime) -> None:
        """It may have gone out, or not: ask before sending again."""
        self._move(MessageStatus.UNKNOWN, MessageStatus.SENDING)
        self._let_go()
        self.code = code
        self.unknown_since = now
        self.next_at = ask_at

    def absent(self, next_at: datetime) -> None:
        """Asked, after long enough, and the provider has no such text: it may be sent again."""
        self._move(MessageStatus.PENDING, MessageStatus.UNKNOWN)
        self._let_go()
        self.unknown_since = None
        self.next_at = next_at

    def cancel(self, code: str, now: datetime) -> None:
        """No longer wanted, before anything went out."""
        self._move(MessageStatus.CANCELLED, MessageStatus.PENDING, MessageStatus.DEAD)
        self.code = code
        self.finished_at = now

    def expire(self, now: datetime) -> None:
        """Too late to be of use, and certainly not sent."""
        self._move(MessageStatus.EXPIRED, MessageStatus.PENDING, MessageStatus.UNKNOWN)
        self._let_go()
        self.unknown_since = None
        self.finished_at = now

    def die(self, code: str, now: datetime) -> None:
        """A machine cannot go on: on a person's list."""
        self._move(MessageStatus.DEAD, MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.UNKNOWN)
        self._let_go()
        self.code = code
        self.finished_at = now

    def receipt(self, word: str, code: str, now: datetime) -> bool:
        """What the provider says became of it; False if that is no news. Only ever moves up."""
        rank = RANKS.get(word, 0)
        if self.status not in {MessageStatus.SENT, MessageStatus.DELIVERED} or rank <= self.rank:
            return False
        self.rank = rank
        final = _FINAL.get(word)
        if final is not None and final is not self.status:
            self._move(final, MessageStatus.SENT)
            self.finished_at = now
        if code:
            self.code = code
        return True

    def handle(self, by_id: uuid.UUID | None, note: str, now: datetime) -> None:
        """A person has dealt with it: off the list."""
        self.handled_at = now
        self.handled_by_id = by_id
        self.handled_note = note
