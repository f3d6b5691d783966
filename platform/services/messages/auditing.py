"""The nightly audit: per number and words, the provider has exactly as many as rows say."""

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from domain.phones import e164
from extensions import database_now, db
from gateways.sms import SmsGateway
from models import OUT, Message, MessageStatus

BATCH = 500
LOOKED_THROUGH = 200
_EVER_OUT = (OUT | {MessageStatus.UNDELIVERED}) - {MessageStatus.SENDING, MessageStatus.UNKNOWN}


@dataclass(slots=True)
class Comparison:
    """What was compared, and the rows the provider does not have exactly once."""

    texts: int = 0
    numbers: int = 0
    lost: list[uuid.UUID] = field(default_factory=list)
    doubled: list[uuid.UUID] = field(default_factory=list)


def compare(gateway: SmsGateway, *, hours: int) -> Comparison:
    """Ask the provider about every number texted in the last hours. Raises Unreachable."""
    found = Comparison()
    since = database_now() - timedelta(hours=hours)
    after = uuid.UUID(int=0)
    while True:
        statement = (
            select(Message)
            .where(Message.sent_at >= since, Message.status.in_(_EVER_OUT), Message.id > after)
            .order_by(Message.id)
            .limit(BATCH)
        )
        rows = list(db.session.scalars(statement))
        if not rows:
            return found
        after = rows[-1].id
        _compare(gateway, rows, found)
        db.session.rollback()


def _compare(gateway: SmsGateway, rows: list[Message], found: Comparison) -> None:
    by_number: dict[str, list[Message]] = defaultdict(list)
    for row in rows:
        by_number[row.to_number or ""].append(row)
    for number, texts in by_number.items():
        found.numbers += 1
        found.texts += len(texts)
        seen = gateway.find(e164(number), limit=LOOKED_THROUGH)
        there = {one.sid for one in seen}
        ours = set(db.session.scalars(select(Message.sid).where(Message.sid.in_(there))))
        strangers = Counter(one.body for one in seen if one.sid not in ours and one.direction.startswith("outbound"))
        for text in texts:
            if text.sid not in there:
                found.lost.append(text.id)
            if strangers[text.body]:
                found.doubled.append(text.id)
