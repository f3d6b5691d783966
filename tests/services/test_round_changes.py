"""A published day is changed: only what must change changes, all of it or nothing, and it can be taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import (
    AuditEntry,
    ChangeKind,
    ChangeStatus,
    Proposal,
    Role,
    Round,
    Stop,
    Visit,
    VisitStatus,
)
from policy import Actor, Held
from queries.standing import values_of
from services import replanning, round_changes, round_comparison, round_gaps, rounds, visits
from services.replanning import Event
from tests.factories import YANCHANG, make_divisions, make_senior, make_visit
from tests.published import DISPATCHER, by_hand, ids, ill, publish_by_hand, read, report, suggest

TODAY = date(2026, 11, 24)


@pytest.fixture
def day(app):
    """Two helpers with three visits each at 9:00, 9:45, 10:30."""
    make_divisions()
    return publish_by_hand(TODAY, 3, 3)


def rows(day):
    """Everything a change may write, as values."""
    db.session.expire_all()
    return {
        "rounds": [values_of(one) for one in db.session.scalars(select(Round).order_by(Round.id))],
        "stops": [values_of(one) for one in db.session.scalars(select(Stop).order_by(Stop.id))],
        "visits": [
            {name: value for name, value in values_of(one).items() if name != "updated_at"}
            for one in db.session.scalars(select(Visit).order_by(Visit.id))
        ],
        "figures": db.session.scalars(select(Proposal.figures)).all(),
        "left_out": db.session.scalars(select(Proposal.left_out)).all(),
    }


def test_an_ill_helpers_visits_go_to_another_when_it_is_accepted(day):
    first, second = day.helpers
    change = ill(day)
    assert day.order()[str(first.id)] == ids(day.visits[0])
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    assert day.order() == {str(second.id): ids(day.visits[1] + day.visits[0])}
    assert {one.helper_id for one in db.session.scalars(select(Visit))} == {second.id}
    assert change.figures["moved"] == 3
    assert change.figures["rounds"] == 2
    assert db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all() == [
        "round_change.suggest",
        "round_change.accept",
    ]


def test_what_is_done_stays_where_it_was(day):
    first, second = day.helpers
    report(day.visits[0][0], day.at("9:02"), day.at("9:33"))
    before = {one["id"]: one for one in rows(day)["stops"]}
    change = ill(day, "9:40")
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("9:41"))
    assert day.order()[str(first.id)] == ids(day.visits[0][:1])
    after = {one["id"]: one for one in rows(day)["stops"]}
    done = next(key for key, one in before.items() if one["visit_id"] == str(day.visits[0][0].id))
    assert after[done] == before[done]
    assert day.order()[str(second.id)][-2:] == ids(day.visits[0][1:])


def test_a_visit_nobody_can_take_is_due_again_and_listed_with_its_reason(day):
    first, second = day.helpers
    event = Event(ChangeKind.ILL, helper_id=first.id)
    change = suggest(day, event, {second.id: [*day.visits[1], *day.visits[0][:2]]})
    assert [one["visit_id"] for one in change.lost] == ids(day.visits[0][2:])
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    lost = db.session.get(Visit, day.visits[0][2].id, populate_existing=True)
    assert (lost.status, lost.helper_id) == (VisitStatus.DUE, None)
    proposal = db.session.get(Proposal, day.proposal.id, populate_existing=True)
    assert proposal.left_out[0]["reasons"][0]["code"] == "all_full"
    assert (proposal.figures["plan"]["served"], proposal.figures["plan"]["unserved"]) == (5, [0, 1, 0])


def test_undoing_restores_every_row(day):
    before = rows(day)
    change = ill(day)
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    assert rows(day) != before
    assert round_changes.can_undo(change.id)
    round_changes.undo(change.id, by=DISPATCHER, now=day.at("8:40"))
    assert rows(day) == before
    assert change.status == ChangeStatus.UNDONE


def test_once_something_of_it_has_happened_it_cannot_be_undone(day):
    change = ill(day)
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    moved = db.session.get(Visit, day.visits[0][0].id)
    report(moved, day.at("9:00"))
    assert not round_changes.can_undo(change.id)
    with pytest.raises(Refusal, match="情况又变了"):
        round_changes.undo(change.id, by=DISPATCHER, now=day.at("9:10"))


def test_the_earlier_of_two_changes_cannot_be_undone_alone(day):
    change = ill(day)
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    second = day.helpers[1]
    event = Event(ChangeKind.CLOSED)
    later = suggest(day, event, {second.id: [*reversed(day.visits[0]), *day.visits[1]]}, "8:40")
    round_changes.accept(later.id, by=DISPATCHER, now=day.at("8:41"))
    assert not round_changes.can_undo(change.id)
    round_changes.undo(later.id, by=DISPATCHER, now=day.at("8:42"))
    assert round_changes.can_undo(change.id)


def test_a_suggestion_is_refused_once_the_day_has_moved_on(day):
    change = ill(day)
    report(day.visits[0][0], day.at("8:50"))
    with pytest.raises(Refusal, match="情况又变了"):
        round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:44"))


def test_a_suggestion_is_refused_when_somebody_else_changed_the_round(day):
    change = ill(day)
    visits.move(day.visits[0][2].id, on=TODAY + timedelta(days=1), window_from=510, window_to=1050, by=DISPATCHER,
                now=day.at("8:32"))  # fmt: skip
    with pytest.raises(Refusal, match="情况又变了"):
        round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))


def test_a_suggestion_of_a_quarter_of_an_hour_ago_is_no_longer_right(day):
    change = ill(day)
    with pytest.raises(Refusal, match="16 分钟前"):
        round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:46"))


def test_a_suggestion_for_tomorrow_does_not_grow_old_within_the_hour(day):
    eve = TODAY - timedelta(days=1)
    event = Event(ChangeKind.ILL, helper_id=day.helpers[0].id)
    now = day.at("17:00") - timedelta(days=1)
    standing = replanning.read(day.proposal.id, event, by=DISPATCHER, now=now, travel=StraightLine())
    assert (standing.problem.now, standing.problem.done) == (None, ())
    assert eve < standing.on
    plan = by_hand(standing, {day.helpers[1].id: day.visits[1] + day.visits[0]})
    change = round_changes.keep(round_comparison.compare(standing, plan), seconds=1, by=DISPATCHER, now=now)
    round_changes.accept(change.id, by=DISPATCHER, now=now + timedelta(minutes=50))
    assert len(day.order()) == 1


def test_a_dismissed_suggestion_changes_nothing_and_cannot_be_accepted(day):
    before, change = rows(day), ill(day)
    round_changes.dismiss(change.id, by=DISPATCHER, now=day.at("8:32"))
    assert rows(day) == before
    with pytest.raises(Refusal, match="已经处理过"):
        round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))


def test_a_late_stop_ends_when_it_is_expected_and_only_that_round_moves(day):
    first, second = day.helpers
    report(day.visits[0][0], day.at("9:05"))
    event = Event(ChangeKind.LATE, visit_ids=(day.visits[0][0].id,), minute=10 * 60)
    standing = read(day, event, "9:20")
    assert next(one for one in standing.problem.done if one.visit_id == ids(day.visits[0])[0]).leave == 600 * 60
    order = {first.id: day.visits[0][1:], second.id: day.visits[1][1:]}
    change = round_changes.keep(
        round_comparison.compare(standing, by_hand(standing, order)), seconds=1, by=DISPATCHER, now=day.at("9:20")
    )
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("9:21"))
    assert change.figures["rounds"] == 1
    starts = db.session.scalars(
        select(Stop.start_minute).join(Round).where(Round.helper_id == first.id).order_by(Stop.position)
    ).all()
    assert starts == [540, 615, 660]


def test_an_urgent_visit_is_added_to_a_round(day):
    first, second = day.helpers
    urgent = make_visit(make_senior(name="新来的"), TODAY, priority=1)
    event = Event(ChangeKind.ADDED, visit_ids=(urgent.id,))
    change = suggest(day, event, {first.id: [urgent, *day.visits[0]], second.id: day.visits[1]})
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    assert day.order()[str(first.id)][0] == str(urgent.id)
    assert (urgent.status, urgent.helper_id) == (VisitStatus.PLANNED, first.id)
    assert db.session.get(Proposal, day.proposal.id, populate_existing=True).figures["plan"]["visits"] == 7
    round_changes.undo(change.id, by=DISPATCHER, now=day.at("8:36"))
    assert (urgent.status, urgent.helper_id) == (VisitStatus.DUE, None)


def test_a_visit_that_cannot_be_added_says_why_and_stays_due(day):
    urgent = make_visit(make_senior(name="新来的"), TODAY, priority=1)
    event = Event(ChangeKind.ADDED, visit_ids=(urgent.id,))
    change = suggest(day, event, {day.helpers[0].id: day.visits[0], day.helpers[1].id: day.visits[1]})
    assert [one["visit_id"] for one in change.lost] == [str(urgent.id)]
    assert change.figures["seniors"] == 0


def test_a_cancelled_visit_leaves_a_gap_and_nobody_else_is_told(day):
    first = day.helpers[0]
    event = Event(ChangeKind.CANCELLED, visit_ids=(day.visits[0][1].id,), reason="女儿回来了")
    change = round_changes.keep(round_gaps.without(read(day, event)), seconds=0, by=DISPATCHER, now=day.at("8:30"))
    before = rows(day)
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:31"))
    cancelled = db.session.get(Visit, day.visits[0][1].id, populate_existing=True)
    assert (cancelled.status, cancelled.cancel_reason) == (VisitStatus.CANCELLED, "女儿回来了")
    assert day.order()[str(first.id)] == ids([day.visits[0][0], day.visits[0][2]])
    starts = db.session.scalars(select(Stop.start_minute).where(Stop.visit_id == day.visits[0][2].id)).all()
    assert starts == [630]
    assert change.figures["seniors"] == 0
    round_changes.undo(change.id, by=DISPATCHER, now=day.at("8:32"))
    assert rows(day) == before


def test_only_a_published_day_of_ones_own_place_is_changed(day):
    stranger = Actor(user_id=None, name="别处", grants=(Held(Role.DISPATCHER, division_code=YANCHANG),))
    event = Event(ChangeKind.CLOSED)
    with pytest.raises(NotFound):
        replanning.read(day.proposal.id, event, by=stranger, now=day.at("8:30"), travel=StraightLine())
    change = ill(day)
    with pytest.raises(NotFound):
        round_changes.accept(change.id, by=stranger, now=day.at("8:31"))
    rounds.unpublish(day.proposal.id, by=DISPATCHER, now=day.at("8:31"))
    with pytest.raises(Refusal, match="没有发布"):
        read(day, event)


def test_a_drift_of_a_few_minutes_changes_no_round(day):
    report(day.visits[0][0], day.at("9:06"), day.at("9:36"))
    order = {day.helpers[0].id: day.visits[0][2:], day.helpers[1].id: day.visits[1][2:]}
    standing = read(day, Event(ChangeKind.CLOSED), "9:43")
    draft = round_comparison.compare(standing, by_hand(standing, order))
    assert draft.after["rounds"] == []
    change = round_changes.keep(draft, seconds=0, by=DISPATCHER, now=day.at("9:43"))
    with pytest.raises(Refusal, match="没有要改的"):
        round_changes.accept(change.id, by=DISPATCHER, now=day.at("9:44"))


def test_an_ill_helper_with_nothing_left_to_do_can_still_be_sent_home(day):
    for visit, clock in zip(day.visits[0], ("9:01", "9:46", "10:31"), strict=True):
        report(visit, day.at(clock), day.at(clock) + timedelta(minutes=20))
    change = suggest(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id), {}, "11:30")
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("11:31"))
    there = read(day, Event(ChangeKind.CLOSED), "11:35").problem.helpers
    assert [one.id for one in there] == [str(day.helpers[1].id)]
