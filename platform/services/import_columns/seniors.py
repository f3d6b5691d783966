"""Importing seniors: found by identity number; by name and birthday or phone they are offered for merging."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from domain.codes import Allergen, Category, Diet, Relation, Speech
from domain.divisions import CITY
from domain.identity import BadIdentity
from domain.identity import read as read_identity
from domain.masks import masked_name
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import LivingArrangement, RiskTier, Senior, Sex
from models.keyring import identity_index
from policy import Actor, Permission, Scope
from services import seniors
from services.duplicates import Candidate, Same, SameBy, find_same
from services.senior_changes import apply, described
from services.senior_facts import PLAIN, CategoryFact, ContactFact, PhoneFact, SeniorFacts

from . import values
from .core import BadValue, ImportColumn, Issue, Line, overtaken, refuse_repeats, take_refusal
from .places import Places

CHUNK = 500
_COLUMN_OF = {"phones": "phone", "contacts": "contact_name", "lunar_month": "lunar", "lunar_day": "lunar"}
_FACTS = {one.name for one in fields(SeniorFacts)}


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
        good = []
        for line in lines:
            line.label = masked_name(str(line.given.get("name") or line.cells.get("name", "")))
            if self._check(line, facts_from(line.given), today):
                good.append(line)
        refuse_repeats(good, _identity_of(today))
        same = find_same((_candidate(line) for line in good if not line.issues), today=today, allow_demo=_allow_demo())
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

    def _check(self, line: Line, facts: SeniorFacts, today: date) -> bool:
        """Every rule of a senior that needs no database; the row's issues grow by what they forbid."""
        named = {column.name: column for column in self.columns}
        known = {issue.column for issue in line.issues}
        for problem in seniors.checked(facts, today=today).problems:
            problem.field = _COLUMN_OF.get(problem.field or "", problem.field)
            column = named.get(problem.field or "")
            if column is None or column.header not in known:
                take_refusal(line, problem, named)
        return not line.issues

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
                facts = laid_over(senior, line.given)
                if self._check(line, facts, today):
                    line.changes = _changes(senior, seniors.checked(facts, today=today).facts)
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


def _identity_of(today: date) -> Callable[[Line], str | None]:
    def key(line: Line) -> str | None:
        try:
            number = read_identity(line.given.get("identity_number", ""), today=today, allow_demo=_allow_demo()).number
        except BadIdentity:
            return None
        return identity_index(number)

    return key


def _candidate(line: Line) -> Candidate:
    facts = facts_from(line.given)
    return Candidate(
        key=line.number,
        name=facts.name,
        born_on=line.given.get("born_on") or _born_on(facts.identity_number),
        identity_number=facts.identity_number,
        phones=[line.given["phone"]] if "phone" in line.given else [],
    )


def _born_on(number: str) -> date | None:
    try:
        return read_identity(number, today=date.max, allow_demo=True).born_on
    except BadIdentity:
        return None


def facts_from(given: dict[str, Any]) -> SeniorFacts:
    """A new senior as the row has her."""
    base = SeniorFacts(
        name=given.get("name", ""), residence_code=given.get("residence_code", ""), is_demo=_is_demo(given)
    )
    return _filled(base, given)


def _is_demo(given: dict[str, Any]) -> bool:
    return str(given.get("identity_number", "")).startswith("610699")


def _filled(base: SeniorFacts, given: dict[str, Any]) -> SeniorFacts:
    """`base` with what the row says; a cell that is empty or missing says nothing."""
    said = {name: value for name, value in given.items() if name in _FACTS and name != "categories"}
    if "lunar" in given:
        said["lunar_month"], said["lunar_day"] = given["lunar"]
    if "phone" in given:
        said["phones"] = _with_phone(base, given)
    if "contact_name" in given:
        said["contacts"] = _with_contact(base, given)
    if "categories" in given:
        kept = tuple(base.categories or ())
        new = [one for one in given["categories"] if one not in {fact.category for fact in kept}]
        said["categories"] = (*kept, *(CategoryFact(category=one) for one in new))
    return replace(base, **said)


def _with_phone(base: SeniorFacts, given: dict[str, Any]) -> tuple[PhoneFact, ...]:
    """The row's number among those known; it does not become the first."""
    kept = tuple(base.phones or ())
    owner = given.get("phone_owner", Relation.SELF)
    if any(fact.number == given["phone"] for fact in kept):
        if "phone_owner" not in given:
            return kept
        return tuple(replace(one, owner=owner.value) if one.number == given["phone"] else one for one in kept)
    return (*kept, PhoneFact(number=given["phone"], owner=owner.value))


def _with_contact(base: SeniorFacts, given: dict[str, Any]) -> tuple[ContactFact, ...]:
    """The row's contact among those known, told apart by name."""
    kept = tuple(base.contacts or ())
    name, phone = given["contact_name"], given.get("contact_phone", "")
    known = next((one for one in kept if one.name == name), None)
    relation = given.get("contact_relation")
    if known is None:
        return (*kept, ContactFact(name=name, relation=(relation or Relation.OTHER).value, phone=phone))
    changed = replace(
        known, phone=phone or known.phone, relation=relation.value if relation is not None else known.relation
    )
    return tuple(changed if one is known else one for one in kept)


def facts_of(senior: Senior) -> SeniorFacts:
    """A senior whose phones, contacts and categories are loaded, as facts."""
    plain = {name: getattr(senior, name) for name in PLAIN}
    return SeniorFacts(
        name=senior.name, identity_number=senior.identity_number or "", born_on=senior.born_on, sex=senior.sex,
        diets=tuple(senior.diets), allergens=tuple(senior.allergens), is_demo=senior.is_demo,
        phones=tuple(PhoneFact(number=one.number, owner=one.owner) for one in senior.phones),
        contacts=tuple(
            ContactFact(name=one.name, relation=one.relation, phone=one.phone or "", gets_texts=one.gets_texts)
            for one in senior.contacts
        ),
        categories=tuple(
            CategoryFact(category=one.category, from_on=one.from_on, to_on=one.to_on, proof=one.proof)
            for one in senior.categories
        ),
        **plain,
    )  # fmt: skip


def laid_over(senior: Senior, given: dict[str, Any]) -> SeniorFacts:
    """The senior with what the row says."""
    return _filled(facts_of(senior), given)


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
