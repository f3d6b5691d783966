"""Users: who may let whom in, where to, and who may not."""

import re
import uuid

import pytest
from sqlalchemy import select

from extensions import db
from models import AuditEntry, Grant, Role, User
from services import passwords
from tests.factories import (
    BAOTA,
    CITY,
    OTHER_VILLAGE,
    TOWNSHIP,
    YANCHANG,
    make_centre,
    make_divisions,
    make_helper,
    make_senior,
)


@pytest.fixture
def city(app):
    make_divisions()
    db.session.commit()


@pytest.fixture
def admin(city, make_user):
    return make_user(Role.ADMINISTRATOR, division_code=CITY)


@pytest.fixture
def office(admin, sign_in):
    return sign_in(admin)


@pytest.fixture
def county_office(city, make_user, sign_in):
    return sign_in(make_user(Role.ADMINISTRATOR, division_code=BAOTA))


def acts():
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.id)))


def grants_of(user_id):
    return db.session.scalars(select(Grant).where(Grant.user_id == user_id)).all()


def new_user(client, role, over, **changes):
    data = {"user_name": "li.xiuying", "name": "李秀英", "phone": "199 0000 4444", "over": str(over)} | changes
    return client.post(f"/users?role={role}", data=data)


def test_a_new_user_gets_a_password_once_and_must_change_it(office, client):
    answer = new_user(office, "township_clerk", TOWNSHIP)
    assert answer.status_code == 200, answer.text
    password = re.search(r"<code>([\w-]+)</code>", answer.text)[1]
    assert "no-store" in answer.headers["Cache-Control"]
    user = db.session.scalars(select(User).where(User.user_name == "li.xiuying")).one()
    assert passwords.matches(user.password_hash, password)
    assert password not in str([entry.changes for entry in db.session.scalars(select(AuditEntry))])
    office.post("/sign-out")
    client.post("/sign-in", data={"login": "19900004444", "password": password})
    assert client.get("/seniors").location.endswith("/password")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"user_name": "x"}, "用户名要"),
        ({"user_name": "19900001111"}, "不能是电话"),
        ({"user_name": "<script>"}, "用户名要"),
        ({"name": "李3"}, "请填写姓名"),
        ({"phone": "123"}, "不是电话号码"),
        ({"over": ""}, "请选择管理的范围"),
        ({"over": "999999999"}, "不归您管"),
        ({"over": CITY}, "这一级"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(office, changes, sentence):
    answer = office.post(
        f"/users?role=township_clerk&q={TOWNSHIP}",
        data={"user_name": "li.xiuying", "name": "李秀英", "over": TOWNSHIP} | changes,
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(User.id).where(User.name == "李秀英")) is None


def test_user_names_and_phones_are_taken_once(office):
    new_user(office, "township_clerk", TOWNSHIP)
    assert "已经有人用了" in new_user(office, "township_clerk", TOWNSHIP, user_name="LI.xiuying", phone="").text
    assert "另一个用户" in new_user(office, "township_clerk", TOWNSHIP, user_name="other").text


@pytest.mark.parametrize(
    ("role", "make"),
    [
        ("centre_manager", make_centre),
        ("helper", make_helper),
        ("family", make_senior),
    ],
)
def test_roles_are_held_over_things_that_exist(office, role, make):
    thing = make()
    db.session.commit()
    key = thing.id
    assert new_user(office, role, key, relation="daughter").status_code == 200
    user = db.session.scalars(select(User).where(User.user_name == "li.xiuying")).one()
    assert len(grants_of(user.id)) == 1
    bad = new_user(office, role, uuid.uuid4(), relation="son", user_name="other.one", phone="")
    assert bad.status_code == 422
    assert new_user(office, role, "'; DROP TABLE users; --", user_name="other.two", phone="").status_code == 422


def test_a_family_is_linked_by_a_search_that_shows_little(office):
    make_senior()
    db.session.commit()
    page = office.get("/users/new?role=family&q=zyl").text
    assert "张*兰" in page
    assert "张玉兰" not in page
    assert "张*兰" not in office.get("/users/new?role=family&q=z").text


def test_a_county_administrator_grants_only_in_the_own_county(county_office):
    assert new_user(county_office, "county_officer", BAOTA).status_code == 200
    for role, over in (("county_officer", YANCHANG), ("city_officer", CITY), ("administrator", CITY)):
        answer = new_user(county_office, role, over, user_name=f"other.{role}", phone="")
        assert answer.status_code == 422
        assert "不归您管" in answer.text
    far = make_senior(residence_code=OTHER_VILLAGE)
    db.session.commit()
    answer = new_user(county_office, "family", far.id, relation="son", user_name="other.son", phone="")
    assert answer.status_code == 422


def test_an_account_that_reaches_further_is_not_taken_over(county_office, make_user):
    officer = make_user(Role.COUNTY_OFFICER, division_code=BAOTA)
    officer_id = officer.id
    db.session.add(Grant(user_id=officer_id, role=Role.CITY_OFFICER, division_code=CITY))
    db.session.commit()
    assert county_office.get(f"/users/{officer_id}").status_code == 200
    for act in ("password", "deactivate", "sign-out", "activate"):
        assert county_office.post(f"/users/{officer_id}/{act}").status_code == 404
    assert county_office.get(f"/users/{officer_id}/edit").status_code == 404
    assert county_office.get(f"/users/{officer_id}/grants").status_code == 404


def test_users_elsewhere_are_not_there(county_office, make_user):
    far = make_user(Role.COUNTY_OFFICER, division_code=YANCHANG)
    assert county_office.get(f"/users/{far.id}").status_code == 404
    assert far.user_name not in county_office.get("/users").text


def test_nobody_grants_or_ends_anything_of_his_own(office, admin, make_user):
    make_user(Role.ADMINISTRATOR, division_code=CITY)
    me = admin.id
    own = grants_of(me)[0].id
    answer = office.post(f"/users/{me}/grants?role=city_officer&q={CITY}", data={"over": CITY})
    assert "不能给自己授权" in answer.text
    assert office.post(f"/users/{me}/grants/{own}/end").status_code == 409
    assert office.post(f"/users/{me}/deactivate").status_code == 409
    assert office.post(f"/users/{me}/password").status_code == 409
    assert len(grants_of(me)) == 1


def test_the_last_administrator_stays(office, admin, make_user):
    second = make_user(Role.ADMINISTRATOR, division_code=CITY)
    second_id, own = second.id, grants_of(second.id)[0].id
    assert office.post(f"/users/{second_id}/deactivate").status_code == 303
    assert office.post(f"/users/{second_id}/activate").status_code == 303
    assert office.post(f"/users/{second_id}/grants/{own}/end").status_code == 303
    assert acts() == ["user.deactivate", "user.activate", "user.take_back"]


def test_a_grant_is_given_once_and_taken_back(office, make_user):
    user_id = make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP).id
    assert office.post(f"/users/{user_id}/grants?role=dispatcher", data={"over": BAOTA}).status_code == 303
    again = office.post(f"/users/{user_id}/grants?role=dispatcher", data={"over": BAOTA})
    assert "已经有这项授权" in again.text
    page = office.get(f"/users/{user_id}").text
    assert "调度员" in page
    assert "宝塔区" in page
    grant = next(one for one in grants_of(user_id) if one.role is Role.DISPATCHER)
    assert office.post(f"/users/{user_id}/grants/{grant.id}/end").status_code == 303
    assert [one.role for one in grants_of(user_id)] == [Role.TOWNSHIP_CLERK]
    assert office.post(f"/users/{user_id}/grants/{uuid.uuid4()}/end").status_code == 404


def test_an_edit_keeps_the_phone_left_empty_and_a_reset_ends_sessions(office, make_user):
    new_user(office, "township_clerk", TOWNSHIP)
    user = db.session.scalars(select(User).where(User.user_name == "li.xiuying")).one()
    user_id, version = user.id, user.session_version
    page = office.get(f"/users/{user_id}/edit").text
    assert "199****4444" in page
    assert "19900004444" not in page
    data = {"user_name": "li.xiuying", "name": "李秀兰", "phone": ""}
    assert office.post(f"/users/{user_id}/edit", data=data).status_code == 303
    assert office.post(f"/users/{user_id}/password").status_code == 200
    assert office.post(f"/users/{user_id}/sign-out").status_code == 303
    db.session.expire_all()
    saved = db.session.get(User, user_id)
    assert (saved.name, saved.phone, saved.session_version) == ("李秀兰", "19900004444", version + 2)


def test_an_auditor_reads_users_and_changes_nothing(city, make_user, sign_in):
    auditor = sign_in(make_user(Role.AUDITOR, division_code=CITY))
    user_id = make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP).id
    assert auditor.get("/users").status_code == 200
    assert "重设密码" not in auditor.get(f"/users/{user_id}").text
    for path in ("deactivate", "password", "sign-out"):
        assert auditor.post(f"/users/{user_id}/{path}").status_code == 403


@pytest.mark.parametrize("query", ["q=%25", "role=x", "active=maybe", "q=' OR 1=1 --"])
def test_the_list_survives_what_somebody_types_into_its_address(office, query):
    assert office.get(f"/users?{query}").status_code == 200
