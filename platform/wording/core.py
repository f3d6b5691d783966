"""The register of words."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Word:
    """`text` is a lazy translation; `tone` one of good, watch, problem, information, neutral; `icon` of the sprite."""

    text: str
    tone: str = "neutral"
    icon: str = ""


_WORDS: dict[tuple[type[StrEnum], str], Word] = {}


def register(words: dict[StrEnum, Word]) -> None:
    """Say what the members of enumerations are called: one call for each, or for several that share no value.

    Members of two StrEnums with the same value are equal, so a dict keeps only one of them: that is refused here.
    """
    for member, its_word in words.items():
        _WORDS[type(member), member.value] = its_word
    for enum in {type(member) for member in words}:
        if missing(enum):
            raise ValueError(f"no word for {missing(enum)}: give {enum.__name__} a register() call of its own")


def word_of(member: StrEnum) -> Word:
    """The word of a member; its bare value where nobody gave it one."""
    return _WORDS.get((type(member), member.value)) or Word(member.value)


def word(member: StrEnum | None) -> str:
    """The text of a member, in the reader's language."""
    return "—" if member is None else str(word_of(member).text)


def tone_of(member: StrEnum) -> str:
    return word_of(member).tone


def as_options(enum: type[StrEnum]) -> list[tuple[str, str]]:
    """(value, text) of each member, for a form's choices."""
    return [(member.value, word(member)) for member in enum]


def missing(enum: type[StrEnum]) -> list[StrEnum]:
    """Members nobody has given a word."""
    return [member for member in enum if (enum, member.value) not in _WORDS]
