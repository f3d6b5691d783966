"""Who comes to a senior, and who is never sent."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import AuditEntry, Role, UnwantedHelper
from policy import Actor, Held
from services import merging, round_days, senior_helpers
from tests.factories import BAOTA, OTHER_VILLAGE, YANCHANG, make_divisions, make_helper, make_senior, make_visit

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOMORROW = date(2026, 11, 24)


def of(role: Role, code: str) -> Actor:
    return Actor(user_id=None, name="王建国", grants=(Held(role, division_code=code),))


DISPATCHER, ELSEWHERE = of(Role.DISPATCHER, BAOTA), of(Role.DISPATCHER, YANCHANG)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def problem_visit(senior):
    make_visit(senior, TOMORROW)
    day = round_days.prepare(BAOTA, TOMORROW, today=TOMORROW, travel=StraightLine())
    return day.problem.visits[0]


def test_a_regular_helper_is_chosen_and_given_up():
    senior, helper = make_senior(), make_helper()
    senior_helpers.choose_regular(senior.id, helper.id, by=DISPATCHER, now=NOW)
    assert problem_visit(senior).regular_helper == str(helper.id)
    senior_helpers.choose_regular(senior.id, None, by=DISPATCHER, now=NOW)
    assert senior.regular_helper_id is None
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert acts == ["senior.regular_helper"] * 2


def test_who_is_not_to_come_is_never_sent_and_no_longer_the_regular_one():
    senior, helper = make_senior(), make_helper()
    senior_helpers.choose_regular(senior.id, helper.id, by=DISPATCHER, now=NOW)
    senior_helpers.keep_away(senior.id, helper.id, reason="吵过架", by=DISPATCHER, now=NOW)
    assert senior.regular_helper_id is None
    assert problem_visit(senior).never == {str(helper.id)}
    with pytest.raises(Refusal, match="不要派"):
        senior_helpers.choose_regular(senior.id, helper.id, by=DISPATCHER, now=NOW)


def test_it_is_taken_back():
    senior, helper = make_senior(), make_helper()
    away = senior_helpers.keep_away(senior.id, helper.id, reason="吵过架", by=DISPATCHER, now=NOW)
    assert senior_helpers.let_come(away.id, by=DISPATCHER, now=NOW) == senior.id
    assert problem_visit(senior).never == frozenset()
    with pytest.raises(NotFound):
        senior_helpers.let_come(away.id, by=DISPATCHER, now=NOW)


def test_a_reason_is_asked_for_and_nobody_is_named_twice():
    senior, helper = make_senior(), make_helper()
    with pytest.raises(Refusal, match="写明原因"):
        senior_helpers.keep_away(senior.id, helper.id, reason=" ", by=DISPATCHER, now=NOW)
    senior_helpers.keep_away(senior.id, helper.id, reason="吵过架", by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="已经登记过"):
        senior_helpers.keep_away(senior.id, helper.id, reason="又吵了", by=DISPATCHER, now=NOW)


def test_neither_a_senior_nor_a_helper_elsewhere_exists():
    senior, helper, far = make_senior(), make_helper(), make_helper(division_code=OTHER_VILLAGE)
    with pytest.raises(NotFound):
        senior_helpers.choose_regular(senior.id, helper.id, by=ELSEWHERE, now=NOW)
    with pytest.raises(Refusal, match="没有这位助老员"):
        senior_helpers.choose_regular(senior.id, far.id, by=DISPATCHER, now=NOW)
    away = senior_helpers.keep_away(senior.id, helper.id, reason="吵过架", by=DISPATCHER, now=NOW)
    with pytest.raises(NotFound):
        senior_helpers.let_come(away.id, by=ELSEWHERE, now=NOW)


def test_two_records_of_one_senior_keep_what_either_said(app):
    kept, dropped, helper = make_senior(), make_senior(), make_helper()
    clerk = of(Role.TOWNSHIP_CLERK, BAOTA)
    for senior in (kept, dropped):
        senior_helpers.keep_away(senior.id, helper.id, reason="吵过架", by=clerk, now=NOW)
    other = make_helper(name="王芳")
    senior_helpers.keep_away(dropped.id, other.id, reason="怕生", by=clerk, now=NOW)
    merging.merge(kept.id, dropped.id, reason="同一个人", by=clerk, now=NOW)
    statement = select(UnwantedHelper.helper_id).where(UnwantedHelper.senior_id == kept.id)
    assert set(db.session.scalars(statement)) == {helper.id, other.id}
