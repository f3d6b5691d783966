"""A person's rows: what registering them by hand would have written, in each table."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from domain import lunar, names
from domain.codes import Category, ConsentKind, Relation, Skill
from domain.times import at_local
from models import (
    Base,
    Consent,
    Contact,
    Enrolment,
    Residence,
    RiskTier,
    Senior,
    SeniorCategory,
    SeniorKey,
    SeniorPhone,
    SeniorStatus,
    SeniorStatusPeriod,
    VisitPlan,
)
from models.keyring import identity_index
from services import search_keys

from . import words
from .crew import helper_id
from .dice import Dice, id_of
from .keys import phone_index, phone_of
from .people import Person
from .shape import HOME_COUNTY

Row = dict[str, Any]
Rows = dict[type[Base], list[Row]]
ORDER: tuple[type[Base], ...] = (
    Senior, SeniorKey, SeniorPhone, Contact, SeniorCategory, Consent, Residence, SeniorStatusPeriod, Enrolment,
    VisitPlan,
)  # fmt: skip
"""Tables in the order they must be written."""
VISITED_AT_MOST = 67_000
"""Seniors with a visit plan, at most: five thousand visits a day is what the city's helpers can make."""
_TERMS = {RiskTier.A: (40, 1), RiskTier.B: (35, 2), RiskTier.C: (30, 2), RiskTier.D: (20, 3)}
_REASONS = {RiskTier.A: "重点关爱对象，每周上门", RiskTier.B: "失能或高龄，需要常去看看",
            RiskTier.C: "独居、空巢或留守", RiskTier.D: "一般探访"}  # fmt: skip
_MORNING, _AFTERNOON, _WHOLE_DAY, _LATE = (510, 690), (840, 1050), (510, 1050), (960, 1050)
_DAY_CARE_SHARE = 0.2
_PER_CENTRE = 24


class Writer:
    """Turns persons into rows. `centres` are the open day-care centres of each county, `helpers` how many each has."""

    def __init__(
        self, today: date, *, centres: dict[str, list[Any]], helpers: dict[str, int], visited_share: float
    ) -> None:
        self.today = today
        self.centres = centres
        self.helpers = helpers
        self.visited_share = visited_share

    def rows_of(self, people: Iterable[Person]) -> Rows:
        """The rows of all these people, by table."""
        rows: Rows = {model: [] for model in ORDER}
        for person in people:
            phones, contacts = _phones(person), _contacts(person)
            rows[Senior].append(self._senior(person))
            rows[SeniorKey] += _keys(person, [row["number"] for row in phones] + [row["phone"] for row in contacts])
            rows[SeniorPhone] += phones
            rows[Contact] += contacts
            rows[SeniorCategory] += self._categories(person)
            rows[Consent] += self._consents(person)
            rows[Residence].append(_home(person, self.today))
            rows[SeniorStatusPeriod] += self._status(person)
            rows[Enrolment] += self._enrolment(person)
            rows[VisitPlan] += self._plan(person)
        return rows

    def _senior(self, person: Person) -> Row:
        dice = person.dice
        born = lunar.of(person.born_on) if dice.happens(0.7) else None
        last_well = _last_well(person, self.today)
        return {
            "id": person.id, "name": person.name, "pinyin": _pinyin(person.name),
            "identity_number": person.identity_number,
            "identity_index": identity_index(person.identity_number) if person.identity_number else None,
            "identity_note": "", "born_on": person.born_on,
            "lunar_month": born.month if born else None, "lunar_day": born.day if born else None,
            "is_lunar_leap": bool(born and born.is_leap), "sex": person.sex, "household_code": person.home.code,
            "residence_code": person.home.code, "address": person.address, "landmark": person.landmark,
            "latitude": person.latitude, "longitude": person.longitude, "living": person.living,
            "language": person.language, "risk_tier": person.tier, "diets": person.diets,
            "allergens": person.allergens, "status": person.status,
            "regular_helper_id": self._regular_helper(person),
            "last_well_at": last_well, "last_well_by": "visit" if last_well else None, "is_demo": True,
        }  # fmt: skip

    def _regular_helper(self, person: Person) -> Any:
        """Spread over the county's helpers; the demo helper looks after the first street."""
        county = person.home.county
        is_next_door = person.home.code.startswith(f"{HOME_COUNTY}001")
        return helper_id(county, 0 if is_next_door else person.number % self.helpers[county])

    def _categories(self, person: Person) -> list[Row]:
        return [
            {"id": id_of("category", person.number, category), "senior_id": person.id, "category": category.value,
             "from_on": self.today - timedelta(days=200 + person.number % 900), "to_on": None,
             "proof": _proof(category)}
            for category in person.categories
        ]  # fmt: skip

    def _consents(self, person: Person) -> list[Row]:
        shares = ((ConsentKind.SERVICE, 0.98), (ConsentKind.TEXTS, 0.9), (ConsentKind.FAMILY_TOLD, 0.85),
                  (ConsentKind.PHOTOS, 0.4))  # fmt: skip
        return [
            {"id": id_of("consent", person.number, kind), "senior_id": person.id, "kind": kind.value,
             "given_on": self.today - timedelta(days=30 + person.number % 300), "how": "paper", "taken_by": "村委会",
             "withdrawn_on": None}
            for kind, share in shares
            if person.is_known or person.dice.happens(share)
        ]  # fmt: skip

    def _status(self, person: Person) -> list[Row]:
        """Why somebody is not served just now, and since when."""
        if person.status is SeniorStatus.ACTIVE:
            return []
        begins = self.today - timedelta(days=person.dice.randint(1, 25))
        ends = None
        if person.status in {SeniorStatus.IN_HOSPITAL, SeniorStatus.PAUSED} and person.dice.happens(0.6):
            ends = self.today + timedelta(days=person.dice.randint(2, 20))
        return [{"id": id_of("status", person.number), "senior_id": person.id, "status": person.status,
                 "from_on": begins, "to_on": ends, "reason": "", "reported_by_id": None,
                 "confirmed_by_id": None}]  # fmt: skip

    def _enrolment(self, person: Person) -> list[Row]:
        """One in five of a street's people, two dozen to a centre before the next one fills."""
        is_enrolled = person.is_known or (person.home.is_urban and person.dice.happens(_DAY_CARE_SHARE))
        centres = self.centres.get(person.home.county)
        if not is_enrolled or not centres:
            return []
        filled = 0 if person.is_known else int(person.number * 0.02 / _PER_CENTRE)
        days = sorted(person.dice.sample(range(1, 6), person.dice.randint(2, 5)))
        return [{"id": id_of("enrolment", person.number), "centre_id": centres[filled % len(centres)],
                 "senior_id": person.id, "weekdays": [1, 2, 3, 4, 5] if person.is_known else days,
                 "from_on": self.today - timedelta(days=20 + person.number % 400), "to_on": None,
                 "note": ""}]  # fmt: skip

    def _plan(self, person: Person) -> list[Row]:
        """The promise of visits, with what the visit needs."""
        dice = person.dice
        if not (person.is_known or dice.happens(self.visited_share)):
            return []
        minutes, priority = _TERMS[person.tier]
        begins, ends = dice.choices((_WHOLE_DAY, _MORNING, _AFTERNOON), (70, 18, 12))[0]
        is_urgent = priority == 2 and Category.DEMENTIA in person.categories
        needs, wants_sex = _needs(person), person.sex.value if dice.happens(0.04) else None
        return [{"id": id_of("visit plan", person.number, number=person.number), "senior_id": person.id,
                 "from_on": self.today - timedelta(days=120), "to_on": None, "duration_minutes": minutes,
                 "window_from": begins, "window_to": ends, "skills": needs, "wants_sex": wants_sex,
                 "priority": 1 if is_urgent else priority, "reason": _REASONS[person.tier],
                 **_allows(person, (begins, ends), needs, wants_sex)}]  # fmt: skip


@lru_cache(maxsize=16_384)
def _pinyin(name: str) -> str:
    return names.pinyin(name)


@lru_cache(maxsize=16_384)
def _lunar(born_on: date) -> lunar.LunarDay:
    return lunar.of(born_on)


def _keys(person: Person, numbers: list[str]) -> list[Row]:
    """What the person is found by: asked of the service that writes these keys for everybody."""
    senior = Senior(name=person.name, identity_number=person.identity_number)
    keys = search_keys.keys_of(search_keys.Findable(senior, tuple(numbers)))
    return [{"key": key, "residence_code": person.home.code, "senior_id": person.id} for key in keys]


def _needs(person: Person) -> list[str]:
    dice, categories = person.dice, set(person.categories)
    needs = []
    if categories & {Category.DISABILITY_OF_AGE, Category.SEVERELY_DISABLED} and dice.happens(0.5):
        needs.append(dice.choice((Skill.NURSING, Skill.BATHING)).value)
    if categories & {Category.PARTIAL_DISABILITY, Category.DISABLED} and dice.happens(0.25):
        needs.append(Skill.REHABILITATION.value)
    if dice.happens(0.2):
        needs.append(Skill.VITAL_SIGNS.value)
    return needs


def _allows(person: Person, window: tuple[int, int], needs: list[str], wants_sex: str | None) -> Row:
    """Bathing mostly takes two, at once or one after the other; some mind less when, or who."""
    dice = Dice("visit terms", person.number)
    takes_two = Skill.BATHING.value in needs and dice.happens(0.6)
    is_either = window == _MORNING and dice.happens(0.3)
    return {"windows": [list(_MORNING), list(_LATE)] if is_either else [],
            "window_to": _LATE[1] if is_either else window[1],
            "is_soft": window != _WHOLE_DAY and dice.happens(0.25),
            "wishes_sex": wants_sex is not None and dice.happens(0.5), "needs_language": dice.happens(0.02),
            "needs_two": takes_two, "second_gap_most": 10 if takes_two and dice.happens(0.3) else 0}  # fmt: skip


def _proof(category: Category) -> str:
    return {
        Category.MINIMUM_LIVING: "低保证",
        Category.DISABLED: "残疾人证",
        Category.SEVERELY_DISABLED: "残疾人证（一级）",
        Category.VETERAN: "优待证",
    }.get(category, "村委会证明")


def _last_well(person: Person, today: date) -> datetime | None:
    """When somebody last knew them to be all right: mostly within what their tier asks for."""
    days = {RiskTier.A: 7, RiskTier.B: 14, RiskTier.C: 30, RiskTier.D: 90}[person.tier]
    if person.dice.happens(0.04):
        return None
    ago = int(person.dice.triangular(1, days * 1.1, days * 0.4)) + 1
    return at_local(today - timedelta(days=ago), time(9 + person.number % 8, person.number % 60))


def _home(person: Person, today: date) -> Row:
    return {"id": id_of("home", person.number), "senior_id": person.id, "kind": "home",
            "division_code": person.home.code, "address": person.address, "landmark": person.landmark,
            "latitude": person.latitude, "longitude": person.longitude,
            "from_on": words.years_before(today, 3), "to_on": None}  # fmt: skip


def _phones(person: Person) -> list[Row]:
    """Most have a phone of their own, some only a child's, some none."""
    dice = person.dice
    owners: list[Relation] = []
    if person.is_known or dice.happens(0.62):
        owners.append(Relation.SELF)
    if not owners and dice.happens(0.6):
        owners.append(dice.choice((Relation.SON, Relation.DAUGHTER, Relation.NEIGHBOUR)))
    return [_phone(person, position, owner) for position, owner in enumerate(owners)]


def _phone(person: Person, position: int, owner: Relation) -> Row:
    number = f"1990000{person.number:04d}" if person.is_known else phone_of(person.dice)
    return {"id": id_of("phone", person.number, position), "senior_id": person.id, "number": number,
            "number_index": phone_index(number), "owner": owner.value, "is_mobile": True,
            "position": position}  # fmt: skip


def _contacts(person: Person) -> list[Row]:
    """One or two, children first; the first gets the texts meant for family."""
    dice = person.dice
    rows = []
    for position in range(dice.choices((0, 1, 2), (6, 54, 40))[0] if not person.is_known else 2):
        relation = dice.choice((Relation.SON, Relation.DAUGHTER, Relation.CHILD_IN_LAW, Relation.RELATIVE,
                                Relation.NEIGHBOUR)[: 2 if position == 0 else 5])  # fmt: skip
        is_woman = relation is Relation.DAUGHTER or (relation is not Relation.SON and dice.happens(0.5))
        number = phone_of(dice)
        rows.append({"id": id_of("contact", person.number, position), "senior_id": person.id,
                     "name": words.full_name(dice, is_woman=is_woman, is_old=False), "relation": relation.value,
                     "phone": number, "phone_index": phone_index(number), "position": position,
                     "gets_texts": position == 0})  # fmt: skip
    return rows
