"""A policy's numbers: the most local, then the latest; never the past."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.divisions import is_code, lineage, parent_of
from domain.errors import NotFound, Refusal
from domain.rules import TERMS, RuleKey, default_of
from extensions import db
from models import Division, DivisionLevel, Role, Rule
from policy import SYSTEM, Actor, Held
from services import rules

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
VILLAGE = "610602100201"


@pytest.fixture
def places(app):
    for code, level in (("610600", "CITY"), ("610602", "COUNTY"), ("610621", "COUNTY")):
        db.session.add(Division(code=code, name=code, level=DivisionLevel[level], parent_code=parent_of(code)))
        db.session.flush()


def _set(code="610600", from_on=TODAY, by=SYSTEM, **terms):
    return rules.set_value(
        key=RuleKey.VISIT_EVERY_DAYS, division_code=code, from_on=from_on, terms=terms, by=by, now=NOW
    )


def test_codes_know_what_is_above_them():
    assert lineage(VILLAGE) == (VILLAGE, "610602100", "610602", "610600")
    assert [is_code(text) for text in ("610602", "610602100", VILLAGE, "6106", "61060x", "")] == [True] * 3 + [
        False
    ] * 3


def test_every_key_has_terms_and_defaults_within_their_range():
    assert set(TERMS) == set(RuleKey)
    assert all(term.least <= term.default <= term.most for terms in TERMS.values() for term in terms)


def test_where_nobody_has_said_anything_the_default_holds(app):
    assert rules.value("visit.every_days", VILLAGE, TODAY) == (default_of(RuleKey.VISIT_EVERY_DAYS), None)


def test_the_most_local_rule_wins_and_then_the_latest(places):
    city = _set(A=5)
    county = _set("610602", A=3)
    later = _set("610602", TODAY + timedelta(days=10), A=2)
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, "610621", TODAY) == (city.value, city.id)
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY).rule_id == county.id
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, later.from_on).value["A"] == 2
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY - timedelta(days=1)).rule_id is None


def test_a_term_a_row_leaves_out_has_its_default(places):
    db.session.add(Rule(key=RuleKey.VISIT_EVERY_DAYS, division_code="610600", from_on=TODAY, value={"A": 3}))
    db.session.flush()
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, "610600", TODAY).value == {"A": 3, "B": 14, "C": 30, "D": 90}


def test_a_key_is_read_once_and_again_after_a_change(places, monkeypatch):
    rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY)
    reads = []
    monkeypatch.setattr(rules, "select", lambda *columns: reads.append(columns))
    rules.value(RuleKey.VISIT_EVERY_DAYS, "610621", TODAY + timedelta(days=3))
    assert reads == []
    monkeypatch.undo()
    _set(A=4)
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY).value["A"] == 4


def test_the_past_is_not_rewritten(places):
    with pytest.raises(Refusal) as refusal:
        _set(from_on=TODAY - timedelta(days=1))
    assert refusal.value.field == "from_on"


def test_two_rules_do_not_begin_on_one_day(places):
    _set(A=4)
    with pytest.raises(Refusal):
        _set(A=5)


def test_a_number_out_of_range_is_refused_beside_its_field(places):
    with pytest.raises(Refusal) as refusal:
        _set(A=0)
    assert refusal.value.field == "A"


def test_an_officer_sets_rules_only_at_home(places):
    officer = Actor(None, "李", (Held(Role.COUNTY_OFFICER, division_code="610621"),))
    assert _set("610621", by=officer, A=6)
    with pytest.raises(NotFound):
        _set("610602", by=officer, A=6)
    with pytest.raises(NotFound):
        _set("610600", by=officer, A=6)


def test_a_rule_ends_today_and_one_not_begun_is_taken_back(places):
    rule = _set(A=4)
    rules.end(rule.id, last_on=TODAY, by=SYSTEM, now=NOW)
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY).rule_id == rule.id
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, TODAY + timedelta(days=1)).rule_id is None
    future = _set(from_on=TODAY + timedelta(days=5), A=3)
    rules.end(future.id, last_on=TODAY, by=SYSTEM, now=NOW)
    assert rules.value(RuleKey.VISIT_EVERY_DAYS, VILLAGE, future.from_on).rule_id is None
    with pytest.raises(Refusal):
        rules.end(rule.id, last_on=TODAY - timedelta(days=2), by=SYSTEM, now=NOW)
