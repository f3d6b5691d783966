"""Alerts are raised once per cause, and pass from hand to hand without anybody being pushed aside."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain.codes import AlertKind
from domain.errors import NotFound, Refusal
from extensions import db
from models import Alert, AlertLevel, AlertStatus, AuditEntry, Role
from policy import Actor, Held
from services import alerts
from tests.factories import BAOTA, VILLAGE, YANCHANG, make_senior

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def dispatcher(division_code: str = BAOTA) -> Actor:
    return Actor(uuid.uuid4(), "调度", (Held(Role.DISPATCHER, division_code=division_code),))


def knock(**changes: object) -> bool:
    fields = {
        "kind": AlertKind.NO_ANSWER, "level": AlertLevel.RED, "division_code": VILLAGE, "cause": "visit:1",
        "summary": "敲门无人应答", "now": NOW,
    }  # fmt: skip
    return alerts.raise_once(**(fields | changes))


def the_alert() -> Alert:
    return db.session.scalars(select(Alert)).one()


@pytest.fixture
def user(make_user):
    make_senior()
    db.session.commit()
    return make_user(Role.DISPATCHER, division_code=BAOTA)


def as_actor(user) -> Actor:
    return Actor(user.id, user.name, (Held(Role.DISPATCHER, division_code=BAOTA),))


def test_the_same_cause_raises_one_alert(app):
    senior = make_senior()
    assert knock(senior_id=senior.id) is True
    assert knock(senior_id=senior.id) is False
    assert knock(senior_id=senior.id, cause="visit:2") is True
    assert knock(senior_id=senior.id, kind=AlertKind.PROBLEM_FOUND) is True
    assert db.session.scalar(select(func.count()).select_from(Alert)) == 3


def test_the_level_sets_the_deadline_of_taking_and_of_closing(app, user):
    knock()
    assert the_alert().due_at == NOW + timedelta(minutes=15)
    alerts.take(the_alert().id, by=as_actor(user), now=NOW + timedelta(minutes=5))
    assert the_alert().due_at == NOW + timedelta(minutes=60)


def test_taking_and_closing_is_written_down(app, user):
    knock()
    alerts.take(the_alert().id, by=as_actor(user), now=NOW)
    assert (the_alert().status, the_alert().owner_id) == (AlertStatus.TAKEN, user.id)
    alerts.close(the_alert().id, "打通女儿电话，人在医院复查，平安", by=as_actor(user), now=NOW)
    assert the_alert().status is AlertStatus.CLOSED
    assert set(db.session.scalars(select(AuditEntry.act))) == {"alert.take", "alert.close"}


def test_who_comes_second_does_not_push_the_first_aside(app, user, make_user):
    knock()
    alerts.take(the_alert().id, by=as_actor(user), now=NOW)
    second = as_actor(make_user(Role.DISPATCHER, division_code=BAOTA))
    with pytest.raises(Refusal):
        alerts.take(the_alert().id, by=second, now=NOW)
    alerts.take(the_alert().id, by=second, now=NOW, from_owner=user.id)
    assert the_alert().owner_id == second.user_id


@pytest.mark.parametrize("resolution", ["", "  ", "好"])
def test_an_alert_is_not_closed_without_a_word(app, user, resolution):
    knock()
    with pytest.raises(Refusal) as refused:
        alerts.close(the_alert().id, resolution, by=as_actor(user), now=NOW)
    assert refused.value.field == "resolution"


def test_a_closed_alert_stays_closed(app, user):
    knock()
    alerts.close(the_alert().id, "人在家，平安", by=as_actor(user), now=NOW)
    with pytest.raises(Refusal):
        alerts.close(the_alert().id, "又看了一次", by=as_actor(user), now=NOW)
    with pytest.raises(Refusal):
        alerts.take(the_alert().id, by=as_actor(user), now=NOW, from_owner=the_alert().owner_id)


def test_another_countys_alert_does_not_exist(app):
    make_senior()
    knock()
    with pytest.raises(NotFound):
        alerts.take(the_alert().id, by=dispatcher(YANCHANG), now=NOW)
