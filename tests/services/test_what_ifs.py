"""Questions about a day: one thing is different, and only that; the answer is kept, and nothing is planned by it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from dispatch import Limit, solve
from domain.errors import NotFound, Refusal
from extensions import db
from gateways.travel import StraightLine
from models import HelperLeave, Proposal, Question, RiskTier, Role, Sex, Visit, VisitStatus, WhatIf, WhatIfStatus
from policy import Actor, Held
from services import imagined_days, needed_helpers, what_ifs
from services.what_ifs import Asked
from tests.factories import (
    BAOTA,
    TOWNSHIP,
    YANCHANG,
    make_divisions,
    make_helper,
    make_plan,
    make_senior,
    make_visit,
)
from tests.published import publish_by_hand

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
OFFICER = Actor(user_id=None, name="区干部", grants=(Held(Role.COUNTY_OFFICER, division_code=BAOTA),))


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def asked(question, **more):
    return Asked(question, BAOTA, TOMORROW, **more)


def pair_of(question, **more):
    what_if = what_ifs.ask(asked(question, **more), by=OFFICER, now=NOW)
    return what_if, imagined_days.read(what_if, today=TODAY, travel=StraightLine())


def ids(helpers):
    return {helper.id for helper in helpers}


def a_day(count=3):
    return [make_visit(make_senior(latitude=36.68 + number / 100), TOMORROW) for number in range(count)]


def test_without_a_helper_everything_else_is_the_same():
    gone, stays = make_helper(name="李梅"), make_helper(name="王芳")
    a_day()
    _what_if, pair = pair_of(Question.WITHOUT, helper_id=gone.id)
    assert ids(pair.base.problem.helpers) == {str(gone.id), str(stays.id)}
    assert ids(pair.variant.problem.helpers) == {str(stays.id)}
    assert pair.variant.problem.visits == pair.base.problem.visits


def test_a_helper_whose_leave_is_entered_counts_as_there_as_usual():
    gone = make_helper()
    db.session.add(HelperLeave(helper_id=gone.id, from_on=TOMORROW, to_on=TOMORROW))
    db.session.flush()
    a_day()
    _what_if, pair = pair_of(Question.WITHOUT, helper_id=gone.id)
    assert (len(pair.base.problem.helpers), len(pair.variant.problem.helpers)) == (1, 0)


def test_a_published_day_is_asked_about_with_its_rounds():
    day = publish_by_hand(TOMORROW, 2, 2)
    a_day(1)
    _what_if, pair = pair_of(Question.WITHOUT, helper_id=day.helpers[0].id)
    assert len(pair.base.problem.visits) == 5
    assert len(pair.base.problem.helpers) == 2


def test_one_more_has_the_skills_asked_for_and_speaks_as_people_there_do():
    make_helper(languages=["shaanbei"], skills=[])
    a_day()
    _what_if, pair = pair_of(Question.ONE_MORE, place_code=TOWNSHIP, skills=("bathing",))
    assert len(pair.base.problem.helpers) == 1
    newcomer = next(one for one in pair.variant.problem.helpers if one.id == str(imagined_days.NEWCOMER))
    assert (newcomer.skills, newcomer.languages) == (frozenset({"bathing"}), frozenset({"shaanbei"}))
    assert (newcomer.sex, newcomer.area) == (Sex.FEMALE, TOWNSHIP)


def test_where_nobody_works_there_is_nobody_to_be_like():
    a_day()
    with pytest.raises(Refusal, match="没法比较"):
        pair_of(Question.ONE_MORE, place_code=TOWNSHIP)


def test_wider_windows_stay_within_the_day_and_never_shrink():
    make_helper()
    make_visit(make_senior(), TOMORROW, window_from=450, window_to=600)
    make_visit(make_senior(), TOMORROW, window_from=360, window_to=1230)
    _what_if, pair = pair_of(Question.WIDER, minutes=60)
    windows = sorted((one.windows[0].start // 60, one.windows[0].end // 60) for one in pair.variant.problem.visits)
    assert windows == [(360, 1230), (420, 660)]


def test_the_answer_names_who_would_not_be_visited_and_plans_nothing():
    gone = make_helper(name="李梅", skills=["bathing"])
    make_helper(name="王芳")
    bath = make_visit(make_senior(name="薛改梅"), TOMORROW, skills=["bathing"])
    a_day(2)
    what_if, pair = pair_of(Question.WITHOUT, helper_id=gone.id)
    base, variant = (solve(one.problem, Limit(iterations=30), seed=1) for one in (pair.base, pair.variant))
    what_ifs.answer_pair(what_if.id, pair, base, variant, seconds=4, now=NOW)
    db.session.expire_all()
    assert what_if.status == WhatIfStatus.ANSWERED
    assert [one["visit_id"] for one in what_if.answer["lost"]] == [str(bath.id)]
    assert what_if.answer["lost"][0]["reasons"][0]["code"] == "no_skill"
    assert what_if.answer["helpers"] == [2, 1]
    assert what_if.answer["at"] == {str(bath.id): [36.6805, 109.4005]}
    assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0
    assert set(db.session.scalars(select(Visit.status))) == {VisitStatus.DUE}


@pytest.mark.parametrize(
    ("question", "more", "field"),
    [
        (Question.WITHOUT, {}, "helper_id"),
        (Question.ONE_MORE, {"place_code": "610621100"}, "place_code"),
        (Question.WIDER, {"minutes": 0}, "minutes"),
        (Question.FREQUENCY, {"every_days": 91}, "every_days"),
        (Question.FREQUENCY, {"every_days": 7, "tier": "Z"}, "tier"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_beside_its_field(question, more, field):
    with pytest.raises(Refusal) as refused:
        what_ifs.ask(asked(question, **more), by=OFFICER, now=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=40)])
def test_only_the_coming_month_is_asked_about(day):
    with pytest.raises(Refusal) as refused:
        what_ifs.ask(Asked(Question.WIDER, BAOTA, day, minutes=60), by=OFFICER, now=NOW)
    assert refused.value.field == "on"


def test_a_place_out_of_reach_does_not_exist():
    with pytest.raises(NotFound):
        what_ifs.ask(Asked(Question.WIDER, YANCHANG, TOMORROW, minutes=60), by=OFFICER, now=NOW)


def test_a_question_whose_process_died_is_shown_as_interrupted():
    what_if = what_ifs.ask(asked(Question.WIDER, minutes=60), by=OFFICER, now=NOW)
    what_ifs.tell(what_if.id, {"done": 10}, now=NOW)
    what_ifs.end_silent(NOW + timedelta(seconds=30))
    assert db.session.scalar(select(WhatIf.status)) == WhatIfStatus.SEARCHING
    what_ifs.end_silent(NOW + timedelta(seconds=90))
    assert db.session.scalar(select(WhatIf.status)) == WhatIfStatus.ENDED


def promised(count, tier, **more):
    for number in range(count):
        make_plan(make_senior(risk_tier=tier, latitude=36.66 + number / 1000), **more)


@pytest.mark.parametrize(("every", "a_week"), [(7, 40), (14, 20), (1, 200)])
def test_a_week_holds_as_many_visits_as_the_frequency_asks(every, a_week):
    promised(40, RiskTier.B)
    week = needed_helpers.week(BAOTA, TOMORROW, RiskTier.B, every)
    assert abs(sum(len(day) for day in week.days) - a_week) <= 8
    assert max(len(day) for day in week.days) - min(len(day) for day in week.days) <= max(10, a_week / 5)


def test_only_the_tier_that_is_asked_about_changes():
    promised(14, RiskTier.A)
    promised(14, RiskTier.B)
    week = needed_helpers.week(BAOTA, TOMORROW, RiskTier.B, 1)
    tier_a = sum(len(day) for day in week.days) - 5 * 14
    assert tier_a == 14
    assert sum(week.now) < sum(len(day) for day in week.days)


def test_a_plan_with_its_own_frequency_keeps_it_in_other_tiers():
    promised(10, RiskTier.A, every_days=1)
    week = needed_helpers.week(BAOTA, TOMORROW, RiskTier.B, 7)
    assert [len(day) for day in week.days] == [10] * 5


def test_bisection_finds_the_least_number_that_leaves_nobody_out():
    for number in range(3):
        make_helper(name=f"助老员{number}", max_daily_minutes=240)
    promised(30, RiskTier.A, every_days=1)
    week = needed_helpers.week(BAOTA, TOMORROW, None, 1)
    problem = needed_helpers.problem_of(BAOTA, TOMORROW, week, 0, StraightLine())
    told = []

    def tell(tries, helpers, left):
        told.append((tries, helpers, left))

    needed = needed_helpers.search([problem, problem], seed=1, tell=tell, seconds=0.2)
    assert needed.usual is not None
    tried = {probe.helpers: probe.left_out for probe in needed.probes if probe.day == 0}
    assert tried[needed.usual] == 0
    assert tried[needed.usual - 1] > 0
    assert needed.at_least <= needed.usual <= needed.busiest
    assert [tries for tries, _helpers, _left in told] == list(range(1, len(told) + 1))


def test_a_week_without_visits_needs_nobody():
    make_helper()
    week = needed_helpers.week(BAOTA, TOMORROW, None, 7)
    problem = needed_helpers.problem_of(BAOTA, TOMORROW, week, 0, StraightLine())
    assert needed_helpers.search([problem], seed=1, tell=lambda *_told: None).usual == 0
