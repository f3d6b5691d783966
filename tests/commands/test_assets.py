"""The front-end files: what pages name is there, and nothing of the lock points at one registry."""

import json
import re
from pathlib import Path

import pytest

from blueprints.frame import PLACES
from commands import assets
from wording.core import _WORDS

ROOT = Path(__file__).resolve().parents[2]
SPRITE = assets.VENDOR / "icons.svg"
_CALLED = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def test_the_lock_has_a_hash_for_every_package_and_names_no_host():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("resolved" not in one for one in packages.values())
    assert all(one.get("integrity", "").startswith("sha512-") for name, one in packages.items() if name)


def test_bootstrap_stands_in_a_layer_so_that_our_own_rules_win():
    style = assets.layered('@charset "UTF-8";.btn{color:red}/*# sourceMappingURL=x.map */')
    assert style == "@layer vendor {\n.btn{color:red}\n}\n"


@pytest.mark.skipif(not SPRITE.is_file(), reason="the front-end files are missing: make assets")
def test_every_icon_a_page_or_a_word_names_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))
    named = {word.icon for word in _WORDS.values()} | {place.icon for place in PLACES}
    for path in (ROOT / "templates").rglob("*.html"):
        named.update(_CALLED.findall(path.read_text(encoding="utf-8")))
    assert sorted(named - there - {""}) == []
