"""Which part of a portion's price the public pays: the best single line of the rule in force."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from .codes import Category

AGES = (95, 85, 75, 60)
"""The ages from which `age_N` of a rule pays."""

_LINES_OF_CATEGORY = {
    Category.DESTITUTE_AT_HOME: "destitute",
    Category.DESTITUTE_IN_HOME: "destitute",
    Category.MINIMUM_LIVING: "minimum_living",
    Category.DISABLED: "disabled",
    Category.SEVERELY_DISABLED: "disabled",
    Category.DISABILITY_OF_AGE: "disabled",
    Category.FAMILY_PLANNING_SPECIAL: "family_planning_special",
    Category.VETERAN: "veteran",
}


class Subsidy(NamedTuple):
    """What is paid, and by which line of the rule; `line` is empty where nothing is."""

    amount_fen: int
    line: str


NOTHING = Subsidy(0, "")


def best(rule: Mapping[str, int], *, price_fen: int, age: int, categories: Collection[str]) -> Subsidy:
    """The line that pays most of what `rule` allows: never more than leaves the person `self_at_least`.

    Lines are not added up. Of lines that pay the same, the one for an entitlement is named before one for an age.
    """
    most = max(0, price_fen - rule.get("self_at_least", 0))
    paid = [Subsidy(min(rule.get(line, 0), most), line) for line in _lines(age, categories)]
    chosen = max(paid, key=lambda one: one.amount_fen, default=NOTHING)
    return chosen if chosen.amount_fen > 0 else NOTHING


def _lines(age: int, categories: Collection[str]) -> Iterator[str]:
    for category, line in _LINES_OF_CATEGORY.items():
        if category.value in categories:
            yield line
    for years in AGES:
        if age >= years:
            yield f"age_{years}"
