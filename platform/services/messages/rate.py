"""One sender's rate, kept by all processes together in the database: a token bucket."""

from datetime import datetime

from sqlalchemy import select

from domain.sending import Terms
from extensions import db
from models import SenderBucket


def take(sender: str, *, terms: Terms, now: datetime) -> float:
    """Take one token: 0, or the seconds until there is one."""
    bucket = db.session.scalars(select(SenderBucket).where(SenderBucket.sender == sender).with_for_update()).one()
    since = max(0.0, (now - bucket.filled_at).total_seconds())
    tokens = min(terms.burst, bucket.tokens + since * terms.per_second)
    if tokens < 1.0:
        return (1.0 - tokens) / terms.per_second
    bucket.tokens = tokens - 1.0
    bucket.filled_at = now
    return 0.0
