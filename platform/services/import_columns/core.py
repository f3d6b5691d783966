"""What every registry's import is made of: columns that read text, and the verdict on a row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.errors import Refusal
from extensions.babel import gettext as _
from models import RowKind
from policy import Actor, Permission


class BadValue(Exception):
    """A cell that cannot be read; the sentence says why and what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A column of a file: its Chinese header, how its text is read, and how a record writes it.

    `name` is the field of the registry's data; `hint` and `options` go into the template.
    """

    name: str
    header: str
    parse: Callable[[str], Any]
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] | type[StrEnum] = ()
    aliases: tuple[str, ...] = ()
    width: int = 14
    write: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong in a row: the column's header, what stands there, why it cannot be saved."""

    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Line:
    """A row on its way: its cells by column name, what they were read as, and what is wrong with them.

    `resolved` is what the database made of a cell (a place's name became its code), so that nobody asks again.
    """

    number: int
    cells: dict[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    resolved: dict[str, str] = field(default_factory=dict)
    subject: str | None = None
    label: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    candidates: list[dict[str, str]] = field(default_factory=list)
    is_same: bool = False

    @property
    def kind(self) -> RowKind:
        if self.issues:
            return RowKind.BAD
        if self.candidates:
            return RowKind.DUPLICATE
        if self.subject is None:
            return RowKind.NEW
        return RowKind.SAME if self.is_same else RowKind.CHANGED


class Importer(Protocol):
    """One registry's import."""

    @property
    def permission(self) -> Permission: ...
    @property
    def columns(self) -> tuple[ImportColumn, ...]: ...

    def judge(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """Say of every line without issues what it would do: subject, changes, candidates, label, further issues.

        The number of statements grows with chunks of lines, not with lines.
        """

    def save(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """Write lines that were judged: without a subject as new, with one as a change. Flushes.

        Raises Refusal where the registry has changed since, so that a line no longer fits.
        """


def read_cells(line: Line, columns: Mapping[str, ImportColumn]) -> None:
    """Fill `given` from the cells that are not empty; a cell that cannot be read is an issue."""
    for name, text in line.cells.items():
        column = columns[name]
        try:
            line.given[name] = column.parse(text)
        except BadValue as bad:
            line.issues.append(Issue(column.header, text[:60], bad.sentence))
    for column in columns.values():
        if column.is_required and column.name not in line.cells:
            line.issues.append(Issue(column.header, "", _("这一格不能空着。")))


def take_refusal(line: Line, refusal: Refusal, columns: Mapping[str, ImportColumn]) -> None:
    """What a service refused, as an issue of the row."""
    column = columns.get(refusal.field or "")
    header = column.header if column else ""
    value = line.cells.get(refusal.field or "", "")
    sentence = " ".join(filter(None, (refusal.sentence, refusal.suggestion)))
    line.issues.append(Issue(header, value[:60], sentence))


def refuse_repeats(lines: Sequence[Line], key: Callable[[Line], Any]) -> None:
    """Of rows that mean the same record, only the first may be saved."""
    first: dict[Any, int] = {}
    for line in lines:
        its = key(line)
        if its is None or line.issues:
            continue
        if its in first:
            line.issues.append(Issue("", "", _("和第 %(number)d 行重复，请只留一行。", number=first[its])))
        else:
            first[its] = line.number


def overtaken(line: Line) -> Refusal:
    """Since the preview, somebody else has entered, moved or removed what a line means."""
    sentence = _("第 %(number)d 行对应的记录在预览之后变了。", number=line.number)
    return Refusal(sentence, suggestion=_("请重新核对后再保存。"))
