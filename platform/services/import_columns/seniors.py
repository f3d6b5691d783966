"""Importing seniors: found by identity number; by name and birthday or phone they are offered for merging."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from domain.codes import Allergen, Category, Diet, Relation, Speech
from domain.divisions import CITY
from domain.masks import masked_name
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import LivingArrangement, RiskTier, Senior, Sex
from policy import Actor, Permission, Scope
from services import seniors
from services.duplicates import Candidate, Same, SameBy, find_same
from services.senior_changes import apply, described
from services.senior_facts import SeniorFacts

from . import values
from .core import BadValue, ImportColumn, Issue, Line, overtaken, refuse_repeats, take_refusal
from .overlay import facts_from, laid_over
from .places import Places

CHUNK = 500
_COLUMN_OF = {"phones": "phone", "contacts": "contact_name", "lunar_month": "lunar", "lunar_day": "lunar"}


def _lunar(cell: str) -> tuple[int, int]:
    """8-15 or 8月15: month and day of the lunar birthday."""
    parts = [part for part in cell.replace("月", "-").replace("日", "").replace("/", "-").split("-") if part]
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return int(parts[0]), int(parts[1])
    raise BadValue(_("请按 8-15 这样填写农历的月和日。"))


class SeniorImporter:
    permission = Permission.SENIOR_IMPORT
    columns = (
        ImportColumn("name", "姓名", values.text(50), "如：张玉兰", True, aliases=("老人姓名",)),
        ImportColumn(
            "identity_number", "身份证号", values.text(60), "18 位，请设成文本", width=22,
            aliases=("身份证", "身份证号码", "公民身份号码"),
        ),
        ImportColumn("born_on", "出生日期", values.day, "有身份证号可以空着", aliases=("生日", "出生年月日")),
        ImportColumn("sex", "性别", values.one_of(Sex), "男或女", options=("男", "女"), width=8),
        ImportColumn(
            "residence_code", "居住地", values.text(80), "乡镇和村的名称或代码", True,
            aliases=("所在村", "所在区划", "现住地", "居住地区划"), width=24,
        ),
        ImportColumn("household_code", "户籍地", values.text(80), "名称或代码", aliases=("户籍",), width=24),
        ImportColumn("address", "地址", values.text(200), "门牌、小区、单元", aliases=("住址", "详细地址"), width=24),
        ImportColumn("landmark", "怎么找", values.text(200), "如：老槐树往上第三孔窑", aliases=("地标",), width=22),
        ImportColumn("latitude", "纬度", values.degrees, "WGS84"),
        ImportColumn("longitude", "经度", values.degrees, "WGS84"),
        ImportColumn("phone", "电话", values.phone, "请设成文本", aliases=("手机", "手机号", "联系电话"), width=16),
        ImportColumn("phone_owner", "谁的电话", values.one_of(Relation), "本人、儿子、女儿…", options=Relation),
        ImportColumn(
            "living", "居住情况", values.one_of(LivingArrangement), "独居、空巢、留守…", options=LivingArrangement
        ),
        ImportColumn("language", "语言", values.one_of(Speech), "平时说什么话", options=Speech),
        ImportColumn("risk_tier", "风险等级", values.one_of(RiskTier), "A、B、C 或 D", options=("A", "B", "C", "D")),
        ImportColumn("categories", "类别", values.many_of(Category), "可以多个，用顿号隔开", width=20),
        ImportColumn("diets", "饮食", values.many_of(Diet), "如：软食、低盐", width=16),
        ImportColumn("allergens", "过敏", values.many_of(Allergen), "如：花生、鸡蛋", aliases=("过敏原",), width=16),
        ImportColumn("diet_note", "忌口", values.text(200), width=16),
        ImportColumn("lunar", "农历生日", _lunar, "如 8-15"),
        ImportColumn("contact_name", "联系人", values.text(50), aliases=("联系人姓名", "紧急联系人")),
        ImportColumn("contact_relation", "联系人关系", values.one_of(Relation), "儿子、女儿…", options=Relation),
        ImportColumn("contact_phone", "联系人电话", values.phone, "请设成文本", width=16),
        ImportColumn("identity_note", "与证件不符的原因", values.text(200), "生日或性别和证件不同时填写", width=20),
    )  # fmt: skip

    def judge(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """See `Importer.judge`."""
        today = local_day(now)
        scope = by.scope(self.permission)
        self._place(lines, scope)
        good, ready = [], {}
        for line in lines:
            line.label = masked_name(str(line.given.get("name") or line.cells.get("name", "")))
            facts = self._check(line, facts_from(line.given), today)
            if facts is not None:
                good.append(line)
                ready[line.number] = facts
        refuse_repeats(good, lambda line: ready[line.number].identity_number or None)
        asked = [_candidate(line.number, ready[line.number]) for line in good if not line.issues]
        same = find_same(asked, today=today, allow_demo=_allow_demo())
        for line in good:
            self._match(line, same.get(line.number, []), scope)
        self._compare([line for line in good if line.subject and not line.issues], today)

    def _place(self, lines: Sequence[Line], scope: Scope) -> None:
        here = Places(scope)
        anywhere = here
        if any("household_code" in line.cells for line in lines):
            anywhere = Places(Scope(divisions=frozenset({CITY})))
        for line in lines:
            for name, places in (("residence_code", here), ("household_code", anywhere)):
                if name in line.given:
                    try:
                        line.given[name] = line.resolved[name] = places.code_of(line.given[name])
                    except BadValue as bad:
                        header = next(one.header for one in self.columns if one.name == name)
                        line.issues.append(Issue(header, line.cells.get(name, "")[:60], bad.sentence))

    def _check(self, line: Line, facts: SeniorFacts, today: date) -> SeniorFacts | None:
        """The facts in their stored form. What the rules forbid becomes issues of the row, and None."""
        named = {column.name: column for column in self.columns}
        known = {issue.column for issue in line.issues}
        checked = seniors.checked(facts, today=today)
        for problem in checked.problems:
            problem.field = _COLUMN_OF.get(problem.field or "", problem.field)
            column = named.get(problem.field or "")
            if column is None or column.header not in known:
                take_refusal(line, problem, named)
        return None if line.issues else checked.facts

    def _match(self, line: Line, found: Sequence[Same], scope: Scope) -> None:
        """The same identity number is the same person; anything less is a question."""
        if line.issues:
            return
        for one in found:
            is_here = scope.holds_division(one.residence_code)
            if one.by is SameBy.IDENTITY:
                line.subject = str(one.senior_id)
                if not is_here:
                    sentence = _("这位老人已经登记在别的地方，不在您的管理范围内。")
                    line.issues.append(Issue("身份证号", line.cells.get("identity_number", ""), sentence))
                return
            if is_here:
                why = _("姓名和生日相同") if one.by is SameBy.NAME_AND_BIRTH else _("姓名和电话相同")
                line.candidates.append({"id": str(one.senior_id), "name": masked_name(one.name), "why": why})

    def _compare(self, lines: Sequence[Line], today: date) -> None:
        """What each row would change; the records are let go again, a chunk at a time."""
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            known = _loaded(line.subject for line in part)
            for line in part:
                senior = known.get(line.subject or "")
                if senior is None:
                    continue
                facts = self._check(line, laid_over(senior, line.given), today)
                if facts is not None:
                    line.changes = _changes(senior, facts)
                    line.is_same = not line.changes
            for senior in known.values():
                db.session.expunge(senior)

    def save(self, lines: Sequence[Line], *, by: Actor, now: datetime) -> None:
        """See `Importer.save`."""
        new = [facts_from(line.given) for line in lines if line.subject is None]
        known = _loaded(line.subject for line in lines if line.subject)
        for line in lines:
            if line.subject and line.subject not in known:
                raise overtaken(line)
        pairs = [(line.subject, line.given) for line in lines if line.subject]
        changed = {uuid.UUID(subject): laid_over(known[subject], given) for subject, given in pairs}
        if new:
            seniors.register_all(new, by=by, now=now)
        if changed:
            seniors.update_all(changed, by=by, now=now)


def _allow_demo() -> bool:
    return bool(current_app.extensions["settings"].is_demo)


def _candidate(number: int, facts: SeniorFacts) -> Candidate:
    return Candidate(
        key=number,
        name=facts.name,
        born_on=facts.born_on,
        identity_number=facts.identity_number,
        phones=[one.number for one in facts.phones or ()],
    )


def _changes(senior: Senior, facts: SeniorFacts) -> dict[str, Any]:
    """field -> [before, after], masked."""
    typed = Senior(phones=[], contacts=[], categories=[])
    apply(typed, facts)
    here, there = described(senior), described(typed)
    return {name: [here[name].shown, there[name].shown] for name in here if here[name].compared != there[name].compared}


def _loaded(subjects: Iterable[str | None]) -> dict[str, Senior]:
    ids = [uuid.UUID(subject) for subject in subjects if subject]
    if not ids:
        return {}
    statement = select(Senior).where(Senior.id.in_(ids), Senior.merged_into_id.is_(None))
    return {str(one.id): one for one in db.session.scalars(statement.options(*seniors.WITH_CHILDREN))}


importer = SeniorImporter()
