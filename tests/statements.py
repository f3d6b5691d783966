"""How many statements something costs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Statements:
    """The statements sent while counting."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.texts)


@contextmanager
def counted(engine: Engine) -> Iterator[Statements]:
    """`with counted(db.engine) as sent: …` then `sent.count`."""
    sent = Statements()

    def note(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        sent.texts.append(text)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
