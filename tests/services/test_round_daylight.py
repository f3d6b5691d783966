"""Shifts end in time to be back before dark."""

from datetime import UTC, date, datetime

import pytest

from domain.rules import RuleKey
from extensions import db
from gateways.travel import StraightLine
from models import HelperShift
from policy import SYSTEM
from services import round_daylight, round_days, rules
from tests.factories import BAOTA, TOWNSHIP, make_divisions, make_helper, make_senior, make_visit

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WINTER, SUMMER = date(2026, 12, 21), date(2026, 6, 21)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def set_rule(code: str = BAOTA, **terms: int) -> None:
    rules.set_value(key=RuleKey.ROUND_DAYLIGHT, division_code=code, from_on=TODAY, terms=terms, by=SYSTEM, now=NOW)


def shifts_on(on: date, *spans: tuple[int, int]) -> list[tuple[int, int]]:
    """The shifts, in minutes, with which somebody is planned who works these."""
    helper = make_helper(shifts=False)
    db.session.add_all(
        HelperShift(helper_id=helper.id, weekday=on.isoweekday(), start_minute=start, end_minute=end)
        for start, end in spans
    )
    make_visit(make_senior(), on)
    problem = round_days.prepare(BAOTA, on, today=on, travel=StraightLine()).problem
    return [(shift.start // 60, shift.end // 60) for shift in problem.helpers[0].shifts]


def test_in_summer_a_working_day_is_light_from_end_to_end():
    assert shifts_on(SUMMER, (480, 1080)) == [(480, 1080)]


def test_in_winter_a_long_day_ends_half_an_hour_after_sunset():
    ((start, end),) = shifts_on(WINTER, (420, 1140))
    assert start == pytest.approx(7 * 60 + 20, abs=3)
    assert end == pytest.approx(18 * 60, abs=3)


def test_a_county_may_ask_for_more_light():
    set_rule(before_sunrise=0, after_sunset=0)
    ((start, end),) = shifts_on(WINTER, (420, 1140))
    assert start == pytest.approx(7 * 60 + 50, abs=3)
    assert end == pytest.approx(17 * 60 + 30, abs=3)


def test_a_township_with_lit_streets_may_do_without():
    set_rule(TOWNSHIP, applies=0)
    assert shifts_on(WINTER, (420, 1140)) == [(420, 1140)]


def test_an_evening_shift_is_meant_to_be_in_the_evening():
    day, evening = shifts_on(WINTER, (480, 720), (1140, 1260))
    assert (day, evening) == ((480, 720), (1140, 1260))


def test_a_page_is_told_the_same():
    out = round_daylight.at_division(BAOTA, WINTER)
    assert out is not None
    assert out.light.set == pytest.approx(17 * 60 + 30, abs=3)
    assert out.back_by == out.light.set + 30
    set_rule(applies=0)
    assert round_daylight.at_division(BAOTA, WINTER) is None
