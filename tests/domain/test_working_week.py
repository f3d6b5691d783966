"""A week is balanced: long days make short ones, and no day is bent out of shape."""

from hypothesis import given
from hypothesis import strategies as st

from domain.working_week import todays_minutes

MINUTES = st.integers(30, 720)


def test_a_week_as_contracted_leaves_the_day_as_contracted():
    assert todays_minutes(480, worked=960, days_worked=2, days_left=3) == 480


def test_what_was_worked_too_much_is_shared_by_the_days_left():
    assert todays_minutes(480, worked=960 + 90, days_worked=2, days_left=3) == 450
    assert todays_minutes(480, worked=960 - 90, days_worked=2, days_left=3) == 510


def test_days_without_a_round_count_neither_way():
    assert todays_minutes(480, worked=0, days_worked=0, days_left=3) == 480


@given(MINUTES, st.integers(0, 6), st.integers(0, 4000), st.integers(0, 7))
def test_no_day_loses_or_gains_more_than_half(daily, days, worked, left):
    today = todays_minutes(daily, worked=worked, days_worked=days, days_left=left)
    assert daily * 0.5 - 1 <= today <= daily * 1.5 + 1


@given(MINUTES, st.integers(1, 5), st.integers(0, 2000), st.integers(1, 6))
def test_more_work_before_never_means_more_today(daily, days, worked, left):
    less = todays_minutes(daily, worked=worked + 30, days_worked=days, days_left=left)
    assert less <= todays_minutes(daily, worked=worked, days_worked=days, days_left=left)
