"""What logged days teach of the ways between townships."""

import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from domain.times import at_minute
from domain.travelling import LEAST, Basis
from extensions import db
from gateways.travel import MOTOR, Point, StraightLine
from models import Helper, Means, Outcome, Residence, TravelFactor, Visit, VisitMode, VisitStatus
from services import travel_learning
from tests.factories import BAOTA, TOWNSHIP, VILLAGE, make_divisions, make_helper, make_senior, make_visit
from tests.statements import counted

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 23, 19, tzinfo=UTC)  # 3:00 on the 24th
NORTH, SOUTH = (36.70, 109.40), (36.64, 109.42)
MODEL_S = float(
    StraightLine()
    .table([Point(*NORTH, 0.5, division=VILLAGE), Point(*SOUTH, 0.5, division=VILLAGE)], MOTOR)
    .seconds[0, 1]
)
_days = count(1)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def doors():
    return [make_senior(name=name, latitude=at[0], longitude=at[1]) for name, at in (("北", NORTH), ("南", SOUTH))]


def logged(helper: Helper, senior, on: date, minute: float, **changes) -> Visit:
    """Somebody was there for ten minutes."""
    arrived = at_minute(on, 0) + timedelta(minutes=minute)
    its = {"status": VisitStatus.DONE, "outcome": Outcome.MET, "met_on": on, "left_at": arrived + timedelta(minutes=10)}
    return make_visit(senior, on, helper_id=helper.id, arrived_at=arrived, **(its | changes))


def walked(helper: Helper, doors, times: float, *, days: int = LEAST, **changes) -> None:
    """From the first door to the second on so many days, each taking `times` as long as the model says."""
    for _day in range(days):
        on = TODAY - timedelta(days=next(_days) % 80 + 1)
        logged(helper, doors[0], on, 540, **changes)
        logged(helper, doors[1], on, 550 + times * MODEL_S / 60)


def learned(today: date = TODAY, now: datetime = NOW) -> dict[tuple[str, str], TravelFactor]:
    travel_learning.learn(travel_learning.observe(StraightLine(), today=today), now=now)
    db.session.flush()
    return {(row.one_code, row.other_code): row for row in db.session.scalars(select(TravelFactor))}


def test_five_days_of_twice_the_time_teach_a_factor(doors):
    walked(make_helper(), doors, 2.0)
    row = learned()[TOWNSHIP, TOWNSHIP]
    assert (row.legs, row.basis, row.means) == (LEAST, Basis.LINE, Means.MOTOR)
    assert row.median == pytest.approx(2.0, rel=0.01)
    assert row.factor == pytest.approx(2**0.5, rel=0.01)
    assert row.model_s == pytest.approx(MODEL_S, abs=1)
    assert row.observed_s == pytest.approx(2 * MODEL_S, abs=1)
    assert row.holds


def test_four_days_teach_nothing(doors):
    walked(make_helper(), doors, 2.0, days=LEAST - 1)
    assert learned() == {}


def test_twenty_legs_teach_the_county_too(doors):
    walked(make_helper(), doors, 1.5, days=20)
    found = learned()
    assert found.keys() == {(TOWNSHIP, TOWNSHIP), (BAOTA, BAOTA)}
    assert found[BAOTA, BAOTA].factor < found[TOWNSHIP, TOWNSHIP].factor < 1.5


def test_a_meal_between_two_doors_is_no_way(doors):
    walked(make_helper(), doors, 4.0)
    assert learned() == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"late_reason": "手机没电"}, "written down from memory"),
        ({"mode": VisitMode.PHONE}, "nobody was there"),
        ({"left_at": None, "status": VisitStatus.UNDER_WAY, "outcome": None, "met_on": None}, "not over"),
    ],
)
def test_visits_that_say_nothing_of_ways(doors, changes, why):
    walked(make_helper(), doors, 2.0, **changes)
    assert learned() == {}, why


def test_a_door_nobody_has_marked_ends_the_way(doors):
    helper = make_helper()
    unmarked = make_senior(latitude=None, longitude=None)
    walked(helper, doors, 2.0)
    for on in set(db.session.scalars(select(Visit.on))):
        logged(helper, unmarked, on, 552)
    assert learned() == {}


def test_somebody_who_stayed_elsewhere_was_not_visited_at_home(doors):
    walked(make_helper(), doors, 2.0)
    first = date(2026, 1, 1)
    db.session.add(
        Residence(
            senior_id=doors[0].id, kind="stay", division_code=TOWNSHIP, latitude=36.9, longitude=109.2, from_on=first
        )
    )
    assert learned() == {}


def test_two_helpers_days_are_not_one(doors):
    for day in range(1, 10):
        on = TODAY - timedelta(days=day)
        logged(make_helper(), doors[0], on, 540)
        logged(make_helper(), doors[1], on, 560)
    assert learned() == {}


def test_what_was_logged_more_than_a_season_ago_is_forgotten(doors):
    walked(make_helper(), doors, 2.0)
    assert learned()
    assert learned(TODAY + timedelta(days=200), NOW + timedelta(days=200)) == {}


def test_half_an_hour_for_a_kilometre_is_as_expected_on_foot():
    helper = make_helper(means=Means.FOOT)
    near = [make_senior(latitude=latitude, longitude=109.4) for latitude in (36.68, 36.69)]
    for day in range(1, LEAST + 1):
        logged(helper, near[0], TODAY - timedelta(days=day), 540)
        logged(helper, near[1], TODAY - timedelta(days=day), 580)
    row = learned()[TOWNSHIP, TOWNSHIP]
    assert row.means is Means.FOOT
    assert row.median == pytest.approx(1.0, abs=0.1)


def test_after_a_reset_only_later_days_count(doors):
    helper = make_helper()
    walked(helper, doors, 2.0)
    row = learned()[TOWNSHIP, TOWNSHIP]
    row.reset("新路通了", by_id=None, at=NOW)
    row = learned(now=NOW + timedelta(hours=1))[TOWNSHIP, TOWNSHIP]
    assert not row.holds
    for day in range(1, LEAST + 1):
        on = TODAY + timedelta(days=day)
        logged(helper, doors[0], on, 540)
        logged(helper, doors[1], on, 550 + MODEL_S / 60)
    row = learned(TODAY + timedelta(days=10), NOW + timedelta(days=10))[TOWNSHIP, TOWNSHIP]
    assert row.holds
    assert row.median == pytest.approx(1.0, rel=0.01)


def test_learning_costs_the_same_number_of_statements_however_many_days(doors):
    helper = make_helper()
    walked(helper, doors, 2.0)
    with counted(db.engine) as few:
        travel_learning.observe(StraightLine(), today=TODAY)
    for _more in range(4):
        walked(make_helper(name=uuid.uuid4().hex[:6]), doors, 2.0, days=10)
    with counted(db.engine) as many:
        travel_learning.observe(StraightLine(), today=TODAY)
    assert many.count == few.count == 3
