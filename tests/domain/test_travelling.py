"""What logged legs teach."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.travelling import HIGHEST, LEAST, LOWEST, between, lesson, ratio

RATIOS = st.lists(st.floats(0.25, 3.0), min_size=LEAST, max_size=60)


def test_a_leg_that_took_half_as_long_again():
    assert ratio(600, 900) == 1.5


@pytest.mark.parametrize(
    ("model_s", "observed_s", "why"),
    [
        (120, 200, "mostly the knock"),
        (600, 1900, "more than three times: a rest"),
        (2400, 5500, "more than an hour and a half: a meal"),
        (600, 100, "nobody is that fast: both logged at the second door"),
        (600, 0, "no time at all"),
        (600, -60, "arrived before leaving"),
    ],
)
def test_what_is_not_a_way_teaches_nothing(model_s, observed_s, why):
    assert ratio(model_s, observed_s) is None, why


def test_a_pair_is_the_same_both_ways():
    assert between("610602101", "610602100201") == between("610602100", "610602101202") == ("610602100", "610602101")


def test_four_legs_say_nothing():
    assert lesson([2.0] * (LEAST - 1)) is None


def test_five_legs_are_believed_half():
    found = lesson([2.0] * LEAST)
    assert found is not None
    assert found.median == 2.0
    assert found.factor == pytest.approx(2**0.5)


def test_many_legs_are_believed():
    assert lesson([1.4] * 200).factor == pytest.approx(1.4, rel=0.01)


def test_few_legs_are_drawn_to_what_the_county_says():
    assert lesson([1.0] * LEAST, prior=2.0).factor == pytest.approx(2**0.5)


def test_one_wild_day_does_not_move_the_median():
    assert lesson([1.2] * 10 + [3.0]).median == 1.2


@given(RATIOS, st.floats(LOWEST, HIGHEST))
def test_a_factor_lies_between_the_median_and_the_prior_and_within_bounds(ratios, prior):
    found = lesson(ratios, prior=prior)
    low, high = sorted((median(ratios), prior))
    assert max(low, LOWEST) - 1e-9 <= found.factor <= min(high, HIGHEST) + 1e-9 or found.factor in {LOWEST, HIGHEST}
    assert found.low <= found.median <= found.high


@given(RATIOS)
def test_the_same_ratios_in_another_order_teach_the_same(ratios):
    assert lesson(ratios) == lesson(sorted(ratios))
