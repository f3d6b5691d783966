"""What a phone sends: answered one by one, exactly once, and nothing hostile gets through or brings it down."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.times import local_day, utc_now
from extensions import db
from models import Role, User, Visit, VisitEvent, VisitStatus
from tests import factories

URL = "/api/v1/visits/events"
NOW = utc_now()


@pytest.fixture
def visit(app: Flask) -> Visit:
    helper = factories.make_helper()
    made = factories.make_visit(
        factories.make_senior(), local_day(NOW), helper_id=helper.id, status=VisitStatus.PLANNED
    )
    db.session.commit()
    return made


@pytest.fixture
def phone(visit: Visit, make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(make_user(Role.HELPER, helper_id=visit.helper_id))


def event(visit: Visit, kind: str = "arrived", at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    when = (at or NOW).isoformat()
    fields = {
        "id": str(uuid.uuid4()), "visit_id": str(visit.id), "kind": kind, "happened_at": when, "recorded_at": when,
        "payload": {},
    }  # fmt: skip
    return fields | changes


def send(phone: FlaskClient, *events: Any, **more: Any) -> list[str]:
    answer = phone.post(URL, json={"sent_at": utc_now().isoformat(), "events": list(events)} | more)
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return [one["answer"] for one in answer.json["answers"]]


def stored() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(VisitEvent)) or 0


def test_each_event_is_answered_in_its_order(visit: Visit, phone: FlaskClient) -> None:
    first, bad = event(visit), event(visit, kind="nonsense")
    assert send(phone, first, bad, first) == ["received", "refused", "already"]
    assert send(phone, first) == ["already"]
    assert stored() == 1


def test_a_refusal_says_why_in_a_sentence(visit: Visit, phone: FlaskClient) -> None:
    answer = phone.post(URL, json={"events": [event(visit, at=NOW + timedelta(days=2))]})
    assert answer.json is not None
    assert answer.json["answers"][0]["why"] == "记录的时间还没有到，请检查手机的时间。"


def test_a_phone_two_hours_ahead_is_taken_at_its_word_less_two_hours(visit: Visit, phone: FlaskClient) -> None:
    ahead = utc_now() + timedelta(hours=2)
    assert send(phone, event(visit, at=ahead), sent_at=ahead.isoformat()) == ["received"]
    db.session.rollback()
    arrived = db.session.get_one(Visit, visit.id).arrived_at
    assert arrived is not None
    assert abs(arrived - utc_now()) < timedelta(minutes=1)


def test_a_whole_visit_arrives_backwards(visit: Visit, phone: FlaskClient) -> None:
    blocks = ("health", "economy", "family", "safety", "needs")
    story = [event(visit, at=NOW - timedelta(minutes=30))]
    story += [event(visit, "checked", payload={"block": block, "mark": "normal"}) for block in blocks]
    story += [event(visit, "done")]
    for one in reversed(story):
        send(phone, one)
    db.session.rollback()
    assert db.session.get_one(Visit, visit.id).status == VisitStatus.DONE


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "1"},
        {"id": None},
        {"id": 7},
        {"id": "x" * 36},
        {"visit_id": str(uuid.uuid4())},
        {"visit_id": ["a"]},
        {"kind": {"a": 1}},
        {"kind": "DONE"},
        {"happened_at": "2026-11-23T10:00:00"},  # no zone
        {"happened_at": "yesterday"},
        {"happened_at": "9999-12-31T23:59:59-14:00"},
        {"happened_at": "0001-01-01T00:00:00+14:00"},
        {"happened_at": 1763870400},
        {"recorded_at": None},
        {"payload": []},
        {"payload": "x"},
        {"kind": "checked", "payload": {"block": "roof", "mark": "normal"}},
        {"kind": "checked", "payload": {"block": "health", "mark": "fine"}},
        {"kind": "checked", "payload": {"block": "health", "mark": "normal", "note": "长" * 1001}},
        {"kind": "checked", "payload": {"block": "health", "mark": "normal", "note": {"$ne": 1}}},
        {"kind": "mood", "payload": {"mood": True}},
        {"kind": "needs", "payload": {"needs": ["meals"] * 50}},
        {"kind": "needs", "payload": {"needs": [["meals"]]}},
        {"kind": "outcome", "payload": {"outcome": "met"}},
        {"kind": "outcome", "payload": {}},
        {"kind": "reopened", "payload": {"ending_id": "x"}},
        {"payload": {"latitude": "36.6"}},
        {"payload": {"latitude": 91}},
        {"payload": {"longitude": True}},
    ],
)
def test_what_is_not_well_formed_is_refused_and_not_stored(
    visit: Visit, phone: FlaskClient, changes: dict[str, Any]
) -> None:
    assert send(phone, event(visit, **changes)) == ["refused"]
    assert stored() == 0


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b"3", b'{"events": {}}', b'{"events": null}', b"\xff\xfe", b"[" * 200_000]
)
def test_a_body_that_is_no_batch_is_answered_as_json(phone: FlaskClient, body: bytes) -> None:
    answer = phone.post(URL, data=body, content_type="application/json")
    assert answer.status_code in {400, 409}
    assert answer.json is not None
    assert answer.json["title"]


def test_too_many_events_at_once_are_refused_whole(visit: Visit, phone: FlaskClient) -> None:
    answer = phone.post(URL, json={"events": [event(visit)] * 501})
    assert answer.status_code == 409
    assert stored() == 0


def test_a_note_loses_its_control_characters(visit: Visit, phone: FlaskClient) -> None:
    send(phone, event(visit, "note", payload={"note": "甲\x00乙\x1b[31m\n丙"}))
    db.session.rollback()
    assert db.session.scalars(select(VisitEvent.payload)).one() == {"note": "甲乙[31m\n丙"}


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.post(URL, json={"events": []}).status_code == 401


def test_a_family_may_not_report(
    visit: Visit, make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]
) -> None:
    family = sign_in(make_user(Role.FAMILY, senior_id=visit.senior_id))
    assert family.post(URL, json={"events": [event(visit)]}).status_code == 403


def test_without_its_token_a_batch_is_refused(app: Flask, visit: Visit, phone: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = phone.post(URL, json={"events": [event(visit)]})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 400
    assert stored() == 0


def test_one_helper_cannot_learn_whether_anothers_visit_exists(visit: Visit, phone: FlaskClient) -> None:
    other = factories.make_visit(factories.make_senior(), local_day(NOW), helper_id=factories.make_helper().id)
    db.session.commit()
    sent = [event(other), event(visit, visit_id=str(uuid.uuid4()))]
    answer = phone.post(URL, json={"events": sent})
    assert answer.json is not None
    known, unknown = (one["why"] for one in answer.json["answers"])
    assert known == unknown


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(_json, max_size=4), field=st.sampled_from(["id", "kind", "payload", "recorded_at"]), value=_json)
def test_nothing_that_can_be_sent_brings_it_down(
    visit: Visit, phone: FlaskClient, items: list[Any], field: str, value: Any
) -> None:
    nearly = event(visit, "checked", payload={"block": "health", "mark": "normal"}) | {field: value}
    answer = phone.post(URL, data=json.dumps({"events": [*items, nearly]}), content_type="application/json")
    assert answer.status_code == 200
    assert answer.json is not None
    assert len(answer.json["answers"]) == len(items) + 1
