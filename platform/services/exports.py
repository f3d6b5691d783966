"""Lists that leave as files are written down: who took what, when."""

from datetime import datetime

from policy import Actor

from . import audit


def record(subject_type: str, *, by: Actor, now: datetime, filters: str = "") -> None:
    """A list was exported; `filters` is the address's query, as it narrowed the list."""
    audit.record(f"{subject_type}.export", subject_type, "", by=by, now=now, reason=filters[:200])
