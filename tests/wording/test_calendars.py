"""What a calendar rule says of itself, in words that a township would use."""

from datetime import date

import pytest

from domain.calendar_effects import Effect
from domain.festivals import Festival, Recurrence, Repeats
from models import VisitMode
from wording import calendars

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _chinese(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"repeats": Repeats.WEEKDAYS, "numbers": frozenset({6, 3})}, "每周三、周六"),
        ({"repeats": Repeats.SOLAR_ENDINGS, "numbers": frozenset({0, 5})}, "公历逢 5、0"),
        ({"repeats": Repeats.LUNAR_ENDINGS, "numbers": frozenset({3})}, "农历逢 3"),
        ({"repeats": Repeats.FESTIVAL, "festival": Festival.SPRING, "lead_days": 15}, "春节，从前 15 天起"),
        ({"repeats": Repeats.FESTIVAL, "festival": Festival.EVE, "lag_days": 3}, "除夕，到后 3 天"),
        ({"repeats": Repeats.LUNAR_DATE, "lunar_month": 4, "lunar_day": 8}, "农历四月初八"),
    ],
)
def test_when_a_rule_holds(terms, said):
    assert calendars.when(Recurrence(from_on=TODAY, **terms)) == said


def test_what_a_rule_asks_for():
    effect = Effect((420, 660), (840, 1050), 150, 120, is_foot_out=True, postpone_from=3)
    assert calendars.asks(effect, ["A", "B"]) == [
        "7:00–11:00 不上门，排不下的改到 14:00–17:30", "路上时间 × 1.5", "每次探访的时间 × 1.2", "步行的助老员不出门",
        "可以等的改天再去", "A 红、B 橙级每人加访一次",
    ]  # fmt: skip
    assert calendars.asks(Effect(), ["A"], VisitMode.PHONE) == ["A 红级每人加打一次电话"]


def test_what_a_rule_did_and_which_did_nothing():
    market = {"name": "柳林集", "kind": "market_day", "moved": 12, "postponed": 1}
    assert calendars.did(market) == ["12 位老人的探访挪到别的时间", "1 位老人的探访推迟"]
    assert calendars.idle([market, {"name": "李渠集"}, {"name": "冯庄集"}]) == "李渠集、冯庄集"
