"""The append-only story of a message."""

from datetime import datetime

from extensions import db
from models import AttemptEvent, Message, MessageAttempt


def note(
    message: Message,
    event: AttemptEvent,
    now: datetime,
    *,
    by: str = "",
    code: str = "",
    detail: str = "",
    milliseconds: int | None = None,
) -> None:
    """Write down one thing done about a message."""
    db.session.add(
        MessageAttempt(
            message_id=message.id,
            event=event,
            at=now,
            attempt=message.attempts,
            by=by,
            code=code,
            detail=detail[:300],
            milliseconds=milliseconds,
        )
    )
