"""Both languages are complete: every text has English with the same placeholders, every code has a word."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import wording
from wording import core

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "platform" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "lazy": None, "ngettext": (1, 2)}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PLACEHOLDER = re.compile(r"%\((\w+)\)([sdf]|\.\d+f)")
_CHINESE_IN_ENGLISH = {"简体中文"}


def extracted() -> Iterator[tuple[str, str]]:
    """(where, text) of every text in code and pages."""
    for folder, methods in (
        (ROOT / "platform", [("migrations/**", "ignore"), ("**.py", "python")]),
        (ROOT / "scheduler", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2")]),
    ):
        for name, line, message, _comments, _context in extract_from_dir(str(folder), methods, keywords=KEYWORDS):
            for text in message if isinstance(message, tuple) else (message,):
                yield f"{folder.name}/{name}:{line}", text


@pytest.fixture(scope="module")
def english() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_has_english_with_the_same_placeholders(english):
    missing, differing = [], []
    for where, text in extracted():
        entry = english.get(text)
        if entry is None or entry.fuzzy or not (entry.string if isinstance(entry.string, str) else all(entry.string)):
            missing.append(f"{where} {text}")
            continue
        its = entry.string if isinstance(entry.string, str) else " ".join(entry.string)
        if {name for name, _kind in _PLACEHOLDER.findall(text)} != {name for name, _kind in _PLACEHOLDER.findall(its)}:
            differing.append(f"{where} {text} / {its}")
    assert missing == []
    assert differing == []


def test_the_source_is_chinese_and_the_english_is_not(english):
    for _where, text in extracted():
        entry = english.get(text)
        if entry is not None and isinstance(entry.string, str) and entry.string not in _CHINESE_IN_ENGLISH:
            assert not _CHINESE.search(entry.string), entry.string


def test_no_entry_stands_twice():
    ids = re.findall(r'^msgid "(.+)"$', PO.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted({text for text in ids if ids.count(text) > 1}) == []


def test_every_member_of_a_worded_enumeration_has_a_word():
    assert wording.word  # the package registers all words when it is imported
    enums: set[type[StrEnum]] = {enum for enum, _value in core._WORDS}
    assert {enum.__name__: core.missing(enum) for enum in enums if core.missing(enum)} == {}
