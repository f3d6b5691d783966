"""At half past ten a helper falls ill: the dispatcher sees before and after, accepts, and takes it back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.times import local, local_day, utc_now
from extensions import db
from models import Role, Visit
from tests.factories import BAOTA, make_divisions
from tests.published import publish_by_hand


@pytest.fixture
def day(app):
    """A day that is under way, with nobody at a door for the next hour; before six in the morning, tomorrow's."""
    make_divisions()
    wall = local(utc_now())
    minute = wall.hour * 60 + wall.minute
    is_today = 360 <= minute <= 1200
    on = local_day(utc_now()) + timedelta(days=0 if is_today else 1)
    wide = {"window_from": 0, "window_to": 1439}
    made = publish_by_hand(on, 3, 3, first=minute + 60 if is_today else 540, **wide)
    for helper in made.helpers:
        for shift in helper.shifts:
            shift.start_minute, shift.end_minute = 0, 1439
    db.session.commit()
    return made


def helpers() -> list[object]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Visit.helper_id)))


def test_an_ill_helpers_day_goes_to_another_and_back(page, signed_in, make_user, day):
    before = helpers()
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    page.goto(f"/rounds/{day.proposal.id}")
    page.click("text=今天有变化…")
    page.click("text=有人去不了")
    page.select_option("#helper_id", str(day.helpers[0].id))
    page.fill("#reason", "发烧")
    page.click("main form[method=post] button[type=submit]", timeout=90_000)  # the first search compiles
    expect(page.locator(".change-round")).to_have_count(2)
    expect(page.locator(".change-stop.is-goes")).to_have_count(3)
    expect(page.locator(".change-stop.is-comes")).to_have_count(3)
    expect(page.locator("svg.rounds-map")).to_have_count(2)
    assert helpers() == before
    page.click("button:has-text('采用') >> nth=0")
    expect(page.get_by_role("status")).to_contain_text("已采用")
    assert set(helpers()) == {day.helpers[1].id}
    page.click("summary:has-text('撤销这次调整')")
    page.click(".confirm-box button")
    expect(page.get_by_role("status")).to_contain_text("已撤销")
    assert helpers() == before
