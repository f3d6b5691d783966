"""Column types with a rule in them: aware times, checked enumerations, encrypted personal data."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from .keyring import keyring


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Refuses a time without a zone; always gives UTC back, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(enum: type[StrEnum]) -> Enum:
    """A StrEnum stored as its value, with a CHECK that repeats the list in the database."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Encrypted(TypeDecorator[str]):
    """Text stored as AES-256-GCM under the current key, bound to `context` ("table.column").

    Cannot be compared or sorted: keep a `blind_index` column beside it for equality.
    """

    impl = LargeBinary
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring.encrypt(value, self.context)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring.decrypt(bytes(value), self.context)


BlindIndex = String(44)
"""A keyed HMAC of a normalised value: finds equal values without showing them."""
