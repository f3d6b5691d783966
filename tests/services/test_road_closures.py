"""Closing a road, correcting it, opening it again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from extensions import db
from models import AuditEntry, ClosureShape, Means, RoadClosure, Role
from policy import Actor, Held
from services import road_closures
from services.road_closures import ClosureData
from tests.factories import BAOTA, CITY, OTHER_TOWNSHIP, TOWNSHIP, VILLAGE, YANCHANG, make_divisions

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CLERK = Actor(user_id=None, name="镇干部", grants=(Held(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP),))
STRANGER = Actor(user_id=None, name="别县的", grants=(Held(Role.DISPATCHER, division_code=YANCHANG),))
HELPER = Actor(user_id=None, name="助老员", grants=(Held(Role.HELPER),))


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def data(**changes) -> ClosureData:
    fields = {
        "shape": ClosureShape.PLACE, "division_code": VILLAGE, "from_on": TODAY, "to_on": None, "reason": "雨后塌方",
    }  # fmt: skip
    return ClosureData(**(fields | changes))


def closed(**changes) -> RoadClosure:
    return road_closures.close(data(**changes), by=CLERK, now=NOW)


def test_a_clerk_closes_the_road_into_a_village():
    row = closed()
    assert row.holds_on(TODAY)
    assert row.holds_on(TODAY + timedelta(days=100))
    assert not row.holds_on(TODAY - timedelta(days=1))
    assert db.session.scalars(select(AuditEntry.act)).all() == ["road.close"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_on": TODAY - timedelta(days=1)}, "from_on"),
        ({"to_on": TODAY - timedelta(days=1)}, "to_on"),
        ({"reason": "  "}, "reason"),
        ({"detour": 9.0}, "detour"),
        ({"detour": 1.0}, "detour"),
        ({"shape": ClosureShape.PAIR}, "other_code"),
        ({"shape": ClosureShape.PAIR, "other_code": TOWNSHIP}, "other_code"),
        ({"shape": ClosureShape.PAIR, "other_code": "610699999"}, "other_code"),
        ({"shape": ClosureShape.CIRCLE}, "latitude"),
        ({"shape": ClosureShape.CIRCLE, "latitude": 109.4, "longitude": 36.6, "radius_m": 300}, "latitude"),
        ({"shape": ClosureShape.CIRCLE, "latitude": 36.6, "longitude": 109.4, "radius_m": 5}, "radius_m"),
        ({"shape": ClosureShape.CIRCLE, "latitude": 36.6, "longitude": 109.4}, "radius_m"),
        ({"division_code": TOWNSHIP + "999"}, "division_code"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(changes, field):
    with pytest.raises(Refusal) as refused:
        closed(**changes)
    assert refused.value.field == field


def test_the_whole_city_is_not_closed():
    officer = Actor(user_id=None, name="市", grants=(Held(Role.CITY_OFFICER, division_code=CITY),))
    with pytest.raises(Refusal):
        road_closures.close(data(division_code=CITY), by=officer, now=NOW)


@pytest.mark.parametrize("actor", [STRANGER, HELPER])
def test_nobody_closes_roads_elsewhere(actor):
    with pytest.raises(NotFound):
        road_closures.close(data(), by=actor, now=NOW)


def test_what_belongs_to_another_shape_is_left_out():
    row = closed(latitude=36.6, longitude=109.4, radius_m=300, other_code=BAOTA)
    assert (row.latitude, row.radius_m, row.other_code) == (None, None, None)


def test_both_ends_of_a_road_may_open_it():
    row = closed(shape=ClosureShape.PAIR, division_code=TOWNSHIP, other_code=OTHER_TOWNSHIP, detour=1.5)
    assert road_closures.open_again(row.id, by=STRANGER, now=NOW) is None


def test_a_road_that_was_closed_today_is_taken_back_whole():
    road_closures.open_again(closed().id, by=CLERK, now=NOW)
    assert db.session.scalars(select(RoadClosure)).all() == []


def test_a_road_that_was_closed_before_stays_on_record():
    row = closed()
    road_closures.open_again(row.id, by=CLERK, now=NOW + timedelta(days=3))
    assert row.to_on == TODAY + timedelta(days=2)
    with pytest.raises(Refusal):
        road_closures.open_again(row.id, by=CLERK, now=NOW + timedelta(days=4))


def test_it_is_corrected_but_its_past_is_not():
    row = closed()
    later = NOW + timedelta(days=3)
    road_closures.update(row.id, data(detour=1.5, means=Means.MOTOR), by=CLERK, now=later)
    assert (row.detour, row.means) == (1.5, Means.MOTOR)
    with pytest.raises(Refusal):
        road_closures.update(row.id, data(from_on=TODAY + timedelta(days=3)), by=CLERK, now=later)
    with pytest.raises(Refusal):
        road_closures.update(row.id, data(to_on=TODAY), by=CLERK, now=later)
    with pytest.raises(NotFound):
        road_closures.update(row.id, data(), by=STRANGER, now=later)
