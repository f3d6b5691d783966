"""Signing in, staying in, and being put out."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from extensions import db
from models import AuditEntry, Division, DivisionLevel, Role, SignInAttempt, User
from models.keyring import keyring
from services import passwords

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD = "pine-and-crane-7"


@pytest.fixture
def officer(make_user) -> User:
    db.session.add(Division(code="610600", name="延安市", level=DivisionLevel.CITY))
    db.session.commit()
    user = make_user(Role.CITY_OFFICER, division_code="610600", user_name="wang")
    user.password_hash = passwords.hashed(PASSWORD)
    user.phone = "13800000000"
    user.phone_index = keyring.blind_index("13800000000", "users.phone")
    db.session.commit()
    return user


def _enter(client, login="wang", password=PASSWORD, **query):
    return client.post("/sign-in", data={"login": login, "password": password}, query_string=query)


@pytest.mark.parametrize("login", ["wang", " wang ", "13800000000", "+86 138-0000-0000"])
def test_a_user_name_or_a_phone_opens_the_door(client, officer, login):
    assert _enter(client, login).status_code == 303
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(("login", "password"), [("wang", "wrong"), ("nobody", PASSWORD), ("wang", PASSWORD + " ")])
def test_what_is_wrong_is_not_told(client, officer, login, password):
    answer = _enter(client, login, password)
    assert answer.status_code == 422
    assert "用户名、手机号或密码不对" in answer.text


def test_what_was_typed_stays_but_never_the_password(client, officer):
    answer = _enter(client, "zhang.san", "secret-word")
    assert "zhang.san" in answer.text
    assert "secret-word" not in answer.text


def test_five_wrong_passwords_lock_the_login_even_for_the_right_one(client, officer):
    with time_machine.travel(NOON, tick=False):
        for _ in range(5):
            _enter(client, password="wrong")
        answer = _enter(client)
        assert answer.status_code == 422
        assert "15 分钟后再试" in answer.text
    with time_machine.travel(NOON + timedelta(minutes=16), tick=False):
        assert _enter(client).status_code == 303


def test_a_success_starts_the_count_anew(client, officer):
    with time_machine.travel(NOON) as clock:
        for _ in range(4):
            _enter(client, password="wrong")
        clock.shift(1)
        assert _enter(client).status_code == 303
        client.post("/sign-out")
        clock.shift(1)
        for _ in range(4):
            _enter(client, password="wrong")
        assert _enter(client).status_code == 303


def test_one_address_that_tries_many_names_is_stopped(client, officer):
    for number in range(50):
        db.session.add(SignInAttempt(login_index=str(number), address="127.0.0.1", at=NOON, is_success=False))
    db.session.commit()
    with time_machine.travel(NOON + timedelta(minutes=1)):
        assert _enter(client).status_code == 422


def test_a_demo_account_is_refused_in_production(app, client, officer, monkeypatch):
    officer.is_demo = True
    assert _enter(client).status_code == 303
    settings = dataclasses.replace(app.extensions["settings"], mode="production")
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert client.get("/").status_code == 303
    assert _enter(client).status_code == 422


def test_an_idle_session_ends(client, officer):
    with time_machine.travel(NOON) as clock:
        _enter(client)
        assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=59))
        assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=61))
        assert client.get("/").status_code == 303


def test_signing_out_everywhere_ends_the_other_sessions(app, client, officer):
    other = app.test_client()
    _enter(client)
    _enter(other)
    assert other.get("/").status_code == 200
    client.post("/sign-out", data={"everywhere": "1"})
    assert other.get("/").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.act == "user.sign_out_everywhere")) == 1


def test_a_deactivated_user_is_out_at_once(client, officer):
    _enter(client)
    officer.is_active = False
    assert client.get("/").status_code == 303


def test_a_first_password_must_be_changed_before_anything_else(client, officer):
    officer.must_change_password = True
    _enter(client)
    assert client.get("/").location == "/password"
    page = client.get("/password").text
    assert "先换成您自己的密码" in page
    assert "不改了，返回" not in page, "there is nowhere to go back to yet"
    answer = client.post(
        "/password", data={"old_password": PASSWORD, "new_password": "loess-valley-9", "again": "loess-valley-9"}
    )
    assert answer.status_code == 303
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("new", "said"),
    [("short", "至少要 10 位"), ("1234567890", "太容易"), ("wang-and-more", "用户名"), (PASSWORD, "不能和原密码一样")],
)
def test_a_weak_new_password_is_refused_with_the_reason(client, officer, new, said):
    _enter(client)
    answer = client.post("/password", data={"old_password": PASSWORD, "new_password": new, "again": new})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "///evil"]
)
def test_after_signing_in_nobody_is_sent_elsewhere(client, officer, target):
    assert _enter(client, next=target).location == "/"


def test_after_signing_in_one_is_where_one_wanted_to_be(client, officer):
    assert _enter(client, next="/password?a=1").location == "/password?a=1"


def test_the_language_is_kept_with_the_person(client, officer):
    _enter(client)
    client.post("/preferences", data={"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/").text
    db.session.refresh(officer)
    assert officer.language == "en"


def test_a_form_without_its_token_is_refused(app, client, officer):
    app.config["WTF_CSRF_ENABLED"] = True
    assert _enter(client).status_code == 400


def test_every_page_carries_the_security_headers(client):
    answer = client.get("/sign-in")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_what_a_signed_in_person_sees_is_not_cached(client, officer):
    _enter(client)
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_not_for_scripts(client, officer):
    cookie = _enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_address_is_found_with_and_without_its_last_slash(client):
    assert client.get("/sign-in").status_code == client.get("/sign-in/").status_code == 200
