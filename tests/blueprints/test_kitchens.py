"""The kitchen's pages: the count, the counter, the paper, the menus; and nobody else's."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from extensions import db
from models import BookingStatus, Dish, MealBooking, MenuItem, Role
from policy import SYSTEM
from services import bookings, kitchens
from tests.factories import make_canteen, make_dish, make_senior, make_service

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TOMORROW = date(2026, 11, 24)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Kitchen:
    """A canteen with three portions tomorrow: plain, soft and allergic, one of them delivered."""

    def __init__(self, make_user, sign_in):
        self.canteen = make_canteen(name="河庄坪老年食堂")
        self.dish = make_dish(self.canteen, name="荞面饸饹", allergens=["wheat"])
        self.service = make_service(self.canteen, TOMORROW, self.dish)
        self.bookings = [
            self.book("张玉兰", phones=["13800001234"]),
            self.book("王秀珍", diets=["soft", "low_salt"], phones=["13900005678"]),
            self.book("李桂英", allergens=["peanut"], diet_note="不吃香菜", phones=["13700005678"]),
        ]
        self.bookings[0].handover = "delivery"
        self.manager = make_user(Role.CANTEEN_MANAGER, canteen_id=self.canteen.id)
        self.browser = sign_in(self.manager)
        db.session.commit()

    def book(self, name, **senior):
        return bookings.book(
            senior_id=make_senior(name=name, **senior).id, service_id=self.service.id, dish_id=self.dish.id,
            is_diet_waived=True, by=SYSTEM, now=NOW,
        )  # fmt: skip

    @property
    def url(self):
        return f"/canteens/{self.canteen.id}/kitchen/{TOMORROW}/lunch"

    @property
    def week(self):
        return f"/canteens/{self.canteen.id}/menus/2026-W48"

    def close(self):
        kitchens.close_due_services(CUT_OFF)
        db.session.commit()


@pytest.fixture
def kitchen(client, make_user, sign_in, clock):
    return Kitchen(make_user, sign_in)


def statuses() -> list[BookingStatus]:
    db.session.rollback()
    return list(db.session.scalars(select(MealBooking.status).order_by(MealBooking.id)))


def test_the_kitchens_page_counts_by_dish_diet_and_texture_with_names(kitchen):
    page = kitchen.browser.get(kitchen.url).text
    for word in ("荞面饸饹", "软食", "低盐", "花生过敏", "不吃香菜", "王秀珍", "今天 16:00 截止"):
        assert word in page
    assert "赵家岸村二组" in page


def test_an_address_is_shown_only_for_a_delivery(kitchen):
    kitchen.bookings[0].handover = "dine_in"
    db.session.commit()
    assert "赵家岸村二组" not in kitchen.browser.get(kitchen.url).text


def test_the_frozen_count_stays_and_late_changes_stand_apart(kitchen, clock, sign_in):
    kitchen.close()
    clock.move_to(NOON)
    sign_in(kitchen.manager)
    answer = kitchen.browser.post(f"{kitchen.url}/{kitchen.bookings[1].id}/drop", data={"reason": "住院了"})
    assert answer.status_code == 303
    page = kitchen.browser.get(kitchen.url).text
    assert "定下的 3 份没有改" in page
    assert "住院了" in page


def test_a_late_change_needs_a_reason(kitchen, clock, sign_in):
    kitchen.close()
    clock.move_to(NOON)
    sign_in(kitchen.manager)
    kitchen.browser.post(f"{kitchen.url}/{kitchen.bookings[1].id}/drop", data={"reason": ""})
    page = kitchen.browser.get(kitchen.url).text
    assert "请写明原因" in page
    assert "notice-problem" in page.split("请写明原因")[0], "a refusal looks like one"
    assert BookingStatus.CANCELLED not in statuses()


def test_one_tap_serves_and_one_tap_takes_it_back(kitchen, clock, sign_in):
    kitchen.close()
    clock.move_to(NOON)
    sign_in(kitchen.manager)
    tap = f"{kitchen.url}/{kitchen.bookings[0].id}"
    assert kitchen.browser.post(f"{tap}/serve").status_code == 303
    assert statuses()[0] is BookingStatus.SERVED
    assert "12:00" in kitchen.browser.get(kitchen.url).text
    assert kitchen.browser.post(f"{tap}/undo").status_code == 303
    assert kitchen.browser.post(f"{tap}/miss").status_code == 303
    assert statuses()[0] is BookingStatus.NO_SHOW


def test_four_digits_serve_or_say_why_not(kitchen, clock, sign_in):
    kitchen.close()
    clock.move_to(NOON)
    sign_in(kitchen.manager)
    assert kitchen.browser.post(f"{kitchen.url}/serve", data={"tail": "1234"}).status_code == 303
    assert "张玉兰，请用餐。" in kitchen.browser.get(kitchen.url).text
    twice = kitchen.browser.post(f"{kitchen.url}/serve", data={"tail": "5678"})
    assert twice.status_code == 422
    assert "有 2 位老人的手机尾号都是 5678" in twice.text
    wrong = kitchen.browser.post(f"{kitchen.url}/serve", data={"tail": "12"})
    assert wrong.status_code == 422
    assert "请输入手机号的最后四位数字" in wrong.text


def test_nothing_is_served_a_day_early(kitchen):
    kitchen.close()
    answer = kitchen.browser.post(f"{kitchen.url}/{kitchen.bookings[0].id}/serve")
    assert answer.status_code == 409
    assert "明天的餐" in answer.text


def test_an_allergy_found_after_booking_is_a_warning_on_the_kitchens_sheet(kitchen):
    senior = db.session.get_one(type(make_senior()), kitchen.bookings[0].senior_id)
    senior.allergens = ["wheat"]
    db.session.commit()
    assert "不能给！这道菜含小麦" in kitchen.browser.get(f"{kitchen.url}/sheet").text


def test_the_papers_carry_place_day_and_signatures(kitchen):
    sheet = kitchen.browser.get(f"{kitchen.url}/sheet").text
    for word in ("午餐备餐单", "河庄坪老年食堂", "2026年11月24日（星期二）", "共 3 份", "留样"):
        assert word in sheet
    names = kitchen.browser.get(f"{kitchen.url}/names").text
    for word in ("午餐名单", "张玉兰", "送到哪里", "老槐树往上第三孔窑"):
        assert word in names


def test_the_list_is_a_spreadsheet_without_formulas(kitchen):
    senior = db.session.get_one(type(make_senior()), kitchen.bookings[2].senior_id)
    senior.diet_note = "=1+1"
    db.session.commit()
    answer = kitchen.browser.get(f"{kitchen.url}/export")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    answer.close()
    assert rows[0][:4] == ["姓名", "菜", "怎么取餐", "地址"]
    assert {row[0] for row in rows[1:]} == {"张玉兰", "王秀珍", "李桂英"}
    assert "'=1+1" in {row[6] for row in rows[1:]}


def test_the_list_of_kitchens_shows_the_days_portions(kitchen):
    page = kitchen.browser.get(f"/kitchens/?on={TOMORROW}").text
    assert "河庄坪老年食堂" in page
    assert "没有餐厅做饭" in kitchen.browser.get("/kitchens/").text
    assert kitchen.browser.get("/kitchens/?on=yesterday").status_code == 200


def test_another_manager_and_a_family_find_nothing(kitchen, make_user, sign_in):
    stranger = sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=make_canteen().id))
    for path in ("", "/sheet", "/names", "/export"):
        assert stranger.get(kitchen.url + path).status_code == 404
    for path in ("/close", "/serve", f"/{kitchen.bookings[0].id}/serve"):
        assert stranger.post(kitchen.url + path, data={"tail": "1234"}).status_code == 404
    assert stranger.get(kitchen.week).status_code == 404
    assert stranger.post(f"{kitchen.week}/publish").status_code == 404
    family = sign_in(make_user(Role.FAMILY, senior_id=kitchen.bookings[0].senior_id))
    assert family.get(kitchen.url).status_code == 403


def test_a_county_officer_reads_the_kitchen_and_serves_nobody(kitchen, make_user, sign_in):
    officer = sign_in(make_user(Role.COUNTY_OFFICER, division_code="610602"))
    assert officer.get(kitchen.url).status_code == 200
    assert officer.post(f"{kitchen.url}/{kitchen.bookings[0].id}/serve").status_code == 403
    other = sign_in(make_user(Role.COUNTY_OFFICER, division_code="610621"))
    assert other.get(kitchen.url).status_code == 404


def menu_of(on: date) -> list[tuple[str, bool]]:
    db.session.rollback()
    statement = select(Dish.name, MenuItem.is_published).join(Dish, Dish.id == MenuItem.dish_id)
    return sorted(db.session.execute(statement.where(MenuItem.on == on)).tuples())


NEXT_TUESDAY = TOMORROW + timedelta(days=7)


def test_a_week_is_copied_edited_and_published(kitchen):
    next_week = f"/canteens/{kitchen.canteen.id}/menus/2026-W49"
    assert kitchen.browser.post(f"{next_week}/copy").status_code == 303
    assert menu_of(NEXT_TUESDAY) == [("荞面饸饹", False)]
    page = kitchen.browser.get(next_week).text
    assert "复制了 1 道菜，核对后再公布。" in page
    assert "有 1 道菜还没有公布" in page
    assert (
        "2026年11月23日（星期一）到2026年11月29日（星期日）"
        in kitchen.browser.get(next_week.replace("W49", "W48")).text
    )
    soup = make_dish(kitchen.canteen, name="羊肉粥", price_fen=8_00, allergens=[], diets=["soft", "semi_liquid"])
    db.session.commit()
    slot = f"/canteens/{kitchen.canteen.id}/menus/{NEXT_TUESDAY}/lunch"
    assert "羊肉粥 · 8.00 元" in kitchen.browser.get(slot).text
    assert kitchen.browser.post(slot, data={"dishes": [str(kitchen.dish.id), str(soup.id)]}).status_code == 303
    assert kitchen.browser.post(f"{next_week}/publish").status_code == 303
    assert menu_of(NEXT_TUESDAY) == [("羊肉粥", True), ("荞面饸饹", True)]
    assert kitchen.browser.post(f"{next_week}/copy").status_code == 303
    assert len(menu_of(NEXT_TUESDAY)) == 2


def test_a_booked_dish_stays_on_the_menu(kitchen):
    slot = f"/canteens/{kitchen.canteen.id}/menus/{TOMORROW}/lunch"
    answer = kitchen.browser.post(slot, data={"csrf_token": "on every form"})
    assert answer.status_code == 422
    assert "“荞面饸饹”已经有 3 人订了，不能撤下。" in answer.text
    assert menu_of(TOMORROW) == [("荞面饸饹", True)]


def test_next_weeks_clashes_are_named_by_person_with_the_swap(kitchen):
    make_dish(kitchen.canteen, name="低盐软饭", allergens=[], diets=["soft", "low_salt"])
    db.session.commit()
    page = kitchen.browser.get(kitchen.week).text
    assert "王秀珍" in page
    assert "订了“荞面饸饹”" in page
    assert "可以换成或加上“低盐软饭”。" in page
    assert "张玉兰" not in page


def test_a_dish_is_added_and_changed(kitchen):
    url = f"/canteens/{kitchen.canteen.id}/dishes"
    terms = {"name": "小米粥", "price": "3.5", "diets": ["soft"], "allergens": []}
    assert kitchen.browser.post(url, data=terms).status_code == 303
    dish = db.session.scalars(select(Dish).where(Dish.name == "小米粥")).one()
    assert (dish.price_fen, dish.diets) == (3_50, ["soft"])
    again = kitchen.browser.post(url, data=terms)
    assert again.status_code == 422
    assert "已经有一道叫“小米粥”的菜了" in again.text
    wrong = kitchen.browser.post(url, data=terms | {"name": "另一道", "price": "很便宜"})
    assert "价格请写成数字" in wrong.text
    assert "另一道" in wrong.text
    changed = kitchen.browser.post(f"{url}/{dish.id}", data={"name": "小米粥", "price": "4", "allergens": ["milk"]})
    assert changed.status_code == 303
    db.session.rollback()
    dish = db.session.scalars(select(Dish).where(Dish.name == "小米粥").execution_options(populate_existing=True)).one()
    assert (dish.price_fen, dish.allergens, dish.is_active) == (4_00, ["milk"], False)


def test_the_pages_speak_english_too(kitchen):
    kitchen.manager.language = "en"
    db.session.commit()
    for url in (kitchen.url, f"{kitchen.url}/sheet", f"{kitchen.url}/names", kitchen.week, "/kitchens/",
                f"/canteens/{kitchen.canteen.id}/dishes"):  # fmt: skip
        page = kitchen.browser.get(url).text
        assert 'lang="en"' in page
        assert "的" not in page.replace("荞面饸饹", "")


def test_who_turns_up_unbooked_is_added_at_the_counter(kitchen, clock, sign_in):
    bookings.cancel(kitchen.bookings[1].id, by=SYSTEM, now=NOW)
    guest = kitchen.bookings[1].senior_id
    db.session.commit()
    kitchen.close()
    clock.move_to(NOON)
    sign_in(kitchen.manager)
    url = f"/meals/{guest}/{TOMORROW}/lunch"
    assert "已经定数，还可以现加一份" in kitchen.browser.get(url).text
    data = {"service_id": str(kitchen.service.id), "dish_id": str(kitchen.dish.id), "handover": "dine_in",
            "is_late": "1", "is_diet_waived": "1"}  # fmt: skip
    assert kitchen.browser.post(url, data=data).status_code == 303
    page = kitchen.browser.get(kitchen.url).text
    assert "定下的 2 份没有改" in page
    assert page.count("王秀珍") >= 2


def test_a_family_cannot_add_after_the_count(kitchen, clock, make_user, sign_in):
    bookings.cancel(kitchen.bookings[1].id, by=SYSTEM, now=NOW)
    family = make_user(Role.FAMILY, senior_id=kitchen.bookings[1].senior_id)
    kitchen.close()
    clock.move_to(NOON)
    browser, url = sign_in(family), f"/meals/{kitchen.bookings[1].senior_id}/{TOMORROW}/lunch"
    assert "现加一份" not in browser.get(url).text
    data = {"service_id": str(kitchen.service.id), "dish_id": str(kitchen.dish.id), "handover": "dine_in",
            "is_late": "1", "is_diet_waived": "1"}  # fmt: skip
    assert browser.post(url, data=data).status_code == 404
