"""The rooms of visits: a helper's day and log, the office's list, a family's page, and who may see what."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain.times import local_day, utc_now
from extensions import db
from models import Alert, Consent, Outcome, Role, User, Visit, VisitEvent, VisitPlan, VisitStatus
from models.visit import Approval
from tests import factories
from tests.statements import counted

TODAY = local_day(utc_now())
BLOCKS = ("health", "economy", "family", "safety", "needs")
SignIn = Callable[[User], FlaskClient]
MakeUser = Callable[..., User]


@pytest.fixture
def helper_id(app: Flask) -> uuid.UUID:
    return factories.make_helper().id


@pytest.fixture
def visit(app: Flask, helper_id: uuid.UUID) -> Visit:
    senior = factories.make_senior(phones=["13800000001"], allergens=["peanut"])
    made = factories.make_visit(senior, TODAY, helper_id=helper_id, status=VisitStatus.PLANNED, reason="独居")
    db.session.commit()
    return made


@pytest.fixture
def helper(make_user: MakeUser, sign_in: SignIn, helper_id: uuid.UUID) -> FlaskClient:
    return sign_in(make_user(Role.HELPER, helper_id=helper_id))


@pytest.fixture
def clerk(make_user: MakeUser, sign_in: SignIn) -> FlaskClient:
    factories.make_divisions()
    return sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=factories.TOWNSHIP))


def reread(visit: Visit) -> Visit:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Visit, visit.id)


def full(**changes: Any) -> dict[str, Any]:
    return {f"check_{block}": "normal" for block in BLOCKS} | {"submission": str(uuid.uuid4()), "go": "done"} | changes


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(VisitEvent)) or 0


def test_a_helper_sees_the_next_door_with_what_must_be_known(visit: Visit, helper: FlaskClient) -> None:
    page = helper.get("/visits/today").text
    for known in ("张玉兰", "老槐树往上第三孔窑", "花生", "tel:13800000001", "geo:36.680805,109.406067", "到了"):
        assert known in page


def test_a_helper_without_visits_is_told_so(helper: FlaskClient) -> None:
    assert "今天没有安排探访" in helper.get("/visits/today").text


def test_a_whole_visit_goes_through_plain_forms(visit: Visit, helper: FlaskClient) -> None:
    url = f"/visits/{visit.id}"
    assert helper.post(f"{url}/arrive", data={"submission": str(uuid.uuid4())}).status_code == 303
    assert reread(visit).status == VisitStatus.UNDER_WAY
    assert "check_health" in helper.get(f"{url}/log").text
    answer = helper.post(f"{url}/log", data=full(mood="content", needs=["meals"], note="都好"))
    assert answer.location == "/visits/today"
    done = reread(visit)
    assert (done.status, done.mood, done.needs, done.note) == (VisitStatus.DONE, "content", ["meals"], "都好")


def test_a_form_sent_twice_is_taken_once(visit: Visit, helper: FlaskClient) -> None:
    form = full(note="都好")
    counts = []
    for _n in range(2):
        assert helper.post(f"/visits/{visit.id}/log", data=form).status_code == 303
        counts.append(events())
    assert counts == [len(BLOCKS) + 2] * 2  # five blocks, the note, and done


def test_arriving_twice_is_arriving_once(visit: Visit, helper: FlaskClient) -> None:
    for _n in range(2):
        helper.post(f"/visits/{visit.id}/arrive", data={"submission": str(uuid.uuid4())})
    assert events() == 1


def test_a_half_done_visit_is_kept_and_resumed(visit: Visit, helper: FlaskClient) -> None:
    half = {"submission": str(uuid.uuid4()), "check_health": "watch", "note_health": "腿疼", "go": "save"}
    assert helper.post(f"/visits/{visit.id}/log", data=half).status_code == 303
    page = helper.get("/visits/today").text
    assert "未完成" in page
    assert "接着填" in page
    assert "腿疼" in helper.get(f"/visits/{visit.id}/log").text


def test_done_with_a_block_missing_says_which_and_keeps_the_rest(visit: Visit, helper: FlaskClient) -> None:
    form = full(check_safety="", note_health="血压高", check_health="watch")
    answer = helper.post(f"/visits/{visit.id}/log", data=form)
    assert answer.status_code == 422
    assert "还有 1 项没有选" in answer.text
    assert "血压高" in answer.text
    assert reread(visit).checklist["health"] == {"mark": "watch", "note": "血压高"}
    assert reread(visit).status == VisitStatus.UNDER_WAY


def test_nobody_answering_shows_whom_to_call(visit: Visit, helper: FlaskClient) -> None:
    form = {"submission": str(uuid.uuid4()), "outcome": "no_answer", "note": "灯亮着"}
    answer = helper.post(f"/visits/{visit.id}/not-met", data=form)
    page = helper.get(answer.location).text
    assert "现在请打电话" in page
    assert "tel:120" in page
    assert db.session.scalar(select(func.count()).select_from(Alert)) == 1


def test_not_at_home_asks_who_knows(visit: Visit, helper: FlaskClient) -> None:
    form = {"submission": str(uuid.uuid4()), "outcome": "not_at_home", "note": ""}
    answer = helper.post(f"/visits/{visit.id}/not-met", data=form)
    assert answer.status_code == 422
    assert "谁告诉您的" in answer.text


def test_a_late_entry_keeps_both_times(visit: Visit, helper: FlaskClient) -> None:
    visit.on = TODAY - timedelta(days=4)
    db.session.commit()
    form = full(day=visit.on.isoformat(), clock="10:00", outcome="met", late_reason="没有信号")
    assert helper.post(f"/visits/{visit.id}/late", data=form).status_code == 303
    entered = reread(visit)
    assert (entered.status, entered.approval, entered.met_on) == (VisitStatus.DONE, Approval.WAITING, visit.on)


def test_a_supervisor_decides_on_a_late_entry(visit: Visit, make_user: MakeUser, sign_in: SignIn) -> None:
    test_a_late_entry_keeps_both_times(visit, sign_in(make_user(Role.HELPER, helper_id=visit.helper_id)))
    office = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=factories.TOWNSHIP))
    assert "补录待审核" in office.get("/visits?when=waiting").text
    office.post(f"/visits/{visit.id}/decide", data={"approval": "approved"})
    assert reread(visit).approval == Approval.APPROVED


def test_another_helper_finds_no_such_visit(visit: Visit, make_user: MakeUser, sign_in: SignIn) -> None:
    other = factories.make_helper()
    client = sign_in(make_user(Role.HELPER, helper_id=other.id))
    assert client.get(f"/visits/{visit.id}/log").status_code == 404
    assert client.post(f"/visits/{visit.id}/log", data=full()).status_code == 404
    assert client.post(f"/visits/{visit.id}/arrive").status_code == 404
    assert reread(visit).status == VisitStatus.PLANNED


@pytest.mark.parametrize("path", ["", "/move", "/cancel", "/log", "/late"])
def test_another_townships_clerk_finds_no_such_visit(
    visit: Visit, make_user: MakeUser, sign_in: SignIn, path: str
) -> None:
    client = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=factories.OTHER_TOWNSHIP))
    assert client.get(f"/visits/{visit.id}{path}").status_code == 404


def test_the_list_masks_names_and_filters_by_the_address(visit: Visit, clerk: FlaskClient) -> None:
    visit.window_to = 1439  # still to come, at whatever hour this runs
    db.session.commit()
    page = clerk.get("/visits?when=today&status=planned&tier=C").text
    assert "张*兰" in page
    assert "张玉兰" not in page
    assert "没有这样的探访" in clerk.get("/visits?status=done").text


def test_an_unreported_visit_is_shown_as_such_and_nothing_is_stored(visit: Visit, clerk: FlaskClient) -> None:
    visit.on = TODAY - timedelta(days=1)
    db.session.commit()
    assert "张*兰" in clerk.get("/visits?when=past&status=unreported").text
    assert reread(visit).status == VisitStatus.PLANNED


def test_an_office_cancels_with_a_reason_and_takes_it_back(visit: Visit, clerk: FlaskClient) -> None:
    assert clerk.post(f"/visits/{visit.id}/cancel", data={"reason": ""}).status_code == 422
    assert clerk.post(f"/visits/{visit.id}/cancel", data={"reason": "去女儿家"}).status_code == 303
    assert reread(visit).status == VisitStatus.CANCELLED
    clerk.post(f"/visits/{visit.id}/reopen")
    assert reread(visit).status == VisitStatus.DUE


def test_an_office_moves_a_visit_to_a_day_to_come(visit: Visit, clerk: FlaskClient) -> None:
    tomorrow = TODAY + timedelta(days=1)
    form = {"on": TODAY - timedelta(days=1), "window_from": "09:00", "window_to": "11:00"}
    answer = clerk.post(f"/visits/{visit.id}/move", data=form)
    assert answer.status_code == 422
    assert "这一天已经过去了" in answer.text
    assert clerk.post(f"/visits/{visit.id}/move", data=form | {"on": tomorrow}).status_code == 303
    assert (reread(visit).on, reread(visit).window_from, reread(visit).helper_id) == (tomorrow, 540, None)


def test_an_office_adds_a_visit_by_hand(visit: Visit, clerk: FlaskClient) -> None:
    other = factories.make_senior(name="李秀英")
    db.session.commit()
    form = {
        "on": TODAY, "window_from": "09:00", "window_to": "11:00", "mode": "door", "duration_minutes": "30",
        "priority": "2", "reason": "刚出院",
    }  # fmt: skip
    assert clerk.post(f"/visits/new/{other.id}", data=form).status_code == 303
    again = clerk.post(f"/visits/new/{other.id}", data=form)
    assert again.status_code == 422
    assert "已经有一次探访了" in again.text


def test_an_office_reads_a_visit_with_its_history(visit: Visit, helper: FlaskClient, make_user: MakeUser) -> None:
    helper.post(f"/visits/{visit.id}/log", data=full(check_health="problem", note_health="头晕"))
    user = make_user(Role.TOWNSHIP_CLERK, division_code=factories.TOWNSHIP)
    with helper.session_transaction() as session:
        session["_user_id"] = user.get_id()
    page = helper.get(f"/visits/{visit.id}").text
    assert "头晕" in page
    assert "经过" in page


def test_a_plan_is_made_paused_and_ended(visit: Visit, clerk: FlaskClient) -> None:
    form = {
        "from_on": TODAY, "mode": "door", "every_days": "", "window_from": "08:30", "window_to": "17:30",
        "duration_minutes": "30", "priority": "2", "wants_sex": "", "reason": "独居",
    }  # fmt: skip
    url = f"/visit-plans/senior/{visit.senior_id}"
    assert "还没有探访计划" in clerk.get(url).text
    assert clerk.post(f"{url}/new", data=form).status_code == 303
    assert clerk.post(f"{url}/new", data=form).status_code == 422
    plan = db.session.scalars(select(VisitPlan)).one()
    assert clerk.get(f"/visit-plans/{plan.id}/edit").status_code == 200
    assert clerk.post(f"/visit-plans/{plan.id}/edit", data=form | {"every_days": "7"}).status_code == 303
    pause = {"from_on": TODAY, "to_on": "", "reason": "去西安过冬"}
    assert clerk.post(f"/visit-plans/{plan.id}/pause", data=pause).status_code == 303
    assert "去西安过冬" in clerk.get(url).text
    end = {"last_on": TODAY, "reason": "入住机构"}
    assert clerk.post(f"/visit-plans/{plan.id}/end", data=end).status_code == 303


def family_of(senior_id: uuid.UUID, make_user: MakeUser, sign_in: SignIn) -> FlaskClient:
    return sign_in(make_user(Role.FAMILY, senior_id=senior_id))


def done(visit: Visit) -> None:
    visit.status, visit.outcome, visit.met_on = VisitStatus.DONE, Outcome.MET, visit.on
    visit.checklist = {"health": {"mark": "problem", "note": "血糖高"}}
    db.session.commit()


def test_a_family_reads_kind_words_and_no_health(visit: Visit, make_user: MakeUser, sign_in: SignIn) -> None:
    done(visit)
    page = family_of(visit.senior_id, make_user, sign_in).get("/visits").text
    assert "去看过了，见到了张玉兰" in page
    assert "血糖高" not in page


def test_a_family_that_may_be_told_reads_what_was_found(visit: Visit, make_user: MakeUser, sign_in: SignIn) -> None:
    done(visit)
    db.session.add(Consent(senior_id=visit.senior_id, kind="family_told", given_on=date(2026, 1, 1)))
    db.session.commit()
    assert "血糖高" in family_of(visit.senior_id, make_user, sign_in).get("/visits").text


def test_a_family_sees_nothing_of_others(visit: Visit, make_user: MakeUser, sign_in: SignIn) -> None:
    done(visit)
    other = factories.make_senior(name="王秀兰")
    db.session.commit()
    page = family_of(other.id, make_user, sign_in).get("/visits").text
    assert "张玉兰" not in page
    assert "王秀兰" in page


@pytest.mark.parametrize("path", ["/visits/today", "/visits"])
def test_a_page_costs_the_same_with_many_doors(
    app: Flask, make_user: MakeUser, sign_in: SignIn, helper_id: uuid.UUID, path: str
) -> None:
    role, scope = (Role.HELPER, {"helper_id": helper_id}) if "today" in path else (
        Role.TOWNSHIP_CLERK, {"division_code": factories.TOWNSHIP})  # fmt: skip
    client = sign_in(make_user(role, **scope))
    costs = []
    for number in (2, 20):
        for _n in range(number):
            senior = factories.make_senior(phones=["13800000001"])
            factories.make_visit(senior, TODAY, helper_id=helper_id, status=VisitStatus.PLANNED)
        db.session.commit()
        with counted(db.engine) as sent:
            assert client.get(path).status_code == 200
        costs.append(sent.count)
    assert costs[0] == costs[1]
    assert costs[1] <= 16
