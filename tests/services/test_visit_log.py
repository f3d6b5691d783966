"""The visit log: each report once, any order, the same state; what must be looked into is raised once."""

import itertools
import random
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.codes import AlertKind
from domain.times import at_minute
from extensions import db
from models import Alert, AlertLevel, AuditEntry, Outcome, RiskTier, Role, Senior, Visit, VisitEvent, VisitStatus
from models import VisitEventKind as Kind
from models.visit import Approval
from policy import Actor, Held
from services import visit_log, visits
from services.visit_reports import Answer, Report
from tests import factories

DAY = date(2026, 11, 23)
NINE = at_minute(DAY, 540)
NOW = at_minute(DAY, 900)
_BLOCKS = ("health", "economy", "family", "safety", "needs")
_MARKS = ("normal", "watch", "problem")
_UNMET = [outcome.value for outcome in Outcome if outcome != Outcome.MET]


def helper_of(helper_id: uuid.UUID, user_id: uuid.UUID | None = None) -> Actor:
    return Actor(user_id=user_id, name="李秀英", grants=(Held(Role.HELPER, helper_id=helper_id),))


def clerk() -> Actor:
    return Actor(user_id=None, name="王建国", grants=(Held(Role.TOWNSHIP_CLERK, division_code=factories.TOWNSHIP),))


@pytest.fixture
def visit(app: Flask) -> Visit:
    senior = factories.make_senior(risk_tier=RiskTier.B)
    helper = factories.make_helper()
    return factories.make_visit(senior, DAY, helper_id=helper.id, status=VisitStatus.PLANNED)


def by(visit: Visit) -> Actor:
    assert visit.helper_id is not None
    return helper_of(visit.helper_id)


def report(visit: Visit, kind: Kind, minute: int = 0, **payload: Any) -> Report:
    at = NINE + timedelta(minutes=minute)
    return Report(uuid.uuid4(), visit.id, kind, at, at, payload)


def checked(visit: Visit, block: str, mark: str = "normal", minute: int = 5, note: str = "") -> Report:
    return report(visit, Kind.CHECKED, minute, block=block, mark=mark, note=note)


def answers(reports: list[Report], actor: Actor, **more: Any) -> list[Answer]:
    return [receipt.answer for receipt in visit_log.take(reports, by=actor, now=NOW, **more)]


def whole_visit(visit: Visit) -> list[Report]:
    return [
        report(visit, Kind.ARRIVED),
        *(
            checked(visit, block, minute=n)
            for n, block in enumerate(("health", "economy", "family", "safety", "needs"), 2)
        ),
        report(visit, Kind.MOOD, 8, mood="content"),
        report(visit, Kind.NEEDS, 9, needs=["meals"]),
        report(visit, Kind.DONE, 20, note="一切都好"),
    ]


def test_arriving_puts_a_visit_under_way(visit: Visit) -> None:
    assert answers([report(visit, Kind.ARRIVED)], by(visit)) == [Answer.RECEIVED]
    assert visit.status == VisitStatus.UNDER_WAY
    assert visit.arrived_at == NINE


def test_a_whole_visit_is_done_and_the_senior_was_well_then(visit: Visit) -> None:
    answers(whole_visit(visit), by(visit))
    assert (visit.status, visit.outcome, visit.met_on) == (VisitStatus.DONE, Outcome.MET, DAY)
    assert visit.checklist["health"] == {"mark": "normal", "note": ""}
    assert (visit.mood, visit.needs, visit.note) == ("content", ["meals"], "一切都好")
    db.session.expire_all()
    senior = db.session.get_one(Senior, visit.senior_id)
    assert (senior.last_well_at, senior.last_well_by) == (NINE + timedelta(minutes=20), "visit")


def test_the_clock_of_being_well_is_never_set_back(visit: Visit) -> None:
    later = NOW - timedelta(minutes=1)
    db.session.get_one(Senior, visit.senior_id).last_well_at = later
    db.session.flush()
    answers(whole_visit(visit), by(visit))
    db.session.expire_all()
    assert db.session.get_one(Senior, visit.senior_id).last_well_at == later


def test_repeating_a_batch_changes_nothing(visit: Visit) -> None:
    batch = whole_visit(visit)
    answers(batch, by(visit))
    assert set(answers(batch, by(visit))) == {Answer.ALREADY}
    assert db.session.scalar(select(func.count()).select_from(VisitEvent)) == len(batch)


def test_a_batch_that_repeats_itself_is_taken_once(visit: Visit) -> None:
    arrived = report(visit, Kind.ARRIVED)
    assert answers([arrived, arrived], by(visit)) == [Answer.RECEIVED, Answer.ALREADY]


def test_an_id_used_for_another_visit_is_refused(visit: Visit) -> None:
    other = factories.make_visit(factories.make_senior(), DAY, helper_id=visit.helper_id)
    first = report(visit, Kind.ARRIVED)
    answers([first], by(visit))
    stolen = Report(first.id, other.id, Kind.ARRIVED, NINE, NINE)
    assert answers([stolen], by(visit)) == [Answer.REFUSED]
    assert other.status == VisitStatus.DUE


def test_a_helper_reports_nothing_of_a_visit_of_somebody_else(visit: Visit) -> None:
    other = factories.make_helper()
    assert answers([report(visit, Kind.ARRIVED)], helper_of(other.id)) == [Answer.REFUSED]
    assert visit.status == VisitStatus.PLANNED


def test_one_refused_report_harms_no_other(visit: Visit) -> None:
    early = Report(uuid.uuid4(), visit.id, Kind.NOTE, NOW + timedelta(days=1), NOW + timedelta(days=1), {"note": "x"})
    assert answers([early, report(visit, Kind.ARRIVED)], by(visit)) == [Answer.REFUSED, Answer.RECEIVED]


def test_a_phone_two_hours_ahead_is_believed_and_corrected(visit: Visit) -> None:
    ahead = NOW + timedelta(hours=2)
    arrived = Report(uuid.uuid4(), visit.id, Kind.ARRIVED, ahead, ahead)
    assert answers([arrived], by(visit), clock_offset_s=7200.0) == [Answer.RECEIVED]
    assert visit.arrived_at == NOW
    event = db.session.get_one(VisitEvent, arrived.id)
    assert (event.happened_at, event.received_at, event.clock_offset_s) == (ahead, NOW, 7200.0)


def test_nobody_answering_raises_one_alert_however_often_it_is_said(visit: Visit) -> None:
    ending = report(visit, Kind.OUTCOME, outcome="no_answer", note="灯亮着")
    answers([ending], by(visit))
    answers([ending], by(visit))
    answers([report(visit, Kind.OUTCOME, 3, outcome="no_answer")], by(visit))
    alert = db.session.scalars(select(Alert)).one()
    assert (alert.kind, alert.level, alert.senior_id) == (AlertKind.NO_ANSWER, AlertLevel.ORANGE, visit.senior_id)
    assert "灯亮着" in alert.summary
    assert visit.status == VisitStatus.NOT_MET


def test_a_problem_raises_an_alert_at_once(visit: Visit) -> None:
    answers([checked(visit, "safety", "problem", note="煤气味")], by(visit))
    alert = db.session.scalars(select(Alert)).one()
    assert (alert.kind, alert.level) == (AlertKind.PROBLEM_FOUND, AlertLevel.ORANGE)
    assert "煤气味" in alert.summary


@pytest.mark.parametrize("outcome", ["gone_to_hospital", "in_hospital", "in_institution", "moved", "deceased"])
def test_what_a_visit_learns_of_a_status_is_proposed_and_never_done(visit: Visit, outcome: str) -> None:
    answers([report(visit, Kind.OUTCOME, outcome=outcome)], by(visit))
    assert db.session.scalars(select(Alert.kind)).one() == AlertKind.STATUS_PROPOSED
    db.session.expire_all()
    assert db.session.get_one(Senior, visit.senior_id).status == "active"


def test_no_sign_of_life_where_nobody_was_met(visit: Visit) -> None:
    answers([report(visit, Kind.OUTCOME, outcome="not_at_home")], by(visit))
    db.session.expire_all()
    assert db.session.get_one(Senior, visit.senior_id).last_well_at is None


def test_a_mistaken_ending_is_taken_back_and_done_again(visit: Visit) -> None:
    answers([report(visit, Kind.ARRIVED), report(visit, Kind.OUTCOME, 1, outcome="refused")], by(visit))
    visits.take_back_report(visit.id, submission=uuid.uuid4(), reason="按错了", by=by(visit), now=NOW)
    assert (visit.status, visit.outcome) == (VisitStatus.UNDER_WAY, None)
    done = Report(uuid.uuid4(), visit.id, Kind.DONE, NOW, NOW)
    answers([done], by(visit))
    assert visit.status == VisitStatus.DONE


def test_what_happened_outweighs_a_cancelling_the_phone_did_not_know_of(visit: Visit) -> None:
    visits.cancel(visit.id, reason="家属说不用来", by=clerk(), now=NINE)
    answers(whole_visit(visit), by(visit))
    assert visit.status == VisitStatus.DONE


def late(visit: Visit, hours: int, **payload: Any) -> Report:
    return Report(uuid.uuid4(), visit.id, Kind.DONE, NOW - timedelta(hours=hours), NOW, payload)


def test_a_late_entry_within_two_days_counts_at_once(visit: Visit) -> None:
    answers([late(visit, 47, late_reason="手机没电")], by(visit))
    assert (visit.status, visit.approval, visit.late_reason) == (VisitStatus.DONE, None, "手机没电")


def test_beyond_two_days_a_late_entry_needs_a_reason_and_a_supervisor(visit: Visit) -> None:
    assert answers([late(visit, 49)], by(visit)) == [Answer.REFUSED]
    assert answers([late(visit, 49, late_reason="没有信号")], by(visit)) == [Answer.RECEIVED]
    assert (visit.status, visit.approval) == (VisitStatus.DONE, Approval.WAITING)
    visits.decide(visit.id, approval=Approval.APPROVED, by=clerk(), now=NOW)
    assert visit.approval == Approval.APPROVED


def test_an_event_recorded_in_time_and_sent_days_later_is_no_late_entry(visit: Visit) -> None:
    done = report(visit, Kind.DONE)
    receipt = visit_log.take([done], by=by(visit), now=NOW + timedelta(days=5))[0]
    assert (receipt.answer, visit.approval) == (Answer.RECEIVED, None)


def test_a_report_leaves_its_trace_in_the_audit_trail(visit: Visit) -> None:
    answers(whole_visit(visit), by(visit))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "visit.report")).one()
    assert entry.changes == {"status": ["planned", "done"]}


def state_of(visit: Visit) -> tuple[Any, ...]:
    return (
        visit.status, visit.outcome, visit.arrived_at, visit.left_at, visit.met_on, visit.checklist, visit.mood,
        visit.needs, visit.note, visit.approval, visit.late_reason,
    )  # fmt: skip


def alerts_of(visit: Visit) -> set[tuple[str, str]]:
    rows = db.session.execute(select(Alert.kind, Alert.level).where(Alert.senior_id == visit.senior_id))
    return {(kind, level) for kind, level in rows}


_steps = st.one_of(
    st.tuples(st.just(Kind.ARRIVED), st.just({})),
    st.tuples(
        st.just(Kind.CHECKED),
        st.fixed_dictionaries({"block": st.sampled_from(_BLOCKS), "mark": st.sampled_from(_MARKS)}),
    ),
    st.tuples(st.just(Kind.MOOD), st.fixed_dictionaries({"mood": st.sampled_from(["calm", "low"])})),
    st.tuples(st.just(Kind.NOTE), st.fixed_dictionaries({"note": st.sampled_from(["甲", "乙"])})),
    st.tuples(st.just(Kind.OUTCOME), st.fixed_dictionaries({"outcome": st.sampled_from(_UNMET)})),
    st.tuples(st.just(Kind.DONE), st.fixed_dictionaries({"late_reason": st.just("没有信号")})),
    st.tuples(st.just(Kind.REOPENED), st.just({})),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(_steps, st.integers(0, 60), st.integers(0, 72)), max_size=9),
    seed=st.integers(0, 10_000),
)
def test_any_order_any_batches_and_any_repeats_give_one_state(
    app: Flask, steps: list[tuple[tuple[Kind, dict[str, Any]], int, int]], seed: int
) -> None:
    chance = random.Random(seed)
    helper = factories.make_helper()
    actor = helper_of(helper.id)
    endings: list[int] = []
    plan: list[tuple[Kind, dict[str, Any], datetime, datetime]] = []
    for (kind, given_payload), minute, hours in steps:
        payload = given_payload
        recorded = NINE + timedelta(minutes=minute)
        happened = recorded - timedelta(hours=hours if kind is Kind.DONE else 0)
        if kind is Kind.REOPENED:
            if not endings:
                continue
            payload = {"ending": chance.choice(endings)}
        if kind in {Kind.DONE, Kind.OUTCOME}:
            endings.append(len(plan))
        plan.append((kind, payload, happened, recorded))
    order = sorted(range(len(plan)), key=lambda _n: chance.random())
    # the ideal line: everything once, in the order in which it was written; the other: shuffled, split, repeated
    results = []
    base = [uuid.UUID(int=chance.getrandbits(100)) for _step in plan]
    for number, sequence in enumerate((list(range(len(plan))), order)):
        visit = factories.make_visit(factories.make_senior(), DAY, helper_id=helper.id, status=VisitStatus.PLANNED)
        ids = [uuid.UUID(int=one.int * 2 + number) for one in base]
        made = [
            Report(
                ids[n], visit.id, kind, happened, recorded,
                {"ending_id": str(ids[payload["ending"]])} if kind is Kind.REOPENED else payload,
            )
            for n, (kind, payload, happened, recorded) in enumerate(plan)
        ]  # fmt: skip
        batches = [[made[n]] for n in sequence] if number == 0 else split([made[n] for n in sequence], chance)
        for batch in batches:
            assert Answer.REFUSED not in answers(batch, actor)
        results.append((state_of(visit), alerts_of(visit)))
    db.session.rollback()
    assert results[0] == results[1]


def split(reports: list[Report], chance: random.Random) -> list[list[Report]]:
    """Batches of any size, some sent again later."""
    batches: list[list[Report]] = []
    rest = iter(reports)
    while batch := list(itertools.islice(rest, chance.randint(1, 4))):
        batches.append(batch)
        if chance.random() < 0.5:
            batches.append(chance.choice(batches))
    return batches
