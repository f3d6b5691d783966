"""Working times and days of the week as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import parse_spans, parse_weekdays, written_spans, written_weekdays


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:30-12:00 14:00-17:30", [(510, 720), (840, 1050)]), ("8:30～17:30", [(510, 1050)]),
        ("14:00-17:30，08:30-12:00", [(510, 720), (840, 1050)]), ("", []), ("08：30至12：00", [(510, 720)]),
    ],
)  # fmt: skip
def test_spans_are_read(text, spans):
    assert parse_spans(text) == spans


@pytest.mark.parametrize(
    "text", ["早上", "12:00-08:30", "08:30-12:00 11:00-13:00", "08:75-09:00", "08:30", "1-2", "23:00-25:00"]
)
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  its message is the text itself
        parse_spans(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("周一至周五", [1, 2, 3, 4, 5]), ("一三五", [1, 3, 5]), ("1-5", [1, 2, 3, 4, 5]),
        ("每天", [1, 2, 3, 4, 5, 6, 7]),
        ("星期一、星期日", [1, 7]), ("周六周天", [6, 7]), ("1,3", [1, 3]),
    ],
)  # fmt: skip
def test_days_of_the_week_are_read(text, days):
    assert parse_weekdays(text) == days


@pytest.mark.parametrize("text", ["", "周八", "工作日", "五至一", "0"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  its message is the text itself
        parse_weekdays(text)


@given(st.sets(st.integers(1, 7), min_size=1))
def test_days_survive_being_written(days):
    assert parse_weekdays(written_weekdays(list(days))) == sorted(days)


@given(st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True))
def test_a_span_survives_being_written(minutes):
    span = (min(minutes), max(minutes))
    assert parse_spans(written_spans([span])) == [span]
