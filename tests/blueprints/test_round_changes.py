"""The pages of changes: say what happened, see before and after, accept, dismiss, undo; and who may."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.round_changes import solving
from dispatch import Limit
from domain.times import local_day
from extensions import db
from models import ChangeKind, ChangeStatus, Role, Round, RoundChange, Visit, VisitStatus
from tests.factories import BAOTA, TOWNSHIP, YANCHANG, make_divisions, make_helper, make_senior, make_visit
from tests.published import publish_by_hand
from tests.statements import counted


@pytest.fixture(autouse=True)
def _quick(app, monkeypatch):
    """Searches of some iterations only."""
    make_divisions()
    monkeypatch.setattr(solving, "Limit", lambda **_asked: Limit(iterations=20))


@pytest.fixture
def tomorrow():
    return local_day(datetime.now(UTC)) + timedelta(days=1)


@pytest.fixture
def day(tomorrow):
    """Two helpers with three visits each, tomorrow."""
    made = publish_by_hand(tomorrow, 3, 3)
    db.session.commit()
    return made


@pytest.fixture
def dispatcher(make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def say(client, day, kind="ill", query="", **data):
    return client.post(f"/rounds/{day.proposal.id}/changes/new/{kind}{query}", data=data)


def suggested(client, day):
    answer = say(client, day, helper_id=str(day.helpers[0].id), reason="发烧")
    assert answer.status_code == 303
    return answer.location


def the_change():
    db.session.rollback()
    return db.session.scalars(select(RoundChange)).one()


def test_from_the_rounds_to_what_has_happened(dispatcher, day):
    assert f"/rounds/{day.proposal.id}/changes" in dispatcher.get(f"/rounds/{day.proposal.id}").text
    page = dispatcher.get(f"/rounds/{day.proposal.id}/changes").text
    for kind in ChangeKind:
        assert f"/rounds/{day.proposal.id}/changes/new/{kind.value}" in page
    for kind in ChangeKind:
        assert dispatcher.get(f"/rounds/{day.proposal.id}/changes/new/{kind.value}").status_code == 200


def test_before_and_after_stand_side_by_side_and_nothing_has_changed_yet(dispatcher, day):
    page = dispatcher.get(suggested(dispatcher, day)).text
    assert "助老员0这一天去不了。" in page
    assert "说明：发烧" in page
    assert page.count("转给助老员1") == 3
    assert page.count("从助老员0转来") == 3
    assert "老**0" in page
    assert "老人00" not in page
    assert the_change().status == ChangeStatus.SUGGESTED
    assert set(db.session.scalars(select(Visit.helper_id))) == {one.id for one in day.helpers}


def test_accepting_and_undoing_from_its_page(dispatcher, day):
    location = suggested(dispatcher, day)
    assert dispatcher.post(f"{location}/accept").location == location
    assert the_change().status == ChangeStatus.ACCEPTED
    assert set(db.session.scalars(select(Visit.helper_id))) == {day.helpers[1].id}
    page = dispatcher.get(location).text
    assert "撤销这次调整" in page
    dispatcher.post(f"{location}/undo")
    assert the_change().status == ChangeStatus.UNDONE
    assert len(db.session.scalars(select(Round)).all()) == 2
    assert "撤销这次调整" not in dispatcher.get(location).text


def test_a_stale_suggestion_says_so_on_its_page(dispatcher, day):
    location = suggested(dispatcher, day)
    visit = db.session.get(Visit, day.visits[0][0].id)
    visit.status, visit.cancel_reason = VisitStatus.CANCELLED, "住院"
    db.session.commit()
    dispatcher.post(f"{location}/accept")
    assert "情况又变了" in dispatcher.get(location).text
    assert the_change().status == ChangeStatus.SUGGESTED


def test_dismissing_leaves_the_day_alone(dispatcher, day):
    location = suggested(dispatcher, day)
    dispatcher.post(f"{location}/dismiss")
    page = dispatcher.get(location).text
    assert "没有采用，路线照旧。" in page
    assert "/accept" not in page


def test_the_list_of_a_days_changes(dispatcher, day):
    suggested(dispatcher, day)
    page = dispatcher.get(f"/rounds/{day.proposal.id}/changes").text
    assert "等您决定" in page
    assert "助老员0" in page


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("ill", {"helper_id": ""}, "请选一位助老员。"),
        ("ill", {"helper_id": str(uuid.uuid4())}, "请从列表里选一项。"),
        ("ill", {"minute": "25:99"}, "请按 08:30 这样填写时间。"),
        ("cancelled", {"reason": "不用"}, "请选一站。"),
        ("added", {"reason": "急"}, "请选要加进来的探访。"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(dispatcher, day, kind, data, sentence):
    make_visit(make_senior(), day.on)
    db.session.commit()
    query = f"?helper_id={day.helpers[0].id}" if kind == "cancelled" else ""
    answer = say(dispatcher, day, kind, query, **data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert data.get("reason", "") in answer.text


def test_nobody_runs_late_on_a_day_to_come(dispatcher, day):
    query = f"?helper_id={day.helpers[0].id}"
    answer = say(dispatcher, day, "late", query, visit_id=str(day.visits[0][0].id), reason="堵车")
    assert answer.status_code == 422
    assert "还没有到" in answer.text
    assert "堵车" in answer.text


def test_a_visit_that_is_not_wanted_leaves_its_gap(dispatcher, day):
    query = f"?helper_id={day.helpers[0].id}"
    page = dispatcher.get(f"/rounds/{day.proposal.id}/changes/new/cancelled{query}").text
    assert "09:45–10:15 老**1" in page
    answer = say(dispatcher, day, "cancelled", query, visit_id=str(day.visits[0][1].id), reason="女儿接走了")
    dispatcher.post(f"{answer.location}/accept")
    db.session.rollback()
    assert db.session.get(Visit, day.visits[0][1].id).status == VisitStatus.CANCELLED


def test_an_urgent_visit_is_offered_and_added(dispatcher, day):
    urgent = make_visit(make_senior(name="薛占山"), day.on, priority=1, reason="刚出院")
    db.session.commit()
    assert "紧急 · 薛*山" in dispatcher.get(f"/rounds/{day.proposal.id}/changes/new/added").text
    answer = say(dispatcher, day, "added", visit_ids=[str(urgent.id)])
    dispatcher.post(f"{answer.location}/accept")
    db.session.rollback()
    assert db.session.get(Visit, urgent.id).status == VisitStatus.PLANNED


def test_a_day_that_is_not_published_says_so(dispatcher, day):
    dispatcher.post(f"/rounds/{day.proposal.id}/unpublish")
    assert "没有发布" in dispatcher.get(f"/rounds/{day.proposal.id}/changes").text
    assert say(dispatcher, day, helper_id=str(day.helpers[0].id)).status_code == 422


def test_from_a_helpers_page_to_the_day_they_cannot_come(dispatcher, day):
    helper = day.helpers[0]
    assert f"/rounds/changes/of/{helper.id}" in dispatcher.get(f"/helpers/{helper.id}").text
    answer = dispatcher.get(f"/rounds/changes/of/{helper.id}")
    assert answer.location == f"/rounds/{day.proposal.id}/changes/new/ill?helper_id={helper.id}"
    assert f'<option selected value="{helper.id}">' in dispatcher.get(answer.location).text
    idle = make_helper(name="闲着")
    db.session.commit()
    assert dispatcher.get(f"/rounds/changes/of/{idle.id}").location == f"/helpers/{idle.id}#leave"


def test_who_only_reads_rounds_sees_changes_and_decides_nothing(make_user, sign_in, dispatcher, day):
    location = suggested(dispatcher, day)
    clerk = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))
    assert clerk.get(location).status_code == 404
    assert clerk.post(f"{location}/accept").status_code == 403
    stranger = sign_in(make_user(Role.DISPATCHER, division_code=YANCHANG))
    assert stranger.get(location).status_code == 404
    assert stranger.post(f"{location}/accept").status_code == 404
    assert say(stranger, day, helper_id=str(day.helpers[0].id)).status_code == 404
    assert the_change().status == ChangeStatus.SUGGESTED


def test_in_english(make_user, sign_in, dispatcher, day):
    location = suggested(dispatcher, day)
    user = make_user(Role.DISPATCHER, division_code=BAOTA)
    user.language = "en"
    db.session.commit()
    page = sign_in(user).get(location).text
    assert "cannot go that day" in page
    assert "seniors and 2 helpers have to be told." in page


def test_the_page_of_a_change_costs_the_same_however_long_the_rounds(dispatcher, tomorrow):
    costs = []
    for size in (2, 8):
        made = publish_by_hand(tomorrow + timedelta(days=size), size, size)
        db.session.commit()
        location = suggested(dispatcher, made)
        dispatcher.get(location)
        with counted(db.engine) as statements:
            dispatcher.get(location)
        costs.append(statements.count)
    assert costs[0] == costs[1] <= 16
