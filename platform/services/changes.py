"""What an edit changes, told so that the audit trail can keep it: before and after, personal values masked."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import inspect

from domain.masks import hidden, masked_identity, masked_name, masked_phone
from models import Base

_MASKS: dict[str, Callable[[str], str]] = {
    "name": masked_name,
    "phone": masked_phone,
    "identity": masked_identity,
    "address": hidden,
}
_SILENT = frozenset({"pinyin", "version"})


def assign(row: Base, **values: Any) -> dict[str, list[Any]]:
    """Give `row` these values; returns what changed as {column: [before, after]}, ready for `audit.record`.

    Blind indexes and search columns are set but not told.
    """
    changed: dict[str, list[Any]] = {}
    columns = inspect(type(row)).columns
    for name, after in values.items():
        before = getattr(row, name)
        if before == after:
            continue
        setattr(row, name, after)
        if name not in _SILENT and not name.endswith("_index"):
            mask = _MASKS.get(columns[name].info.get("personal", ""))
            changed[name] = [told(before, mask), told(after, mask)]
    return changed


def told(value: Any, mask: Callable[[str], str] | None = None) -> Any:
    """A value as the trail keeps it: masked if personal, days and times as text, codes as their value."""
    if value is None or value == "":
        return None
    if mask is not None:
        return mask(str(value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | list | dict) else str(value)


def masked(kind: str, value: str) -> str:
    """A personal value as the trail keeps it: `kind` is name, phone, identity or address."""
    return _MASKS[kind](value)
