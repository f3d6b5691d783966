"""Importing centres: found by name within a division."""

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.hours import written_spans, written_weekdays
from extensions import db
from models import Centre, CentreKind
from policy import Permission
from services import centres
from services.centres import CentreData

from . import values
from .core import BadValue, ImportColumn, Line
from .records import RecordImporter

_YES_NO = ("是", "否")
_FIELDS = tuple(one.name for one in fields(CentreData))


def opening(cell: str) -> tuple[int, int]:
    """One span: when the doors are open."""
    found = values.spans(cell)
    if len(found) != 1:
        raise BadValue(values.one_span_please())
    return found[0]


class CentreImporter(RecordImporter[Centre]):
    permission = Permission.CENTRE_EDIT
    subject_type = "centre"
    columns = (
        ImportColumn(
            "name", "名称", values.text(80), "如：河庄坪日间照料中心", True, width=26, write=lambda one: one.name,
        ),
        ImportColumn(
            "kind", "类型", values.one_of(CentreKind, 幸福院=CentreKind.MUTUAL_AID, 日照中心=CentreKind.DAY_CARE),
            "从下拉里选", True, CentreKind, write=lambda one: values.written(one.kind, CentreKind),
        ),
        ImportColumn(
            "division_code", "所在区划", values.text(80), "名称或代码，如：河庄坪镇 赵家岸村", True,
            aliases=("区划", "区划代码", "所在地"), width=22, write=lambda one: one.division_code,
        ),
        ImportColumn("address", "地址", values.text(200), width=26, write=lambda one: one.address),
        ImportColumn("latitude", "纬度", values.degrees, "WGS84，如 36.5854", write=lambda one: one.latitude),
        ImportColumn("longitude", "经度", values.degrees, "WGS84，如 109.4843", write=lambda one: one.longitude),
        ImportColumn("phone", "电话", values.phone, "座机请带区号", write=lambda one: one.phone),
        ImportColumn("manager_name", "负责人", values.text(50), write=lambda one: one.manager_name),
        ImportColumn("places", "日间名额", values.whole(0, 5000), "没有就填 0", write=lambda one: one.places),
        ImportColumn("beds", "床位", values.whole(0, 5000), "没有就填 0", write=lambda one: one.beds),
        ImportColumn(
            "hours", "开放时间", opening, "如 08:30-17:30",
            write=lambda one: written_spans([(one.opens_minute, one.closes_minute)]),
        ),
        ImportColumn(
            "weekdays", "开放日", values.weekdays, "如：周一至周五", write=lambda one: written_weekdays(one.weekdays)
        ),
        ImportColumn(
            "is_exemplary", "示范", values.yes_or_no, "是或否", options=_YES_NO,
            write=lambda one: "是" if one.is_exemplary else "否",
        ),
        ImportColumn(
            "is_open", "开办", values.yes_or_no, "停办填否", options=_YES_NO,
            write=lambda one: "是" if one.is_open else "否",
        ),
    )  # fmt: skip

    def key(self, line: Line) -> Any:
        return line.given.get("division_code"), line.given.get("name")

    def load(self, lines: Sequence[Line]) -> dict[Any, Centre]:
        """One statement: a county has no more centres than fit into memory."""
        codes = sorted({line.given["division_code"] for line in lines})
        statement = select(Centre).where(Centre.division_code.in_(codes))
        return {(one.division_code, one.name): one for one in db.session.scalars(statement)}

    def fetch(self, subjects: Sequence[str]) -> dict[str, Centre]:
        ids = [uuid.UUID(subject) for subject in subjects]
        return {str(one.id): one for one in db.session.scalars(select(Centre).where(Centre.id.in_(ids)))}

    def blank(self, line: Line) -> Centre:
        return Centre()

    def write(self, record: Centre, line: Line, *, now: datetime, dry: bool) -> dict[str, Any]:
        given = dict(line.given)
        if "hours" in given:
            given["opens_minute"], given["closes_minute"] = given.pop("hours")
        base = {name: getattr(record, name) for name in _FIELDS if getattr(record, name) is not None}
        return centres.write(record, CentreData(**(base | given)))


importer = CentreImporter()
