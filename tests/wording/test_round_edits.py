"""What a change by hand comes to, and why it cannot be made, in words; in both languages."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale

import dispatch
from dispatch import Violation
from domain.round_effects import Effects, HelperEffect
from models import EditKind
from wording import round_edits

NAMES = {"h": "李梅", "o": "王芳", "v": "张玉兰"}
QUIET = Effects(0, 0, 0, 0, 0, (), 0, 0)
SOURCE = Path(dispatch.__file__).with_name("checker.py").read_text(encoding="utf-8")
OF_THE_SEARCH = {"unknown helper", "two rounds", "served twice", "served and left out", "lost", "unknown visit",
                 "no reason", "too many helpers", "history", "pin", "in the past", "figures", "duration",
                 "two places at once", "not fetched", "counter"}  # fmt: skip
"""What no order by hand can break: a fault of ours, said in general."""


def effects(**changes) -> Effects:
    return Effects(**{name: getattr(QUIET, name) for name in Effects.__slots__} | changes)


@pytest.mark.parametrize(
    ("its", "sentence"),
    [
        (QUIET, "路上一样长。"),
        (effects(travel=12, helpers=(HelperEffect("h", 1032, 510, 1040),)),
         "路上多 12 分钟，李梅 17:20 回来，晚 8 分钟。"),
        (effects(travel=-5, served=1), "多排上 1 位，路上少 5 分钟。"),
        (effects(helpers=(HelperEffect("h", 900, None, None), HelperEffect("o", None, 540, 700))),
         "路上一样长，李梅这天不用出门，王芳 09:00 出门，11:40 回来。"),
        (effects(retimed=3, furthest=25), "路上一样长，3 位老人的时间要变，最多差 25 分钟。"),
        (effects(late=9, overtime=-20), "路上一样长，晚到多 9 分钟，加班少 20 分钟。"),
    ],
)  # fmt: skip
def test_what_a_change_comes_to_is_one_sentence(app, its, sentence):
    with app.test_request_context():
        assert round_edits.effects(its, NAMES) == sentence


def test_the_english_sentence_begins_with_a_capital(app):
    with app.test_request_context(), force_locale("en"):
        assert round_edits.effects(QUIET, NAMES) == "As long on the road as before."


def test_every_rule_that_an_order_can_break_has_a_sentence_of_its_own(app):
    rules = set(re.findall(r'Violation\("([a-z ]+)"', SOURCE)) - OF_THE_SEARCH
    assert rules >= {"shift", "window", "gap"}
    with app.test_request_context():
        general = round_edits.refusals([Violation("of_tomorrow", "v", "h", 5)], NAMES)
        said = {what: round_edits.refusals([Violation(what, "v", "h", 5)], NAMES) for what in rules}
    assert [what for what, sentence in said.items() if sentence == general] == []
    assert all("%(" not in sentence for sentence in said.values())


def test_a_reason_is_said_once_and_names_whom_it_concerns(app):
    twice = [Violation("skill", "v", "h"), Violation("skill", "v", "h"), Violation("window", "v", "h", 7)]
    with app.test_request_context():
        assert round_edits.refusals(twice, NAMES) == "李梅没有张*兰要的技能。李梅到张*兰家会晚 7 分钟。"


@pytest.mark.parametrize("kind", list(EditKind))
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_change_is_said_in_the_log(app, kind, language):
    asked = {"visit": "v", "helper": "h", "from": "o", "position": 3}
    with app.test_request_context(), force_locale(language):
        assert "%(" not in round_edits.said(kind, asked, 2, NAMES)
        assert "%(" not in round_edits.said(kind, {}, None, {})
