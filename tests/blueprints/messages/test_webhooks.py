"""Callbacks: signed ones move one row up, all else changes nothing and is never answered with 500."""

import itertools
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from domain.times import utc_now
from extensions import db
from models import Message, MessageReceipt, MessageStatus
from tests.messages import make_message

SID, OTHER = "SM" + "a" * 32, "SM" + "b" * 32
S = MessageStatus


@pytest.fixture
def ours(app):
    return app.extensions["settings"]


def sent(sid=SID) -> Message:
    now = utc_now()
    message = make_message(now)
    message.claim("me", now + timedelta(minutes=2))
    message.accepted(sid, now, now)
    db.session.commit()
    return message


def post(client, ours, message, *, token=None, sign_with=None, signature=None, **fields):
    path = f"/webhooks/sms/status/{message.id}/{token or message.callback_token}"
    full = {"AccountSid": ours.twilio_account_sid, "MessageSid": SID, "MessageStatus": "delivered"} | fields
    full = {name: value for name, value in full.items() if value is not None}
    if signature is None:
        validator = RequestValidator(sign_with or ours.twilio_auth_token)
        signature = validator.compute_signature(ours.public_url + path, full)
    return client.post(path, data=full, headers={"X-Twilio-Signature": signature})


def fresh(message) -> Message:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Message, message.id)


def test_a_signed_receipt_moves_its_row(client, ours):
    message = sent()
    assert post(client, ours, message).status_code == 204
    assert fresh(message).status is S.DELIVERED


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "sent", "delivered", "delivered"])))
def test_receipts_in_any_order_and_repeated_end_the_same(client, ours, order):
    message = sent()
    for word in order:
        assert post(client, ours, message, MessageStatus=word).status_code == 204
    assert fresh(message).status is S.DELIVERED
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageReceipt)) == 3


def test_a_receipt_settles_a_doubt_at_once(client, ours):
    now = utc_now()
    message = make_message(now)
    message.claim("me", now + timedelta(minutes=2))
    message.doubt("readtimeout", now, now)
    db.session.commit()
    assert post(client, ours, message, MessageStatus="sent").status_code == 204
    row = fresh(message)
    assert (row.status, row.sid) == (S.SENT, SID)


def test_the_reason_of_a_failure_is_kept(client, ours):
    message = sent()
    post(client, ours, message, MessageStatus="undelivered", ErrorCode="30003")
    row = fresh(message)
    assert (row.status, row.code) == (S.UNDELIVERED, "30003")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"sign_with": "another-token"}, 403),
        ({"signature": ""}, 403),
        ({"signature": "forged"}, 403),
        ({"token": "x" * 32}, 404),
        ({"MessageSid": OTHER}, 404),
        ({"MessageSid": "SM123"}, 400),
        ({"MessageSid": None}, 400),
        ({"AccountSid": "AC" + "9" * 32}, 400),
        ({"MessageStatus": "gone"}, 400),
        ({"ErrorCode": "abc"}, 400),
    ],
)
def test_what_is_not_the_providers_word_about_this_row_changes_nothing(client, ours, change, status):
    message = sent()
    assert post(client, ours, message, **change).status_code == status
    assert fresh(message).status is S.SENT


def test_an_empty_token_of_ours_believes_nobody(client, ours, app, monkeypatch):
    from dataclasses import replace

    message = sent()
    monkeypatch.setitem(app.extensions, "settings", replace(ours, twilio_auth_token=""))
    path = f"/webhooks/sms/status/{message.id}/{message.callback_token}"
    fields = {"AccountSid": ours.twilio_account_sid, "MessageSid": SID, "MessageStatus": "delivered"}
    signature = RequestValidator("").compute_signature(ours.public_url + path, fields)
    assert client.post(path, data=fields, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert fresh(message).status is S.SENT


def test_a_replay_against_another_row_is_refused(client, ours):
    message = sent()
    other = make_message(utc_now(), body="另一条")
    db.session.commit()
    path = f"/webhooks/sms/status/{message.id}/{message.callback_token}"
    fields = {"AccountSid": ours.twilio_account_sid, "MessageSid": SID, "MessageStatus": "delivered"}
    signature = RequestValidator(ours.twilio_auth_token).compute_signature(ours.public_url + path, fields)
    elsewhere = f"/webhooks/sms/status/{other.id}/{other.callback_token}"
    assert client.post(elsewhere, data=fields, headers={"X-Twilio-Signature": signature}).status_code == 403


def test_no_row_of_that_id_is_404(client, ours):
    message = sent()
    ghost = Message(id=uuid.uuid4(), callback_token=message.callback_token)
    assert post(client, ours, ghost).status_code == 404


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)),
    kind=st.sampled_from(
        ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "text/xml", ""]
    ),
    signature=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
    tail=st.sampled_from(["", "?x=1", "/more", "%00"]),
)
def test_rubbish_is_never_500_and_changes_nothing(client, ours, body, kind, signature, tail):
    message = db.session.scalars(db.select(Message).where(Message.sid == SID)).one_or_none() or sent()
    path = f"/webhooks/sms/status/{message.id}/{message.callback_token}{tail}"
    answer = client.post(path, data=body, content_type=kind, headers={"X-Twilio-Signature": signature})
    assert answer.status_code in {400, 403, 404, 413}
    assert fresh(message).status is S.SENT


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=6))
def test_even_well_signed_rubbish_is_never_500(client, ours, fields):
    message = db.session.scalars(db.select(Message).where(Message.sid == SID)).one_or_none() or sent()
    plain = {name.encode("utf-8", "ignore").decode(): value.encode("utf-8", "ignore").decode() for name, value in
             fields.items()}  # fmt: skip
    answer = post(client, ours, message, **{"MessageStatus": "no such word"} | plain)
    assert answer.status_code in {204, 400, 403, 404}


def test_a_huge_body_is_refused_unread(client, ours):
    message = sent()
    path = f"/webhooks/sms/status/{message.id}/{message.callback_token}"
    answer = client.post(path, data={"x": "y" * 200_000}, headers={"X-Twilio-Signature": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_heard(client, ours, method):
    message = sent()
    path = f"/webhooks/sms/status/{message.id}/{message.callback_token}"
    assert getattr(client, method)(path).status_code == 405
