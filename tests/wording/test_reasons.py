"""Every reason has its sentence, in both languages, with whatever is known of it."""

import pytest
from flask_babel import force_locale

from dispatch import Method, ReasonCode
from models import PlanMethod
from wording import rounds

FULL = {
    "minutes": 25, "window": 20, "helpers": 3, "travel_minutes": 12, "skill": "nursing",
    "skills": ["nursing", "bathing"],
    "sex": "female", "language": "shaanbei", "helper": "h", "visit": "v", "from_minute": 540, "to_minute": 660,
    "at_minute": 605, "means": "motor", "other": "h", "portions": 2,
}  # fmt: skip
NAMES = {"h": "李梅", "v": "张玉兰"}


@pytest.mark.parametrize("code", list(ReasonCode))
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("parameters", [FULL, {}])
def test_every_reason_has_a_sentence(app, code, language, parameters):
    with app.test_request_context(), force_locale(language):
        sentence = rounds.reason({"code": code.value, **parameters}, NAMES)
    assert len(sentence) > 4
    assert "%(" not in sentence


def test_a_reason_names_people_times_and_minutes(app):
    with app.test_request_context():
        swap = rounds.reason({"code": "swap_fits", "helper": "h", "visit": "v", "at_minute": 605}, NAMES)
        then = rounds.reason({"code": "not_on_shift_then", **FULL}, {})
        longer = rounds.reason({"code": "longer_day_fits", **FULL}, NAMES)
    assert swap == "如果李梅 10:05 不去张*兰家，就能排上。"
    assert then == "会护理、助浴的助老员有 3 位，但 09:00 到 11:00 都不当班。"
    assert longer == "如果李梅当天多干 25 分钟，就能排上（路上多 12 分钟）。"


def test_two_helpers_of_the_same_name_are_told_apart(app):
    stored = {"code": "costs_least", "helper": "h", "other": "i", "minutes": 70}
    with app.test_request_context():
        assert rounds.reason(stored, NAMES | {"i": "李梅"}) == "李梅去最顺路；换成另一位李梅要多花 70 分钟。"
        assert "另一位" not in rounds.reason(stored, {})


def test_a_code_of_another_time_is_no_error(app):
    with app.test_request_context():
        assert rounds.reason({"code": "of_yesterday"}, {}) == "没有排上，原因不明。"
        assert rounds.reason({"code": "no_skill", "skill": "of_yesterday"}, {}).count("of_yesterday") == 1


def test_a_stored_method_is_a_method_of_the_optimiser():
    assert {method.value for method in PlanMethod} == {method.value for method in Method} - {"by_hand"}
