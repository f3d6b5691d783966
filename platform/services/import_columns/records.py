"""Importing plain registries: a record is found by its key, the file is laid over it, the service checks it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from domain.errors import Refusal
from extensions import db
from gateways.sheets.writing import Cell, Column
from models import Base
from policy import Actor, Permission
from services import audit, changes

from .core import BadValue, ImportColumn, Issue, Line, overtaken, refuse_repeats, take_refusal
from .places import Places

_PLACE_HEADER = "所在区划"
Record = TypeVar("Record", bound=Base)


class RecordImporter(ABC, Generic[Record]):
    """What the registries of places and helpers share. Subclasses say how a record is found, built and written."""

    permission: Permission
    columns: tuple[ImportColumn, ...]
    subject_type: str
    mask_label = ""

    @abstractmethod
    def key(self, line: Line) -> Any:
        """What makes two rows mean the same record."""

    @abstractmethod
    def load(self, lines: Sequence[Line]) -> dict[Any, Record]:
        """The records these lines may mean, by key; everything `write` needs is loaded."""

    @abstractmethod
    def fetch(self, subjects: Sequence[str]) -> dict[str, Record]:
        """The records of these ids or codes, loaded like those of `load`."""

    @abstractmethod
    def blank(self, line: Line) -> Record:
        """A new record."""

    @abstractmethod
    def write(self, record: Record, line: Line, *, now: datetime, dry: bool) -> dict[str, Any]:
        """Lay the line over the record, checked; returns what changed. `dry`: touch nothing but `record`."""

    def look_closer(self, lines: Sequence[Line], *, by: Actor) -> None:
        """Whatever else must be said of lines: issues, candidates."""

    def judge(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """See `Importer.judge`."""
        places = Places(by.scope(self.permission))
        named = {column.name: column for column in self.columns}
        for line in lines:
            self.place(line, places)
            line.label = self.label(line)
        refuse_repeats(lines, self.key)
        self.look_closer(lines, by=by)
        known = self.load([line for line in lines if not line.issues])
        detach(known.values())
        for line in lines:
            if line.issues:
                continue
            record = known.get(self.key(line))
            try:
                changed = self.write(record or self.blank(line), line, now=now, dry=True)
            except Refusal as refusal:
                take_refusal(line, refusal, named)
                continue
            if record is not None:
                line.subject, line.changes, line.is_same = self.subject_of(record), changed, not changed

    def place(self, line: Line, places: Places) -> None:
        """Turn the division the line names into a code of the scope."""
        text = line.given.get("division_code")
        if text is None:
            return
        try:
            line.given["division_code"] = line.resolved["division_code"] = places.code_of(text)
        except BadValue as bad:
            line.issues.append(Issue(_PLACE_HEADER, text[:60], bad.sentence))

    def label(self, line: Line) -> str:
        name = str(line.given.get("name") or line.cells.get("name", ""))[:60]
        return changes.masked(self.mask_label, name) if self.mask_label else name

    def subject_of(self, record: Record) -> str:
        return str(record.id)  # type: ignore[attr-defined]

    def division_of(self, record: Record) -> str:
        return str(record.division_code)  # type: ignore[attr-defined]

    def save(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """See `Importer.save`."""
        taken = self.load([line for line in lines if line.subject is None])
        known = self.fetch([line.subject for line in lines if line.subject is not None])
        scope = by.scope(self.permission)
        done: list[tuple[str, Record, dict[str, Any]]] = []
        for line in lines:
            record = known.get(line.subject or "")
            if (line.subject is None) != (record is None) or (record is None and self.key(line) in taken):
                raise overtaken(line)
            if record is None:
                act, record = "create", self.blank(line)
                db.session.add(record)
            elif not scope.holds_division(self.division_of(record)):
                raise overtaken(line)
            else:
                act = "update"
            done.append((act, record, self.write(record, line, now=now, dry=False)))
        db.session.flush()
        for act, record, changed in done:
            told = changed if act == "update" else {"name": changed.get("name", [None, None])}
            audit.record(
                f"{self.subject_type}.{act}", self.subject_type, self.subject_of(record),
                by=by, now=now, division_code=self.division_of(record), changes=told,
            )  # fmt: skip
        db.session.flush()

    def written_columns(self) -> list[Column]:
        """The columns of an export, which can be imported again."""
        return [Column(column.header, column.width) for column in self.columns if column.write]

    def written(self, records: Iterable[Any]) -> Iterator[list[Cell]]:
        """The rows of an export."""
        writers = [column.write for column in self.columns if column.write]
        for record in records:
            yield [write(record) for write in writers]


def detach(records: Iterable[Base]) -> None:
    """Records may be written on from now on without the database ever hearing of it."""
    for record in records:
        db.session.expunge(record)
