"""Who was told another time or another helper is told of the change, once."""

from datetime import date

import pytest
from sqlalchemy import select

from extensions import db
from models import (
    ChangeKind,
    Message,
    MessageStatus,
    Purpose,
    RoundChange,
    Senior,
)
from services import round_changes
from services.messages import outbox, recheck
from services.replanning import Event
from tests.factories import make_divisions, make_helper
from tests.messages import make_consent, make_contact
from tests.published import DISPATCHER, ill, publish_by_hand, suggest

TODAY = date(2026, 11, 24)


@pytest.fixture
def day(app):
    """Two helpers with three visits each at 9:00, 9:45, 10:30."""
    make_divisions()
    return publish_by_hand(TODAY, 3, 3)


def told(day, number=0, phone="13911112222"):
    """The senior of the first helper's visit has read this morning's text."""
    visit = day.visits[0][number]
    senior = db.session.get(Senior, visit.senior_id)
    make_consent(senior)
    make_contact(senior, phone)
    outbox.plan(Purpose.VISIT_MORNING, now=day.at("7:45"))
    message = texts()[-1]
    message.claim("me", day.at("8:10"))
    message.accepted(f"SM{number}" + "a" * 31, day.at("8:01"), day.at("8:01"))
    db.session.flush()
    return visit


def texts(*purposes):
    statement = select(Message).order_by(Message.id)
    return list(db.session.scalars(statement.where(Message.purpose.in_(purposes)) if purposes else statement))


def test_who_was_told_another_time_is_told_of_the_change_once(day):
    told(day)
    change = ill(day)
    assert change.figures["seniors"] == 3
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    first, correction = texts()
    assert "安排有变，改为今天上午11:20左右，助老员助老员1来看望" in correction.body
    assert recheck.still_right(correction, day.at("8:36")) == ""
    assert "安排有变" in correction.body
    assert first.status == MessageStatus.SENT


def test_a_second_change_before_the_text_is_out_makes_no_second_text(day):
    told(day)
    third = make_helper(name="王芳")
    round_changes.accept(ill(day).id, by=DISPATCHER, now=day.at("8:35"))
    order = {day.helpers[1].id: [*day.visits[1], *day.visits[0][1:]], third.id: day.visits[0][:1]}
    later = suggest(day, Event(ChangeKind.CLOSED), order, "8:36")
    round_changes.accept(later.id, by=DISPATCHER, now=day.at("8:37"))
    assert len(texts()) == 2
    assert recheck.still_right(texts()[-1], day.at("8:38")) == ""
    assert "助老员王芳来看望" in texts()[-1].body


def test_an_undone_change_takes_its_text_back(day):
    told(day)
    change = ill(day)
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    round_changes.undo(change.id, by=DISPATCHER, now=day.at("8:36"))
    assert [one.status for one in texts()] == [MessageStatus.SENT, MessageStatus.CANCELLED]


def test_whom_nobody_has_told_gets_no_correction(day):
    round_changes.accept(ill(day).id, by=DISPATCHER, now=day.at("8:35"))
    assert texts() == []


def test_who_waits_for_a_visit_that_is_lost_is_told_not_to_and_told_again_if_it_comes_after_all(day):
    told(day)
    event = Event(ChangeKind.ILL, helper_id=day.helpers[0].id)
    change = suggest(day, event, {day.helpers[1].id: [*day.visits[1], *day.visits[0][1:]]})
    round_changes.accept(change.id, by=DISPATCHER, now=day.at("8:35"))
    (off,) = texts(Purpose.VISIT_CANCELLED)
    assert recheck.still_right(off, day.at("8:36")) == ""
    off.claim("me", day.at("8:40"))
    off.accepted("SM" + "b" * 32, day.at("8:37"), day.at("8:37"))
    db.session.flush()
    round_changes.undo(change.id, by=DISPATCHER, now=day.at("8:38"))
    assert "安排有变" in texts(Purpose.VISIT_MORNING)[-1].body
    assert db.session.scalar(select(db.func.count()).select_from(RoundChange)) == 1
