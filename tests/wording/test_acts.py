"""What the audit page calls the acts that the code writes down."""

import re
from pathlib import Path

from wording.acts import ACTS, READS

ROOT = Path(__file__).resolve().parents[2]
_ACT = re.compile(r'audit\.record\(\s*"([a-z_]+\.[a-z_]+)"')


def written() -> set[str]:
    files = [*(ROOT / "platform").rglob("*.py"), *(ROOT / "scheduler").rglob("*.py")]
    return {act for path in files for act in _ACT.findall(path.read_text(encoding="utf-8"))}


def test_every_act_that_is_written_down_has_a_word():
    assert sorted(written() - ACTS.keys()) == []


def test_what_counts_as_a_read_is_an_act():
    assert ACTS.keys() >= READS
