"""The pages of 订餐: two taps, clear refusals with the nearest thing possible, in both languages."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from sqlalchemy import event, func, select

from extensions import db
from models import BookingStatus, CanteenClosure, MealBooking, MealService, Role, SeniorStatus
from policy import SYSTEM
from services import bookings
from tests.factories import make_canteen, make_dish, make_senior, make_service, make_status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in the city
AFTER_CUT_OFF = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Home:
    """A daughter, her mother, a canteen with two dishes tomorrow and the day after."""

    def __init__(self, make_user, sign_in, **senior):
        self.senior = make_senior(**senior)
        self.canteen = make_canteen(name="河庄坪老年食堂", phone="0911-2112345")
        self.egg = make_dish(self.canteen, name="番茄炒蛋套餐")
        self.noodles = make_dish(self.canteen, name="荞面饸饹", price_fen=9_00, allergens=["wheat"], diets=["low_salt"])
        self.service = make_service(self.canteen, TOMORROW, self.egg, self.noodles)
        self.later = make_service(self.canteen, TOMORROW + timedelta(days=1), self.egg, self.noodles)
        self.daughter = make_user(Role.FAMILY, senior_id=self.senior.id)
        self.sign_in, self.browser = sign_in, sign_in(self.daughter)

    @property
    def url(self):
        return f"/meals/{self.senior.id}/{TOMORROW}/lunch"

    def come_back(self):
        """Sign in again: the clock has moved further than a session stays idle."""
        self.sign_in(self.daughter)

    def post(self, dish=None, service=None, **more):
        data = {"service_id": str((service or self.service).id), "dish_id": str((dish or self.egg).id),
                "handover": "dine_in"}  # fmt: skip
        db.session.commit()
        return self.browser.post(self.url, data=data | more)

    def english(self):
        self.daughter.language = "en"
        db.session.commit()


@pytest.fixture
def home(client, make_user, sign_in, clock):
    return Home(make_user, sign_in)


def live() -> int:
    return db.session.scalar(select(func.count()).where(MealBooking.status != BookingStatus.CANCELLED)) or 0


def test_the_week_shows_each_meal_with_its_cut_off_in_words(home):
    page = home.browser.get("/meals/").text
    assert "张玉兰" in page
    assert "今天 16:00 截止" in page
    assert home.url in page


def test_a_child_of_two_sees_both(home, make_user, sign_in):
    father = make_senior(name="张福贵")
    from models import Grant

    db.session.add(Grant(user_id=home.daughter.id, role=Role.FAMILY, senior_id=father.id))
    db.session.commit()
    page = sign_in(home.daughter).get("/meals/").text
    assert "张玉兰" in page
    assert "张福贵" in page


def test_a_meal_is_booked_in_two_taps(home):
    menu = home.browser.get(home.url)
    assert "价格 12.00 元，政府补 3.00 元" in menu.text
    assert "自己付 9.00 元" in menu.text
    answer = home.post()
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/meals/"
    page = home.browser.get("/meals/").text
    assert "订好了：明天午餐，河庄坪老年食堂的“番茄炒蛋套餐”，自己付 9.00 元。今天 16:00 以前都可以改。" in page
    assert "已订" in page


def test_a_booking_is_changed_cancelled_and_restored(home):
    home.post()
    booking = db.session.scalars(select(MealBooking)).one()
    data = {"service_id": str(home.service.id), "dish_id": str(home.noodles.id), "handover": "delivery"}
    assert home.browser.post(f"/meals/bookings/{booking.id}", data=data).status_code == 303
    assert "荞面饸饹" in home.browser.get("/meals/").text
    assert home.browser.post(f"/meals/bookings/{booking.id}/cancel").status_code == 303
    page = home.browser.get("/meals/").text
    assert "明天午餐取消了，不收钱。今天 16:00 以前还可以恢复。" in page
    assert "恢复" in page
    assert home.browser.post(f"/meals/bookings/{booking.id}/restore").status_code == 303
    assert live() == 1


REFUSALS = {
    "cut_off": ("今天 16:00 已截止", "可以改订后天河庄坪老年食堂的“番茄炒蛋套餐”", "the kitchen is cooking"),
    "full": ("50 份已经订满了", "可以改订后天河庄坪老年食堂", "all 50 portions"),
    "shut": ("河庄坪老年食堂明天不营业：停电检修", "可以改订后天河庄坪老年食堂", "is closed"),
    "allergen": (
        "张玉兰对鸡蛋过敏，“番茄炒蛋套餐”里有鸡蛋",
        "可以改订明天河庄坪老年食堂的“荞面饸饹”",
        "is allergic to",
    ),
    "diet": ("不符合张玉兰的饮食要求：低盐", "可以改订明天河庄坪老年食堂的“荞面饸饹”", "does not keep to"),
    "not_served": ("张玉兰在明天的状态是“住院”", "请告诉社区的工作人员更新状态", "In hospital"),
    "booked_already": ("张玉兰明天的午餐已经订过了", "请改已经订的那一份", "already has"),
    "no_delivery": ("河庄坪老年食堂不送餐", "可以改为到店吃", "does not deliver"),
}


def stand_in_the_way(home, clock, obstacle: str) -> dict[str, str]:
    """Make it so; returns what the form says besides."""
    if obstacle == "cut_off":
        clock.move_to(AFTER_CUT_OFF)
    elif obstacle == "full":
        home.service.booked = home.service.capacity
    elif obstacle == "shut":
        away = {"from_on": TOMORROW, "to_on": TOMORROW}
        db.session.add(CanteenClosure(canteen_id=home.canteen.id, reason="停电检修", **away))
    elif obstacle == "allergen":
        home.senior.allergens = ["egg"]
    elif obstacle == "diet":
        home.senior.diets = ["low_salt"]
    elif obstacle == "not_served":
        make_status(home.senior, SeniorStatus.IN_HOSPITAL, TOMORROW, TOMORROW)
    elif obstacle == "booked_already":
        bookings.book(senior_id=home.senior.id, service_id=home.service.id, dish_id=home.egg.id, by=SYSTEM, now=NOW)
    elif obstacle == "no_delivery":
        home.canteen.delivers = False
    return {"handover": "delivery"} if obstacle == "no_delivery" else {}


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("obstacle", REFUSALS)
def test_every_refusal_says_why_and_what_is_possible(home, clock, obstacle, language):
    more = stand_in_the_way(home, clock, obstacle)
    if language == "en":
        home.english()
    before = live()
    answer = home.post(**more)
    assert answer.status_code == 422
    why, instead, in_english = REFUSALS[obstacle]
    if language == "en":
        assert in_english in answer.text
    else:
        assert why in answer.text
        assert instead in answer.text
    db.session.rollback()
    assert live() == before


def test_the_alternative_is_one_tap_away(home, clock):
    clock.move_to(AFTER_CUT_OFF)
    answer = home.post()
    action = f"/meals/{home.senior.id}/{home.later.on}/lunch"
    assert f'action="{action}"' in answer.text
    assert f'value="{home.later.id}"' in answer.text
    data = {"service_id": str(home.later.id), "dish_id": str(home.egg.id), "handover": "dine_in"}
    assert home.browser.post(action, data=data).status_code == 303


def test_an_unsuitable_dish_is_booked_once_the_warning_is_confirmed(home):
    home.senior.diets = ["low_salt"]
    assert "我知道，仍然订这份" in home.post().text
    assert home.post(is_diet_waived="1").status_code == 303
    assert db.session.scalars(select(MealBooking.is_diet_waived)).one()


def test_a_dish_with_an_allergen_has_no_button(home):
    home.senior.allergens = ["egg"]
    db.session.commit()
    menu = home.browser.get(home.url).text
    assert "含鸡蛋，张玉兰过敏" in menu
    assert f'name="dish_id" value="{home.egg.id}"' not in menu
    assert f'name="dish_id" value="{home.noodles.id}"' in menu


def test_after_the_cut_off_a_portion_stands_and_the_canteens_phone_is_named(home, clock):
    home.post()
    booking = db.session.scalars(select(MealBooking)).one()
    clock.move_to(AFTER_CUT_OFF)
    home.come_back()
    assert "已截止，不能来请打 0911-2112345" in home.browser.get("/meals/").text
    answer = home.browser.post(f"/meals/bookings/{booking.id}/cancel")
    assert answer.status_code == 409
    assert "不能再改了" in answer.text
    assert "0911-2112345" in answer.text
    assert live() == 1


def test_anothers_parent_does_not_exist(home, make_user, sign_in):
    home.post()
    booking = db.session.scalars(select(MealBooking)).one()
    stranger = sign_in(make_user(Role.FAMILY, senior_id=make_senior(name="王秀珍").id))
    assert stranger.get(home.url).status_code == 404
    data = {"service_id": str(home.service.id), "dish_id": str(home.egg.id), "handover": "dine_in"}
    assert stranger.post(home.url, data=data).status_code == 404
    for act in ("", "/cancel", "/restore"):
        assert stranger.post(f"/meals/bookings/{booking.id}{act}", data=data).status_code == 404
    assert "张玉兰" not in stranger.get("/meals/").text


def test_a_clerk_searches_and_books_for_somebody_of_the_township(home, make_user, sign_in):
    from services import search_keys

    search_keys.write([search_keys.Findable(home.senior, ())])
    clerk = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code="610602100"))
    assert "先找到要订餐的老人" in clerk.get("/meals/").text
    assert f"senior={home.senior.id}" in clerk.get("/meals/?q=zyl").text
    assert "没有找到叫“李四”的老人" in clerk.get("/meals/?q=李四").text
    data = {"service_id": str(home.service.id), "dish_id": str(home.egg.id), "handover": "pick_up"}
    answer = clerk.post(home.url, data=data)
    assert answer.status_code == 303
    assert f"senior={home.senior.id}" in answer.location
    assert db.session.scalars(select(MealBooking.channel)).one() == "phone"
    assert clerk.get(f"/meals/?senior={home.senior.id}").text.count("番茄炒蛋套餐") == 2


def test_a_bad_address_is_not_found(home):
    for url in (f"/meals/{home.senior.id}/{TOMORROW}/brunch", f"/meals/{home.senior.id}/2026-13-01/lunch", "/meals/1"):
        assert home.browser.get(url).status_code == 404


def test_a_broken_form_is_answered_with_the_page_again(home):
    answer = home.browser.post(home.url, data={"service_id": "x", "dish_id": "", "handover": "by_drone"})
    assert answer.status_code == 422
    assert "番茄炒蛋套餐" in answer.text


def test_the_number_of_statements_does_not_grow_with_bookings_and_canteens(home):
    def statements(url: str) -> int:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        db.session.commit()
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert home.browser.get(url).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    before = statements("/meals/"), statements(home.url)
    for number in range(12):
        canteen = make_canteen()
        dishes = [make_dish(canteen) for _number in range(3)]
        services = [make_service(canteen, TOMORROW + timedelta(days=day), *dishes) for day in range(5)]
        if number < 5:
            day = services[number]
            bookings.book(
                senior_id=home.senior.id, service_id=day.id, dish_id=dishes[0].id, by=SYSTEM, now=NOW
            )  # fmt: skip
    after = statements("/meals/"), statements(home.url)
    assert after[0] <= before[0]
    assert after[1] <= before[1] + 1
    assert after[0] <= 12
    assert db.session.scalar(select(func.count()).select_from(MealService)) == 62
