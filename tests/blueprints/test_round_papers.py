"""Rounds on paper and as a workbook: complete, in full, and written down as read."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from dispatch import Limit
from domain.times import local_day
from extensions import db
from gateways.travel import StraightLine
from models import AuditEntry, Role
from policy import SYSTEM
from services import round_days, round_search
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit
from tests.sheets import book_of


@pytest.fixture
def proposal(app):
    """Two rounds of three stops, and one visit that nobody can make."""
    now = datetime.now(UTC)
    tomorrow = local_day(now) + timedelta(days=1)
    make_divisions()
    for name, latitude in (("李秀英", 36.6), ("王占山", 37.2)):
        make_helper(name=name, latitude=latitude)
        for number in range(3):
            senior = make_senior(name=f"{name[0]}玉兰{number}", latitude=latitude + number / 100)
            make_visit(senior, tomorrow, reason="独居", duration_minutes=100)
    make_visit(make_senior(name="薛占山"), tomorrow, skills=["bathing"])
    day = round_days.prepare(BAOTA, tomorrow, today=local_day(now), travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=50), seed=1)
    assert plan.figures.rounds == 2
    kept = round_search.keep(day, plan, nearest, by=SYSTEM, now=now)
    db.session.commit()
    return kept


@pytest.fixture
def dispatcher(proposal, make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.act)))


def test_all_round_sheets_are_one_document_with_a_page_for_each_helper(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}/sheets").text
    assert page.count('class="one-sheet"') == 2
    assert page.count("助老员签名") == 2
    assert "李玉兰0" in page
    assert "王玉兰2" in page
    assert "round.show" in acts()


def test_the_wall_shows_helpers_and_no_senior(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}/wall").text
    assert "王占山" in page
    assert "玉兰" not in page
    assert "round.show" not in acts()


def test_the_workbook_has_rounds_stops_reasons_and_figures(dispatcher, proposal):
    answer = dispatcher.get(f"/rounds/{proposal.id}/export")
    book = book_of(answer.data)
    assert list(book) == ["路线", "每一站", "没排上", "比较"]
    rounds, stops, left_out, figures = book.values()
    assert sorted(row[1] for row in rounds[1:]) == ["李秀英", "王占山"]
    assert len(stops) == 1 + 6
    assert {row[6] for row in stops[1:]} >= {"李玉兰0", "王玉兰2"}
    assert left_out[1][0] == "薛占山"
    assert "助浴" in left_out[1][4]
    assert [row[0] for row in figures[1:]] == ["这份方案", "就近走"]
    assert "round.export" in acts()
