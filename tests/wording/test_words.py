"""Every code that a page may show has a word of its own."""

from enum import StrEnum

import pytest

from models import Sex
from wording import Word, register, word
from wording.core import _WORDS, missing


def test_every_member_of_a_known_enumeration_has_a_word():
    assert [member for enum in {enum for enum, _value in _WORDS} for member in missing(enum)] == []


def test_unknown_sex_is_not_an_unknown_reason(app):
    assert word(Sex.UNKNOWN) == "未知"


def test_two_enumerations_that_share_a_value_cannot_be_mixed_up():
    class Tea(StrEnum):
        OTHER = "other"
        GREEN = "green"

    class Cup(StrEnum):
        OTHER = "other"
        SMALL = "small"

    with pytest.raises(ValueError, match="Cup"):
        register({Tea.OTHER: Word("a"), Tea.GREEN: Word("b"), Cup.OTHER: Word("c"), Cup.SMALL: Word("d")})
    for enum in (Tea, Cup):
        for member in enum:
            _WORDS.pop((enum, member.value), None)
