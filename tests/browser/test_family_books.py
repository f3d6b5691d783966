"""A daughter books, changes and takes back her mother's meals on a phone, and is refused after the cut-off."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from domain.times import at_minute, local_day, utc_now
from extensions import db
from models import BookingStatus, MealBooking, Role
from tests.factories import make_canteen, make_dish, make_senior, make_service

pytestmark = pytest.mark.server


class Home:
    """张玉兰, who must not eat peanuts; a canteen with two dishes in two days and the day after."""

    def __init__(self, make_user):
        self.on = local_day(utc_now()) + timedelta(days=2)
        self.senior = make_senior(allergens=["peanut"])
        self.canteen = make_canteen(name="河庄坪老年食堂", phone="0911-2112345")
        self.rice = make_dish(self.canteen, name="番茄炒蛋套餐")
        self.noodles = make_dish(self.canteen, name="荞面饸饹", price_fen=9_00, allergens=["wheat"])
        self.peanuts = make_dish(self.canteen, name="花生炖猪蹄", price_fen=15_00, allergens=["peanut"])
        dishes = (self.rice, self.noodles, self.peanuts)
        self.service = make_service(self.canteen, self.on, *dishes)
        self.later = make_service(self.canteen, self.on + timedelta(days=1), *dishes)
        self.daughter = make_user(Role.FAMILY, senior_id=self.senior.id)
        db.session.commit()

    def booked(self) -> MealBooking | None:
        """The live portion, as the database has it now."""
        db.session.rollback()
        return next((one for one in db.session.query(MealBooking) if one.status is not BookingStatus.CANCELLED), None)


@pytest.fixture
def home(make_user):
    return Home(make_user)


def day_of(page: Page, home: Home):
    return page.locator(f"#day-{home.senior.id}-{home.on}")


def test_a_family_books_changes_and_is_refused_after_the_cut_off(phone, signed_in, home):
    signed_in(phone, home.daughter)
    phone.goto("/meals/")

    day_of(phone, home).get_by_role("link", name="订一份").tap()  # the first tap
    expect(phone.get_by_role("heading", level=1)).to_contain_text("午餐")
    expect(phone.get_by_text("含花生，张玉兰过敏")).to_be_visible()
    expect(phone.get_by_role("button", name="花生炖猪蹄")).to_have_count(0)
    phone.get_by_role("button", name="番茄炒蛋套餐").tap()  # the second: booked
    expect(phone.get_by_role("status")).to_contain_text("订好了")
    expect(day_of(phone, home)).to_contain_text("番茄炒蛋套餐")
    assert home.booked().dish_id == home.rice.id

    day_of(phone, home).get_by_role("link", name="换一换").tap()
    phone.get_by_text("送到家").tap()
    phone.get_by_role("button", name="荞面饸饹").tap()
    expect(phone.get_by_role("status")).to_contain_text("改好了")
    assert (home.booked().dish_id, home.booked().handover.value) == (home.noodles.id, "delivery")

    day_of(phone, home).get_by_role("button", name="不要了").tap()
    expect(day_of(phone, home)).to_contain_text("“荞面饸饹”已取消")
    assert home.booked() is None
    day_of(phone, home).get_by_role("button", name="恢复").tap()
    expect(day_of(phone, home)).to_contain_text("已订")
    assert home.booked().dish_id == home.noodles.id

    # The page is open when the cut-off passes: what is tapped now is refused, and the portion stands.
    home.service.cut_off_at = at_minute(local_day(utc_now()) - timedelta(days=1), 16 * 60)
    db.session.commit()
    day_of(phone, home).get_by_role("button", name="不要了").tap()
    expect(phone.get_by_role("alert")).to_contain_text("昨天 16:00 已截止，厨房按这个数备餐，不能再改了。")
    expect(phone.get_by_role("alert")).to_contain_text("0911-2112345")
    assert home.booked().dish_id == home.noodles.id


def test_who_is_too_late_gets_the_next_day_with_one_tap(phone, signed_in, home):
    signed_in(phone, home.daughter)
    phone.goto(f"/meals/{home.senior.id}/{home.on}/lunch")
    home.service.cut_off_at = utc_now() - timedelta(minutes=1)
    db.session.commit()
    phone.get_by_role("button", name="番茄炒蛋套餐").tap()
    expect(phone.get_by_role("alert")).to_contain_text("已截止")
    assert home.booked() is None
    phone.get_by_role("alert").get_by_role("button", name="番茄炒蛋套餐").tap()
    expect(phone.get_by_role("status")).to_contain_text("订好了")
    assert home.booked().service_id == home.later.id


def test_two_families_and_the_last_portion(open_page, signed_in, make_user, home):
    home.service.capacity = 1
    other = make_senior(name="王秀珍")
    neighbour = make_user(Role.FAMILY, senior_id=other.id)
    pages = [signed_in(open_page(), home.daughter), signed_in(open_page(), neighbour)]
    for page, senior in zip(pages, (home.senior, other), strict=True):
        page.goto(f"/meals/{senior.id}/{home.on}/lunch")
    for page in pages:
        page.get_by_role("button", name="荞面饸饹").click()
    expect(pages[0].get_by_role("status")).to_contain_text("订好了")
    expect(pages[1].get_by_role("alert")).to_contain_text("已经订满了")
    expect(pages[1].get_by_role("alert")).to_contain_text("可以改订")
