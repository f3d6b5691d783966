"""The declarative base: shared column types, named constraints, UUIDv7 keys, UTC times."""

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, MetaData, String, Time, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from uuid_utils.compat import uuid7

from domain.times import utc_now

from .types import UTCDateTime

Json = JSON().with_variant(JSONB(), "postgresql")


class Base(DeclarativeBase):
    """Every table's base. Relations are `lazy="raise"`: a page asks for what it shows, in one statement."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            uuid.UUID: Uuid(),
            datetime: UTCDateTime(),
            date: Date(),
            time: Time(),
            str: String(200),
            dict[str, Any]: Json,
            list[str]: Json,
            list[dict[str, Any]]: Json,
            list[int]: Json,
            list[list[int]]: Json,
        },
    )


class Keyed:
    """A UUIDv7 primary key: sorts by creation, guessable by nobody, makeable by a phone."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-10)


class Stamped:
    """When the row was written and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=utc_now, sort_order=90)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now, sort_order=91)


Fen = BigInteger
"""Money in integer fen (1/100 yuan)."""
