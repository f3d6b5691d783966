"""Importing divisions: townships and villages by their official codes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.divisions import is_code, parent_of
from extensions import db
from extensions.babel import gettext as _
from models import Division, DivisionAlias
from policy import Actor, Permission
from services import divisions
from services.divisions import DivisionData

from . import values
from .core import ImportColumn, Issue, Line
from .places import Places
from .records import RecordImporter

CHUNK = 500


class DivisionImporter(RecordImporter[Division]):
    permission = Permission.DIVISION_EDIT
    subject_type = "division"
    columns = (
        ImportColumn(
            "code", "区划代码", values.code, "乡镇 9 位，村 12 位，请设成文本", True, aliases=("代码",), width=16,
            write=lambda one: one.code,
        ),
        ImportColumn("name", "名称", values.text(60), "如：河庄坪镇", True, width=20, write=lambda one: one.name),
        ImportColumn("latitude", "纬度", values.degrees, "WGS84，如 36.5854", write=lambda one: one.latitude),
        ImportColumn("longitude", "经度", values.degrees, "WGS84，如 109.4843", write=lambda one: one.longitude),
        ImportColumn("ruggedness", "地形起伏", values.degrees, "0 到 1", write=lambda one: one.ruggedness),
        ImportColumn("valid_from", "启用日期", values.day, "如 2019-07-01", write=lambda one: one.valid_from),
        ImportColumn("valid_to", "停用日期", values.day, "没有停用就空着", write=lambda one: one.valid_to),
    )  # fmt: skip

    def place(self, line: Line, places: Places) -> None:
        """The code itself says where a division lies."""
        typed = line.given.get("code", "")
        line.given["code"] = line.resolved["code"] = code = places.former.get(typed, typed)
        if not is_code(code):
            self._wrong(line, _("区划代码是 6、9 或 12 位数字。"))

    def look_closer(self, lines: Sequence[Line], *, by: Actor) -> None:
        """Every division lies in the scope, under one that exists or stands higher in the file."""
        scope = by.scope(self.permission)
        above = {parent_of(line.given["code"]) or "" for line in lines if not line.issues}
        known = _existing(above)
        for line in lines:
            if line.issues:
                continue
            code, parent = line.given["code"], parent_of(line.given["code"])
            if parent is None or not scope.holds_division(code):
                self._wrong(line, _("这个代码不在您管理的区划之内。"))
            elif parent not in known:
                self._wrong(line, _("还没有登记上一级区划 %(code)s，请先登记它，或写在前面的行里。", code=parent))
            else:
                known.add(code)

    def key(self, line: Line) -> Any:
        return line.given.get("code")

    def load(self, lines: Sequence[Line]) -> dict[Any, Division]:
        codes = [line.given["code"] for line in lines]
        found: dict[Any, Division] = {}
        for start in range(0, len(codes), CHUNK):
            statement = select(Division).where(Division.code.in_(codes[start : start + CHUNK]))
            found |= {one.code: one for one in db.session.scalars(statement)}
        return found

    def fetch(self, subjects: Sequence[str]) -> dict[str, Division]:
        return {one.code: one for one in db.session.scalars(select(Division).where(Division.code.in_(subjects)))}

    def blank(self, line: Line) -> Division:
        code = line.given["code"]
        return Division(code=code, level=divisions.level_of(code), parent_code=parent_of(code))

    def write(self, record: Division, line: Line, *, now: datetime, dry: bool) -> dict[str, Any]:
        fields = ("name", "latitude", "longitude", "ruggedness", "valid_from", "valid_to")
        base = {name: getattr(record, name) for name in fields if getattr(record, name) is not None}
        given = {name: line.given[name] for name in fields if name in line.given}
        return divisions.write(record, DivisionData(**(base | given)))

    def subject_of(self, record: Division) -> str:
        return record.code

    def division_of(self, record: Division) -> str:
        return record.code

    def label(self, line: Line) -> str:
        return f"{line.cells.get('code', '')} {line.cells.get('name', '')}"[:120]

    def _wrong(self, line: Line, sentence: str) -> None:
        line.issues.append(Issue("区划代码", line.cells.get("code", "")[:60], sentence))


def _existing(codes: set[str]) -> set[str]:
    wanted = sorted(codes)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        found |= set(db.session.scalars(select(Division.code).where(Division.code.in_(wanted[start : start + CHUNK]))))
    retired = select(DivisionAlias.old_code).where(DivisionAlias.old_code.in_(wanted[:CHUNK]))
    return found - set(db.session.scalars(retired))


importer = DivisionImporter()
