"""A phone in a valley, a finger in a glove: nothing is lost where there is no signal, nothing is sent twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from domain.times import local_day, utc_now
from extensions import db
from models import MealBooking, Role, User, Visit, VisitStatus
from tests import factories
from tests.factories import make_canteen, make_dish, make_senior, make_service


@pytest.fixture
def visit(app) -> Visit:
    """A visit half done."""
    helper = factories.make_helper()
    senior = factories.make_senior(name="张玉兰")
    visit = factories.make_visit(
        senior, local_day(utc_now()), helper_id=helper.id, status=VisitStatus.UNDER_WAY, arrived_at=utc_now()
    )
    db.session.commit()
    return visit


@pytest.fixture
def page(phone: Page, signed_in: Callable[[Page, User], Page], visit: Visit, make_user: Callable[..., User]) -> Page:
    signed_in(phone, make_user(Role.HELPER, helper_id=visit.helper_id)).goto(f"/visits/{visit.id}/log")
    return phone


def say(page: Page, note: str) -> None:
    page.locator("#check_economy label", has_text="留意").click()
    page.locator("textarea[name=note_economy]").fill(note)
    page.locator("textarea[name=note_economy]").blur()


def reread(visit: Visit) -> Visit:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Visit, visit.id)


def test_what_is_typed_without_a_signal_is_sent_by_itself_once_there_is_one(page, visit):
    page.context.set_offline(True)
    say(page, "米快没了")
    expect(page.locator(".saved")).to_contain_text("没有网")
    page.context.set_offline(False)
    expect(page.locator(".saved")).to_have_text("已存下")
    assert reread(visit).checklist["economy"] == {"mark": "watch", "note": "米快没了"}


def test_keeping_a_visit_without_a_signal_stays_on_its_page(page, visit):
    page.context.set_offline(True)
    say(page, "米快没了")
    page.get_by_role("button", name="先存下").click()
    expect(page.locator(".saved")).to_contain_text("没有网")
    expect(page.locator("textarea[name=note_economy]")).to_have_value("米快没了")
    page.context.set_offline(False)
    expect(page.locator(".saved")).to_have_text("已存下")
    page.get_by_role("button", name="先存下").click()
    expect(page.get_by_text("已存下，还没有完成。")).to_be_visible()


def test_a_page_the_phone_dropped_sends_what_it_had_kept(page, visit):
    page.route("**/api/v1/visits/events", lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    say(page, "米快没了")
    expect(page.locator(".saved")).to_contain_text("没有网")
    page.unroute("**/api/v1/visits/events")
    page.reload()
    expect(page.locator("textarea[name=note_economy]")).to_have_value("米快没了")
    assert reread(visit).checklist["economy"]["note"] == "米快没了"


def test_any_form_waits_for_a_signal_on_its_own_page(page, visit):
    page.goto(f"/visits/{visit.id}/not-met")
    page.locator("textarea[name=note]").fill("邻居说去女儿家了")
    page.context.set_offline(True)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_role("alert")).to_contain_text("没有网，还没有送出")
    expect(page.locator("textarea[name=note]")).to_have_value("邻居说去女儿家了")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_door_says_so_too(phone):
    phone.goto("/sign-in")
    phone.locator("input[name=login]").fill("helper")
    phone.locator("input[name=password]").fill("songhe-2026")
    phone.context.set_offline(True)
    phone.locator("form:has(input[name=login]) button[type=submit]").click()
    expect(phone.get_by_role("alert")).to_contain_text("没有网，还没有送出")


@pytest.fixture
def daughter(make_user: Callable[..., User]) -> User:
    """张玉兰's daughter, and a canteen that cooks every day of the week."""
    senior, canteen = make_senior(), make_canteen()
    dish = make_dish(canteen, name="番茄炒蛋套餐")
    for later in range(2, 7):
        make_service(canteen, local_day(utc_now()) + timedelta(days=later), dish)
    user = make_user(Role.FAMILY, senior_id=senior.id)
    db.session.commit()
    return user


def test_a_second_tap_on_a_slow_net_sends_nothing_more(phone, signed_in, daughter):
    signed_in(phone, daughter).goto("/meals/")
    phone.get_by_role("link", name="订一份").first.tap()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.route("**/lunch", hold)
    box = phone.get_by_role("button", name="番茄炒蛋套餐").bounding_box()
    assert box is not None
    for _tap in range(2):
        phone.mouse.click(box["x"] + 20, box["y"] + 20)
        phone.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()
    expect(phone.get_by_role("status")).to_contain_text("订好了")
    assert db.session.query(MealBooking).count() == 1


def test_what_was_booked_is_said_where_the_daughter_looks(phone, signed_in, daughter):
    signed_in(phone, daughter).goto("/meals/")
    phone.get_by_role("link", name="订一份").last.tap()
    phone.get_by_role("button", name="番茄炒蛋套餐").tap()
    expect(phone.get_by_role("status")).to_contain_text("订好了")
    expect(phone.get_by_role("status")).to_be_in_viewport(ratio=1)
    expect(phone.locator(":target")).to_be_in_viewport()
