"""Pages by keyset: the cursor in the address holds the sort values of the last row shown, not a number of rows."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from extensions import db

PAGE = 50

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """At most `PAGE` items, and the cursor of the next page if there is one."""

    items: Sequence[Item]
    next_cursor: str | None = None
    is_first: bool = True


def encode(*values: Any) -> str:
    """A cursor: sort values as text that may stand in an address."""
    text = json.dumps([str(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str | None, size: int) -> list[str] | None:
    """The `size` sort values of a cursor, or None for no cursor and for one that somebody made up."""
    if not cursor:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (binascii.Error, ValueError, UnicodeDecodeError):
        return None
    is_ours = (
        isinstance(values, list)
        and len(values) == size
        and all(isinstance(one, str) and "\0" not in one for one in values)
    )
    return values if is_ours else None


def page(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]],
    cursor: str | None,
    *,
    parse: Callable[[list[str]], Sequence[Any]],
    row: Callable[..., Item],
    size: int = PAGE,
    descending: bool = False,
) -> Page[Item]:
    """One page of `statement`, sorted by `keys`, or by all of them `descending`.

    The last `len(keys)` columns it selects are these keys.

    `parse` turns the cursor's texts back into the keys' values (a ValueError means the first page); `row` takes the
    other columns.
    """
    values = decode(cursor, len(keys))
    try:
        start = parse(values) if values is not None else None
    except ValueError:
        start = None
    if start is not None:
        here, last = tuple_(*keys), tuple_(*start)
        statement = statement.where(here < last if descending else here > last)
    order = [key.desc() for key in keys] if descending else keys
    rows = db.session.execute(statement.order_by(*order).limit(size + 1)).all()
    more = len(rows) > size
    shown = rows[:size]
    return Page(
        items=[row(*one[: -len(keys)]) for one in shown],
        next_cursor=encode(*shown[-1][-len(keys) :]) if more else None,
        is_first=start is None,
    )
