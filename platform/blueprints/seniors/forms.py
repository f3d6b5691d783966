"""The form of a senior's record: what is typed, and what becomes of it."""

from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.fields import PlaceForm
from blueprints.sentences import RowForm
from domain.codes import Allergen, Category, Diet, Relation, Speech
from extensions.babel import lazy as _l
from models import LivingArrangement, RiskTier, Senior, Sex
from services.senior_facts import CategoryFact, ContactFact, PhoneFact, SeniorFacts
from wording import as_options

_TO_200 = Length(max=200, message=_l("最多 200 个字。"))


class ManyField(SelectMultipleField):
    """Several of a short list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PhoneForm(RowForm):
    """A number. One that is stored is not shown: `key` stands for it, and a new number replaces it."""

    key = HiddenField()
    number = StringField(_l("号码"), [Optional(), Length(max=30)])
    owner = SelectField(_l("谁的电话"))
    is_removed = BooleanField(_l("删除"))


class ContactForm(RowForm):
    key = HiddenField()
    name = StringField(_l("姓名"), [Optional(), Length(max=50)])
    relation = SelectField(_l("和老人的关系"))
    phone = StringField(_l("电话"), [Optional(), Length(max=30)])
    gets_texts = BooleanField(_l("接收短信"))
    is_removed = BooleanField(_l("删除"))


class CategoryForm(RowForm):
    category = SelectField(_l("类别"))
    from_on = DateField(_l("从哪天起"), [Optional()])
    to_on = DateField(_l("到哪天止"), [Optional()])
    proof = StringField(_l("凭证"), [Optional(), _TO_200])
    is_removed = BooleanField(_l("删除"))


class SeniorForm(PlaceForm):
    name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。")), Length(max=50)])
    identity_number = StringField(_l("身份证号"), [Optional(), Length(max=40)])
    is_identity_removed = BooleanField(_l("去掉现有的身份证号"))
    born_on = DateField(_l("出生日期"), [Optional()])
    sex = RadioField(_l("性别"), default=Sex.UNKNOWN.value)
    identity_note = StringField(_l("与证件不符的原因"), [Optional(), _TO_200])
    lunar_month = IntegerField(_l("农历生日：月"), [Optional(), NumberRange(1, 12, _l("请填 1 到 12。"))])
    lunar_day = IntegerField(_l("农历生日：日"), [Optional(), NumberRange(1, 30, _l("请填 1 到 30。"))])
    is_lunar_leap = BooleanField(_l("闰月"))
    residence_code = SelectField(_l("现居住地"), [InputRequired(_l("请选择居住地。"))])
    household_code = SelectField(_l("户籍地"))
    address = StringField(_l("门牌地址"), [Optional(), _TO_200])
    landmark = StringField(_l("怎么找到门"), [Optional(), _TO_200])
    living = SelectField(_l("居住情况"), default=LivingArrangement.OTHER.value)
    language = SelectField(_l("说什么话"), default=Speech.MANDARIN.value)
    risk_tier = SelectField(_l("关注等级"), default=RiskTier.C.value)
    diets = ManyField(_l("饮食要求"))
    allergens = ManyField(_l("过敏的食物"))
    diet_note = TextAreaField(_l("饮食备注"), [Optional(), _TO_200])
    phones = FieldList(FormField(PhoneForm), label=_l("电话"), max_entries=12)
    contacts = FieldList(FormField(ContactForm), label=_l("联系人"), max_entries=16)
    categories = FieldList(FormField(CategoryForm), label=_l("类别"), max_entries=24)
    version = IntegerField(_l("版本"), [Optional()])

    def __init__(self, places: Any, households: Any, *, counties: Any, county: str, **options: Any) -> None:
        super().__init__(**options)
        self.counties, self.county = counties, county
        self.residence_code.choices = places
        self.household_code.choices = households
        fields: dict[str, Any] = self._fields
        for name, enum in _LISTS.items():
            fields[name].choices = as_options(enum)
        self._offer()

    def _offer(self) -> None:
        """The choices of the rows; at least one row is empty."""
        for rows, name, enum in (
            (self.phones, "owner", Relation),
            (self.contacts, "relation", Relation),
            (self.categories, "category", Category),
        ):
            if not self.is_submitted():
                rows.append_entry()
            for row in rows.entries:
                options = as_options(enum)
                listed: Any = row.form[name]
                listed.choices = [("", "—"), *options] if enum is Category else options

    def add_row(self, name: str) -> None:
        """One more empty row of phones, contacts or categories."""
        rows: Any = {"phones": self.phones, "contacts": self.contacts, "categories": self.categories}.get(name)
        if rows is not None and len(rows.entries) < rows.max_entries:
            rows.append_entry()
            self._offer()

    @property
    def typed(self) -> dict[str, Any]:
        """The plain fields, in the types in which they are stored."""
        return {
            "name": self.name.data or "",
            "residence_code": self.residence_code.data or "",
            "identity_note": self.identity_note.data or "",
            "born_on": self.born_on.data,
            "lunar_month": self.lunar_month.data,
            "lunar_day": self.lunar_day.data,
            "is_lunar_leap": bool(self.is_lunar_leap.data),
            "sex": Sex(self.sex.data),
            "household_code": self.household_code.data or None,
            "address": self.address.data or "",
            "landmark": self.landmark.data or "",
            "latitude": self.latitude.data,
            "longitude": self.longitude.data,
            "living": LivingArrangement(self.living.data),
            "language": self.language.data,
            "risk_tier": RiskTier(self.risk_tier.data),
            "diets": self.diets.data or (),
            "allergens": self.allergens.data or (),
            "diet_note": self.diet_note.data or "",
        }

    def facts(self, senior: Senior | None) -> SeniorFacts:
        """What was typed. Numbers that were left empty stay what they are in `senior`."""
        kept = senior.identity_number or "" if senior and not self.is_identity_removed.data else ""
        return SeniorFacts(
            **self.typed,
            identity_number=self.identity_number.data or kept,
            phones=self._phones(senior),
            contacts=self._contacts(senior),
            categories=self._categories(),
            is_demo=senior.is_demo if senior else False,
        )

    def _phones(self, senior: Senior | None) -> list[PhoneFact]:
        known = {str(phone.id): phone.number for phone in senior.phones} if senior else {}
        rows = [row.form for row in self.phones.entries if not row.form.is_removed.data]
        pairs = [(row.number.data or known.get(row.key.data or "", ""), row.owner.data) for row in rows]
        return [PhoneFact(number=number, owner=owner) for number, owner in pairs if number]

    def _contacts(self, senior: Senior | None) -> list[ContactFact]:
        known = {str(one.id): one.phone or "" for one in senior.contacts} if senior else {}
        rows = [row.form for row in self.contacts.entries if not row.form.is_removed.data]
        return [
            ContactFact(
                name=row.name.data or "",
                relation=row.relation.data,
                phone=row.phone.data or known.get(row.key.data or "", ""),
                gets_texts=bool(row.gets_texts.data),
            )
            for row in rows
            if row.name.data or row.phone.data
        ]

    def _categories(self) -> list[CategoryFact]:
        rows = [row.form for row in self.categories.entries if row.form.category.data and not row.form.is_removed.data]
        return [
            CategoryFact(
                category=row.category.data, from_on=row.from_on.data, to_on=row.to_on.data, proof=row.proof.data or ""
            )
            for row in rows
        ]


_LISTS: dict[str, Any] = {
    "sex": Sex,
    "living": LivingArrangement,
    "language": Speech,
    "risk_tier": RiskTier,
    "diets": Diet,
    "allergens": Allergen,
}


def values_of(senior: Senior) -> dict[str, Any]:
    """What the form shows of a stored record: everything but the numbers."""
    plain = (
        "name", "born_on", "identity_note", "lunar_month", "lunar_day", "is_lunar_leap", "residence_code", "address",
        "landmark", "latitude", "longitude", "diets", "allergens", "diet_note", "version", "language",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(senior, name) for name in plain}
    values |= {name: getattr(senior, name).value for name in ("sex", "living", "risk_tier")}
    values["household_code"] = senior.household_code or ""
    values["phones"] = [{"key": str(one.id), "owner": one.owner} for one in senior.phones]
    values["contacts"] = [
        {"key": str(one.id), "name": one.name, "relation": one.relation, "gets_texts": one.gets_texts}
        for one in senior.contacts
    ]
    values["categories"] = [
        {"category": one.category, "from_on": one.from_on, "to_on": one.to_on, "proof": one.proof}
        for one in senior.categories
    ]
    return values
