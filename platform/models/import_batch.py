"""Imports 导入: a file that was read, waits for one decision, and is then saved whole or thrown away."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Keyed, Stamped
from .types import Encrypted, enum_type


class ImportRegistry(StrEnum):
    """Which registry a file is for."""

    SENIORS = "seniors"
    DIVISIONS = "divisions"
    CENTRES = "centres"
    CANTEENS = "canteens"
    HELPERS = "helpers"


class ImportStatus(StrEnum):
    STAGED = "staged"
    SAVED = "saved"
    DISCARDED = "discarded"


class RowKind(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"  # may be somebody who is registered already: a person decides
    BAD = "bad"


class Decision(StrEnum):
    """What is to become of a possible duplicate."""

    SKIP = "skip"
    NEW = "new"
    MERGE = "merge"


class ImportBatch(Keyed, Stamped, Base):
    """One file of one person. Its rows wait in `import_rows` until they are saved or thrown away."""

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_by_into", "by_id", "into", "id"),)

    into: Mapped[ImportRegistry] = mapped_column(enum_type(ImportRegistry))
    file_name: Mapped[str] = mapped_column(String(120))
    status: Mapped[ImportStatus] = mapped_column(enum_type(ImportStatus), default=ImportStatus.STAGED)
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    headers: Mapped[list[str]] = mapped_column(default=list)
    ignored: Mapped[list[str]] = mapped_column(default=list, comment="headers that mean nothing here")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="rows by kind")
    saved: Mapped[dict[str, Any]] = mapped_column(default=dict, comment="what was saved: new, changed")
    finished_at: Mapped[datetime | None] = mapped_column()


class ImportRow(Base):
    """A row of a file as it waits. What it says is personal: it is kept encrypted, and only until it is saved."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_batch_kind", "batch_id", "kind", "number"),)

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="the row's number in the file")
    kind: Mapped[RowKind] = mapped_column(enum_type(RowKind))
    subject: Mapped[str | None] = mapped_column(String(36), comment="id or code of the record it changes")
    label: Mapped[str] = mapped_column(String(120), default="", comment="who or what, masked")
    decision: Mapped[Decision | None] = mapped_column(enum_type(Decision))
    payload: Mapped[str] = mapped_column(
        Encrypted("import_rows.payload"), info={"personal": "text"}, comment="JSON: cells, issues, changes, candidates"
    )
