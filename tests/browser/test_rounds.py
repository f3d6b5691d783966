"""A dispatcher plans tomorrow, looks, publishes and takes it back, in a real browser; and without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.times import local_day, utc_now
from extensions import db
from models import Role, Visit, VisitStatus
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit


@pytest.fixture
def day(app):
    """Six visits and two helpers tomorrow, and one visit nobody can make."""
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    make_divisions()
    make_helper(name="李秀英")
    make_helper(name="王占山", latitude=36.75)
    for number in range(6):
        make_visit(make_senior(name=f"张玉兰{number}", latitude=36.65 + number / 50), tomorrow)
    make_visit(make_senior(name="薛改梅"), tomorrow, skills=["bathing"])
    db.session.commit()
    return tomorrow


def test_a_dispatcher_plans_publishes_and_takes_back(page, signed_in, make_user, day):
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    page.goto(f"/rounds/new?on={day}")
    page.check("input[name=seconds][value='5']")
    page.click("main form[method=post] button[type=submit]")
    expect(page.locator("[data-progress]")).to_be_visible()
    page.click("text=停止，用现在最好的")
    expect(page.locator(".rounds-figure .rounds-leaflet, svg.rounds-map:visible")).to_be_visible(timeout=60_000)
    expect(page.locator(".left-out-item")).to_contain_text("助浴")
    page.locator("a.round-link").first.click()
    expect(page.locator("[data-panel='1'] .stop").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"round=1"))
    page.click("text=时间线")
    expect(page.locator(".t-rows .t-visit")).to_have_count(6)
    expect(page.locator("[data-panel='1']")).to_be_visible()
    page.click("button:has-text('发布')")
    expect(page.get_by_role("status")).to_contain_text("已发布")
    assert statuses() == {VisitStatus.PLANNED: 6, VisitStatus.DUE: 1}
    page.click("summary:has-text('撤回')")
    page.click(".confirm-box button")
    expect(page.get_by_role("status")).to_contain_text("已撤回")
    assert statuses() == {VisitStatus.DUE: 7}


def statuses() -> dict[VisitStatus, int]:
    db.session.rollback()
    found = db.session.scalars(select(Visit.status)).all()
    return {status: found.count(status) for status in set(found)}
