"""Divisions, centres, canteens and helpers, as officers and managers meet them."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from domain.times import local_day, utc_now
from extensions import db
from models import (
    AuditEntry,
    Canteen,
    CanteenClosure,
    CanteenMeal,
    Centre,
    CentreStaff,
    Division,
    Helper,
    HelperKind,
    Meal,
    Role,
)
from policy import SYSTEM
from services import divisions
from tests.factories import (
    BAOTA,
    CITY,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    YANCHANG,
    make_canteen,
    make_centre,
    make_divisions,
    make_helper,
)  # fmt: skip
from tests.statements import counted

CENTRE = {
    "name": "赵家岸互助幸福院", "kind": "mutual_aid", "division_code": "河庄坪镇 赵家岸村", "places": "20", "beds": "0",
    "opens_minute": "08:30", "closes_minute": "17:30", "weekdays": ["1", "3", "5"], "is_open": "y",
    "phone": "0911-2112345",
}  # fmt: skip
CANTEEN = {
    "name": "枣园食堂", "kind": "canteen", "division_code": TOWNSHIP, "lunch_capacity": "60", "lunch_from": "11:30",
    "lunch_to": "13:00", "breakfast_from": "07:00", "breakfast_to": "08:30", "supper_from": "17:00",
    "supper_to": "18:30", "weekdays": ["1", "2", "3", "4", "5"], "is_open": "y",
}  # fmt: skip
HELPER = {
    "name": "李秀英", "kind": "village", "sex": "female", "phone": "199 0000 1234", "division_code": VILLAGE,
    "means": "foot", "max_daily_minutes": "360", "skills": ["bathing", "nursing"], "languages": ["shaanbei"],
    "shift_1": "08:30-12:00 14:00-17:30", "is_active": "y", "centre_id": "",
}  # fmt: skip


@pytest.fixture
def officer(app, make_user, sign_in):
    """A county officer of 宝塔区, signed in."""
    make_divisions()
    return sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))


@pytest.fixture
def elsewhere(app):
    """Things of 延长县: none of the officer's business."""
    found = {
        "centres": make_centre(division_code=OTHER_VILLAGE, name="槐里坪幸福院").id,
        "canteens": make_canteen(division_code=OTHER_VILLAGE, name="槐里坪食堂").id,
        "helpers": make_helper(division_code=OTHER_VILLAGE, name="赵铁柱").id,
    }
    db.session.commit()
    return found


def _acts():
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


@pytest.mark.parametrize("room", ["centres", "canteens", "helpers", "divisions"])
def test_every_registry_says_what_to_do_when_it_is_empty(officer, room):
    if room == "divisions":
        assert "赵家岸村" in officer.get("/divisions/?q=赵家岸").text
    else:
        assert f'href="/{room}/new"' in officer.get(f"/{room}/").text


@pytest.mark.parametrize("room", ["centres", "canteens", "helpers"])
def test_what_lies_outside_the_scope_does_not_exist(officer, elsewhere, room):
    key = elsewhere[room]
    assert "槐里坪" not in officer.get(f"/{room}/").text
    assert "赵铁柱" not in officer.get(f"/{room}/").text
    for path in (f"/{room}/{key}", f"/{room}/{key}/edit", f"/{room}/{key}/history", f"/{room}/{uuid.uuid4()}"):
        assert officer.get(path).status_code == 404
    assert officer.post(f"/{room}/{key}/edit", data={}).status_code == 404


def test_a_division_of_another_county_does_not_exist(officer):
    for path in (f"/divisions/{YANCHANG}", f"/divisions/{OTHER_VILLAGE}/edit", "/divisions/999999", "/divisions/12"):
        assert officer.get(path).status_code == 404


def test_a_centre_is_entered_by_the_name_of_its_village(officer):
    answer = officer.post("/centres/new", data=CENTRE)
    assert answer.status_code == 303
    centre = db.session.scalars(select(Centre)).one()
    assert (centre.division_code, centre.pinyin, centre.weekdays) == (VILLAGE, "zhaojiaanhuzhuxingfuyuan", [1, 3, 5])
    page = officer.get(answer.location).text
    assert "周一、周三、周五" in page
    assert "宝塔区 河庄坪镇 赵家岸村" in page
    assert "centre.create" in _acts()


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("name", "", "请填写名称"),
        ("division_code", "槐里坪村", "没有找到这个区划"),
        ("division_code", OTHER_VILLAGE, "不在您的管理范围内"),
        ("closes_minute", "07:00", "结束时间要晚于开始时间"),
        ("closes_minute", "25:99", "08:30 这样"),
        ("phone", "123", "电话号码不对"),
        ("weekdays", [], "请至少选一天"),
        ("places", "-3", "0 到 5000"),
        ("kind", "palace", ""),
    ],
)
def test_wrong_input_gets_a_sentence_and_loses_nothing(officer, field, wrong, sentence):
    answer = officer.post("/centres/new", data=CENTRE | {field: wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    if field != "name":
        assert "赵家岸互助幸福院" in answer.text
    assert db.session.scalars(select(Centre)).all() == []


def test_a_point_outside_the_city_is_a_mistake(officer):
    swapped = CENTRE | {"latitude": "109.4843", "longitude": "36.5854"}
    assert "经纬度是否填反" in officer.post("/centres/new", data=swapped).text
    assert "一起填写" in officer.post("/centres/new", data=CENTRE | {"latitude": "36.6"}).text


def test_two_centres_of_one_name_in_one_place_are_refused(officer):
    officer.post("/centres/new", data=CENTRE)
    assert "同名的站点" in officer.post("/centres/new", data=CENTRE).text


def test_an_edit_is_written_down_with_before_and_after(officer):
    where = officer.post("/centres/new", data=CENTRE).location
    officer.post(f"{where}/edit", data=CENTRE | {"places": "35"})
    page = officer.get(f"{where}/history").text
    assert "日间名额" in page
    assert "20 → 35" in page


def test_a_manager_changes_the_centre_but_not_what_the_office_decides(app, make_user, sign_in):
    centre = make_centre(name="枣园日间照料中心")
    db.session.commit()
    client = sign_in(make_user(Role.CENTRE_MANAGER, centre_id=centre.id))
    changed = CENTRE | {
        "name": "枣园日间照料中心",
        "kind": "institution",
        "is_exemplary": "y",
        "division_code": VILLAGE,
    }
    assert client.post(f"/centres/{centre.id}/edit", data=changed).status_code == 303
    db.session.expire_all()
    centre = db.session.get(Centre, centre.id)
    assert (centre.places, centre.kind, centre.is_exemplary, centre.division_code) == (20, "day_care", False, TOWNSHIP)
    assert "哪几天开放" in client.get(f"/centres/{centre.id}/edit").text
    assert client.post("/centres/new", data=CENTRE).status_code == 422


def test_staff_come_and_go(officer):
    where = officer.post("/centres/new", data=CENTRE).location
    staff = {"name": "王丽", "post": "护理员", "phone": "19900001111", "weekdays": ["1", "2"]}
    assert officer.post(f"{where}/staff", data=staff).status_code == 303
    assert "王丽" in officer.get(where).text
    assert officer.post(f"{where}/staff", data=staff | {"weekdays": []}).status_code == 422
    one = db.session.scalars(select(CentreStaff)).one()
    assert officer.post(f"{where}/staff/{one.id}/remove").status_code == 303
    assert db.session.scalars(select(CentreStaff)).all() == []


def test_a_canteen_offers_the_meals_it_has_portions_for(officer):
    where = officer.post("/canteens/new", data=CANTEEN).location
    meals = db.session.scalars(select(CanteenMeal)).all()
    assert [(one.meal, one.capacity, one.from_minute, one.weekdays) for one in meals] == [
        (Meal.LUNCH, 60, 690, [1, 2, 3, 4, 5])
    ]
    officer.post(f"{where}/edit", data=CANTEEN | {"lunch_capacity": "", "supper_capacity": "30"})
    assert [one.meal for one in db.session.scalars(select(CanteenMeal))] == [Meal.SUPPER]
    assert officer.post(f"{where}/edit", data=CANTEEN | {"lunch_to": "11:00"}).status_code == 422


def test_a_canteen_closes_and_opens_again(officer):
    where = officer.post("/canteens/new", data=CANTEEN).location
    today = local_day(utc_now())
    days = {"from_on": today.isoformat(), "to_on": (today + timedelta(days=2)).isoformat(), "reason": "检修"}
    assert officer.post(f"{where}/closures", data=days).status_code == 303
    assert "停餐到" in officer.get("/canteens/").text
    assert officer.post(f"{where}/closures", data=days).status_code == 422
    past = days | {"from_on": "2020-01-01"}
    assert officer.post(f"{where}/closures", data=past).status_code == 422
    closure = db.session.scalars(select(CanteenClosure)).one()
    assert officer.post(f"{where}/closures/{closure.id}/cancel").status_code == 303
    assert db.session.scalars(select(CanteenClosure)).all() == []


def test_a_helper_has_shifts_skills_and_a_masked_phone(officer, make_user, sign_in):
    where = officer.post("/helpers/new", data=HELPER).location
    helper = db.session.scalars(select(Helper)).one()
    assert (helper.phone, helper.pinyin, helper.skills) == ("19900001234", "lixiuying", ["bathing", "nursing"])
    page = officer.get(where).text
    assert "08:30–12:00" in page
    assert "19900001234" in page
    dispatcher = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))
    page = dispatcher.get(where).text
    assert "199****1234" in page
    assert "19900001234" not in page


def test_a_helper_is_found_by_name_pinyin_and_whole_phone(officer):
    officer.post("/helpers/new", data=HELPER)
    for text in ("秀英", "lixiu", "199 0000 1234"):
        assert "李秀英" in officer.get("/helpers/", query_string={"q": text}).text
    assert "李秀英" not in officer.get("/helpers/?q=王").text


def test_two_helpers_do_not_share_a_phone(officer):
    officer.post("/helpers/new", data=HELPER)
    assert "已经有一位助老员" in officer.post("/helpers/new", data=HELPER | {"name": "李秀兰"}).text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "要填写困难家庭证明"),
        ({"hardship_proof": "低保证 123"}, "证明的有效期"),
        ({"hardship_proof": "低保证 123", "hardship_valid_to": "2020-01-01"}, "已经过期"),
    ],
)
def test_a_paired_post_needs_a_proof_that_is_still_good(officer, changes, sentence):
    answer = officer.post("/helpers/new", data=HELPER | {"kind": "paired_post"} | changes)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_paired_post_with_a_proof_that_runs_out_is_noticed(officer):
    soon = (local_day(utc_now()) + timedelta(days=10)).isoformat()
    good = HELPER | {"kind": "paired_post", "hardship_proof": "低保证 123", "hardship_valid_to": soon}
    assert officer.post("/helpers/new", data=good).status_code == 303
    assert "李秀英" in officer.get("/helpers/?state=proof").text
    assert "到期" in officer.get("/helpers/").text


def test_the_database_too_wants_a_proof_for_a_paired_post(app):
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError):
        make_helper(kind=HelperKind.PAIRED_POST)
    db.session.rollback()


def test_unreadable_shifts_are_refused_and_kept_as_typed(officer):
    answer = officer.post("/helpers/new", data=HELPER | {"shift_3": "早上八点半"})
    assert answer.status_code == 422
    assert "早上八点半" in answer.text


def test_leave_is_taken_and_taken_back(officer):
    where = officer.post("/helpers/new", data=HELPER).location
    today = local_day(utc_now())
    days = {"from_on": today.isoformat(), "to_on": today.isoformat(), "reason": "看病"}
    assert officer.post(f"{where}/leaves", data=days).status_code == 303
    assert "李秀英" in officer.get("/helpers/?state=on_leave").text
    assert officer.post(f"{where}/leaves", data=days).status_code == 422
    leave = db.session.scalars(select(Helper)).one()
    page = officer.get(where).text
    assert "看病" in page
    key = page.split("/leaves/")[1].split("/cancel")[0]
    assert officer.post(f"{where}/leaves/{key}/cancel").status_code == 303
    assert "李秀英" not in officer.get("/helpers/?state=on_leave").text
    assert leave


def test_a_township_is_entered_under_its_county_only(officer):
    new = {"code": "610602101", "name": "枣园街道", "ruggedness": "0.3"}
    assert officer.post("/divisions/new", data=new).status_code == 303
    assert db.session.get(Division, "610602101").parent_code == BAOTA
    assert "已经登记过" in officer.post("/divisions/new", data=new).text
    assert "不在您管理的区划" in officer.post("/divisions/new", data=new | {"code": "610621101"}).text
    assert "请先登记它" in officer.post("/divisions/new", data=new | {"code": "610602109001"}).text
    assert officer.post("/divisions/610602101/edit", data=new | {"name": "枣园街"}).status_code == 303
    assert "枣园街道 → 枣园街" in officer.get("/divisions/610602101/history").text


def test_the_reference_is_loaded_once_with_its_former_codes(app):
    assert divisions.load_reference(by=SYSTEM, now=utc_now()) == 14
    assert divisions.load_reference(by=SYSTEM, now=utc_now()) == 0
    scope = SYSTEM.scope("division.read")
    assert divisions.recognise("610624", scope) == "610603"
    assert divisions.recognise("612601", scope) == "610602"
    assert divisions.recognise("延长县", scope) == "610621"
    assert db.session.get(Division, "610621").pinyin == "yanchangxian"


def test_suggestions_stay_within_the_scope(officer):
    found = officer.get("/divisions/suggest?q=村&permission=centre.edit").json
    assert [one["code"] for one in found] == [VILLAGE]
    assert officer.get("/divisions/suggest?q=赵家").json[0]["name"] == "宝塔区 河庄坪镇 赵家岸村"


def test_an_export_holds_what_the_filters_show_and_is_written_down(officer):
    officer.post("/centres/new", data=CENTRE)
    officer.post("/centres/new", data=CENTRE | {"name": "=1+1", "kind": "day_care"})
    answer = officer.get("/centres/export.xlsx?kind=day_care")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["名称", "'=1+1"]
    assert "centre.export" in _acts()
    for room in ("canteens", "helpers"):
        assert officer.get(f"/{room}/export.xlsx").status_code == 200


def test_filters_live_in_the_address(officer):
    officer.post("/centres/new", data=CENTRE)
    assert "赵家岸互助幸福院" in officer.get(f"/centres/?kind=mutual_aid&division={TOWNSHIP}&state=open").text
    for narrow in ("kind=day_care", "state=closed", "state=exemplary", f"division={YANCHANG}", "q=nothing", "q=%25"):
        assert "赵家岸互助幸福院" not in officer.get(f"/centres/?{narrow}").text


@pytest.mark.parametrize("room", ["centres", "canteens", "helpers"])
def test_a_list_costs_the_same_with_three_rows_and_with_sixty(officer, room):
    make = {"centres": make_centre, "canteens": make_canteen, "helpers": make_helper}[room]
    costs = []
    for rows in (3, 57):
        for number in range(rows):
            make(name=f"{room}{number}", pinyin=f"x{number:03d}{rows}")
        db.session.commit()
        officer.get(f"/{room}/")
        with counted(db.engine) as sent:
            page = officer.get(f"/{room}/").text
        costs.append(sent.count)
    assert costs[0] == costs[1] <= 12
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert officer.get(following).text.count("<tr>") == 11


def test_the_city_sees_all_and_narrows_by_county(app, make_user, sign_in, elsewhere):
    client = sign_in(make_user(Role.CITY_OFFICER, division_code=CITY))
    assert "槐里坪幸福院" in client.get("/centres/").text
    page = client.get("/centres/").text
    assert f"division={YANCHANG}" in page
    assert "槐里坪幸福院" in client.get(f"/centres/?division={YANCHANG}").text
    assert db.session.scalars(select(Canteen)).one().name == "槐里坪食堂"
