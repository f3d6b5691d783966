"""A rule of weights is tried before it is set: by a button of its form, and nothing is saved by it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from blueprints.rules import previews
from dispatch import Limit
from domain.rules import RuleKey, default_of
from domain.times import local_day
from extensions import db
from gateways.travel import StraightLine
from models import AuditEntry, Role, Rule
from policy import SYSTEM
from services import round_days, round_search, rounds
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit

WEIGHTS = "/rules/round.weights/new"


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def officer(make_user, sign_in):
    return sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))


@pytest.fixture
def yesterday(now):
    """A published day of two visits."""
    at = now - timedelta(days=1)
    day = local_day(at)
    make_helper()
    for number in range(2):
        make_visit(make_senior(name=f"老人{number}"), day)
    prepared = round_days.prepare(BAOTA, day, today=day, travel=StraightLine())
    plan, nearest = round_search.search(prepared.problem, Limit(), seed=1)
    proposal = round_search.keep(prepared, plan, nearest, by=SYSTEM, now=at)
    rounds.publish(proposal.id, by=SYSTEM, now=at)
    db.session.commit()
    return day


def typed(now, **changes):
    weights = {name: str(number) for name, number in default_of(RuleKey.ROUND_WEIGHTS).items()}
    return weights | {"division_code": BAOTA, "from_on": local_day(now).isoformat(), "look": "1"} | changes


def rules_and_acts():
    return (
        db.session.scalar(select(func.count()).select_from(Rule)),
        db.session.scalar(select(func.count()).select_from(AuditEntry)),
    )


def test_the_form_of_the_weights_has_a_button_to_try_them_and_others_have_none(officer):
    assert 'name="look"' in officer.get(WEIGHTS).text
    assert 'name="look"' not in officer.get("/rules/visit.every_days/new").text


def test_trying_shows_the_day_three_ways_and_saves_nothing(officer, now, yesterday):
    before = rules_and_acts()
    page = officer.post(WEIGHTS, data=typed(now, change="77"))
    assert page.status_code == 200
    assert "按新的权重，那一天" in page.text
    assert "当时发布的" in page.text
    assert 'value="77"' in page.text
    assert rules_and_acts() == before


def test_no_transaction_is_open_while_it_searches(officer, now, yesterday, monkeypatch):
    seen = []
    real = previews.weight_previews.compare
    monkeypatch.setattr(
        previews.weight_previews,
        "compare",
        lambda *args: seen.append(db.session().in_transaction()) or real(*args, Limit()),
    )
    assert officer.post(WEIGHTS, data=typed(now)).status_code == 200
    assert seen == [False]


@pytest.mark.parametrize("wrong", [{"change": "-1"}, {"late": "lots"}, {"urgent": ""}, {"division_code": "610621"}])
def test_wrong_numbers_get_a_sentence_and_are_not_tried(officer, now, yesterday, wrong, monkeypatch):
    monkeypatch.setattr(previews.weight_previews, "compare", lambda *_args: pytest.fail("tried"))
    page = officer.post(WEIGHTS, data=typed(now, **wrong))
    assert page.status_code == 422
    assert "field-errors" in page.text


def test_without_a_published_day_it_says_so_and_loses_nothing(officer, now):
    page = officer.post(WEIGHTS, data=typed(now, change="77"))
    assert page.status_code == 422
    assert "没有发布过路线" in page.text
    assert 'value="77"' in page.text


def test_one_is_tried_at_a_time(app, officer, now, yesterday):
    officer.post(WEIGHTS, data=typed(now))
    place = app.extensions["weight_preview"]
    assert place.acquire(blocking=False)
    try:
        page = officer.post(WEIGHTS, data=typed(now))
    finally:
        place.release()
    assert page.status_code == 422
    assert "有人正在试算" in page.text
    assert officer.post(WEIGHTS, data=typed(now)).status_code == 200


def test_saving_still_saves(officer, now, yesterday):
    data = typed(now, change="77")
    del data["look"]
    assert officer.post(WEIGHTS, data=data).status_code == 303
    assert db.session.scalar(select(Rule.value))["change"] == 77
