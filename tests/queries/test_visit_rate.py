"""探访率: persons met in the month over persons due."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from extensions import db
from models import Outcome, Senior, Visit, VisitMode, VisitStatus
from models.visit import Approval
from policy import SYSTEM, Permission, Scope
from queries.visit_rate import Rate, total, visit_rate
from tests import factories
from tests.statements import counted

MONTH = date(2026, 11, 1)
EVERYWHERE = SYSTEM.scope(Permission.VISIT_READ)


def met(senior: Senior, on: date, **changes: Any) -> Visit:
    fields = {"status": VisitStatus.DONE, "outcome": Outcome.MET, "met_on": on}
    return factories.make_visit(senior, on, **(fields | changes))


def rate(scope: Scope = EVERYWHERE) -> Rate:
    return total(visit_rate(scope, MONTH))


def test_a_person_counts_once_however_often_visited(app: Flask) -> None:
    senior = factories.make_senior()
    for day in (3, 10, 17):
        met(senior, date(2026, 11, day))
    factories.make_visit(factories.make_senior(), date(2026, 11, 5))
    assert (rate().due, rate().met, rate().percent) == (2, 1, 50.0)


def test_places_come_apart_and_the_lowest_first(app: Flask) -> None:
    met(factories.make_senior(), date(2026, 11, 3))
    factories.make_visit(factories.make_senior(residence_code=factories.OTHER_VILLAGE), date(2026, 11, 5))
    assert [(one.name, one.percent) for one in visit_rate(EVERYWHERE, MONTH)] == [("延长县", 0.0), ("宝塔区", 100.0)]
    assert [one.name for one in visit_rate(EVERYWHERE, MONTH, digits=9)] == ["七里村街道", "河庄坪镇"]


def test_a_scope_counts_its_own_only(app: Flask) -> None:
    met(factories.make_senior(), date(2026, 11, 3))
    assert rate(Scope(divisions=frozenset({factories.YANCHANG}))).due == 0


@pytest.mark.parametrize(
    "visit",
    [
        {"approval": Approval.WAITING},
        {"approval": Approval.REFUSED},
        {"status": VisitStatus.NOT_MET, "outcome": Outcome.NO_ANSWER, "met_on": None},
        {"status": VisitStatus.PLANNED, "outcome": None, "met_on": None},
    ],
)
def test_what_does_not_count_as_met(app: Flask, visit: dict[str, Any]) -> None:
    met(factories.make_senior(), date(2026, 11, 3), **visit)
    assert (rate().due, rate().met) == (1, 0)


def test_a_cancelled_visit_makes_nobody_due(app: Flask) -> None:
    factories.make_visit(factories.make_senior(), date(2026, 11, 3), status=VisitStatus.CANCELLED, cancel_reason="外出")
    assert rate().due == 0
    assert rate().percent == 100.0


def test_a_visit_put_off_beyond_its_month_is_missed_in_that_month(app: Flask) -> None:
    factories.make_visit(factories.make_senior(), date(2026, 12, 2), due_on=date(2026, 11, 30))
    assert (rate().due, rate().met) == (1, 0)


def test_who_was_only_telephoned_counts_apart(app: Flask) -> None:
    senior = factories.make_senior()
    met(senior, date(2026, 11, 3), mode=VisitMode.PHONE)
    assert (rate().met, rate().by_phone) == (1, 1)
    met(senior, date(2026, 11, 9))
    assert (rate().met, rate().by_phone) == (1, 0)


def test_it_is_one_statement(app: Flask) -> None:
    met(factories.make_senior(), date(2026, 11, 3))
    db.session.commit()
    with counted(db.engine) as sent:
        visit_rate(EVERYWHERE, MONTH)
    assert len([text for text in sent.texts if text.startswith("SELECT")]) == 1
