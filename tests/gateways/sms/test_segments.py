"""Parts of a text, by the vectors of domestic providers and of GSM."""

import pytest

from gateways.sms import count_segments


@pytest.mark.parametrize(("length", "parts"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (160, 3)])
def test_every_character_counts_the_same_with_a_domestic_provider(length, parts):
    assert count_segments("字" * length) == parts
    assert count_segments("a" * length) == parts


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("a字" * 35, 1)]
)
def test_the_gsm_alphabet_is_cheaper_abroad(text, parts):
    assert count_segments(text, is_domestic=False) == parts


def test_a_character_of_two_units_is_never_split():
    assert count_segments("𠀀" * 35) == 1
    assert count_segments("𠀀" * 66) == 2
    assert count_segments("𠀀" * 67) == 3
