"""Both languages are complete: every text of the code and the templates has its English, with the same places in it."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "platform" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "gettext": None, "_l": None, "lazy": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("platform/**.py", "python"), ("scheduler/**.py", "python"), ("templates/**.html", "jinja2")]
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


@pytest.fixture(scope="module")
def english() -> dict[str, Message]:
    with CATALOG.open("rb") as file:
        return {first(message.id): message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Each text of the code and where it first stands."""
    found: dict[str, str] = {}
    for place, line, text, _comments, _context in extract_from_dir(ROOT, METHODS, keywords=KEYWORDS):
        found.setdefault(first(text), f"{place}:{line}")
    return found


def test_every_text_has_its_english(texts, english):
    missing = [f"{place}  {text}" for text, place in texts.items() if text not in english or not english[text].string]
    assert missing == [], "\n".join(missing)


def test_no_translation_has_lost_a_place_or_made_one_up(english):
    def places(text: str) -> set[str]:
        return set(_PLACE.findall(text))

    wrong = [
        text
        for text, message in english.items()
        for one in ([message.string] if isinstance(message.string, str) else message.string)
        if one and not places(one) <= places(text) | {"num"}
    ]
    assert wrong == []


def test_the_english_is_english(english):
    chinese = [text for text, message in english.items() if text != "中文" and _HAN.search(first(message.string or ""))]
    assert chinese == []


def test_no_sentence_is_put_together_from_pieces(texts):
    """A text that begins or ends in the middle of a sentence is a piece of one."""
    mid = re.compile(r"^[，。、；].|.[，、]$")
    pieces = [text for text in texts if mid.search(text)]
    assert pieces == []
