"""What became of a text: the provider's callbacks, and asking when none comes."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from domain.sending import TERMS, Terms
from extensions import db
from gateways.sms import SeenText
from models import RANKS, AttemptEvent, Message, MessageReceipt, MessageStatus

from . import log
from .claims import locked

BATCH = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    """One word of the provider, already checked for its signature and shape."""

    sid: str
    status: str
    code: str = ""


def receive(message_id: uuid.UUID, token: str, receipt: Receipt, *, now: datetime, terms: Terms = TERMS) -> bool:
    """Take one callback; False if it is not about this row. Repeated or late words change nothing.

    The row's own token in the address proves which row became which SID: a row in doubt adopts it at once.
    """
    statement = select(Message).where(Message.id == message_id).with_for_update()
    message = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if message is None or not hmac.compare_digest(message.callback_token.encode(), token.encode()):
        return False
    if message.sid is None and message.status in {MessageStatus.SENDING, MessageStatus.UNKNOWN}:
        message.accepted(receipt.sid, now, now + timedelta(seconds=terms.poll_after_s[0]))
        log.note(message, AttemptEvent.ADOPTED, now, by="callback", detail=receipt.sid)
        db.session.flush()
    if message.sid != receipt.sid:
        return False
    _take(message, receipt, now, "callback")
    return True


def to_poll(*, now: datetime, terms: Terms, limit: int = BATCH) -> list[tuple[uuid.UUID, str]]:
    """Sent texts that stayed short of final: after 15 minutes, 4 hours and 72 hours, then no more."""
    statement = select(Message).where(Message.status == MessageStatus.SENT, Message.next_at <= now)
    found = []
    for message in db.session.scalars(locked(statement.order_by(Message.next_at, Message.id).limit(limit))):
        age = (now - (message.sent_at or now)).total_seconds()
        later = [after for after in terms.poll_after_s if after > age]
        message.next_at = (message.sent_at or now) + timedelta(seconds=later[0] if later else 3650 * 86400)
        found.append((message.id, message.sid or ""))
    return found


def polled(message_id: uuid.UUID, seen: SeenText | None, *, now: datetime) -> None:
    """Take what the provider said when asked."""
    message = db.session.get(Message, message_id, with_for_update=True)
    if message is None or seen is None or seen.sid != message.sid:
        return
    _take(message, Receipt(seen.sid, seen.status, seen.code), now, "poll")


def _take(message: Message, receipt: Receipt, now: datetime, source: str) -> None:
    if receipt.status not in RANKS:
        return
    is_sqlite = db.session.connection().dialect.name == "sqlite"
    insert = sqlite_insert if is_sqlite else postgresql_insert
    row = {
        "message_id": message.id, "sid": receipt.sid, "status": receipt.status, "code": receipt.code[:20],
        "received_at": now, "source": source,
    }  # fmt: skip
    db.session.execute(insert(MessageReceipt).values(row).on_conflict_do_nothing())
    message.receipt(receipt.status, receipt.code[:20], now)
