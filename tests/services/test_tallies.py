"""Figures counted now and then agree with those counted on the spot."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from extensions import db, unit_of_work
from models import Outcome, VisitStatus, VisitTally
from policy import SYSTEM, Permission
from queries.homes import offices
from queries.visit_rate import total, visit_rate
from services import tallies
from tests.factories import OTHER_VILLAGE, VILLAGE, make_senior, make_visit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def visited(code: str, *, times: int, missed: int) -> None:
    for number in range(times + missed):
        senior = make_senior(residence_code=code, name=f"老人{number}")
        done = {"status": VisitStatus.DONE, "outcome": Outcome.MET, "met_on": TODAY} if number < times else {}
        make_visit(senior, TODAY, **done)


def test_the_tally_is_the_rate_of_every_township(app):
    visited(VILLAGE, times=3, missed=1)
    visited(OTHER_VILLAGE, times=1, missed=3)
    db.session.commit()
    with unit_of_work():
        assert tallies.count_visits(TODAY, now=NOW) == 2
    scope = SYSTEM.scope(Permission.VISIT_READ)
    month = offices.month_of(scope, TODAY)
    now = total(visit_rate(scope, TODAY))
    assert (month.due, month.met, month.percent) == (now.due, now.met, 50.0) == (8, 4, 50.0)
    assert [place.name for place in month.places] == ["延长县", "宝塔区"]
    assert month.counted_at == NOW


def test_counting_again_replaces_the_month_and_leaves_others(app):
    visited(VILLAGE, times=1, missed=1)
    db.session.add(
        VisitTally(month=date(2026, 10, 1), division_code="610602100", due=5, met=5, by_phone=0, counted_at=NOW)
    )
    db.session.commit()
    for _time in range(2):
        with unit_of_work():
            tallies.count_visits(TODAY, now=NOW)
    rows = db.session.execute(select(VisitTally.month, VisitTally.due).order_by(VisitTally.month)).all()
    assert [tuple(row) for row in rows] == [(date(2026, 10, 1), 5), (date(2026, 11, 1), 2)]


def test_a_month_without_visits_has_no_figures(app):
    with unit_of_work():
        assert tallies.count_visits(TODAY, now=NOW) == 0
    assert offices.month_of(SYSTEM.scope(Permission.VISIT_READ), TODAY).places == []
