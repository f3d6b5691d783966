"""The optimiser and the day together: what is done and pinned never moves, and little else does."""

from datetime import date

import pytest
from sqlalchemy import select

from dispatch import Limit, check
from extensions import db
from models import ChangeKind, Stop, Visit, VisitStatus
from services import replanning, round_changes, round_comparison
from services.replanning import Event
from tests.factories import make_divisions, make_senior, make_visit
from tests.published import DISPATCHER, ids, publish_by_hand, read, report

TODAY = date(2026, 11, 24)


@pytest.fixture
def day(app):
    """Three helpers; the first two have been to their first door by 9:31."""
    make_divisions()
    made = publish_by_hand(TODAY, 4, 3, 2)
    for its in made.visits[:2]:
        report(its[0], made.at("9:01"), made.at("9:31"))
    return made


def change(day, event, clock="9:32"):
    """The suggestion of a real search, and the rows that it would write for each helper."""
    standing = read(day, event, clock)
    plan = replanning.search(standing, Limit(iterations=3000), seed=1)
    assert check(standing.problem, plan) == []
    draft = round_comparison.compare(standing, plan)
    return round_changes.keep(draft, seconds=1, by=DISPATCHER, now=day.at(clock))


def starts():
    db.session.expire_all()
    return {str(key): start for key, start in db.session.execute(select(Stop.visit_id, Stop.start_minute))}


def test_the_visits_of_an_ill_helper_are_made_by_the_others_and_what_is_done_stays(day):
    before = starts()
    made = change(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id))
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("9:33"))
    assert made.lost == []
    order = day.order()
    assert order[str(day.helpers[0].id)] == ids(day.visits[0][:1])
    assert order[str(day.helpers[1].id)][0] == str(day.visits[1][0].id)
    after = starts()
    done = ids([day.visits[0][0], day.visits[1][0]])
    assert {key: after[key] for key in done} == {key: before[key] for key in done}
    assert after.keys() == before.keys()
    assert all(after[key] >= 9 * 60 + 32 for key in ids(day.visits[0][1:]))


def test_nobody_else_gets_another_helper_because_one_is_ill(day):
    made = change(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id))
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("9:33"))
    for its, helper in zip(day.visits[1:], day.helpers[1:], strict=True):
        assert {db.session.get(Visit, one.id).helper_id for one in its} == {helper.id}
    assert made.figures["moved"] == 3


def test_a_pinned_stop_keeps_its_helper_and_its_time(day):
    pinned = day.visits[1][2]
    db.session.execute(db.update(Stop).where(Stop.visit_id == pinned.id).values(is_pinned=True))
    before = starts()[str(pinned.id)]
    made = change(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id))
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("9:33"))
    assert starts()[str(pinned.id)] == before
    assert db.session.scalars(select(Stop.is_pinned).where(Stop.visit_id == pinned.id)).one()
    assert str(pinned.id) in day.order()[str(day.helpers[1].id)]


def test_a_helper_who_leaves_at_noon_goes_on_until_then(day):
    made = change(day, Event(ChangeKind.ILL, helper_id=day.helpers[0].id, minute=11 * 60))
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("9:33"))
    left = day.order()[str(day.helpers[0].id)]
    assert 2 <= len(left) < 4
    assert all(starts()[key] + 30 <= 11 * 60 for key in left)


def test_a_late_stop_moves_what_follows_and_nobody_elses_day(day):
    late = day.visits[0][1]
    report(late, day.at("9:46"))
    made = change(day, Event(ChangeKind.LATE, visit_ids=(late.id,), minute=11 * 60), "10:20")
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("10:21"))
    mine = [key for key in day.order()[str(day.helpers[0].id)] if key not in ids(day.visits[0][:2])]
    assert all(starts()[key] >= 11 * 60 for key in mine)
    for its, helper in zip(day.visits[1:], day.helpers[1:], strict=True):
        assert {db.session.get(Visit, one.id).helper_id for one in its} == {helper.id}


def test_an_urgent_visit_finds_its_place_today(day):
    urgent = make_visit(make_senior(latitude=36.675), TODAY, priority=1)
    made = change(day, Event(ChangeKind.ADDED, visit_ids=(urgent.id,)))
    round_changes.accept(made.id, by=DISPATCHER, now=day.at("9:33"))
    assert urgent.status == VisitStatus.PLANNED
    assert starts()[str(urgent.id)] > 9 * 60 + 32
    assert made.figures["moved"] == 0


def test_open_roads_change_nothing(day):
    made = change(day, Event(ChangeKind.CLOSED))
    assert made.after["visits"] == {}
    assert made.figures["moved"] == 0
