"""A day is planned, kept, published, taken back; and refused where it no longer fits."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dispatch import Limit, check
from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import (
    AuditEntry,
    HelperLeave,
    PlanMethod,
    Proposal,
    ProposalStatus,
    Residence,
    Role,
    Round,
    SeniorStatus,
    Sex,
    Stop,
    Visit,
    VisitMode,
    VisitStatus,
)
from policy import SYSTEM, Actor, Held
from services import round_days, round_search, rounds, rules
from tests.factories import (
    BAOTA,
    OTHER_VILLAGE,
    TOWNSHIP,
    YANCHANG,
    make_divisions,
    make_helper,
    make_senior,
    make_status,
    make_visit,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # 17:00 on Monday
TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def prepared(on: date = TOMORROW, code: str = BAOTA) -> round_days.Day:
    return round_days.prepare(code, on, today=TODAY, travel=StraightLine())


def planned(on: date = TOMORROW, code: str = BAOTA) -> Proposal:
    day = prepared(on, code)
    plan, nearest = round_search.search(day.problem, Limit(iterations=50), seed=1)
    assert check(day.problem, plan) == []
    return round_search.keep(day, plan, nearest, by=DISPATCHER, now=NOW)


def visits(count: int = 3, **changes) -> list[Visit]:
    return [
        make_visit(make_senior(name=f"老人{number}", latitude=36.68 + number / 100, **changes), TOMORROW)
        for number in range(count)
    ]


def status_of(visit: Visit) -> VisitStatus:
    return db.session.scalars(select(Visit.status).where(Visit.id == visit.id)).one()


def test_due_visits_and_helpers_on_shift_become_a_problem():
    visits(2)
    make_helper()
    problem = prepared().problem
    assert (len(problem.visits), len(problem.helpers)) == (2, 1)
    assert problem.helpers[0].shifts[0].start == 510 * 60
    assert problem.places == 3


def test_who_is_on_leave_inactive_or_off_that_weekday_is_not_asked():
    away = make_helper(name="休假")
    db.session.add(HelperLeave(helper_id=away.id, from_on=TODAY, to_on=TOMORROW))
    make_helper(name="离职", is_active=False)
    make_helper(name="不排班", shifts=False)
    assert prepared().problem.helpers == ()


def test_only_due_door_visits_of_seniors_who_are_served_are_planned():
    wanted = visits(1)[0]
    make_visit(make_senior(), TOMORROW, mode=VisitMode.PHONE)
    make_visit(make_senior(), TOMORROW, status=VisitStatus.CANCELLED, cancel_reason="搬家")
    make_visit(make_senior(residence_code=OTHER_VILLAGE), TOMORROW)
    ill = make_senior()
    make_visit(ill, TOMORROW)
    make_status(ill, SeniorStatus.IN_HOSPITAL, TODAY)
    assert [visit.id for visit in prepared().problem.visits] == [str(wanted.id)]


def test_a_visit_that_was_left_out_is_carried_to_the_next_day():
    yesterday = make_visit(make_senior(), TODAY - timedelta(days=1))
    long_ago = make_visit(make_senior(), TODAY - timedelta(days=30))
    of_today = make_visit(make_senior(), TODAY)
    assert [visit.id for visit in prepared().problem.visits] == [str(yesterday.id)]
    make_helper()
    rounds.publish(planned(TODAY).id, by=DISPATCHER, now=NOW)
    assert {status_of(yesterday), status_of(of_today)} == {VisitStatus.PLANNED}
    assert db.session.get(Visit, yesterday.id).on == TODAY
    assert status_of(long_ago) == VisitStatus.DUE


def test_a_senior_who_stays_elsewhere_is_visited_there():
    senior = make_senior()
    db.session.add(
        Residence(
            senior_id=senior.id, kind="stay", division_code=TOWNSHIP, latitude=36.9, longitude=109.2, from_on=TODAY
        )
    )
    visit = make_visit(senior, TOMORROW)
    make_helper()
    assert prepared().doors[str(visit.id)] == round_days.Spot(36.9, 109.2)


def test_a_door_without_a_pin_is_at_the_point_of_its_village():
    visit = make_visit(make_senior(latitude=None, longitude=None), TOMORROW)
    other = make_visit(make_senior(latitude=None, longitude=None), TOMORROW)
    make_helper()
    day = prepared()
    assert day.doors[str(visit.id)] == round_days.Spot(36.68, 109.4, True)
    one, two = (call.place for call in day.problem.visits)
    assert day.problem.travel["motor"].seconds[one, two] == 120
    assert str(other.id) in day.doors


def test_wishes_reach_the_problem():
    regular = make_helper(skills=["nursing"], languages=["shaanbei"])
    senior = make_senior(language="shaanbei", regular_helper_id=regular.id)
    make_visit(senior, TOMORROW, skills=["nursing"], wants_sex="female", priority=1)
    visit = prepared().problem.visits[0]
    assert (visit.skills, visit.wants_sex, visit.priority) == (frozenset({"nursing"}), Sex.FEMALE, 1)
    assert (visit.language, visit.needs_language) == ("shaanbei", False)
    assert (visit.regular_helper, visit.change_cost) == (str(regular.id), 600)


def test_a_county_weighs_with_its_own_rule():
    rules.set_value(
        key=rules.RuleKey.ROUND_WEIGHTS, division_code=BAOTA, from_on=TODAY, terms={"urgent": 999}, by=SYSTEM, now=NOW
    )
    assert prepared().problem.weights.unserved[0] == 999 * 60


def test_a_plan_is_kept_with_its_rounds_stops_figures_and_reasons():
    visits(3)
    left = make_visit(make_senior(), TOMORROW, skills=["bathing"])
    make_helper(division_code=TOWNSHIP)
    proposal = planned()
    assert (proposal.status, proposal.method) == (ProposalStatus.PROPOSED, PlanMethod.SEARCH)
    assert proposal.figures["plan"]["served"] == 3
    assert proposal.figures["nearest"]["visits"] == 4
    reasons = [{"code": "no_skill", "skill": "bathing"}]
    assert proposal.left_out == [{"visit_id": str(left.id), "reasons": reasons, "at": [36.6805, 109.4005]}]
    its = db.session.scalars(select(Round)).one()
    stops = db.session.scalars(select(Stop).order_by(Stop.position)).all()
    assert [stop.position for stop in stops] == [1, 2, 3]
    assert its.start_minute <= stops[0].arrive_minute <= stops[0].start_minute < stops[0].leave_minute
    assert its.travel_minutes > 0
    assert its.distance_m > 0


def test_publishing_gives_every_visit_its_helper():
    due = visits(3)
    helper = make_helper()
    proposal = planned()
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    assert {status_of(visit) for visit in due} == {VisitStatus.PLANNED}
    assert set(db.session.scalars(select(Visit.helper_id))) == {helper.id}
    assert proposal.published_at == NOW
    acts = set(db.session.scalars(select(AuditEntry.act)))
    assert {"round.propose", "round.publish"} <= acts


def test_a_second_publication_is_refused():
    visits(2)
    make_helper()
    first, second = planned(), planned()
    rounds.publish(first.id, by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal):
        rounds.publish(first.id, by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="已经发布"):
        rounds.publish(second.id, by=DISPATCHER, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"status": VisitStatus.CANCELLED, "cancel_reason": "回女儿家"},
        {"on": TOMORROW + timedelta(days=1)},
        {"window_from": 1020},
    ],
)
def test_a_proposal_whose_visits_have_changed_is_refused(change):
    due = visits(2)
    make_helper()
    proposal = planned()
    for name, value in change.items():
        setattr(due[0], name, value)
    db.session.flush()
    with pytest.raises(Refusal, match="1 次探访已经变了"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_a_proposal_whose_helper_cannot_come_any_more_is_refused():
    visits(2)
    helper = make_helper()
    proposal = planned()
    db.session.add(HelperLeave(helper_id=helper.id, from_on=TOMORROW, to_on=TOMORROW))
    db.session.flush()
    with pytest.raises(Refusal, match="李秀英"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_a_proposal_for_a_day_that_has_passed_is_refused():
    visits(1)
    make_helper()
    proposal = planned()
    with pytest.raises(Refusal, match="过去"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW + timedelta(days=3))


def test_an_empty_proposal_is_not_published():
    visits(1)
    with pytest.raises(Refusal, match="没有可发布的"):
        rounds.publish(planned().id, by=DISPATCHER, now=NOW)


def test_a_publication_is_taken_back_while_nobody_has_set_out():
    due = visits(2)
    make_helper()
    proposal = planned()
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    rounds.unpublish(proposal.id, by=DISPATCHER, now=NOW)
    assert {status_of(visit) for visit in due} == {VisitStatus.DUE}
    assert set(db.session.scalars(select(Visit.helper_id))) == {None}
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    assert {status_of(visit) for visit in due} == {VisitStatus.PLANNED}


def test_a_publication_stays_once_somebody_has_arrived():
    due = visits(2)
    make_helper()
    proposal = planned()
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    visit = db.session.get(Visit, due[0].id)
    visit.status, visit.arrived_at = VisitStatus.UNDER_WAY, NOW
    db.session.flush()
    with pytest.raises(Refusal, match="1 次探访开始了"):
        rounds.unpublish(proposal.id, by=DISPATCHER, now=NOW)


def test_a_discarded_proposal_keeps_its_figures_and_loses_its_rounds():
    visits(2)
    make_helper()
    proposal = planned()
    rounds.discard(proposal.id, by=DISPATCHER, now=NOW)
    assert db.session.scalar(select(func.count()).select_from(Round)) == 0
    assert proposal.figures["plan"]["served"] == 2
    with pytest.raises(Refusal):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_a_proposal_elsewhere_does_not_exist_for_this_dispatcher():
    proposal = planned(code=YANCHANG)
    for act in (rounds.publish, rounds.unpublish, rounds.discard, round_search.ask_to_stop):
        with pytest.raises(NotFound):
            act(proposal.id, by=DISPATCHER, now=NOW)
    with pytest.raises(NotFound):
        round_search.begin(YANCHANG, TOMORROW, seconds=5, seed=1, by=DISPATCHER, now=NOW)


def test_helpers_on_a_published_round_are_not_planned_twice():
    visits(2)
    make_helper()
    rounds.publish(planned().id, by=DISPATCHER, now=NOW)
    make_visit(make_senior(name="新来"), TOMORROW)
    day = prepared(code=TOWNSHIP)
    assert day.problem.helpers == ()
    assert len(day.problem.visits) == 1


def begun(now: datetime = NOW) -> Proposal:
    return round_search.begin(BAOTA, TOMORROW, seconds=5, seed=1, by=DISPATCHER, now=now)


def test_one_search_at_a_time():
    begun()
    with pytest.raises(Refusal, match="已经有人在规划"):
        begun()


@pytest.mark.parametrize("days", [-1, 40])
def test_neither_the_past_nor_the_far_future_is_planned(days):
    with pytest.raises(Refusal):
        round_search.begin(BAOTA, TODAY + timedelta(days=days), seconds=5, seed=1, by=DISPATCHER, now=NOW)


def test_a_search_tells_how_it_goes_and_hears_that_it_should_stop():
    proposal = begun()
    assert round_search.tell(proposal.id, {"served": 3}, now=NOW) is False
    round_search.ask_to_stop(proposal.id, by=DISPATCHER, now=NOW)
    db.session.flush()
    assert round_search.tell(proposal.id, {"served": 4}, now=NOW) is True


def test_a_search_whose_process_died_is_shown_as_ended():
    proposal = begun()
    assert round_search.end_silent(NOW + timedelta(seconds=30)) == 0
    assert round_search.end_silent(NOW + timedelta(minutes=5)) == 1
    db.session.refresh(proposal)
    assert proposal.status == ProposalStatus.ENDED
    begun(NOW + timedelta(minutes=5))


def test_the_plan_of_a_search_that_was_given_up_is_not_kept():
    proposal = begun()
    round_search.give_up(proposal.id, now=NOW)
    db.session.flush()
    db.session.expire_all()
    day = prepared()
    plan, nearest = round_search.search(day.problem, Limit(), seed=1)
    with pytest.raises(Refusal, match="已经结束"):
        round_search.keep(day, plan, nearest, proposal_id=proposal.id, by=DISPATCHER, now=NOW)
