"""What each code is called on a page: the word, its tone of colour and its icon; one module per room.

Status is always word + icon + tone (LOOK): `{{ visit.status | word }}`, `{{ badge(visit.status) }}`.
"""

from . import (
    alerts,
    calendars,
    history,
    imports,
    meals,
    messages,
    people,
    registries,
    round_changes,
    round_edits,
    rounds,
    travel,
    visits,
)
from .core import Word, as_options, register, tone_of, word, word_of

__all__ = [
    "Word",
    "alerts",
    "as_options",
    "calendars",
    "history",
    "imports",
    "meals",
    "messages",
    "people",
    "register",
    "registries",
    "round_changes",
    "round_edits",
    "rounds",
    "tone_of",
    "travel",
    "visits",
    "word",
    "word_of",
]
