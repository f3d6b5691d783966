"""The pages of rounds: planning, publishing, reading, printing, and who may."""

import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.rounds import searching
from dispatch import Limit
from domain.times import local_day
from extensions import db
from gateways.travel import StraightLine
from models import AuditEntry, Grant, Proposal, ProposalStatus, Role, Round, Visit, VisitStatus
from policy import SYSTEM
from services import round_days, round_search, rounds
from tests.factories import BAOTA, TOWNSHIP, YANCHANG, make_divisions, make_helper, make_senior, make_visit
from tests.statements import counted


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def now():
    return datetime.now(UTC)


@pytest.fixture
def tomorrow(now):
    return local_day(now) + timedelta(days=1)


@pytest.fixture
def dispatcher(make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def some_day(tomorrow, visits=3):
    helper = make_helper()
    for number in range(visits):
        make_visit(make_senior(name=f"张玉兰{number}", latitude=36.68 + number / 100), tomorrow)
    return helper


@pytest.fixture
def proposal(now, tomorrow):
    """A proposal with one round of three stops, and one visit left out."""
    some_day(tomorrow)
    make_visit(make_senior(name="薛占山"), tomorrow, skills=["bathing"], priority=1)
    day = round_days.prepare(BAOTA, tomorrow, today=local_day(now), travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=30), seed=1)
    kept = round_search.keep(day, plan, nearest, by=SYSTEM, now=now)
    db.session.commit()
    return kept


def test_the_board_shows_what_is_due_and_leads_to_planning(dispatcher, tomorrow):
    some_day(tomorrow)
    db.session.commit()
    page = dispatcher.get("/rounds").text
    assert "宝塔区" in page
    assert "延长县" not in page
    assert f"/rounds/new?division_code={BAOTA}" in page


def test_before_planning_one_sees_visits_and_helpers(dispatcher, tomorrow):
    some_day(tomorrow, visits=3)
    db.session.commit()
    page = dispatcher.get(f"/rounds/new?division_code={BAOTA}&on={tomorrow}").text
    assert page.count('class="stat-number">3') == 1
    assert page.count('class="stat-number">1') == 1


def test_a_day_without_helpers_says_so(dispatcher, tomorrow):
    make_visit(make_senior(), tomorrow)
    db.session.commit()
    assert "没有助老员当班" in dispatcher.get(f"/rounds/new?on={tomorrow}").text


def finished(proposal_id):
    """Wait for the thread of a search."""
    for thread in threading.enumerate():
        if thread.name == f"rounds-{proposal_id}":
            thread.join(30)
    db.session.rollback()
    return db.session.scalars(select(Proposal).where(Proposal.id == proposal_id)).one()


def create(client, on, code=BAOTA, seconds="5"):
    return client.post("/rounds", data={"division_code": code, "on": str(on), "seconds": seconds})


@pytest.fixture
def hurried(monkeypatch):
    """Searches of some iterations only."""
    monkeypatch.setattr(searching, "Limit", lambda **_asked: Limit(iterations=20))


def test_pressing_the_button_searches_in_the_background(dispatcher, tomorrow, hurried):
    some_day(tomorrow)
    db.session.commit()
    answer = create(dispatcher, tomorrow)
    assert answer.status_code == 303
    kept = finished(uuid.UUID(answer.location.rsplit("/", 1)[-1]))
    assert kept.status == ProposalStatus.PROPOSED
    assert kept.figures["plan"]["served"] == 3
    page = dispatcher.get(answer.location)
    assert page.status_code == 200
    assert "李秀英" in page.text


def test_a_search_is_stopped_and_keeps_the_best(dispatcher, tomorrow, monkeypatch):
    some_day(tomorrow)
    db.session.commit()
    monkeypatch.setattr("dispatch.engine.TELL_EVERY", 0.05)
    started = time.monotonic()
    location = create(dispatcher, tomorrow, seconds="60").location
    assert dispatcher.get(f"{location}/progress").json["state"] == "searching"
    assert dispatcher.post(f"{location}/stop").status_code == 303
    kept = finished(uuid.UUID(location.rsplit("/", 1)[-1]))
    assert kept.status == ProposalStatus.PROPOSED
    assert time.monotonic() - started < 30


def test_a_search_that_fails_is_shown_as_ended(dispatcher, tomorrow, monkeypatch, caplog):
    some_day(tomorrow)
    db.session.commit()

    def fails(*_args, **_names):
        raise RuntimeError("no memory")

    monkeypatch.setattr(round_days, "prepare", fails)
    location = create(dispatcher, tomorrow).location
    assert finished(uuid.UUID(location.rsplit("/", 1)[-1])).status == ProposalStatus.ENDED
    assert "规划中断了" in dispatcher.get(location).text


def test_a_search_whose_process_is_gone_can_be_discarded(dispatcher, now, tomorrow):
    lost = Proposal(division_code=BAOTA, on=tomorrow, status=ProposalStatus.SEARCHING,
                    heartbeat_at=now - timedelta(minutes=10))  # fmt: skip
    db.session.add(lost)
    db.session.commit()
    assert "规划中断了" in dispatcher.get(f"/rounds/{lost.id}").text
    assert dispatcher.get(f"/rounds/{lost.id}/progress").json["state"] == "lost"
    dispatcher.post(f"/rounds/{lost.id}/discard")
    db.session.rollback()
    assert db.session.scalars(select(Proposal.status)).one() == ProposalStatus.DISCARDED


def test_a_place_outside_the_scope_cannot_be_chosen(dispatcher, tomorrow):
    assert create(dispatcher, tomorrow, code=YANCHANG).status_code == 422


def test_a_day_already_published_is_refused_and_nothing_is_lost(dispatcher, proposal, now):
    rounds.publish(proposal.id, by=SYSTEM, now=now)
    db.session.commit()
    answer = create(dispatcher, proposal.on)
    assert answer.status_code == 422
    assert "已经发布" in answer.text
    assert str(proposal.on) in answer.text


def test_a_proposal_shows_figures_map_stops_and_reasons(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}?round=1").text
    assert "张**0" in page
    assert "张玉兰0" not in page
    assert page.count('class="route-stop"') == 3
    assert page.count('class="map-missing"') == 1
    assert "当班的助老员里没有人会“助浴”" in page
    assert "比就近走" in page or "和就近走一样" in page


def test_one_round_is_brought_out_on_the_map(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}?round=1").text
    assert "has-chosen" in page
    assert 'data-panel="1"' in page
    assert "data-panel" not in dispatcher.get(f"/rounds/{proposal.id}").text


def test_the_map_data_names_no_senior(dispatcher, proposal):
    data = dispatcher.get(f"/rounds/{proposal.id}/map")
    assert len(data.json["rounds"][0]["stops"]) == 3
    assert [one["number"] for one in data.json["left_out"]] == [1]
    assert [one["name"] for one in data.json["places"]] == ["河庄坪镇"]
    assert "张" not in data.text
    assert "薛" not in data.text


def test_the_timeline_has_every_stop_and_today_has_a_line_for_now(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}?view=timeline").text
    assert page.count('class="t-visit"') == 3 + 1  # one in the legend
    assert 'class="t-now"' not in page
    proposal.on -= timedelta(days=1)
    db.session.commit()
    assert 'class="t-now"' in dispatcher.get(f"/rounds/{proposal.id}?view=timeline").text


def test_the_table_sorts_and_filters_by_the_address(dispatcher, proposal):
    page = dispatcher.get(f"/rounds/{proposal.id}?view=table&sort=time").text
    assert page.count('<tr data-round="1">') == 3
    assert 'aria-sort="ascending"' in page
    none = dispatcher.get(f"/rounds/{proposal.id}?view=table&priority=1").text
    assert "没有符合的站" in none


def test_a_proposal_is_compared_with_the_rounds_of_the_day_before(dispatcher, proposal, now):
    plan = {**proposal.figures["plan"], "served": 1, "metres": proposal.figures["plan"]["metres"] + 9000}
    db.session.add(Proposal(division_code=BAOTA, on=proposal.on - timedelta(days=1), status=ProposalStatus.PUBLISHED,
                            figures={"plan": plan}))  # fmt: skip
    db.session.commit()
    page = dispatcher.get(f"/rounds/{proposal.id}").text
    assert "比今天多排上 2 位，少走 9.0 公里。" in page
    assert "平均每次探访走" in page


def test_publishing_and_taking_back(dispatcher, proposal):
    answer = dispatcher.post(f"/rounds/{proposal.id}/publish")
    assert answer.status_code == 303
    assert "老人会收到提醒" in dispatcher.get(answer.location).text
    db.session.rollback()
    planned = select(Visit.id).where(Visit.status == VisitStatus.PLANNED)
    assert len(db.session.scalars(planned).all()) == 3
    dispatcher.post(f"/rounds/{proposal.id}/unpublish")
    db.session.rollback()
    assert db.session.scalars(planned).all() == []


def test_a_stale_proposal_says_why_on_its_page(dispatcher, proposal):
    visit = db.session.scalars(select(Visit).where(Visit.priority == 2).limit(1)).one()
    visit.status, visit.cancel_reason = VisitStatus.CANCELLED, "回女儿家"
    db.session.commit()
    page = dispatcher.get(dispatcher.post(f"/rounds/{proposal.id}/publish").location).text
    assert "1 次探访已经变了" in page
    assert "请重新规划一次" in page


def test_the_sheet_has_full_names_and_is_written_down_as_read(dispatcher, proposal):
    its = db.session.scalars(select(Round)).one()
    page = dispatcher.get(f"/rounds/sheets/{its.id}").text
    assert "张玉兰0" in page
    assert "老槐树往上第三孔窑" in page
    db.session.rollback()
    assert "round.show" in db.session.scalars(select(AuditEntry.act)).all()


def test_a_helper_sees_their_own_round_once_it_is_published(make_user, sign_in, proposal, now):
    its = db.session.scalars(select(Round)).one()
    user = make_user(Role.HELPER, helper_id=its.helper_id)
    client = sign_in(user)
    assert client.get(f"/rounds/sheets/{its.id}").status_code == 404
    assert "现在没有发布的路线" in client.get("/rounds").text
    rounds.publish(proposal.id, by=SYSTEM, now=now)
    db.session.commit()
    assert f"/rounds/sheets/{its.id}" in client.get("/rounds").text
    assert client.get(f"/rounds/sheets/{its.id}").status_code == 200
    assert client.get(f"/rounds/{proposal.id}").status_code == 404


def test_another_helpers_round_does_not_exist(make_user, sign_in, proposal, now):
    rounds.publish(proposal.id, by=SYSTEM, now=now)
    other = make_helper(name="别人")
    db.session.commit()
    its = db.session.scalars(select(Round)).one()
    assert sign_in(make_user(Role.HELPER, helper_id=other.id)).get(f"/rounds/sheets/{its.id}").status_code == 404


def test_a_township_clerk_reads_the_countys_published_rounds_of_the_township(make_user, sign_in, proposal, now):
    client = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))
    assert client.get(f"/rounds/{proposal.id}").status_code == 404
    rounds.publish(proposal.id, by=SYSTEM, now=now)
    db.session.commit()
    assert client.get("/rounds").text.count(f"/rounds/{proposal.id}") == 2  # the board, and the list of all
    page = client.get(f"/rounds/{proposal.id}")
    assert page.text.count('class="route-stop"') == 3
    assert "/publish" not in page.text
    assert "/sheets" not in page.text
    assert client.get(f"/rounds/{proposal.id}/export").status_code == 404
    assert client.post(f"/rounds/{proposal.id}/unpublish").status_code == 403


@pytest.mark.parametrize("path", ["", "/progress", "/map", "/sheets", "/wall", "/export"])
def test_a_proposal_of_another_county_does_not_exist(make_user, sign_in, proposal, path):
    client = sign_in(make_user(Role.DISPATCHER, division_code=YANCHANG))
    assert client.get(f"/rounds/{proposal.id}{path}").status_code == 404
    for act in ("stop", "publish", "unpublish", "discard"):
        assert client.post(f"/rounds/{proposal.id}/{act}").status_code == 404
    assert db.session.scalars(select(Grant)).all()


def pages_of(client, proposal):
    its = db.session.scalars(select(Round.id).where(Round.proposal_id == proposal.id)).first()
    views = ("", "?view=timeline&round=1", "?view=table", "/sheets", "/wall")
    its_pages = [f"/rounds/{proposal.id}{view}" for view in views]
    return [*its_pages, "/rounds", f"/rounds/new?on={proposal.on}", f"/rounds/sheets/{its}"]


def statements(client, paths):
    counts = []
    for path in paths:
        with counted(db.engine) as sent:
            assert client.get(path).status_code == 200
        counts.append(sent.count)
    return counts


def test_no_page_costs_more_statements_with_more_rows(dispatcher, proposal, now):
    before = statements(dispatcher, pages_of(dispatcher, proposal))
    for number in range(6):
        make_helper(name=f"助老员{number}", latitude=36.6 + number / 50)
    for number in range(40):
        make_visit(make_senior(name=f"老人{number}", latitude=36.5 + number / 100), proposal.on)
    day = round_days.prepare(BAOTA, proposal.on, today=local_day(now), travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=10), seed=1)
    larger = round_search.keep(day, plan, nearest, by=SYSTEM, now=now)
    db.session.commit()
    assert plan.figures.rounds > 1
    after = statements(dispatcher, pages_of(dispatcher, larger))
    assert after == before
    assert max(after) <= 14


def test_reading_a_day_costs_the_same_statements_for_any_number(proposal, now):
    def reading():
        db.session.rollback()
        with counted(db.engine) as sent:
            round_days.prepare(BAOTA, proposal.on, today=local_day(now), travel=StraightLine())
        return sent.count

    before = reading()
    for number in range(20):
        make_helper(name=f"助老员{number}")
        make_visit(make_senior(name=f"老人{number}"), proposal.on)
    db.session.commit()
    assert reading() == before <= 14


def test_the_pages_speak_english(make_user, sign_in, proposal):
    user = make_user(Role.DISPATCHER, division_code=BAOTA)
    user.language = "en"
    db.session.commit()
    client = sign_in(user)
    for path in pages_of(client, proposal):
        page = client.get(path).text
        assert "Published" in page or "Proposed" in page or "Begin" in page or "Set" in page or "Round" in page
