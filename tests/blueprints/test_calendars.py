"""The pages of the calendar: the month, entering a rule after seeing what it does, ending it, and the holidays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.times import local_day
from extensions import db
from models import CalendarDay, CalendarRule, Role
from tests.factories import (
    BAOTA,
    CITY,
    TOWNSHIP,
    YANCHANG,
    make_calendar_rule,
    make_divisions,
    make_helper,
    make_senior,
    make_visit,
)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def today():
    return local_day(datetime.now(UTC))


@pytest.fixture
def dispatcher(make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def typed(today, **changes):
    return {
        "kind": "market_day", "name": "河庄坪集", "division_code": TOWNSHIP, "repeats": "dates",
        "from_on": today.isoformat(), "to_on": (today + timedelta(days=2)).isoformat(), "closed_from": "07:00",
        "closed_to": "11:00", "instead_from": "14:00", "instead_to": "17:30", "travel_percent": "100",
        "duration_percent": "100", "extra_mode": "door",
    } | changes  # fmt: skip


def rules_there() -> int:
    return db.session.scalar(select(func.count()).select_from(CalendarRule))


def test_a_month_shows_markets_and_leads_to_the_next(dispatcher, today):
    make_calendar_rule(today, name="河庄坪集")
    page = dispatcher.get("/calendar").text
    assert "河庄坪集" in page
    assert "/calendar?month=" in page
    assert "河庄坪集" not in dispatcher.get("/calendar?month=2031-01").text


def test_a_year_nobody_has_announced_says_that_it_is_estimated(dispatcher):
    page = dispatcher.get("/calendar?month=2031-10").text
    assert "先按法定节日估计" in page
    assert "国庆节" in page


def test_looking_says_whom_it_touches_and_saves_nothing(dispatcher, today):
    make_visit(make_senior(), today, window_from=480, window_to=600)
    page = dispatcher.post("/calendar/rules/new", data=typed(today, look="1"))
    assert page.status_code == 200
    assert "影响 1 位老人的 1 次探访" in page.text
    assert "1 位老人的探访挪到别的时间" in page.text
    assert 'value="河庄坪集"' in page.text
    assert rules_there() == 0


def test_saving_puts_it_on_the_list(dispatcher, today):
    answer = dispatcher.post("/calendar/rules/new", data=typed(today))
    assert answer.status_code == 303
    page = dispatcher.get("/calendar/rules").text
    assert "7:00–11:00 不上门，排不下的改到 14:00–17:30" in page
    assert rules_there() == 1


@pytest.mark.parametrize("button", [{}, {"look": "1"}])
def test_wrong_input_gets_a_sentence_and_loses_nothing(dispatcher, today, button):
    wrong = typed(today, to_on="", closed_to="06:00", **button)
    page = dispatcher.post("/calendar/rules/new", data=wrong)
    assert page.status_code == 422
    assert "请填写到哪天为止" in page.text
    assert 'value="06:00"' in page.text
    page = dispatcher.post("/calendar/rules/new", data=typed(today, name="", from_on="明天", **button))
    assert page.status_code == 422
    assert 'value="明天"' in page.text
    assert rules_there() == 0


def test_a_rule_is_opened_changed_and_ended(dispatcher, today):
    rule = make_calendar_rule(today, today + timedelta(days=5))
    page = dispatcher.get(f"/calendar/rules/{rule.id}").text
    assert 'value="07:00"' in page
    changed = typed(today, closed_to="10:00")
    assert dispatcher.post(f"/calendar/rules/{rule.id}", data=changed).status_code == 303
    assert db.session.get(CalendarRule, rule.id).closed_to == 600
    assert dispatcher.post(f"/calendar/rules/{rule.id}/end", data={"last_on": ""}).status_code == 422
    answer = dispatcher.post(f"/calendar/rules/{rule.id}/end", data={"last_on": today.isoformat()})
    assert answer.status_code == 303
    assert db.session.get(CalendarRule, rule.id).to_on == today


def test_a_rule_elsewhere_does_not_exist(dispatcher, today):
    rule = make_calendar_rule(today, division_code=YANCHANG)
    assert dispatcher.get(f"/calendar/rules/{rule.id}").status_code == 404
    assert dispatcher.post(f"/calendar/rules/{rule.id}", data=typed(today)).status_code == 404
    assert dispatcher.post(f"/calendar/rules/{rule.id}/end", data={"last_on": today.isoformat()}).status_code == 404


def test_only_the_city_enters_holidays(dispatcher, today, make_user, sign_in):
    data = {"kind": "holiday", "name": "县庆", "first": today.isoformat(), "last": today.isoformat()}
    assert dispatcher.post("/calendar/days", data=data).status_code == 404
    officer = sign_in(make_user(Role.CITY_OFFICER, division_code=CITY))
    assert officer.post("/calendar/days", data=data | {"last": ""}).status_code == 422
    assert officer.post("/calendar/days", data=data).status_code == 303
    assert "县庆" in officer.get(f"/calendar/days?year={today.year}").text
    assert officer.post(f"/calendar/days/{today}/remove").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(CalendarDay)) == 0


def test_who_plans_sees_what_the_calendar_will_do(dispatcher, today):
    tomorrow = today + timedelta(days=1)
    make_helper()
    make_visit(make_senior(), tomorrow, window_from=480, window_to=600)
    make_calendar_rule(tomorrow)
    page = dispatcher.get(f"/rounds/new?division_code={BAOTA}&on={tomorrow}").text
    assert "河庄坪集" in page
    assert "1 位老人的探访挪到别的时间" in page
