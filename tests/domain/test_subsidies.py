"""The best single line pays, never so much that less than the least is left to pay."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import Category
from domain.rules import RuleKey, default_of
from domain.subsidies import NOTHING, Subsidy, best
from domain.times import age_on

RULE = default_of(RuleKey.MEAL_SUBSIDY)
AMOUNTS = st.integers(0, 30_00)


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(1941, 11, 24), date(2026, 11, 23), 84),
        (date(1941, 11, 24), date(2026, 11, 24), 85),
        (date(1940, 2, 29), date(2025, 2, 28), 84),
        (date(1940, 2, 29), date(2025, 3, 1), 85),
        (date(1940, 2, 29), date(2028, 2, 29), 88),
    ],
)
def test_age_is_a_year_more_on_the_birthday(born_on, day, age):
    assert age_on(born_on, day) == age


def test_who_is_young_and_in_no_category_pays_all():
    assert best(RULE, price_fen=12_00, age=59, categories=[]) == NOTHING


def test_the_older_line_pays_more():
    assert best(RULE, price_fen=12_00, age=85, categories=[]) == Subsidy(5_00, "age_85")


def test_an_entitlement_beats_the_age_where_it_pays_more():
    assert best(RULE, price_fen=12_00, age=85, categories=[Category.MINIMUM_LIVING]) == Subsidy(6_00, "minimum_living")


def test_lines_are_not_added_up():
    many = [Category.MINIMUM_LIVING, Category.DISABLED, Category.VETERAN]
    assert best(RULE, price_fen=12_00, age=60, categories=many).amount_fen == 6_00


def test_the_least_is_always_left_to_pay():
    assert best(RULE, price_fen=5_00, age=96, categories=[]) == Subsidy(4_00, "age_95")
    assert best(RULE, price_fen=80, age=96, categories=[]) == NOTHING


def slow_and_obvious(rule: dict[str, int], price_fen: int, age: int, categories: set[str]) -> int:
    """Try every amount a line allows, one fen at a time, and keep the largest that leaves enough to pay."""
    lines_of = {
        "destitute": {"destitute_at_home", "destitute_in_home"},
        "minimum_living": {"minimum_living"},
        "disabled": {"disabled", "severely_disabled", "disability_of_age"},
        "family_planning_special": {"family_planning_special"},
        "veteran": {"veteran"},
    }
    allowed = [rule[f"age_{years}"] for years in (60, 75, 85, 95) if age >= years]
    allowed += [rule[line] for line, entitled in lines_of.items() if entitled & categories]
    largest = 0
    for amount in allowed:
        for fen in range(amount + 1):
            if price_fen - fen >= rule["self_at_least"] and fen > largest:
                largest = fen
    return largest


@given(
    rule=st.fixed_dictionaries(dict.fromkeys(RULE, AMOUNTS)),
    price_fen=AMOUNTS,
    age=st.integers(40, 110),
    categories=st.sets(st.sampled_from([one.value for one in Category])),
)
def test_the_choice_is_the_best_allowed_one(rule, price_fen, age, categories):
    chosen = best(rule, price_fen=price_fen, age=age, categories=categories)
    assert chosen.amount_fen == slow_and_obvious(rule, price_fen, age, categories)
    assert 0 <= chosen.amount_fen <= price_fen
    assert bool(chosen.line) == (chosen.amount_fen > 0)
    assert not chosen.line or rule[chosen.line] >= chosen.amount_fen
