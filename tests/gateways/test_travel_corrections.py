"""What was learned, and roads that are closed, over any model of travel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.travelling import Basis
from gateways.travel import (
    FOOT,
    MOTOR,
    UNREACHABLE,
    Between,
    Circle,
    Closed,
    Closure,
    Learned,
    Pair,
    Place,
    Point,
    StraightLine,
    Table,
    corrected,
)

KM = 1 / 111.195
NORTH, SOUTH, COUNTY = "610602101", "610602102", "610602"


def at(kilometres: float, division: str = NORTH) -> Point:
    return Point(36.5 + kilometres * KM, 109.5, 0.5, "", division)


def learned(one: str, other: str, factor: float, *, basis: Basis = Basis.LINE, means: str = MOTOR) -> dict[Pair, float]:
    return {Pair(basis, means, one, other): factor}


POINTS = [at(0), at(3), at(6, SOUTH)]
BASE = StraightLine().table(POINTS, MOTOR)


def test_ways_between_two_townships_take_as_long_as_was_learned():
    table = Learned(StraightLine(), learned(NORTH, SOUTH, 2.0)).table(POINTS, MOTOR)
    assert table.seconds[0, 2] == table.seconds[2, 0] == 2 * BASE.seconds[0, 2]
    assert table.seconds[0, 1] == BASE.seconds[0, 1]
    assert (table.metres == BASE.metres).all()


def test_what_was_learned_on_foot_is_nothing_to_a_motor():
    table = Learned(StraightLine(), learned(NORTH, SOUTH, 2.0, means=FOOT)).table(POINTS, MOTOR)
    assert (table.seconds == BASE.seconds).all()


def test_a_pair_nobody_has_learned_has_the_countys_factor():
    factors = learned(COUNTY, COUNTY, 1.5) | learned(NORTH, NORTH, 2.0)
    table = Learned(StraightLine(), factors).table(POINTS, MOTOR)
    assert table.seconds[0, 2] == round(1.5 * BASE.seconds[0, 2])
    assert table.seconds[0, 1] == 2 * BASE.seconds[0, 1]


def test_a_way_into_another_county_has_something_of_both():
    points = [at(0), at(5, "610621100")]
    table = Learned(StraightLine(), learned(COUNTY, COUNTY, 2.25)).table(points, MOTOR)
    assert table.seconds[0, 1] == round(1.5 * StraightLine().table(points, MOTOR).seconds[0, 1])


class HalfByRoad:
    """The first way is a road map's answer, the others are straight lines."""

    def table(self, points, means):
        by_road = np.zeros((len(points), len(points)), np.bool_)
        by_road[0, 1] = True
        return Table(np.full(by_road.shape, 600, np.int64), np.full(by_road.shape, 5000, np.int64), by_road)


def test_a_road_maps_answers_have_factors_of_their_own():
    factors = learned(NORTH, NORTH, 2.0) | learned(NORTH, NORTH, 1.1, basis=Basis.ROAD)
    table = Learned(HalfByRoad(), factors).table([at(0), at(3)], MOTOR)
    assert (table.seconds[0, 1], table.seconds[1, 0]) == (660, 1200)


def test_what_does_not_exist_is_not_multiplied():
    cut = Closed(StraightLine(), [Closure(Between(NORTH, SOUTH))])
    assert Learned(cut, learned(NORTH, SOUTH, 0.5)).table(POINTS, MOTOR).seconds[0, 2] == UNREACHABLE


def test_a_village_that_is_cut_off_is_reached_by_nobody_but_those_in_it():
    points = [at(0), at(3, "610602102201"), at(4, "610602102201"), at(5, "610602102202")]
    seconds = Closed(StraightLine(), [Closure(Place("610602102201"))]).table(points, MOTOR).seconds
    straight = StraightLine().table(points, MOTOR).seconds
    assert seconds[0, 1] == seconds[1, 0] == seconds[3, 2] == UNREACHABLE
    assert seconds[1, 2] == straight[1, 2]
    assert seconds[0, 3] == straight[0, 3]


def test_a_detour_lengthens_the_ways_across_it():
    table = Closed(StraightLine(), [Closure(Between(NORTH, SOUTH), times=1.5)]).table(POINTS, MOTOR)
    assert table.seconds[0, 2] == round(1.5 * BASE.seconds[0, 2])
    assert table.metres[0, 2] == round(1.5 * BASE.metres[0, 2])
    assert table.seconds[0, 1] == BASE.seconds[0, 1]


def test_of_two_detours_in_one_way_the_longer_counts():
    closures = [Closure(Between(NORTH, SOUTH), times=1.5), Closure(Place(SOUTH), times=2.0)]
    assert Closed(StraightLine(), closures).table(POINTS, MOTOR).seconds[0, 2] == 2 * BASE.seconds[0, 2]


def test_a_landslide_stops_the_ways_that_pass_it():
    slide = Circle(36.5 + 4.5 * KM, 109.5, 500)
    seconds = Closed(StraightLine(), [Closure(slide)]).table(POINTS, MOTOR).seconds
    assert seconds[0, 2] == seconds[1, 2] == UNREACHABLE
    assert seconds[0, 1] == BASE.seconds[0, 1]


def test_a_landslide_beside_the_way_stops_nobody():
    slide = Circle(36.5 + 4.5 * KM, 109.52, 500)  # 1.8 km to the east
    assert (Closed(StraightLine(), [Closure(slide)]).table(POINTS, MOTOR).seconds == BASE.seconds).all()


def test_a_road_closed_to_motors_is_open_on_foot():
    closed = Closed(StraightLine(), [Closure(Between(NORTH, SOUTH), means=MOTOR)])
    assert closed.table(POINTS, MOTOR).seconds[0, 2] == UNREACHABLE
    assert (closed.table(POINTS, FOOT).seconds == StraightLine().table(POINTS, FOOT).seconds).all()


def test_a_place_nobody_knows_is_in_no_closure():
    points = [Point(36.5, 109.5), Point(36.52, 109.5)]
    closures = [Closure(Place(NORTH)), Closure(Between(NORTH, SOUTH))]
    seconds = Closed(StraightLine(), closures).table(points, MOTOR).seconds
    assert (seconds == StraightLine().table(points, MOTOR).seconds).all()


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.sampled_from([NORTH, SOUTH, ""])), min_size=2, max_size=8),
    st.floats(0.5, 3.0),
    st.floats(1.0, 5.0),
    st.sampled_from([FOOT, MOTOR]),
)
def test_whatever_is_learned_or_closed_every_pair_has_an_answer(places, factor, times, means):
    points = [at(kilometres, division) for kilometres, division in places]
    factors = learned(NORTH, SOUTH, factor) | learned(COUNTY, COUNTY, factor, means=FOOT)
    closures = [Closure(Circle(36.5, 109.5, 300)), Closure(Place(SOUTH), times=times)]
    table = corrected(StraightLine(), factors, closures).table(points, means)
    assert table.seconds.shape == (len(points), len(points))
    assert (table.seconds >= 0).all()
    assert (np.diag(table.seconds) == 0).all()
    assert (table.seconds == table.seconds.T).all()


@pytest.mark.parametrize("points", [[], [at(0)]])
def test_nothing_to_correct(points):
    closures = [Closure(Circle(36.5, 109.5, 300))]
    table = corrected(StraightLine(), learned(NORTH, NORTH, 2.0), closures).table(points, MOTOR)
    assert table.seconds.shape == (len(points), len(points))
