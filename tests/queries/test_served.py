"""Is this person served on day D? The statement gives what the rule, written out slowly, gives."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from extensions import db
from models import Senior, SeniorStatus, SeniorStatusPeriod
from queries.served import is_served, reasons_not_served, served_on, status_expression, why_not_served
from tests.factories import make_divisions, make_senior, make_status

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def colleague(make_user):
    from models import Role

    make_divisions()
    db.session.commit()
    return make_user(Role.TOWNSHIP_CLERK, division_code="610602100")


def test_somebody_with_no_periods_is_served(app):
    senior = make_senior()
    assert is_served(senior.id, MONDAY)
    assert why_not_served(senior.id, MONDAY) is None


def test_a_stay_in_hospital_covers_its_first_and_last_day(app):
    senior = make_senior()
    make_status(senior, SeniorStatus.IN_HOSPITAL, MONDAY, MONDAY + 2 * DAY)
    served = [is_served(senior.id, MONDAY + number * DAY) for number in (-1, 0, 2, 3)]
    assert served == [True, False, False, True]
    assert why_not_served(senior.id, MONDAY) is SeniorStatus.IN_HOSPITAL


def test_a_reported_death_pauses_and_a_confirmed_one_counts(app, colleague):
    senior = make_senior()
    period = make_status(senior, SeniorStatus.DECEASED, MONDAY)
    assert not is_served(senior.id, MONDAY)
    assert why_not_served(senior.id, MONDAY) is SeniorStatus.PAUSED
    period.confirmed_by_id = colleague.id
    db.session.flush()
    assert why_not_served(senior.id, MONDAY) is SeniorStatus.DECEASED


def test_a_confirmed_death_outweighs_a_later_stay(app, colleague):
    senior = make_senior()
    make_status(senior, SeniorStatus.DECEASED, MONDAY, confirmed_by_id=colleague.id)
    make_status(senior, SeniorStatus.IN_HOSPITAL, MONDAY + DAY)
    assert why_not_served(senior.id, MONDAY + 2 * DAY) is SeniorStatus.DECEASED


def test_a_merged_record_is_not_served(app):
    kept = make_senior()
    merged = make_senior(merged_into_id=kept.id)
    assert not is_served(merged.id, MONDAY)
    assert reasons_not_served([kept.id, merged.id], MONDAY) == {merged.id: SeniorStatus.MOVED}


PERIODS = st.lists(
    st.tuples(st.sampled_from(SeniorStatus), st.integers(-4, 4), st.none() | st.integers(0, 4), st.booleans()),
    max_size=4,
)


def slowly(periods, day, is_merged):
    """The rule as one would explain it to a new colleague."""
    if is_merged:
        return SeniorStatus.MOVED
    reason, began = None, None
    for status, from_on, to_on, is_confirmed in periods:
        covers = from_on <= day and (to_on is None or day <= to_on)
        if not covers or status is SeniorStatus.ACTIVE:
            continue
        if status is SeniorStatus.DECEASED and is_confirmed:
            return SeniorStatus.DECEASED
        if began is None or from_on >= began:
            reason, began = (SeniorStatus.PAUSED if status is SeniorStatus.DECEASED else status), from_on
    return reason


@given(periods=PERIODS, offset=st.integers(-6, 9), is_merged=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_statement_and_the_slow_rule_agree(app, colleague, periods, offset, is_merged):
    kept = make_senior() if is_merged else None
    senior = make_senior(merged_into_id=kept.id if kept else None)
    day, dated = MONDAY + offset * DAY, []
    for status, start, length, is_confirmed in periods:
        from_on = MONDAY + start * DAY
        to_on = None if length is None else from_on + length * DAY
        dated.append((status, from_on, to_on, is_confirmed))
        confirmed_by_id = colleague.id if is_confirmed else None
        db.session.add(
            SeniorStatusPeriod(
                senior_id=senior.id, status=status, from_on=from_on, to_on=to_on, confirmed_by_id=confirmed_by_id
            )
        )
    db.session.flush()
    expected = slowly(dated, day, is_merged)
    assert why_not_served(senior.id, day) is expected
    in_list = db.session.scalars(select(Senior.id).where(Senior.id == senior.id, served_on(day))).all()
    in_column = db.session.scalar(select(status_expression(day)).where(Senior.id == senior.id))
    assert in_column is (expected or SeniorStatus.ACTIVE)
    assert bool(in_list) is (expected is None) is is_served(senior.id, day)
    db.session.rollback()
