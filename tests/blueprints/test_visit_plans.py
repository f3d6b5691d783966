"""The form of a visit plan: what a person may say of a visit, what is said back, and nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain.times import local_day, utc_now
from extensions import db
from models import Role, Senior, UnwantedHelper, User, VisitPlan
from tests import factories

TODAY = local_day(utc_now())
PLAIN: dict[str, Any] = {
    "from_on": TODAY, "mode": "door", "every_days": "", "window_from": "08:30", "window_to": "10:00",
    "duration_minutes": "60", "priority": "2", "wants_sex": "", "reason": "助浴",
}  # fmt: skip
FULL: dict[str, Any] = PLAIN | {
    "other_windows": "16:00-17:30", "is_soft": "y", "skills": ["bathing"], "wants_sex": "female", "wishes_sex": "y",
    "needs_language": "y", "needs_two": "y", "second_skills": ["nursing"], "second_sex": "male",
    "second_minutes": "30", "second_gap_least": "5", "second_gap_most": "10",
}  # fmt: skip


@pytest.fixture
def senior(app: Flask) -> Senior:
    return factories.make_senior(language="shaanbei")


@pytest.fixture
def clerk(senior: Senior, make_user: Callable[..., User], sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=factories.TOWNSHIP))


def post(clerk: FlaskClient, senior: Senior, form: dict[str, Any]) -> Any:
    return clerk.post(f"/visit-plans/senior/{senior.id}/new", data=form)


def plan() -> VisitPlan:
    return db.session.scalars(select(VisitPlan)).one()


def test_everything_a_visit_may_need_is_said_in_one_form(clerk: FlaskClient, senior: Senior) -> None:
    assert post(clerk, senior, FULL).status_code == 303
    made = plan()
    assert (made.windows, made.window_from, made.window_to) == ([[510, 600], [960, 1050]], 510, 1050)
    assert (made.is_soft, made.wishes_sex, made.needs_language, made.needs_two) == (True, True, True, True)
    assert (made.second_skills, made.second_sex, made.second_minutes) == (["nursing"], "male", 30)
    assert (made.second_gap_least, made.second_gap_most) == (5, 10)


def test_a_plain_plan_stays_plain(clerk: FlaskClient, senior: Senior) -> None:
    assert post(clerk, senior, PLAIN | {"second_skills": ["nursing"], "second_gap_most": "10"}).status_code == 303
    made = plan()
    assert (made.windows, made.needs_two, made.second_skills, made.second_gap_most) == ([], False, [], 0)


def test_the_plan_says_it_back(clerk: FlaskClient, senior: Senior) -> None:
    post(clerk, senior, FULL)
    page = clerk.get(f"/visit-plans/senior/{senior.id}").text
    assert "08:30–10:00 或 16:00–17:30，可以晚一点" in page
    assert "会助浴；最好是女的；一定要会说陕北话" in page
    assert "比第一个人晚 5 到 10 分钟到；会护理；要男的；待 30 分钟" in page


def test_what_was_said_is_there_when_it_is_changed(clerk: FlaskClient, senior: Senior) -> None:
    post(clerk, senior, FULL)
    before = {column.name: getattr(plan(), column.name) for column in VisitPlan.__table__.columns}
    page = clerk.get(f"/visit-plans/{plan().id}/edit").text
    assert 'value="16:00-17:30"' in page
    assert "登记的是：陕北话" in page
    answer = clerk.post(f"/visit-plans/{plan().id}/edit", data=FULL | {"duration_minutes": "45"})
    assert answer.status_code == 303
    after = {column.name: getattr(plan(), column.name) for column in VisitPlan.__table__.columns}
    changed = {name for name in before if before[name] != after[name]} - {"updated_at", "made_to"}
    assert changed == {"duration_minutes"}


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"other_windows": "下午"}, "other_windows", "请按 08:30-12:00 14:00-17:30 这样填写。"),
        ({"other_windows": "09:30-12:00"}, "other_windows", "和前面的时间重叠了"),
        ({"other_windows": "16:00-16:30"}, "other_windows", "这段时间放不下一次探访"),
        ({"second_gap_least": "15"}, "second_gap_most", "不能小于"),
        ({"second_gap_most": "很久"}, "second_gap_most", "请填整数"),
        ({"second_minutes": "2"}, "second_minutes", "请填 5 到 240 之间的数。"),
        ({"second_sex": "unknown"}, "second_sex", "请从列表里选。"),
        ({"mode": "phone"}, "needs_two", "打电话用不着两个人。"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_nothing_is_lost(
    clerk: FlaskClient, senior: Senior, wrong: dict[str, str], field: str, sentence: str
) -> None:
    answer = post(clerk, senior, FULL | wrong)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in answer.text
    assert "助浴</textarea>" in answer.text
    for value in wrong.values():
        assert f'value="{value}"' in answer.text or field == "second_sex"


def test_the_regular_helper_and_who_is_not_to_come_are_said_on_one_page(clerk: FlaskClient, senior: Senior) -> None:
    liked, disliked = factories.make_helper(name="李秀英"), factories.make_helper(name="王芳")
    url = f"/visit-plans/senior/{senior.id}/helpers"
    assert clerk.post(f"{url}/regular", data={"helper_id": str(liked.id)}).status_code == 303
    away = {"away-helper_id": str(disliked.id), "away-reason": "两家有矛盾"}
    assert clerk.post(f"{url}/away", data=away).status_code == 303
    for page in (f"/visit-plans/senior/{senior.id}", f"/seniors/{senior.id}", url):
        assert "王芳" in clerk.get(page).text
    key = db.session.scalars(select(UnwantedHelper.id)).one()
    assert str(key) in clerk.get(url).text
    assert clerk.post(f"/visit-plans/helpers/away/{key}/take-back").status_code == 303
    assert db.session.scalars(select(UnwantedHelper)).all() == []


def test_keeping_away_asks_who_and_why(clerk: FlaskClient, senior: Senior) -> None:
    helper = factories.make_helper()
    url = f"/visit-plans/senior/{senior.id}/helpers/away"
    answer = clerk.post(url, data={"away-helper_id": "", "away-reason": "怕生"})
    assert answer.status_code == 422
    assert "请选一位助老员。" in answer.text
    assert 'value="怕生"' in answer.text
    assert "请写明原因。" in clerk.post(url, data={"away-helper_id": str(helper.id)}).text


def test_a_regular_helper_who_no_longer_works_is_not_lost_by_saving(clerk: FlaskClient, senior: Senior) -> None:
    gone = factories.make_helper(name="离岗的人", is_active=False)
    senior.regular_helper_id = gone.id
    db.session.commit()
    url = f"/visit-plans/senior/{senior.id}/helpers"
    assert f'selected value="{gone.id}"' in clerk.get(url).text
    assert clerk.post(f"{url}/regular", data={"helper_id": str(gone.id)}).status_code == 303
    assert db.session.get_one(Senior, senior.id).regular_helper_id == gone.id
