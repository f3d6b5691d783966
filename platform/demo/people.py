"""Seniors: person number n is always the same person. How they live decides what they need, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.codes import Allergen, Category, Diet, Speech
from models import LivingArrangement, RiskTier, SeniorStatus, Sex

from . import words
from .births import birth, identity_number
from .dice import Dice, id_of
from .places import City, Place, scattered
from .shape import COUNTIES, HOME_COUNTY

Living = LivingArrangement
_LIVING = ((Living.ALONE, 18), (Living.EMPTY_NEST, 25), (Living.LEFT_BEHIND, 14), (Living.WITH_SPOUSE, 25),
           (Living.WITH_CHILDREN, 16), (Living.OTHER, 2))  # fmt: skip
_UNWATCHED = {Living.ALONE, Living.EMPTY_NEST, Living.LEFT_BEHIND}
_CATEGORIES = ((Category.MINIMUM_LIVING, 0.10), (Category.LOW_INCOME, 0.05), (Category.DISABLED, 0.09),
               (Category.SEVERELY_DISABLED, 0.03), (Category.VETERAN, 0.03), (Category.FAMILY_PLANNING_SPECIAL, 0.01),
               (Category.DESTITUTE_AT_HOME, 0.03))  # fmt: skip
_AGE_CATEGORIES = ((Category.DISABILITY_OF_AGE, 0.06), (Category.PARTIAL_DISABILITY, 0.10), (Category.DEMENTIA, 0.04))
_HEAVY = {Category.SEVERELY_DISABLED, Category.DISABILITY_OF_AGE, Category.DEMENTIA}
_LIGHT = {Category.DISABLED, Category.PARTIAL_DISABILITY, Category.DESTITUTE_AT_HOME, Category.FAMILY_PLANNING_SPECIAL}
_DIETS = ((Diet.LOW_SALT, 0.22), (Diet.LOW_SUGAR, 0.16), (Diet.SOFT, 0.12), (Diet.LOW_FAT, 0.05),
          (Diet.SEMI_LIQUID, 0.015), (Diet.LOW_PURINE, 0.02), (Diet.HALAL, 0.01), (Diet.VEGETARIAN, 0.03))  # fmt: skip
_ALLERGENS = ((Allergen.EGG, 0.01), (Allergen.PEANUT, 0.01), (Allergen.FISH, 0.012), (Allergen.SHELLFISH, 0.015),
              (Allergen.MILK, 0.012), (Allergen.WHEAT, 0.004))  # fmt: skip
_STATUSES = ((SeniorStatus.ACTIVE, 950), (SeniorStatus.IN_HOSPITAL, 14), (SeniorStatus.IN_INSTITUTION, 10),
             (SeniorStatus.PAUSED, 8), (SeniorStatus.MOVED, 9), (SeniorStatus.DECEASED, 9))  # fmt: skip
_GUANZHONG = {"610628", "610629", "610631", "610632", "610630"}
_KNOWN = (("张玉兰", True), ("李生贵", False))
"""The first two persons: the family account looks after them."""


def senior_id(number: int) -> UUID:
    """The id of person `number`: whoever asks gets the same."""
    return id_of("senior", number, number=number)


@dataclass(slots=True)
class Person:
    """Everything the rows of one senior are made from."""

    number: int
    id: UUID
    name: str
    sex: Sex
    born_on: date
    identity_number: str | None
    home: Place
    latitude: float
    longitude: float
    address: str
    landmark: str
    living: Living
    language: str
    tier: RiskTier
    status: SeniorStatus
    dice: Dice
    categories: list[Category] = field(default_factory=list)
    diets: list[str] = field(default_factory=list)
    allergens: list[str] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """One of the two whom the demo's family looks after."""
        return self.number < len(_KNOWN)


class Census:
    """Who lives where: the weights of counties and places, prepared once."""

    def __init__(self, city: City) -> None:
        self.counties = [(shape.code, shape.people) for shape in COUNTIES]
        self.villages: dict[str, Sequence[Place]] = {code: city.villages_of(code) for code, _people in self.counties}
        self._weights = {code: [3 if one.is_urban else 1 for one in places] for code, places in self.villages.items()}

    def home(self, number: int, dice: Dice) -> Place:
        """A village or community, streets being three times as populous; the known two live in the home county."""
        if number < len(_KNOWN):
            return self.villages[HOME_COUNTY][0]
        county = dice.one(self.counties)
        return dice.choices(self.villages[county], self._weights[county])[0]

    def person(self, number: int, today: date) -> Person:
        """Person `number`. Ages are as of `today`."""
        dice = Dice("senior", number)
        is_known = number < len(_KNOWN)
        home = self.home(number, dice)
        is_woman = _KNOWN[number][1] if is_known else dice.happens(0.54)
        born_on, ordinal = birth(number)
        age = today.year - born_on.year
        latitude, longitude = scattered(dice, home.latitude, home.longitude, 0.02, 0.4 if home.is_urban else 1.3)
        living = Living.ALONE if is_known else dice.one(_LIVING)
        categories = _categories(dice, age)
        has_number = is_known or not dice.happens(0.015)
        return Person(
            number=number,
            id=senior_id(number),
            name=_KNOWN[number][0] if is_known else words.full_name(dice, is_woman=is_woman),
            sex=Sex.FEMALE if is_woman else Sex.MALE,
            born_on=born_on,
            identity_number=identity_number(born_on, ordinal, is_woman=is_woman) if has_number else None,
            home=home,
            latitude=latitude,
            longitude=longitude,
            address=_address(home, dice),
            landmark="" if home.is_urban else words.door(dice),
            living=living,
            language=_speech(home.county, home.is_urban, dice),
            tier=_tier(living, age, set(categories), dice),
            status=SeniorStatus.ACTIVE if is_known else dice.one(_STATUSES),
            dice=dice,
            categories=categories,
            diets=[diet.value for diet, share in _DIETS if dice.happens(share)],
            allergens=[one.value for one, share in _ALLERGENS if dice.happens(share)],
        )


def _categories(dice: Dice, age: int) -> list[Category]:
    found = [category for category, share in _CATEGORIES if dice.happens(share)]
    worse = 2.2 if age >= 80 else 0.6
    found += [category for category, share in _AGE_CATEGORIES if dice.happens(share * worse)]
    return [*found, Category.CENTENARIAN] if age >= 100 else found


def _tier(living: Living, age: int, categories: set[Category], dice: Dice) -> RiskTier:
    """Red: nobody near, and frail or very old. Orange: frail, or old and alone. Yellow: one of the two. Else green."""
    is_unwatched = living in _UNWATCHED
    if is_unwatched and (categories & _HEAVY or (age >= 85 and living is Living.ALONE)):
        return RiskTier.A
    if categories & _HEAVY or (is_unwatched and (age >= 82 or categories & _LIGHT)):
        return RiskTier.B
    if is_unwatched or categories & _LIGHT or age >= 80 or dice.happens(0.15):
        return RiskTier.C
    return RiskTier.D


def _speech(county: str, is_urban: bool, dice: Dice) -> str:
    if dice.happens(0.35 if is_urban else 0.12):
        return Speech.MANDARIN.value
    return Speech.GUANZHONG.value if county in _GUANZHONG else Speech.SHAANBEI.value


def _address(home: Place, dice: Dice) -> str:
    if home.is_urban:
        return (
            f"{home.name}{dice.randint(1, 40)}号楼{dice.randint(1, 4)}单元{dice.randint(1, 6)}0{dice.randint(1, 3)}室"
        )
    return f"{home.name}{dice.randint(1, 8)}组{dice.randint(1, 60)}号"
