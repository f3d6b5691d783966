"""Putting checked facts onto a senior, and saying what changed without saying what is personal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain import names, phones
from domain.masks import hidden, masked_identity, masked_name, masked_phone
from models import Contact, Senior, SeniorCategory, SeniorPhone, Sex
from models.keyring import identity_index, phone_index

from .senior_facts import PLAIN, CategoryFact, ContactFact, PhoneFact, SeniorFacts


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is compared, and as the audit trail may show it."""

    compared: object
    shown: object


def apply(senior: Senior, facts: SeniorFacts) -> None:
    """Put the facts, already checked, onto a senior whose phones, contacts and categories are loaded (or new)."""
    senior.name = facts.name
    senior.pinyin = names.pinyin(facts.name)
    if facts.identity_number != (senior.identity_number or ""):
        senior.identity_number = facts.identity_number or None
        senior.identity_index = identity_index(facts.identity_number) if facts.identity_number else None
    if facts.born_on is not None:
        senior.born_on = facts.born_on
    senior.sex = facts.sex or Sex.UNKNOWN
    for name in PLAIN:
        setattr(senior, name, getattr(facts, name))
    senior.diets, senior.allergens = list(facts.diets), list(facts.allergens)
    if facts.phones is not None:
        _put_phones(senior, facts.phones)
    if facts.contacts is not None:
        _put_contacts(senior, facts.contacts)
    if facts.categories is not None:
        _put_categories(senior, facts.categories)


def _put_phones(senior: Senior, facts: Sequence[PhoneFact]) -> None:
    known = {phone.number: phone for phone in senior.phones}
    kept = []
    for position, fact in enumerate(facts):
        phone = known.get(fact.number) or SeniorPhone(number=fact.number, number_index=phone_index(fact.number))
        phone.owner, phone.position, phone.is_mobile = fact.owner, position, phones.is_mobile(fact.number)
        kept.append(phone)
    senior.phones = kept


def _put_contacts(senior: Senior, facts: Sequence[ContactFact]) -> None:
    known = {(contact.name, contact.phone or ""): contact for contact in senior.contacts}
    kept = []
    for position, fact in enumerate(facts):
        contact = known.pop((fact.name, fact.phone), None) or Contact(
            name=fact.name, phone=fact.phone or None, phone_index=phone_index(fact.phone) if fact.phone else None
        )
        contact.relation, contact.gets_texts, contact.position = fact.relation, fact.gets_texts, position
        kept.append(contact)
    senior.contacts = kept


def _put_categories(senior: Senior, facts: Sequence[CategoryFact]) -> None:
    known = {category.category: category for category in senior.categories}
    kept = []
    for fact in facts:
        category = known.pop(fact.category, None) or SeniorCategory(category=fact.category)
        category.from_on, category.to_on, category.proof = fact.from_on, fact.to_on, fact.proof
        kept.append(category)
    senior.categories = kept


def described(senior: Senior) -> dict[str, Value]:
    """Every fact of a senior, for comparing two states and for the audit trail."""
    found: dict[str, Value] = {
        "name": Value(senior.name, masked_name(senior.name or "")),
        "identity_number": Value(senior.identity_number, masked_identity(senior.identity_number)),
        "born_on": Value(senior.born_on, _plain(senior.born_on)),
        "sex": Value(senior.sex, _plain(senior.sex)),
        "diets": Value(tuple(senior.diets or ()), list(senior.diets or ())),
        "allergens": Value(tuple(senior.allergens or ()), list(senior.allergens or ())),
    }
    for name in PLAIN:
        value = getattr(senior, name)
        is_personal = "personal" in Senior.__table__.c[name].info or name in {"latitude", "longitude"}
        found[name] = Value(value, hidden(str(value or "")) if is_personal else _plain(value))
    numbers = [(phone.number, phone.owner) for phone in senior.phones]
    found["phones"] = Value(numbers, [masked_phone(number) for number, _owner in numbers])
    people = [(one.name, one.relation, one.phone, one.gets_texts) for one in senior.contacts]
    found["contacts"] = Value(people, [f"{masked_name(one[0])} {masked_phone(one[2])}" for one in people])
    kinds = sorted((one.category, str(one.from_on), str(one.to_on), one.proof) for one in senior.categories)
    found["categories"] = Value(kinds, [one[0] for one in kinds])
    return found


def differences(senior: Senior, facts: SeniorFacts) -> dict[str, str]:
    """What stands in the record where the facts say something else: field -> the value there now, masked."""
    typed = Senior(phones=[], contacts=[], categories=[])
    apply(typed, facts)
    here, there = described(senior), described(typed)
    unsaid = {name for name in ("phones", "contacts", "categories") if getattr(facts, name) is None}
    return {
        name: _text(here[name].shown)
        for name in here
        if name not in unsaid and here[name].compared != there[name].compared
    }


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _text(shown: object) -> str:
    return "、".join(map(str, shown)) if isinstance(shown, list) else str(shown if shown is not None else "")
