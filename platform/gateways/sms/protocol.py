"""What a provider of texts can be asked, and the five answers a send can have.

A provider has no idempotency key, so the answers tell apart what is certain from what is not: only `Doubt` leaves open
whether the text went out, and only asking (`find`) may settle it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text to send. `to` is in E.164 form; `callback_url` proves which row its receipts belong to."""

    to: str
    body: str
    callback_url: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it."""

    sid: str
    status: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A definite no that will not change for this text or this recipient."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """A definite no for now: nothing was accepted.

    `trips`: it concerns everybody (account, sender). `counts`: against this text's number of attempts.
    """

    code: str
    detail: str = ""
    after_s: float | None = None
    trips: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class NotSent:
    """The guard stopped it before the socket: nothing left this machine."""

    detail: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody can say whether it was accepted."""

    code: str
    detail: str = ""


Answer = Accepted | Refused | Later | NotSent | Doubt


@dataclass(frozen=True, slots=True)
class SeenText:
    """A text as the provider shows it."""

    sid: str
    to: str
    body: str
    direction: str
    status: str
    code: str
    created_at: datetime | None


class Unreachable(Exception):
    """The provider could not be asked; nothing is known that was not known before."""


class SmsGateway(Protocol):
    """A provider of texts. Every call ends within its time-outs."""

    name: str
    sender: str

    def send(self, text: OutgoingText, *, may_send: Callable[[], bool]) -> Answer:
        """Call once. `may_send` is asked last thing before the socket."""
        ...

    def find(self, to: str, *, limit: int) -> list[SeenText]:
        """The newest texts to a number. Raises Unreachable."""
        ...

    def fetch(self, sid: str) -> SeenText | None:
        """One text, None if there is none. Raises Unreachable."""
        ...
