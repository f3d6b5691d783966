"""Ways by a road server: in blocks, from memory, and where it fails by the straight line, pair by pair."""

from collections.abc import Iterator

import numpy as np
import pytest

from gateways.travel import FOOT, MOTOR, Osrm, Point, StraightLine, Table
from gateways.travel.circuit import REST_S, Circuit
from gateways.travel.memory import NO_ANSWER, UNKNOWN, Memory
from tests.gateways.roads import Roads, running_roads

HERE = Point(36.585, 109.484, 0.0)
KM = 1 / 111.195
FAR_EAST = Point(36.6, 110.5)


def north(kilometres: float) -> Point:
    return Point(HERE.latitude + kilometres * KM, HERE.longitude, 0.0)


def straight(points: list[Point]) -> Table:
    return StraightLine().table(points, MOTOR)


@pytest.fixture
def roads() -> Iterator[Roads]:
    with running_roads() as service:
        yield service


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.server
def test_it_is_asked_in_blocks(roads):
    points = [north(kilometres) for kilometres in range(25)]
    table = Osrm(roads.url, StraightLine(), block=10).table(points, MOTOR)
    assert sorted(set(roads.asked)) == [(5, 5), (5, 10), (10, 5), (10, 10)]
    assert len(roads.asked) == 9
    expected = KM * 10_000 * np.arange(25)
    assert np.allclose(table.metres[0], expected, atol=1)
    assert np.allclose(table.seconds[0, 1:], expected[1:] + 120, atol=1)


@pytest.mark.server
def test_a_pair_without_a_road_falls_back_to_the_straight_line(roads):
    points = [HERE, north(3), FAR_EAST]
    table = Osrm(roads.url, StraightLine()).table(points, MOTOR)
    assert table.seconds[0, 2] == straight(points).seconds[0, 2]
    assert table.seconds[0, 1] != straight(points).seconds[0, 1]
    assert table.by_road is not None
    assert table.by_road[0, 1]
    assert not table.by_road[0, 2]


@pytest.mark.server
def test_a_door_far_from_every_road_is_not_the_maps_to_tell(roads):
    off = Point(36.60, 109.45)
    roads.far = {off.longitude}
    points = [HERE, north(3), off]
    table = Osrm(roads.url, StraightLine()).table(points, MOTOR)
    assert (table.seconds[2] == straight(points).seconds[2]).all()
    assert (table.seconds[:, 2] == straight(points).seconds[:, 2]).all()
    assert table.seconds[0, 1] != straight(points).seconds[0, 1]


@pytest.mark.server
def test_a_failed_block_falls_back_alone(roads, caplog):
    roads.broken = {0}
    points = [north(kilometres) for kilometres in range(20)]
    table = Osrm(roads.url, StraightLine(), block=10).table(points, MOTOR)
    assert (table.seconds[:10, :10] == straight(points).seconds[:10, :10]).all()
    assert (table.seconds[:10, 10:] != straight(points).seconds[:10, 10:]).any()
    assert "Too many table coordinates" in caplog.text


@pytest.mark.server
def test_after_two_failures_it_is_left_alone_for_a_minute(roads):
    roads.broken = {"all"}
    clock = Hand()
    model = Osrm(roads.url, StraightLine(), block=10, circuit=Circuit(clock))
    points = [north(kilometres) for kilometres in range(40)]
    assert (model.table(points, MOTOR).seconds == straight(points).seconds).all()
    model.table(points, MOTOR)
    assert len(roads.asked) == 2
    assert model.health().rests_s == REST_S
    assert not model.health().is_well
    clock.now += REST_S
    model.table(points, MOTOR)
    assert len(roads.asked) == 3  # one question, to see


@pytest.mark.server
def test_after_the_rest_a_server_that_answers_is_used_again(roads):
    roads.broken = {0, 1}
    clock = Hand()
    model = Osrm(roads.url, StraightLine(), circuit=Circuit(clock))
    model.table([HERE, north(1)], MOTOR)
    model.table([HERE, north(1)], MOTOR)
    clock.now += REST_S
    assert model.table([HERE, north(1)], MOTOR).by_road.any()
    assert model.health().is_well


def test_a_server_that_is_not_there_costs_two_questions_and_no_exception(caplog):
    points = [HERE, north(2)]
    model = Osrm("http://127.0.0.1:9", StraightLine())
    for _time in range(3):
        assert (model.table(points, MOTOR).seconds == straight(points).seconds).all()
    assert caplog.text.count("OSRM gave no table") == 2


@pytest.mark.server
def test_what_was_answered_is_not_asked_again(roads):
    model = Osrm(roads.url, StraightLine())
    points = [HERE, north(3), FAR_EAST]
    first = model.table(points, MOTOR)
    second = model.table(list(reversed(points)), MOTOR)
    assert len(roads.asked) == 1
    assert (second.seconds == first.seconds[::-1, ::-1]).all()


@pytest.mark.server
def test_one_new_door_is_one_row_and_one_column(roads):
    model = Osrm(roads.url, StraightLine(), block=10)
    points = [north(kilometres) for kilometres in range(30)]
    model.table(points, MOTOR)
    roads.asked.clear()
    table = model.table([*points, north(99)], MOTOR)
    assert len(roads.asked) == 7  # of sixteen blocks
    assert table.by_road.all()


def test_on_foot_it_is_not_asked():
    table = Osrm("http://127.0.0.1:9", StraightLine()).table([HERE, north(2)], FOOT)
    assert (table.seconds == StraightLine().table([HERE, north(2)], FOOT).seconds).all()


def remembered(memory: Memory, points: list[Point], number: int) -> None:
    ways = np.full((len(points), len(points)), number, np.int64)
    memory.keep(points, ways, ways)


def test_memory_knows_what_it_was_told_and_nothing_else():
    memory = Memory()
    remembered(memory, [HERE, north(1)], 60)
    seconds, metres = memory.recall([north(1), HERE, north(2)])
    assert seconds.tolist() == metres.tolist() == [[60, 60, UNKNOWN], [60, 60, UNKNOWN], [UNKNOWN] * 3]


def test_memory_joins_what_it_was_told_at_different_times():
    memory = Memory()
    remembered(memory, [HERE, north(1)], 60)
    remembered(memory, [HERE, north(2)], NO_ANSWER)
    seconds, _metres = memory.recall([HERE, north(1), north(2)])
    assert seconds[0].tolist() == [NO_ANSWER, 60, NO_ANSWER]
    assert len(memory) == 3 + 2 + 2


def test_memory_forgets_after_a_while():
    clock = Hand()
    memory = Memory(kept_s=100, clock=clock)
    remembered(memory, [HERE, north(1)], 60)
    clock.now += 101
    assert (memory.recall([HERE, north(1)])[0] == UNKNOWN).all()


def test_memory_is_bounded_and_forgets_what_was_asked_longest_ago():
    memory = Memory(most=8)
    remembered(memory, [north(1), north(2)], 60)
    remembered(memory, [north(3), north(4)], 60)
    memory.recall([north(1), north(2)])
    remembered(memory, [north(5), north(6)], 60)
    assert len(memory) <= 8
    assert (memory.recall([north(3), north(4)])[0] == UNKNOWN).all()
    assert (memory.recall([north(1), north(2)])[0] == 60).all()
