"""A published day as a problem: what is done, what people know, who is still there, what must stay."""

from datetime import date

import pytest

from dispatch import Pin
from domain.errors import Refusal
from extensions import db
from models import (
    ChangeKind,
    HelperLeave,
    Stop,
)
from services import round_changes
from services.replanning import Event
from tests.factories import make_divisions
from tests.published import DISPATCHER, ids, ill, publish_by_hand, read, report

TODAY = date(2026, 11, 24)


@pytest.fixture
def day(app):
    """Two helpers with three visits each at 9:00, 9:45, 10:30."""
    make_divisions()
    return publish_by_hand(TODAY, 3, 3)


def test_what_has_happened_goes_into_the_problem_as_it_was_reported(day):
    report(day.visits[0][0], day.at("9:10"), day.at("9:35"))
    report(day.visits[0][1], day.at("9:50"))
    problem = read(day, Event(ChangeKind.CLOSED), "10:00").problem
    first, second = (one for one in problem.done if one.helper_id == str(day.helpers[0].id))
    assert (first.start, first.leave) == (550 * 60, 575 * 60)
    assert (second.start, second.leave) == (590 * 60, 620 * 60)
    assert problem.now == 600 * 60


def test_everything_still_to_come_is_known_to_people(day):
    problem = read(day, Event(ChangeKind.CLOSED)).problem
    assert {one.visit_id for one in problem.told} == set(ids(day.visits[0] + day.visits[1]))
    assert {one.start for one in problem.told} == {540 * 60, 585 * 60, 630 * 60}


def test_a_stop_nobody_reported_yet_is_taken_to_go_as_planned(day):
    standing = read(day, Event(ChangeKind.CLOSED), "9:50")
    done = {one.visit_id for one in standing.problem.done}
    assert done == {str(day.visits[number][one].id) for number in (0, 1) for one in (0, 1)}
    assert sum(its.silent for its in standing.past.values()) == 4


def test_what_an_ill_helper_did_not_report_was_not_done(day):
    standing = read(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id), "9:50")
    assert {one.visit_id for one in standing.problem.told} >= set(ids(day.visits[0]))


def test_a_stop_after_one_that_is_under_way_has_not_begun(day):
    report(day.visits[0][0], day.at("9:05"))
    standing = read(day, Event(ChangeKind.CLOSED), "10:00")
    its = [one.visit_id for one in standing.problem.done if one.helper_id == str(day.helpers[0].id)]
    assert its == [str(day.visits[0][0].id)]
    assert standing.problem.done[0].leave >= 600 * 60


def test_an_ill_helper_is_not_sent_and_one_who_falls_ill_later_works_until_then(day):
    first, second = day.helpers
    gone = read(day, Event(ChangeKind.ILL, helper_id=first.id)).problem
    assert [one.id for one in gone.helpers] == [str(second.id)]
    later = read(day, Event(ChangeKind.ILL, helper_id=first.id, minute=14 * 60)).problem
    shifts = {one.id: one.shifts for one in later.helpers}
    assert shifts[str(first.id)][-1].end == 14 * 3600


def test_a_helper_on_leave_is_not_sent_either(day):
    db.session.add(HelperLeave(helper_id=day.helpers[0].id, from_on=TODAY, to_on=TODAY))
    db.session.flush()
    assert [one.id for one in read(day, Event(ChangeKind.CLOSED)).problem.helpers] == [str(day.helpers[1].id)]


def test_who_went_home_gets_nothing_by_the_next_change(day):
    round_changes.accept(ill(day).id, by=DISPATCHER, now=day.at("8:35"))
    again = read(day, Event(ChangeKind.CLOSED), "8:40").problem
    assert [one.id for one in again.helpers] == [str(day.helpers[1].id)]


def test_pinned_stops_are_pinned_with_their_time_unless_it_cannot_be_kept(day):
    pinned = day.visits[0][2]
    db.session.execute(db.update(Stop).where(Stop.visit_id == pinned.id).values(is_pinned=True))
    helper = str(day.helpers[0].id)
    assert read(day, Event(ChangeKind.CLOSED)).problem.pins == (Pin(str(pinned.id), helper, 630 * 60),)
    late = Event(ChangeKind.LATE, visit_ids=(day.visits[0][1].id,), minute=640)
    assert read(day, late, "10:20").problem.pins == (Pin(str(pinned.id), helper, None),)


def test_a_pin_to_an_ill_helper_holds_nobody_back(day):
    db.session.execute(db.update(Stop).values(is_pinned=True))
    pins = read(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id)).problem.pins
    assert {one.helper_id for one in pins} == {str(day.helpers[1].id)}


def test_without_a_time_a_late_stop_takes_as_long_again(day):
    report(day.visits[0][0], day.at("9:05"))
    assert read(day, Event(ChangeKind.LATE, visit_ids=(day.visits[0][0].id,)), "9:40").event.minute == 9 * 60 + 70


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (Event(ChangeKind.ILL), "helper_id"),
        (Event(ChangeKind.LATE), "visit_id"),
        (Event(ChangeKind.CANCELLED), "visit_id"),
        (Event(ChangeKind.ADDED), "visit_ids"),
    ],
)
def test_an_event_that_says_too_little_is_refused_beside_its_field(day, event, field):
    with pytest.raises(Refusal) as refused:
        read(day, event)
    assert refused.value.field == field


def test_whoever_has_to_be_on_the_way_by_now_goes_there(day):
    report(day.visits[0][0], day.at("9:05"), day.at("9:30"))
    problem = read(day, Event(ChangeKind.CLOSED), "9:35").problem
    its = [one for one in problem.done if one.helper_id == str(day.helpers[0].id)]
    assert [(one.visit_id, one.start) for one in its] == [
        (str(day.visits[0][0].id), 545 * 60),
        (str(day.visits[0][1].id), 585 * 60),
    ]


def test_before_it_is_time_to_leave_the_next_door_may_change(day):
    report(day.visits[0][0], day.at("9:05"), day.at("9:20"))
    problem = read(day, Event(ChangeKind.CLOSED), "9:25").problem
    assert str(day.visits[0][1].id) in {one.visit_id for one in problem.told}
