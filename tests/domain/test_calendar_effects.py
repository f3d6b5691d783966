"""What the calendar does to a visit: never outside the day, never reversed, and the same in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from domain.calendar_effects import (
    DAY,
    NOTHING,
    Change,
    Effect,
    adjusted,
    combine,
    joined,
    lengthened,
    without,
)

MARKET = Effect(closed=(7 * 60, 11 * 60), instead=(14 * 60, 17 * 60 + 30))
MORNING, ALL_DAY = (8 * 60, 10 * 60), (8 * 60, 17 * 60)

SPANS = st.tuples(st.integers(-100, 1600), st.integers(-100, 1600))
GOOD_SPANS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
EFFECTS = st.builds(
    Effect,
    st.none() | SPANS,
    st.none() | SPANS,
    st.integers(100, 500),
    st.integers(100, 500),
    st.booleans(),
    st.sampled_from([None, 2, 3]),
)
LISTS = st.lists(EFFECTS, max_size=5)


def test_on_a_market_day_a_mornings_visit_moves_to_the_afternoon():
    assert adjusted([MORNING], 30, 2, combine([MARKET])) == ((MARKET.instead,), Change.MOVED)


def test_on_a_market_day_a_long_window_loses_the_hours_of_the_market():
    assert adjusted([ALL_DAY], 30, 2, combine([MARKET])) == (((11 * 60, 17 * 60),), Change.NARROWED)


def test_a_closed_hour_in_the_middle_leaves_both_ends():
    noon = combine([Effect(closed=(12 * 60, 13 * 60))])
    assert adjusted([ALL_DAY], 30, 2, noon) == (((480, 720), (780, 1020)), Change.NARROWED)


def test_what_is_left_must_hold_the_visit():
    assert adjusted([(8 * 60, 11 * 60 + 20)], 30, 2, combine([MARKET]))[1] is Change.MOVED


def test_without_another_time_an_ordinary_visit_waits_and_an_urgent_one_is_made_all_the_same():
    closed = combine([Effect(closed=(7 * 60, 11 * 60))])
    assert adjusted([MORNING], 30, 2, closed) == ((MORNING,), Change.POSTPONED)
    assert adjusted([MORNING], 30, 1, closed) == ((MORNING,), Change.KEPT)


def test_heavy_rain_lets_what_can_wait_wait():
    rain = combine([Effect(postpone_from=3)])
    assert [adjusted([ALL_DAY], 30, priority, rain)[1] for priority in (1, 2, 3)] == [
        Change.NONE, Change.NONE, Change.POSTPONED,
    ]  # fmt: skip


def test_the_longer_of_two_percentages_holds_and_not_their_product():
    both = combine([Effect(travel_percent=150, duration_percent=120), Effect(travel_percent=130)])
    assert (both.travel_percent, both.duration_percent) == (150, 120)
    assert lengthened(31, both) == 38


def test_no_rule_changes_nothing():
    assert combine([]) == NOTHING
    assert adjusted([MORNING], 30, 2, NOTHING) == ((MORNING,), Change.NONE)


@given(LISTS, st.lists(GOOD_SPANS, min_size=1, max_size=3), st.integers(1, 300), st.integers(1, 3))
def test_windows_are_never_reversed_never_outside_the_day_and_hold_the_visit(effects, windows, minutes, priority):
    together = combine(effects)
    left, change = adjusted(windows, minutes, priority, together)
    assert left
    assert all(DAY[0] <= start < end <= DAY[1] for start, end in left)
    if change in {Change.NARROWED, Change.MOVED}:
        length = lengthened(minutes, together)
        assert all(end - start >= length for start, end in left)
        assert not any(
            start < shut_to and shut_from < end for start, end in left for shut_from, shut_to in together.closed
        )
    else:
        assert left == tuple(windows)
    assert not (change is Change.POSTPONED and priority == 1)
    assert not (change is Change.KEPT and priority > 1)


@given(st.data(), LISTS)
def test_effects_compose_to_the_same_in_any_order_and_any_grouping(data, effects):
    shuffled = data.draw(st.permutations(effects))
    assert combine(effects) == combine(shuffled) == combine(effects + shuffled)


@given(LISTS, EFFECTS)
def test_one_more_effect_never_opens_an_hour_or_quickens_a_way(effects, more):
    before, after = combine(effects), combine([*effects, more])
    assert without(before.closed, after.closed) == ()
    assert after.travel_percent >= before.travel_percent
    assert after.duration_percent >= before.duration_percent
    assert after.is_foot_out >= before.is_foot_out


@given(st.lists(SPANS), st.lists(SPANS))
def test_taking_hours_out_leaves_exactly_the_other_minutes(spans, closed):
    def minutes(some):
        return {minute for start, end in some for minute in range(max(start, 0), min(end, 1440))}

    left = without(spans, joined(closed))
    assert minutes(left) == minutes(spans) - minutes(closed)
    assert list(left) == sorted(left)
