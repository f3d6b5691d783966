"""Importing helpers: found by their phone, else by name within a division."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from domain import names
from domain.codes import Skill, Speech
from domain.hours import written_spans
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Centre, Helper, HelperKind, Means, Sex
from models.keyring import phone_index
from policy import Actor, Permission, reach
from services import helpers
from services.helpers import HelperData

from . import values
from .core import ImportColumn, Issue, Line
from .records import RecordImporter

CHUNK = 500
_DAYS = "一二三四五六日"
_YES_NO = ("是", "否")
_FIELDS = tuple(one.name for one in fields(HelperData) if one.name != "shifts")


def _shift(day: int) -> Callable[[Any], str]:
    return lambda one: written_spans(helpers.shifts_of(one).get(day, []))


def _list(enum: Any, name: str) -> Callable[[Any], str]:
    return lambda one: "、".join(values.written(value, enum) for value in getattr(one, name))


class HelperImporter(RecordImporter[Helper]):
    permission = Permission.HELPER_EDIT
    subject_type = "helper"
    mask_label = "name"
    columns = (
        ImportColumn("name", "姓名", values.text(50), "如：李秀英", True, write=lambda one: one.name),
        ImportColumn(
            "kind", "类型", values.one_of(HelperKind, 助老员=HelperKind.VILLAGE), "从下拉里选", True,
            HelperKind, write=lambda one: values.written(one.kind, HelperKind),
        ),
        ImportColumn(
            "division_code", "所在区划", values.text(80), "家住的村或驻地，名称或代码", True,
            aliases=("区划", "区划代码", "所在村", "所在地"), width=22, write=lambda one: one.division_code,
        ),
        ImportColumn(
            "sex", "性别", values.one_of(Sex), "男或女", options=("男", "女"),
            write=lambda one: values.written(one.sex, Sex),
        ),
        ImportColumn(
            "phone", "手机", values.phone, "请设成文本", aliases=("电话", "手机号"), write=lambda one: one.phone,
        ),
        ImportColumn(
            "skills", "技能", values.many_of(Skill), "用顿号隔开，如：护理、助浴", width=20,
            write=_list(Skill, "skills"),
        ),
        ImportColumn(
            "languages", "语言", values.many_of(Speech), "如：普通话、陕北话", width=18,
            write=_list(Speech, "languages"),
        ),
        ImportColumn(
            "means", "出行方式", values.one_of(Means, 骑车=Means.MOTOR, 开车=Means.MOTOR, 摩托=Means.MOTOR),
            "从下拉里选",
            options=Means, write=lambda one: values.written(one.means, Means),
        ),
        ImportColumn(
            "max_daily_minutes", "每天最多分钟", values.whole(30, 720), "30 到 720",
            write=lambda one: one.max_daily_minutes,
        ),
        ImportColumn(
            "contracted_minutes", "每天应工作分钟", values.whole(30, 720), "超过的算加班，可以空着",
            write=lambda one: one.contracted_minutes,
        ),
        ImportColumn(
            "break_minutes", "午休分钟", values.whole(0, helpers.LONGEST_BREAK), "没有固定午休填 0",
            write=lambda one: one.break_minutes,
        ),
        ImportColumn(
            "break_earliest", "午休最早", values.clock, "几点开始，如 11:30",
            write=lambda one: values.written_clock(one.break_earliest),
        ),
        ImportColumn(
            "break_latest", "午休最晚", values.clock, "几点开始，如 13:00",
            write=lambda one: values.written_clock(one.break_latest),
        ),
        ImportColumn(
            "capacity", "一次能带几份饭", values.whole(0, helpers.MOST_PORTIONS), "不送饭填 0",
            write=lambda one: one.capacity,
        ),
        ImportColumn(
            "end_centre_id", "收工站点", values.text(80), "站点名称；回出发地就空着", width=22,
            write=lambda one: one.end_centre.name if one.end_centre else "",
        ),
        *(
            ImportColumn(f"shift_{day}", f"周{word}班次", values.spans, "如 08:30-17:30", width=20, write=_shift(day))
            for day, word in enumerate(_DAYS, 1)
        ),
        ImportColumn(
            "is_active", "在岗", values.yes_or_no, "离岗填否", options=_YES_NO,
            write=lambda one: "是" if one.is_active else "否",
        ),
        ImportColumn(
            "hardship_proof", "困难家庭证明", values.text(200), "一岗双助必填", width=20,
            write=lambda one: one.hardship_proof,
        ),
        ImportColumn(
            "hardship_valid_to", "证明有效期", values.day, "一岗双助必填", write=lambda one: one.hardship_valid_to
        ),
        ImportColumn(
            "post_monthly_hours", "每月应服务小时", values.whole(1, 300), "一岗双助",
            write=lambda one: one.post_monthly_hours,
        ),
        ImportColumn("latitude", "纬度", values.degrees, "出发地，WGS84", write=lambda one: one.latitude),
        ImportColumn("longitude", "经度", values.degrees, "出发地，WGS84", write=lambda one: one.longitude),
    )  # fmt: skip

    def key(self, line: Line) -> Any:
        if line.given.get("phone"):
            return line.given["phone"]
        return line.given.get("division_code"), names.normalise(line.given.get("name", ""))

    def load(self, lines: Sequence[Line]) -> dict[Any, Helper]:
        """By phone where the row has one; by name within the division where it has none."""
        by_index = {phone_index(line.given["phone"]): line.given["phone"] for line in lines if "phone" in line.given}
        indexes = list(by_index)
        found: dict[Any, Helper] = {}
        for start in range(0, len(indexes), CHUNK):
            chosen = Helper.phone_index.in_(indexes[start : start + CHUNK])
            for one in db.session.scalars(select(Helper).where(chosen).options(selectinload(Helper.shifts))):
                found[by_index[one.phone_index or ""]] = one
        codes = sorted({line.given["division_code"] for line in lines if "phone" not in line.given})
        statement = select(Helper).where(Helper.division_code.in_(codes)).options(selectinload(Helper.shifts))
        for one in db.session.scalars(statement) if codes else ():
            found.setdefault((one.division_code, one.name), one)
        return found

    def look_closer(self, lines: Sequence[Line], *, by: Actor) -> None:
        """A phone registered elsewhere is not ours to change; a namesake in the same place may be the same person."""
        _find_stations(lines, by)
        good = [line for line in lines if not line.issues]
        scope = by.scope(self.permission)
        known = self.load(good)
        for line in good:
            record = known.get(self.key(line))
            if record is not None and not scope.holds_division(record.division_code):
                sentence = _("这个手机号登记在别的区划，不能在这里改。")
                line.issues.append(Issue("手机", line.cells.get("phone", ""), sentence))
        codes = sorted({line.given["division_code"] for line in good})
        columns = (Helper.id, Helper.name, Helper.division_code)
        rows = db.session.execute(select(*columns).where(Helper.division_code.in_(codes))) if codes else ()
        namesakes = {(row.division_code, row.name): str(row.id) for row in rows}
        for line in good:
            twin = namesakes.get((line.given["division_code"], names.normalise(line.given["name"])))
            if twin and not line.issues and "phone" in line.given and self.key(line) not in known:
                line.candidates = [{"id": twin, "name": self.label(line), "why": _("同一个地方有同名的助老员")}]

    def fetch(self, subjects: Sequence[str]) -> dict[str, Helper]:
        chosen = Helper.id.in_([uuid.UUID(subject) for subject in subjects])
        rows = db.session.scalars(select(Helper).where(chosen).options(selectinload(Helper.shifts)))
        return {str(one.id): one for one in rows}

    def blank(self, line: Line) -> Helper:
        return Helper(shifts=[], leaves=[])

    def write(self, record: Helper, line: Line, *, now: datetime, dry: bool) -> dict[str, Any]:
        base = {name: getattr(record, name) for name in _FIELDS if getattr(record, name) is not None}
        given = {name: value for name, value in line.given.items() if name in _FIELDS}
        if "end_centre_id" in given:
            given["end_centre_id"] = uuid.UUID(given["end_centre_id"])
        shifts = helpers.shifts_of(record)
        shifts |= {day: line.given[f"shift_{day}"] for day in range(1, 8) if f"shift_{day}" in line.given}
        return helpers.write(record, HelperData(**(base | given), shifts=shifts), today=local_day(now))


def _find_stations(lines: Sequence[Line], by: Actor) -> None:
    """Turn the names of stations into ids; a name that none or several of the actor's stations have is an issue."""
    names_given = sorted({line.given["end_centre_id"] for line in lines if "end_centre_id" in line.given})
    found: dict[str, list[str]] = {}
    within = reach.centres(by.scope(Permission.CENTRE_READ))
    for start in range(0, len(names_given), CHUNK):
        chosen = Centre.name.in_(names_given[start : start + CHUNK])
        for key, name in db.session.execute(select(Centre.id, Centre.name).where(chosen, within)):
            found.setdefault(name, []).append(str(key))
    for line in lines:
        name = line.given.get("end_centre_id")
        if name is None:
            continue
        ids = found.get(name, [])
        if len(ids) == 1:
            line.given["end_centre_id"] = line.resolved["end_centre_id"] = ids[0]
        else:
            sentence = _("有几个站点叫这个名字，请到页面上选。") if ids else _("没有这个站点，请写登记的名称。")
            line.issues.append(Issue("收工站点", name, sentence))


importer = HelperImporter()
