"""The model of a place and day; forgetting what was learned, and remembering it again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.travelling import Basis
from extensions import db
from gateways.travel import FOOT, MOTOR, UNREACHABLE, Point, StraightLine
from models import AuditEntry, ClosureShape, Means, RoadClosure, Role, TravelFactor
from policy import Actor, Held
from services import round_days, travel
from tests.factories import (
    BAOTA,
    OTHER_TOWNSHIP,
    OTHER_VILLAGE,
    TOWNSHIP,
    VILLAGE,
    YANCHANG,
    make_divisions,
    make_helper,
    make_senior,
    make_visit,
)
from tests.statements import counted

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
STRANGER = Actor(user_id=None, name="别县的", grants=(Held(Role.DISPATCHER, division_code=YANCHANG),))
POINTS = [
    Point(36.68, 109.40, 0.5, division=VILLAGE),
    Point(36.70, 109.42, 0.5, division=VILLAGE),
    Point(36.59, 110.02, 0.5, division=OTHER_VILLAGE),
]
STRAIGHT = StraightLine().table(POINTS, MOTOR).seconds


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def factor(one: str = TOWNSHIP, other: str = TOWNSHIP, times: float = 2.0) -> TravelFactor:
    row = TravelFactor(
        basis=Basis.LINE, means=Means.MOTOR, one_code=one, other_code=other, legs=9, low=times, median=times,
        high=times, factor=times, model_s=600, observed_s=round(600 * times), from_on=TODAY - timedelta(days=60),
        to_on=TODAY - timedelta(days=1), learned_at=NOW - timedelta(hours=8),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def closure(**changes) -> RoadClosure:
    fields = {"shape": ClosureShape.PLACE, "division_code": VILLAGE, "from_on": TODAY, "reason": "塌方"}
    row = RoadClosure(**(fields | changes))
    db.session.add(row)
    db.session.flush()
    return row


def seconds(code: str = BAOTA, on: date = TODAY, means: str = MOTOR):
    return travel.model_for(code, on, osrm_url="").table(POINTS, means).seconds


def test_without_anything_learned_or_closed_it_is_the_straight_line():
    assert (seconds() == STRAIGHT).all()


def test_what_was_learned_of_the_county_counts():
    factor()
    assert seconds()[0, 1] == 2 * STRAIGHT[0, 1]
    assert seconds()[0, 2] == STRAIGHT[0, 2]


def test_a_way_out_of_the_county_is_known_to_both_counties():
    factor(TOWNSHIP, OTHER_TOWNSHIP)
    assert seconds(BAOTA)[0, 2] == seconds(YANCHANG)[0, 2] == 2 * STRAIGHT[0, 2]


def test_a_road_is_closed_on_its_days_only():
    closure(to_on=TODAY + timedelta(days=1))
    assert seconds()[0, 2] == UNREACHABLE
    assert seconds(on=TODAY - timedelta(days=1))[0, 2] == STRAIGHT[0, 2]
    assert seconds(on=TODAY + timedelta(days=2))[0, 2] == STRAIGHT[0, 2]


def test_each_shape_of_closure_is_in_the_way():
    pair = closure(shape=ClosureShape.PAIR, other_code=OTHER_TOWNSHIP, division_code=TOWNSHIP, detour=2.0)
    assert seconds()[0, 2] == 2 * STRAIGHT[0, 2]
    db.session.delete(pair)
    closure(shape=ClosureShape.CIRCLE, latitude=36.69, longitude=109.41, radius_m=300, means=Means.MOTOR)
    assert seconds()[0, 1] == UNREACHABLE
    assert seconds(means=FOOT)[0, 1] < UNREACHABLE


def test_a_day_is_planned_around_what_is_closed():
    helper = make_helper()
    visit = make_visit(make_senior(), TODAY)
    closure(shape=ClosureShape.PLACE, division_code=VILLAGE)
    model = travel.model_for(BAOTA, TODAY, osrm_url="")
    problem = round_days.prepare(BAOTA, TODAY, today=TODAY, travel=model).problem
    base, door = problem.helpers[0].start_place, problem.visits[0].place
    assert (problem.helpers[0].id, problem.visits[0].id) == (str(helper.id), str(visit.id))
    assert problem.travel["motor"].seconds[base, door] == UNREACHABLE


def test_a_reset_factor_counts_no_more_and_can_be_taken_back():
    row = factor()
    travel.reset(row.id, reason="新路  通了", by=DISPATCHER, now=NOW)
    assert (seconds() == STRAIGHT).all()
    assert row.reset_reason == "新路 通了"
    travel.undo_reset(row.id, by=DISPATCHER, now=NOW)
    assert seconds()[0, 1] == 2 * STRAIGHT[0, 1]
    assert db.session.scalars(select(AuditEntry.act)).all() == ["travel.reset", "travel.undo_reset"]


def test_nothing_is_reset_twice_or_taken_back_twice():
    row = factor()
    with pytest.raises(Refusal):
        travel.undo_reset(row.id, by=DISPATCHER, now=NOW)
    travel.reset(row.id, reason="", by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal):
        travel.reset(row.id, reason="", by=DISPATCHER, now=NOW)


def test_what_another_county_learned_does_not_exist():
    row = factor()
    with pytest.raises(NotFound):
        travel.reset(row.id, reason="", by=STRANGER, now=NOW)


def test_a_model_costs_two_statements():
    with counted(db.engine) as first:
        travel.model_for(BAOTA, TODAY, osrm_url="")
    for number in range(20):
        closure(from_on=TODAY - timedelta(days=number))
    with counted(db.engine) as second:
        travel.model_for(BAOTA, TODAY, osrm_url="").table(POINTS, MOTOR)
    assert first.count == second.count == 2
