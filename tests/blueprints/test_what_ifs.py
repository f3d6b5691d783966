"""The pages of questions: ask, wait, read the answer, pass it on; and who may."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from blueprints.what_ifs import searching
from dispatch import Limit
from domain.times import local_day
from extensions import db
from models import HelperLeave, Question, RiskTier, Role, WhatIf, WhatIfStatus
from services import needed_helpers
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


@pytest.fixture(autouse=True)
def _quick(app, monkeypatch):
    """Searches of some iterations only."""
    make_divisions()
    monkeypatch.setattr(searching, "Limit", lambda **_asked: Limit(iterations=20))
    monkeypatch.setattr(needed_helpers, "Limit", lambda **_asked: Limit(iterations=20))


@pytest.fixture
def tomorrow():
    return local_day(datetime.now(UTC)) + timedelta(days=1)


@pytest.fixture
def dispatcher(make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


@pytest.fixture
def helper(tomorrow):
    """李梅, the only one who can bathe people; and another."""
    one = make_helper(name="李梅", skills=["bathing"])
    make_helper(name="王芳")
    make_visit(make_senior(name="薛改梅"), tomorrow, skills=["bathing"], priority=1)
    make_visit(make_senior(name="张玉兰"), tomorrow)
    db.session.commit()
    return one


def ask(client, question, on, **data):
    return client.post(f"/what-ifs/new/{question}", data={"division_code": BAOTA, "on": str(on), **data})


def answered(location):
    """Wait for the thread of a question."""
    for thread in threading.enumerate():
        if thread.name == f"what-if-{location.rsplit('/', 1)[-1]}":
            thread.join(60)
    db.session.rollback()
    return db.session.get(WhatIf, uuid.UUID(location.rsplit("/", 1)[-1]))


@pytest.fixture
def location(dispatcher, helper, tomorrow):
    """The address of an answered question."""
    answer = ask(dispatcher, "without", tomorrow, helper_id=str(helper.id))
    assert answer.status_code == 303
    assert answered(answer.location).status == WhatIfStatus.ANSWERED
    return answer.location


def test_every_question_has_its_form_with_what_there_is_to_choose(dispatcher, helper):
    page = dispatcher.get("/what-ifs").text
    for question in Question:
        assert f"/what-ifs/new/{question.value}" in page
    assert "李梅" in dispatcher.get("/what-ifs/new/without").text
    assert "河庄坪镇" in dispatcher.get("/what-ifs/new/one_more").text


def test_the_answer_says_who_would_not_be_visited_and_why(dispatcher, location):
    page = dispatcher.get(location).text
    assert "如果没有李梅" in page
    assert "会有 1 户没人去（照常排是 0 户）。" in page
    assert "薛*梅" in page
    assert "薛改梅" not in page
    assert "没有人会“助浴”" in page
    assert "rounds-map" in page
    assert "可能只是运气" in page


def test_a_question_can_be_read_by_whoever_reads_that_places_rounds(make_user, sign_in, location):
    officer = sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))
    assert officer.get(location).status_code == 200
    assert "没有李梅" in officer.get("/what-ifs").text
    for code in (YANCHANG,):
        stranger = sign_in(make_user(Role.DISPATCHER, division_code=code))
        assert stranger.get(location).status_code == 404
        assert stranger.get(f"{location}/progress").status_code == 404
        assert "没有李梅" not in stranger.get("/what-ifs").text
    assert sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP)).get("/what-ifs").status_code == 403


def test_one_more_and_wider_windows_are_answered(dispatcher, helper, tomorrow):
    more = ask(dispatcher, "one_more", tomorrow, place_code=TOWNSHIP, skills=["bathing"])
    assert answered(more.location).answer["helpers"] == [2, 3]
    assert "河庄坪镇多一位助老员" in dispatcher.get(more.location).text
    wider = ask(dispatcher, "wider", tomorrow, minutes="60")
    assert answered(wider.location).status == WhatIfStatus.ANSWERED
    assert "一户也不会落下" in dispatcher.get(wider.location).text


def test_how_many_helpers_a_frequency_needs(dispatcher, helper, tomorrow):
    for number in range(8):
        make_plan(make_senior(risk_tier=RiskTier.B, latitude=36.66 + number / 500))
    db.session.commit()
    answer = ask(dispatcher, "frequency", tomorrow, tier="B", every_days="1")
    assert answered(answer.location).answer["usual"] == 1
    page = dispatcher.get(answer.location).text
    assert "要 1 位助老员当班（现在 2 位）。" in page
    assert "百分之五" in page


def test_a_search_that_fails_says_so(dispatcher, helper, tomorrow, monkeypatch):
    monkeypatch.setattr(searching, "solve", lambda *_args, **_more: 1 / 0)
    answer = ask(dispatcher, "wider", tomorrow, minutes="60")
    assert answered(answer.location).status == WhatIfStatus.ENDED
    assert "请再问一次" in dispatcher.get(answer.location).text


def test_a_refusal_reaches_whoever_asked(dispatcher, tomorrow):
    answer = ask(dispatcher, "one_more", tomorrow, place_code=TOWNSHIP)
    answered(answer.location)
    assert "没法比较" in dispatcher.get(answer.location).text


@pytest.mark.parametrize(
    ("question", "data", "sentence"),
    [
        ("without", {"helper_id": ""}, "请选一位助老员。"),
        ("one_more", {"place_code": "610621100"}, "请从列表里选一项。"),
        ("frequency", {"tier": "B", "every_days": "91"}, "频次在 1 到 90 天一次之间。"),
        ("frequency", {"tier": "B", "every_days": "x"}, "请填整数，如 3。"),
        ("wider", {"minutes": "60", "on": "2020-01-01"}, "这一天已经过去了。"),
    ],
)
def test_wrong_input_is_said_beside_its_field(dispatcher, helper, tomorrow, question, data, sentence):
    answer = dispatcher.post(f"/what-ifs/new/{question}", data={"division_code": BAOTA, "on": str(tomorrow)} | data)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_progress_tells_the_state(dispatcher, location):
    assert dispatcher.get(f"{location}/progress").json == {"state": "answered"}


def test_the_list_comes_fifty_a_page(dispatcher, tomorrow):
    for _number in range(51):
        db.session.add(WhatIf(division_code=BAOTA, on=tomorrow, question=Question.WIDER, minutes=30))
        db.session.flush()
    db.session.commit()
    page = dispatcher.get("/what-ifs").text
    assert page.count("/what-ifs/0") == 50
    assert "下一页" in page


def test_after_a_leave_the_helpers_page_offers_to_ask_and_shows_the_answer(make_user, sign_in, helper, tomorrow):
    officer = sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))
    days = {"from_on": str(tomorrow), "to_on": str(tomorrow), "reason": "看病"}
    officer.post(f"/helpers/{helper.id}/leaves", data=days)
    page = officer.get(f"/helpers/{helper.id}").text
    assert "这几天他不来，会落下谁？" in page
    assert 'action="/what-ifs/new/without"' in page
    answer = ask(officer, "without", tomorrow, helper_id=str(helper.id))
    answered(answer.location)
    assert "会有 1 户没人去" in officer.get(f"/helpers/{helper.id}").text


def test_a_clerk_is_told_to_tell_the_dispatcher(make_user, sign_in, helper, tomorrow):
    db.session.add(HelperLeave(helper_id=helper.id, from_on=tomorrow, to_on=tomorrow))
    db.session.commit()
    clerk = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))
    page = clerk.get(f"/helpers/{helper.id}").text
    assert "请告诉调度员" in page
    assert "/what-ifs" not in page


def test_in_english(make_user, sign_in, location):
    user = make_user(Role.DISPATCHER, division_code=BAOTA)
    user.language = "en"
    db.session.commit()
    page = sign_in(user).get(location).text
    assert "What if: without 李梅" in page
    assert "1 would not be visited (0 as usual)." in page
