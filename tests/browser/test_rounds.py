"""A dispatcher plans tomorrow, drags a stop, undoes, drops a helper, plans again and publishes, in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from domain.times import local_day, utc_now
from extensions import db
from models import Proposal, ProposalStatus, Role, Round, Visit, VisitStatus
from queries import edits
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit


@pytest.fixture
def day(app):
    """Six visits and two helpers tomorrow, and one visit nobody can make."""
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    make_divisions()
    make_helper(name="李秀英", latitude=36.60)
    make_helper(name="王占山", latitude=36.90)
    for number in range(3):
        make_visit(make_senior(name=f"张玉兰{number}", latitude=36.60 + number / 100), tomorrow)
        make_visit(make_senior(name=f"白玉梅{number}", latitude=36.90 + number / 100), tomorrow)
    make_visit(make_senior(name="薛改梅"), tomorrow, skills=["bathing"])
    db.session.commit()
    return tomorrow


def plan(page: Page, day) -> None:
    """Press the button, and stop as soon as may be."""
    page.goto(f"/rounds/new?on={day}")
    page.check("input[name=seconds][value='5']")
    page.click("main form[method=post] button[type=submit]")
    expect(page.locator("[data-progress]")).to_be_visible()
    page.click("text=停止，用现在最好的")
    expect(page.locator("[data-live]")).to_be_visible(timeout=60_000)


def statuses() -> dict[VisitStatus, int]:
    db.session.rollback()
    found = db.session.scalars(select(Visit.status)).all()
    return {status: found.count(status) for status in set(found)}


def orders(proposal_id) -> dict[str, list[str]]:
    db.session.rollback()
    return {helper: [call.visit_id for call in calls] for helper, calls in edits.order_of(proposal_id).items()}


def newest() -> Proposal:
    db.session.rollback()
    return db.session.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(1)).one()


def row(page: Page, name: str) -> Locator:
    return page.locator(".t-rows > .round", has_text=name)


def drag(page: Page, what: Locator, onto: Locator, *, beyond: float = 0) -> None:
    """By the mouse, and a moment's rest to read what it would come to."""
    page.evaluate("document.querySelector('.edit-bar').scrollIntoView({ behavior: 'instant' })")
    box, target = what.bounding_box(), onto.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 4)
    page.mouse.move(target["x"] + target["width"] / 2 + beyond, target["y"] + target["height"] / 2, steps=6)
    expect(page.locator(".drag-note")).to_have_text(re.compile("。"))


def test_a_dispatcher_plans_drags_undoes_drops_a_helper_plans_again_and_publishes(page, signed_in, make_user, day):
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    plan(page, day)
    first = newest()
    assert first.figures["plan"]["served"] == 6
    page.click("text=时间线")
    expect(page.locator(".t-rows .t-visit")).to_have_count(6)

    before = orders(first.id)
    drag(page, row(page, "李秀英").locator(".t-stop").first, row(page, "王占山").locator(".t-stop").last, beyond=40)
    expect(page.locator(".drag-note")).to_contain_text("分钟")
    page.mouse.up()
    expect(page.locator("[data-said]")).to_contain_text("王占山")
    expect(row(page, "王占山").locator(".t-stop")).to_have_count(4)
    assert sorted(map(len, orders(first.id).values())) == [2, 4]

    page.click("[data-undo]")
    expect(row(page, "王占山").locator(".t-stop")).to_have_count(3)
    assert orders(first.id) == before

    row(page, "李秀英").locator("a.round-link").click()
    page.click("text=李秀英这天不来，重排")
    expect(page.locator("[data-live]")).to_be_visible(timeout=60_000)
    expect(page.locator("main")).to_contain_text("这份方案没有排 李秀英。")
    second = newest()
    assert second.id != first.id
    assert len(orders(second.id)) == 1

    page.click("button:has-text('发布')")
    expect(page.get_by_role("status").first).to_contain_text("已发布")
    placed = second.figures["plan"]["served"]
    assert statuses()[VisitStatus.PLANNED] == placed
    page.click("summary:has-text('撤回')")
    page.click(".confirm-box button")
    expect(page.get_by_role("status").first).to_contain_text("已撤回")
    assert statuses() == {VisitStatus.DUE: 7}


def test_a_stop_goes_up_and_down_by_keys_and_buttons_and_the_focus_stays_with_it(page, signed_in, make_user, day):
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    plan(page, day)
    its = newest()
    page.locator("a.round-link").first.click()
    panel = page.locator("[data-panel]")
    expect(panel.locator(".stop")).to_have_count(3)
    db.session.rollback()
    helper = str(db.session.scalars(select(Round.helper_id).where(Round.number == 1)).first())
    visits = orders(its.id)[helper]
    panel.locator(".stop").first.locator("[data-open]").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-said]")).not_to_be_empty()
    expect(panel.locator(".stop").nth(1)).to_have_attribute("data-visit", visits[0])
    assert page.evaluate("document.activeElement.closest('.stop')?.dataset.visit") == visits[0]
    panel.locator(".stop").nth(1).get_by_role("button", name="往前一站").click()
    expect(panel.locator(".stop").first).to_have_attribute("data-visit", visits[0])
    assert orders(its.id)[helper] == visits
    page.reload()
    expect(page.locator("[data-undo]")).to_be_enabled()


def test_letting_go_where_it_cannot_be_says_why_and_changes_nothing(page, signed_in, make_user, day):
    make_helper(name="赵会护理", latitude=36.75, skills=["nursing"])
    make_visit(make_senior(name="高秀莲", latitude=36.75), day, skills=["nursing"])
    db.session.commit()
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    plan(page, day)
    page.click("text=时间线")
    before = orders(newest().id)
    drag(page, row(page, "赵会护理").locator(".t-stop").first, row(page, "王占山").locator(".track"))
    expect(page.locator(".drag-note")).to_have_class(re.compile("is-problem"))
    page.mouse.up()
    expect(page.locator("[data-said]")).to_contain_text("王占山")
    assert orders(newest().id) == before


def test_a_finger_holds_a_stop_and_carries_it(phone, signed_in, make_user, day):
    signed_in(phone, make_user(Role.DISPATCHER, division_code=BAOTA))
    plan(phone, day)
    phone.locator("a.round-link").first.click()
    panel = phone.locator("[data-panel]")
    expect(panel.locator(".stop")).to_have_count(3)
    visits = [one.get_attribute("data-visit") for one in panel.locator(".stop").all()]
    grip, last = panel.locator("[data-grip]").first, panel.locator(".stop").last
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), last.bounding_box()
    touch = phone.context.new_cdp_session(phone)
    points = [(start["x"] + 20, start["y"] + 20), (end["x"] + 60, end["y"] + end["height"] - 4)]
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [_point(points[0])]})
    for step in range(1, 7):
        at = tuple(a + (b - a) * step / 6 for a, b in zip(*points, strict=True))
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [_point(at)]})
    expect(phone.locator(".drag-note")).to_have_text(re.compile("。"))
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(panel.locator(".stop").last).to_have_attribute("data-visit", visits[0])


def _point(at: tuple[float, float]) -> dict[str, float]:
    return {"x": at[0], "y": at[1]}


def test_the_chosen_round_is_the_same_on_map_and_timeline_and_the_address_has_it(page, signed_in, make_user, day):
    signed_in(page, make_user(Role.DISPATCHER, division_code=BAOTA))
    plan(page, day)
    expect(page.locator(".left-out-item")).to_contain_text("助浴")
    page.locator("a.round-link").nth(1).click()
    expect(page).to_have_url(re.compile(r"round=2"))
    expect(page.locator("[data-panel='2'] .stop").first).to_be_visible()
    page.click("text=时间线")
    expect(page.locator(".round.is-chosen [data-panel='2']")).to_be_visible()
    page.go_back()
    expect(page.locator(".rounds-figure")).to_be_visible()
    page.goto(f"/rounds/{newest().id}?view=table&round=2")
    expect(page.locator(".rounds-table tbody tr")).to_have_count(3)


def test_without_a_script_the_forms_do_the_same(open_page, signed_in, make_user, day, page):
    user = make_user(Role.DISPATCHER, division_code=BAOTA)
    signed_in(page, user)
    plan(page, day)
    its = newest()
    plain = signed_in(open_page(java_script_enabled=False), user)
    plain.goto(f"/rounds/{its.id}?view=timeline&round=1")
    visit = plain.locator(".stop").first.get_attribute("data-visit")
    plain.locator(".stop").first.get_by_role("link", name="改").click()
    others = [one for one in plain.locator("#place-helper option").all() if one.get_attribute("selected") is None]
    plain.select_option("#place-helper", others[0].get_attribute("value"))
    plain.click("button:has-text('挪过去')")
    expect(plain.get_by_role("status").first).to_contain_text("分钟")
    assert visit in orders(its.id)[others_id(its, 2)]
    assert newest().status is ProposalStatus.PROPOSED


def others_id(its, number) -> str:
    db.session.rollback()
    statement = select(Round.helper_id).where(Round.proposal_id == its.id, Round.number == number)
    return str(db.session.scalars(statement).one())
