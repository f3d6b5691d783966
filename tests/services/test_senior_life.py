"""Status, deaths, stays, consents, notes, reveals: what happens to a senior over time, and who may say so."""

import uuid
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from domain.codes import ConsentKind
from domain.errors import NotFound, Refusal
from extensions import db
from models import AuditEntry, Consent, Role, SeniorStatus, SeniorStatusPeriod
from policy import Actor, Held
from queries.served import is_served
from queries.whereabouts import places_on
from services import consents, notes, residences, reveals, status
from services.reveals import Revealed
from tests.factories import OTHER_VILLAGE, TOWNSHIP, VILLAGE, make_divisions, make_senior, make_status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def people(app, make_user):
    make_divisions()
    db.session.commit()

    def actor(role=Role.TOWNSHIP_CLERK, code=TOWNSHIP):
        user = make_user(role, division_code=code)
        return Actor(user_id=user.id, name=user.name, grants=(Held(role, division_code=code),))

    return actor


@pytest.fixture
def clerk(people):
    return people()


def periods_of(senior):
    statement = select(SeniorStatusPeriod).where(SeniorStatusPeriod.senior_id == senior.id)
    return [(one.status.value, one.from_on.day, one.to_on and one.to_on.day)
            for one in db.session.scalars(statement.order_by(SeniorStatusPeriod.from_on))]  # fmt: skip


def day(number):
    return date(2026, 11, number)


def test_a_stay_in_hospital_inside_a_pause_splits_it(clerk):
    senior = make_senior()
    make_status(senior, SeniorStatus.PAUSED, day(10), day(30))
    status.change(senior.id, SeniorStatus.IN_HOSPITAL, from_on=day(20), to_on=day(25), by=clerk, now=NOW)
    assert periods_of(senior) == [("paused", 10, 19), ("in_hospital", 20, 25), ("paused", 26, 30)]
    assert senior.status is SeniorStatus.IN_HOSPITAL


def test_back_in_service_ends_what_went_on(clerk):
    senior = make_senior()
    status.change(senior.id, SeniorStatus.IN_HOSPITAL, from_on=day(10), by=clerk, now=NOW)
    status.change(senior.id, SeniorStatus.ACTIVE, from_on=TODAY, by=clerk, now=NOW)
    assert periods_of(senior) == [("in_hospital", 10, 22), ("active", 23, None)]
    assert senior.status is SeniorStatus.ACTIVE
    assert is_served(senior.id, TODAY)


@pytest.mark.parametrize(
    "bad",
    [
        {"status": SeniorStatus.DECEASED, "from_on": TODAY},
        {"status": SeniorStatus.PAUSED, "from_on": TODAY, "to_on": day(22)},
        {"status": SeniorStatus.PAUSED, "from_on": date(2062, 11, 23)},
    ],
)
def test_a_status_that_cannot_be_is_refused(clerk, bad):
    senior = make_senior()
    with pytest.raises(Refusal):
        status.change(senior.id, **bad, by=clerk, now=NOW)


def test_a_death_takes_two_people(clerk, people):
    senior = make_senior()
    status.report_death(senior.id, on=day(22), reason="村干部电话", by=clerk, now=NOW)
    assert senior.status is SeniorStatus.PAUSED
    with pytest.raises(Refusal, match="两个人"):
        status.confirm_death(senior.id, by=clerk, now=NOW)
    status.confirm_death(senior.id, by=people(), now=NOW)
    assert senior.status is SeniorStatus.DECEASED
    with pytest.raises(Refusal, match="去世"):
        status.change(senior.id, SeniorStatus.ACTIVE, from_on=TODAY, by=clerk, now=NOW)


def test_a_wrong_report_is_withdrawn_with_a_reason(clerk, people):
    senior = make_senior()
    status.report_death(senior.id, on=TODAY, reason="听说", by=clerk, now=NOW)
    with pytest.raises(Refusal):
        status.withdraw_death(senior.id, reason=" ", by=people(), now=NOW)
    status.withdraw_death(senior.id, reason="认错了人", by=people(), now=NOW)
    assert senior.status is SeniorStatus.ACTIVE
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["senior.report_death", "senior.withdraw_death"]


def test_a_second_report_is_told_of_the_first(clerk):
    senior = make_senior()
    status.report_death(senior.id, on=TODAY, reason="", by=clerk, now=NOW)
    with pytest.raises(Refusal, match="已经有人报告"):
        status.report_death(senior.id, on=TODAY, reason="", by=clerk, now=NOW)


def test_a_dispatcher_cannot_confirm_a_death(clerk, people):
    senior = make_senior()
    status.report_death(senior.id, on=TODAY, reason="", by=clerk, now=NOW)
    with pytest.raises(NotFound):
        status.confirm_death(senior.id, by=people(Role.DISPATCHER), now=NOW)


def test_the_daily_tick_brings_the_lists_up_to_date(app):
    ended, begun, steady = make_senior(status=SeniorStatus.IN_HOSPITAL), make_senior(), make_senior()
    make_status(ended, SeniorStatus.IN_HOSPITAL, day(1), day(22))
    make_status(begun, SeniorStatus.PAUSED, TODAY)
    assert status.settle_today(NOW) == 2
    for senior in (ended, begun, steady):
        db.session.refresh(senior, ["status"])
    assert [ended.status, begun.status, steady.status] == ["active", "paused", "active"]
    assert status.settle_today(NOW) == 0


def test_a_stay_elsewhere_moves_the_door_and_keeps_the_home(clerk):
    senior = make_senior()
    stay = residences.begin_stay(
        senior.id, division_code=OTHER_VILLAGE, address="女儿家", from_on=TODAY, by=clerk, now=NOW
    )
    assert places_on([senior.id], TODAY)[senior.id].address == "女儿家"
    assert places_on([senior.id], day(22))[senior.id].division_code == VILLAGE
    with pytest.raises(Refusal, match="暂住"):
        residences.begin_stay(senior.id, division_code=OTHER_VILLAGE, from_on=day(30), by=clerk, now=NOW)
    residences.end_stay(senior.id, stay.id, by=clerk, now=NOW)
    assert not places_on([senior.id], TODAY)[senior.id].is_stay


def test_a_consent_is_withdrawn_never_deleted(clerk):
    senior = make_senior()
    consent = consents.give(
        senior.id, ConsentKind.PHOTOS, on=day(20), how="paper", taken_by="李秀英", by=clerk, now=NOW
    )
    with pytest.raises(Refusal):
        consents.give(senior.id, ConsentKind.PHOTOS, on=day(20), how="paper", taken_by="", by=clerk, now=NOW)
    consents.withdraw(senior.id, consent.id, by=clerk, now=NOW)
    assert consent.withdrawn_on == TODAY
    consents.give(senior.id, ConsentKind.PHOTOS, on=TODAY, how="voice", taken_by="", by=clerk, now=NOW)
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 2


def test_a_consent_of_somebody_else_is_not_found(clerk):
    mine, other = make_senior(), make_senior()
    consent = consents.give(other.id, ConsentKind.TEXTS, on=TODAY, how="page", taken_by="", by=clerk, now=NOW)
    with pytest.raises(NotFound):
        consents.withdraw(mine.id, consent.id, by=clerk, now=NOW)


def test_a_note_says_something(clerk):
    senior = make_senior()
    assert notes.add(senior.id, " 腿脚不便，敲门后多等一会儿 ", by=clerk, now=NOW).body == "腿脚不便，敲门后多等一会儿"
    with pytest.raises(Refusal):
        notes.add(senior.id, "  ", by=clerk, now=NOW)


def test_a_number_is_shown_for_a_reason_that_is_written_down(clerk):
    senior = make_senior(phones=["19900001234"], identity_number="610699194303050010")
    with pytest.raises(Refusal):
        reveals.reveal(senior.id, Revealed.IDENTITY, reason="看", by=clerk, now=NOW)
    assert reveals.reveal(senior.id, Revealed.IDENTITY, reason="办理高龄津贴", by=clerk, now=NOW) == [
        "610699194303050010"
    ]
    assert reveals.reveal(senior.id, Revealed.PHONES, reason="打电话核实", by=clerk, now=NOW) == ["19900001234"]
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(one.act, one.reason) for one in entries] == [
        ("senior.reveal", "办理高龄津贴"),
        ("senior.reveal", "打电话核实"),
    ]
    assert "0010" not in str([one.changes for one in entries])


def test_who_may_not_reveal_sees_nothing(people):
    senior = make_senior(identity_number="610699194303050010")
    family = Actor(user_id=uuid.uuid4(), name="", grants=(Held(Role.FAMILY, senior_id=senior.id),))
    for actor in (family, people(Role.CENTRE_MANAGER), people(code=OTHER_VILLAGE)):
        with pytest.raises(NotFound):
            reveals.reveal(senior.id, Revealed.IDENTITY, reason="想看一看", by=actor, now=NOW)
