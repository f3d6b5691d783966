"""A row laid over a senior: what it says replaces, what it leaves out stays, lists only grow."""

from dataclasses import fields, replace
from typing import Any

from domain.codes import Relation
from models import Senior
from services.senior_facts import PLAIN, CategoryFact, ContactFact, PhoneFact, SeniorFacts

_FACTS = {one.name for one in fields(SeniorFacts)}


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
