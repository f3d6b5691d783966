"""The working day of a helper as the form asks for it: break, contract, load, last place."""

import pytest
from sqlalchemy import select

from extensions import db
from models import Helper, Role
from tests.factories import BAOTA, VILLAGE, make_centre, make_divisions

HELPER = {
    "name": "李秀英", "kind": "village", "sex": "female", "phone": "", "division_code": VILLAGE, "means": "foot",
    "max_daily_minutes": "360", "shift_1": "08:30-12:00 14:00-17:30", "is_active": "y", "centre_id": "",
}  # fmt: skip


@pytest.fixture
def officer(app, make_user, sign_in):
    make_divisions()
    return sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))


WORKDAY = {
    "contracted_minutes": "300", "break_minutes": "60", "break_earliest": "11:30", "break_latest": "13:00",
    "capacity": "12",
}  # fmt: skip


def test_a_helper_has_a_break_a_contract_and_a_load_and_ends_the_day_at_a_station(officer):
    station = make_centre(name="河庄坪站")
    db.session.commit()
    where = officer.post("/helpers/new", data=HELPER | WORKDAY | {"end_centre_id": str(station.id)}).location
    helper = db.session.scalars(select(Helper)).one()
    assert (helper.contracted_minutes, helper.capacity, helper.end_centre_id) == (300, 12, station.id)
    assert (helper.break_minutes, helper.break_earliest, helper.break_latest) == (60, 690, 780)
    page = officer.get(where).text
    for said in ("5 小时", "11:30 到 13:00 之间开始", "12 份饭", "河庄坪站"):
        assert said in page
    assert 'value="11:30"' in officer.get(f"{where}/edit").text
    assert officer.post(f"{where}/edit", data=HELPER | WORKDAY | {"break_minutes": "0"}).status_code == 303
    db.session.refresh(helper)
    assert (helper.break_minutes, helper.break_earliest, helper.end_centre_id) == (0, None, None)
    assert "午休分钟" in officer.get(f"{where}/history").text


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"contracted_minutes": "500"}, "contracted_minutes", "不能比每天最多的还长"),
        ({"contracted_minutes": "很多"}, "contracted_minutes", "请填整数"),
        ({"break_minutes": "300"}, "break_minutes", "请填 0 到 180 之间的数。"),
        ({"break_earliest": ""}, "break_earliest", "请填写午休最早几点开始。"),
        ({"break_latest": ""}, "break_latest", "请填写午休最晚几点开始。"),
        ({"break_latest": "11:00"}, "break_latest", "最晚的时间不能早于最早的时间。"),
        ({"break_latest": "中午"}, "break_latest", "请按 08:30 这样填写时间。"),
        ({"capacity": "-1"}, "capacity", "请填 0 到 200 之间的数。"),
        ({"end_centre_id": "nowhere"}, "end_centre_id", "请从列表里选一项。"),
    ],
)
def test_a_working_day_that_makes_no_sense_is_refused_beside_its_field(officer, wrong, field, sentence):
    answer = officer.post("/helpers/new", data=HELPER | WORKDAY | wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in answer.text
    assert "李秀英" in answer.text
