"""What is written down about a senior, as it was typed, and whether it may be stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from domain import identity, lunar, names, phones
from domain.codes import Allergen, Category, Diet, Relation, Speech
from domain.errors import Refusal
from domain.identity import BadIdentity, IdentityProblem
from extensions.babel import gettext as _
from models import LivingArrangement, RiskTier, Sex

CITY_BOUNDS = ((35.3, 37.6), (107.6, 110.6))
"""Latitudes and longitudes of the city with a small margin: a pin outside it is a slip of the finger."""
MOST_PHONES, MOST_CONTACTS = 5, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneFact:
    number: str
    owner: str = Relation.SELF.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFact:
    name: str
    relation: str = Relation.OTHER.value
    phone: str = ""
    gets_texts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFact:
    category: str
    from_on: date | None = None
    to_on: date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeniorFacts:
    """Everything a form or a row of an import says about one senior.

    `phones`, `contacts` and `categories` are None where nothing is said about them: an update leaves them alone.
    Birth date and sex may be left to the identity number.
    """

    name: str
    residence_code: str
    identity_number: str = ""
    identity_note: str = ""
    born_on: date | None = None
    lunar_month: int | None = None
    lunar_day: int | None = None
    is_lunar_leap: bool = False
    sex: Sex | None = None
    household_code: str | None = None
    address: str = ""
    landmark: str = ""
    latitude: float | None = None
    longitude: float | None = None
    living: LivingArrangement = LivingArrangement.OTHER
    language: str = Speech.MANDARIN.value
    risk_tier: RiskTier = RiskTier.C
    diets: Sequence[str] = ()
    allergens: Sequence[str] = ()
    diet_note: str = ""
    phones: Sequence[PhoneFact] | None = None
    contacts: Sequence[ContactFact] | None = None
    categories: Sequence[CategoryFact] | None = None
    is_demo: bool = False


PLAIN = (
    "identity_note", "lunar_month", "lunar_day", "is_lunar_leap", "household_code", "residence_code", "address",
    "landmark", "latitude", "longitude", "living", "language", "risk_tier", "diet_note",
)  # fmt: skip
"""Facts that are stored as they are, in a column of the same name."""


def problem_sentence(problem: IdentityProblem) -> str:
    """What is wrong with an identity number, for the person who typed it."""
    return {
        IdentityProblem.EXCEL: _(
            "表格把这个号码改坏了（例如 1.23E+17）。请把这一列设为文本，再填一次完整的 18 位号码。"
        ),
        IdentityProblem.SHAPE: _("身份证号应为 18 位（最后一位可以是 X），或老证的 15 位。"),
        IdentityProblem.AREA: _("身份证号的前两位不是任何省份，请核对。"),
        IdentityProblem.DEMO: _("610699 开头的是演示号码，正式使用时不能登记。"),
        IdentityProblem.BIRTH: _("身份证号里的出生日期不存在，请核对第 7 至 14 位。"),
        IdentityProblem.CHECK: _("身份证号的最后一位和前面的数字对不上，可能有一位抄错了。"),
    }[problem]


@dataclass(slots=True)
class Checked:
    """Facts in the form in which they are stored, and everything that forbids storing them."""

    facts: SeniorFacts
    problems: list[Refusal] = field(default_factory=list)

    def refuse(self, field_name: str, sentence: str, suggestion: str | None = None) -> None:
        self.problems.append(Refusal(sentence, field=field_name, suggestion=suggestion))

    def become(self, **changes: Any) -> None:
        self.facts = replace(self.facts, **changes)


def check(facts: SeniorFacts, *, today: date, allow_demo: bool) -> Checked:
    """Every rule that needs no database. An import shows all the problems of a row, a form each beside its field."""
    checked = Checked(facts)
    _check_name(checked)
    _check_identity(checked, today=today, allow_demo=allow_demo)
    _check_birth(checked, today)
    _check_place(checked)
    _check_lists(checked)
    _check_phones(checked)
    _check_contacts(checked)
    _check_categories(checked)
    return checked


def _check_name(checked: Checked) -> None:
    name = names.normalise(checked.facts.name)
    checked.become(name=name)
    if not names.is_name(name):
        checked.refuse("name", _("请填写姓名：2 至 50 个字，不带数字和符号（少数民族姓名可用“·”）。"))


def _check_identity(checked: Checked, *, today: date, allow_demo: bool) -> None:
    facts = checked.facts
    if not facts.identity_number.strip():
        checked.become(identity_number="")
        return
    try:
        found = identity.read(facts.identity_number, today=today, allow_demo=allow_demo)
    except BadIdentity as bad:
        checked.refuse("identity_number", problem_sentence(bad.problem))
        return
    says_sex = Sex.MALE if found.is_male else Sex.FEMALE
    has_reason = bool(facts.identity_note.strip())
    if facts.born_on not in {None, found.born_on} and not has_reason:
        sentence = _("身份证号上的生日是 %(day)s，和填写的不一样。", day=f"{found.born_on:%Y-%m-%d}")
        checked.refuse("born_on", sentence, _("请改成一致；如果证件上写错了，请在“与证件不符的原因”里说明。"))
    if facts.sex not in {None, Sex.UNKNOWN, says_sex} and not has_reason:
        checked.refuse("sex", _("性别和身份证号不一致。请核对，或在“与证件不符的原因”里说明。"))
    sex = says_sex if facts.sex in {None, Sex.UNKNOWN} else facts.sex
    checked.become(identity_number=found.number, born_on=facts.born_on or found.born_on, sex=sex)


def _check_birth(checked: Checked, today: date) -> None:
    facts = checked.facts
    if facts.born_on is None:
        if not any(one.field == "identity_number" for one in checked.problems):
            checked.refuse("born_on", _("请填写出生日期，或填写身份证号。"))
    elif not date(today.year - 125, 1, 1) <= facts.born_on <= today:
        checked.refuse("born_on", _("出生日期不对：不能晚于今天，也不能早于 125 年前。"))
    month, day = facts.lunar_month, facts.lunar_day
    if month is None and day is None:
        checked.become(is_lunar_leap=False)
        return
    try:
        lunar.birthday_in(today.year, month or 0, day or 0, is_leap=facts.is_lunar_leap)
    except ValueError:
        checked.refuse("lunar_day", _("农历生日要同时填月（1 至 12）和日（1 至 30）。"))


def _check_place(checked: Checked) -> None:
    facts = checked.facts
    if facts.residence_code and len(facts.residence_code) < 9:
        checked.refuse("residence_code", _("居住地要选到乡镇（街道）或村（社区）。"))
    if (facts.latitude is None) != (facts.longitude is None):
        checked.refuse("latitude", _("纬度和经度要一起填。"))
    if facts.latitude is not None and facts.longitude is not None:
        (south, north), (west, east) = CITY_BOUNDS
        if not (south <= facts.latitude <= north and west <= facts.longitude <= east):
            checked.refuse("latitude", _("这个位置不在本市范围内，请重新定位。"))


def _check_lists(checked: Checked) -> None:
    facts = checked.facts
    lists: tuple[tuple[str, Sequence[str], Collection[str]], ...] = (
        ("diets", facts.diets, set(Diet)),
        ("allergens", facts.allergens, set(Allergen)),
        ("language", [facts.language], set(Speech)),
    )
    for name, values, known in lists:
        if not set(values) <= set(known):
            checked.refuse(name, _("有一项不在可选的范围内，请重新选择。"))
    checked.become(diets=sorted(set(facts.diets)), allergens=sorted(set(facts.allergens)))


def _check_phones(checked: Checked) -> None:
    if checked.facts.phones is None:
        return
    kept: dict[str, PhoneFact] = {}
    for fact in checked.facts.phones:
        number = phones.normalise(fact.number)
        if number is None:
            checked.refuse("phones", _("“%(number)s”不是电话号码，请核对。", number=fact.number[:30]))
        elif fact.owner not in set(Relation):
            checked.refuse("phones", _("请选择这是谁的电话。"))
        else:
            kept.setdefault(number, PhoneFact(number=number, owner=fact.owner))
    if len(kept) > MOST_PHONES:
        checked.refuse("phones", _("最多登记 %(count)d 个电话。", count=MOST_PHONES))
    checked.become(phones=tuple(kept.values()))


def _check_contacts(checked: Checked) -> None:
    if checked.facts.contacts is None:
        return
    kept = []
    for fact in checked.facts.contacts:
        name, number = names.normalise(fact.name), phones.normalise(fact.phone) if fact.phone.strip() else ""
        if not names.is_name(name):
            checked.refuse("contacts", _("请填写联系人的姓名（2 至 50 个字）。"))
        if number is None:
            checked.refuse("contacts", _("联系人的电话“%(number)s”不对，请核对。", number=fact.phone[:30]))
        if fact.relation not in set(Relation):
            checked.refuse("contacts", _("请选择联系人和老人的关系。"))
        if fact.gets_texts and not phones.is_mobile(number):
            checked.refuse("contacts", _("要给联系人发短信，请填写手机号。"))
        kept.append(replace(fact, name=name, phone=number or ""))
    if len(kept) > MOST_CONTACTS:
        checked.refuse("contacts", _("最多登记 %(count)d 位联系人。", count=MOST_CONTACTS))
    checked.become(contacts=tuple(kept))


def _check_categories(checked: Checked) -> None:
    for fact in checked.facts.categories or ():
        if fact.category not in set(Category):
            checked.refuse("categories", _("有一项不在可选的范围内，请重新选择。"))
        if fact.from_on and fact.to_on and fact.to_on < fact.from_on:
            checked.refuse("categories", _("类别的结束日期不能早于开始日期。"))
