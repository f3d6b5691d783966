"""Writing down that a list of seniors left the platform as a file."""

from dataclasses import asdict
from datetime import datetime

from policy import Actor
from queries.seniors import Filters

from . import audit


def note_export(filters: Filters, *, by: Actor, now: datetime) -> None:
    """Who took which part of the list; the search text itself may be personal and is left out."""
    chosen = {name: [None, value] for name, value in asdict(filters).items() if value and name != "q"}
    if filters.q:
        chosen["q"] = [None, "***"]
    audit.record("senior.export", "senior", "", by=by, now=now, division_code=filters.division, changes=chosen)
