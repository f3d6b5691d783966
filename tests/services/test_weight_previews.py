"""Other weights tried on a day that is known: its visits and helpers again, both plans, and nothing written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dispatch import Limit
from domain.rules import RuleKey, default_of
from extensions import db
from gateways.travel import StraightLine
from models import Proposal, Role, Rule, Visit, VisitStatus
from policy import Actor, Held
from queries.weight_previews import last_day
from services import round_days, round_search, rounds, weight_previews
from services.weight_previews import Outcome
from tests.factories import (
    BAOTA,
    CITY,
    TOWNSHIP,
    YANCHANG,
    make_divisions,
    make_helper,
    make_senior,
    make_visit,
)
from wording.round_weights import ROWS, cell, said

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 9:00 on Monday
MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
QUICK = Limit(iterations=60)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))
HELD = default_of(RuleKey.ROUND_WEIGHTS)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def published() -> Proposal:
    """Monday: three doors near 李秀英, whose regular helper is 王芳 far away; one visit that nobody can make."""
    make_helper(name="李秀英")
    regular = make_helper(name="王芳", latitude=36.95, longitude=109.41)
    for number in range(3):
        senior = make_senior(name=f"老人{number}", latitude=36.67 + number / 1000, regular_helper_id=regular.id)
        make_visit(senior, MONDAY)
    make_visit(make_senior(name="助浴"), MONDAY, skills=["bathing"])
    day = round_days.prepare(BAOTA, MONDAY, today=MONDAY, travel=StraightLine())
    plan, nearest = round_search.search(day.problem, QUICK, seed=1)
    proposal = round_search.keep(day, plan, nearest, by=DISPATCHER, now=NOW)
    return rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def read(code: str = BAOTA, today: date = TUESDAY):
    return weight_previews.read(code, today=today, osrm_url="")


def test_the_visits_of_a_published_day_are_found_though_they_are_due_no_more():
    published()
    assert set(db.session.scalars(select(Visit.status))) == {VisitStatus.PLANNED, VisitStatus.DUE}
    db.session.execute(Visit.__table__.update().where(Visit.status == "planned").values(status="done", outcome="met"))
    day = read()
    assert len(day.problem.visits) == 4
    assert len(day.problem.helpers) == 2


@pytest.mark.parametrize("code", [BAOTA, CITY, TOWNSHIP])
def test_the_last_published_day_of_the_place_or_of_the_one_it_is_planned_with(code):
    its = published()
    assert last_day(code, TUESDAY).proposal_id == its.id


def test_there_is_none_elsewhere_on_the_day_itself_or_long_ago():
    published()
    assert read(YANCHANG) is None
    assert read(today=MONDAY) is None
    assert read(today=MONDAY + timedelta(days=70)) is None


def test_a_dearer_change_of_face_sends_the_regular_helper_and_costs_road():
    published()
    db.session.add(Rule(key=RuleKey.ROUND_WEIGHTS, division_code=CITY, from_on=MONDAY, value=HELD | {"change": 0}))
    db.session.flush()
    tried = weight_previews.compare(read(), HELD | {"change": 240}, QUICK)
    assert (tried.old.kept_regular, tried.new.kept_regular) == (0, 3)
    assert tried.new.metres > tried.old.metres
    assert (tried.old.left_out, tried.new.left_out, tried.actual.left_out) == (1, 1, 1)
    assert tried.on == MONDAY


def test_the_same_weights_give_the_same_day():
    published()
    tried = weight_previews.compare(read(), HELD, QUICK)
    assert tried.old == tried.new
    assert said(tried.old, tried.new) == []


def test_trying_writes_nothing():
    published()
    db.session.commit()
    before = (db.session.scalar(select(func.count()).select_from(Rule)), db.session.scalar(select(Proposal.figures)))
    weight_previews.compare(read(), HELD | {"change": 240}, QUICK)
    assert not db.session.new
    assert not db.session.dirty
    db.session.rollback()
    after = (db.session.scalar(select(func.count()).select_from(Rule)), db.session.scalar(select(Proposal.figures)))
    assert before == after


def test_a_small_day_is_tried_for_less_long_and_none_for_more_than_four_seconds():
    published()
    day = read()
    assert day.seconds < 1
    many = replace(day, problem=replace(day.problem, visits=day.problem.visits * 300))
    assert many.seconds == weight_previews.LONGEST_SECONDS == 4.0


BEFORE = Outcome(100, 96, 1, 200_000, 600, 40, 0, 30, 0, 190)


def test_differences_are_said_in_plain_words(app):
    after = Outcome(100, 97, 0, 218_000, 640, 46, 5, 0, 15, 120)
    with app.test_request_context():
        assert said(BEFORE, after) == [
            "没排上的从 4 次变成 3 次（紧急的从 1 次变成 0 次）",
            "多走 18 公里",
            "多 6 位老人由熟悉的助老员上门",
            "工时最长和最短的差从 3 小时 10 分变成 2 小时",
            "加班一共从 30 分钟变成 0 分钟",
            "两人同去互相等的时间从 0 分钟变成 15 分钟",
        ]
        assert said(after, BEFORE)[1:3] == ["少走 18 公里", "少 6 位老人由熟悉的助老员上门"]


def test_what_may_be_chance_is_not_said(app):
    with app.test_request_context():
        assert said(BEFORE, replace(BEFORE, metres=200_900, spread_minutes=185, late_minutes=9)) == []


def test_every_line_of_the_table_has_its_unit(app):
    with app.test_request_context():
        shown = {name: cell(name, BEFORE) for name, _label in ROWS}
    assert shown["metres"] == "200"
    assert shown["spread_minutes"] == "3 小时 10 分"
    assert shown["left_out"] == "4"
