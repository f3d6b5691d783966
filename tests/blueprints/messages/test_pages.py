"""The outbox, one text's story, the list that waits for a person, and the phones."""

import uuid
from datetime import timedelta

import pytest

from domain.times import local_day, utc_now
from extensions import db
from models import AuditEntry, Breaker, Message, MessageStatus, Role
from services.messages import breaker
from tests.factories import BAOTA, CITY, OTHER_VILLAGE, YANCHANG, make_divisions, make_senior
from tests.messages import ACCOUNT, QUICK, TOKEN, make_message, make_sender, open_sandbox

S = MessageStatus


@pytest.fixture
def dispatcher(app, make_user, sign_in):
    make_divisions()
    db.session.commit()
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def make_text(status=S.PENDING, **changes) -> Message:
    now = utc_now()
    message = make_message(now, senior_id=make_senior().id, resend_number=0, **changes)
    if status is not S.PENDING:
        message.claim("me", now + timedelta(minutes=2))
        if status is S.FAILED:
            message.refused("21614", now)
        elif status is S.UNKNOWN:
            message.doubt("readtimeout", now, now)
        else:
            message.accepted("SM" + uuid.uuid4().hex, now, now)
    db.session.commit()
    return message


def test_the_outbox_shows_a_day_with_masked_names_and_numbers(dispatcher):
    make_text()
    page = dispatcher.get("/messages").text
    assert "张*兰" in page
    assert "199****1234" in page
    assert "张玉兰" not in page
    assert "19900001234" not in page
    yesterday = local_day(utc_now()) - timedelta(days=1)
    assert "张*兰" not in dispatcher.get(f"/messages?day={yesterday}").text


def test_filters_live_in_the_address_and_nonsense_in_it_does_no_harm(dispatcher):
    make_text(S.FAILED)
    assert "不是手机号" in dispatcher.get("/messages?status=failed").text
    assert "没有这样的短信" in dispatcher.get("/messages?status=sent&purpose=visit_eve").text
    assert dispatcher.get("/messages?status=x&purpose=y&day=2026-99-99&after=zzz&senior=1").status_code == 200


def test_another_countys_texts_do_not_exist(dispatcher):
    message = make_text(division_code=OTHER_VILLAGE)
    assert "张*兰" not in dispatcher.get("/messages").text
    assert dispatcher.get(f"/messages/{message.id}").status_code == 404
    assert dispatcher.post(f"/messages/{message.id}/resend", data={"reason": "x"}).status_code == 404


def test_a_story_is_told_in_order_and_reading_it_is_written_down(dispatcher):
    message = make_text(S.SENT)
    page = dispatcher.get(f"/messages/{message.id}").text
    assert page.index("写入发件箱") < page.index("再发一次")
    assert message.body in page
    acts = db.session.scalars(db.select(AuditEntry.act).where(AuditEntry.subject_id == str(message.id)))
    assert list(acts) == ["message.show"]


def test_a_person_sends_a_failed_text_again_with_a_reason(dispatcher):
    message = make_text(S.FAILED)
    assert dispatcher.post(f"/messages/{message.id}/resend", data={"reason": " "}).status_code == 422
    assert dispatcher.post(f"/messages/{message.id}/resend", data={"reason": "号码改对了"}).status_code == 303
    again = db.session.scalars(db.select(Message).where(Message.resend_of_id == message.id)).one()
    assert (again.status, again.body, again.resend_number) == (S.PENDING, message.body, 1)
    db.session.expire_all()
    assert db.session.get_one(Message, message.id).handled_note == "号码改对了"


def test_a_text_in_doubt_cannot_be_sent_again_by_hand(dispatcher):
    message = make_text(S.UNKNOWN)
    answer = dispatcher.post(f"/messages/{message.id}/resend", data={"reason": "没收到"})
    assert answer.status_code == 422
    assert "可能会收到两条" in answer.text
    assert "没收到" in answer.text


def test_who_waits_for_a_person_is_listed_until_somebody_has_dealt_with_it(dispatcher):
    message = make_text(S.FAILED)
    assert "张*兰" in dispatcher.get("/messages/awaiting").text
    assert dispatcher.post(f"/messages/{message.id}/handle", data={"note": ""}).status_code == 422
    assert dispatcher.post(f"/messages/{message.id}/handle", data={"note": "已打给女儿"}).status_code == 303
    assert "张*兰" not in dispatcher.get("/messages/awaiting").text


def test_who_may_only_read_cannot_resend(make_user, sign_in):
    make_divisions()
    db.session.commit()
    message = make_text(S.FAILED)
    client = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=BAOTA))
    page = client.get(f"/messages/{message.id}")
    assert page.status_code == 200
    assert "/resend" not in page.text
    assert client.post(f"/messages/{message.id}/resend", data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize(("division", "is_closed"), [(CITY, True), (YANCHANG, False)])
def test_only_who_answers_for_the_city_reopens_the_channel(make_user, sign_in, division, is_closed):
    make_divisions()
    db.session.commit()
    make_sender(type("NoGateway", (), {"name": "sandbox", "sender": "+86199"})())
    breaker.failed("sandbox", "20003", terms=QUICK, now=utc_now(), at_once=True)
    db.session.commit()
    client = sign_in(make_user(Role.DISPATCHER, division_code=division))
    page = client.get("/messages").text
    assert "短信通道暂停了" in page
    assert ("恢复发送" in page) is is_closed
    answer = client.post("/messages/channels/sandbox/close", data={"reason": "密钥换好了"})
    assert answer.status_code == (303 if is_closed else 404)
    db.session.expire_all()
    assert (db.session.get_one(Breaker, "sandbox").state == "closed") is is_closed


@pytest.mark.server
def test_a_phone_shows_what_its_owner_would_see(dispatcher, app, monkeypatch):
    from dataclasses import replace

    sandbox = open_sandbox()
    changed = replace(
        app.extensions["settings"], sandbox_url=sandbox.url, twilio_account_sid=ACCOUNT, twilio_auth_token=TOKEN
    )
    monkeypatch.setitem(app.extensions, "settings", changed)
    senior = make_senior(phones=["19900001234"])
    text = sandbox.state.accept("+8619900001234", "x", "【延安养老】张奶奶您好。", "")
    sandbox.state.accept("+8619900001234", "x", "别处的短信", "")
    now = utc_now()
    message = make_message(now, senior_id=senior.id, resend_number=0)
    message.claim("me", now + timedelta(minutes=2))
    message.accepted(text.sid, now, now)
    db.session.commit()
    assert "张*兰" in dispatcher.get("/phones").text
    page = dispatcher.get(f"/phones/{senior.id}").text
    assert "【延安养老】张奶奶您好。" in page
    assert "别处的短信" not in page, "only texts of this installation and scope"
    sandbox.stop()
    assert "短信沙箱没有在运行" in dispatcher.get(f"/phones/{senior.id}").text


def test_with_a_real_provider_there_are_no_phones_to_look_at(dispatcher, app, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], sms_gateway="twilio"))
    assert dispatcher.get("/phones").status_code == 404
