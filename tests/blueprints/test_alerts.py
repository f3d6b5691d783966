"""The room of alerts: what waits, who takes it, how it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.codes import AlertKind
from domain.times import utc_now
from extensions import db
from models import Alert, AlertLevel, Role
from services import alerts
from tests.factories import BAOTA, VILLAGE, YANCHANG, make_senior


@pytest.fixture
def knock(app):
    senior = make_senior()

    def raise_one(cause="visit:1", level=AlertLevel.RED, **changes):
        alerts.raise_once(
            kind=AlertKind.NO_ANSWER, level=level, division_code=VILLAGE, cause=cause, senior_id=senior.id,
            summary="敲门三次，没人应", now=utc_now(), **changes,
        )  # fmt: skip
        db.session.commit()
        return db.session.scalars(select(Alert).where(Alert.dedup_key.endswith(cause))).one()

    return raise_one


def test_a_dispatcher_takes_an_alert_and_closes_it_with_what_was_found(knock, sign_in, make_user):
    alert = knock()
    page = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))
    listed = page.get("/alerts").text
    assert "敲门三次，没人应" in listed
    assert "张*兰" in listed
    assert "张玉兰" not in listed
    assert page.post(f"/alerts/{alert.id}/take").status_code == 303
    assert "处理中" in page.get(f"/alerts/{alert.id}").text
    assert page.post(f"/alerts/{alert.id}/close", data={"resolution": "在女儿家，平安"}).status_code == 303
    assert "在女儿家，平安" in page.get(f"/alerts/{alert.id}").text
    assert "敲门三次" not in page.get("/alerts").text
    assert "敲门三次" in page.get("/alerts?view=closed").text


def test_closing_without_a_word_says_so_beside_the_field(knock, sign_in, make_user):
    alert = knock()
    page = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))
    answer = page.post(f"/alerts/{alert.id}/close", data={"resolution": " "})
    assert answer.status_code == 422
    assert "请写一句结果" in answer.text


def test_another_countys_alert_is_not_there(knock, sign_in, make_user):
    alert = knock()
    page = sign_in(make_user(Role.DISPATCHER, division_code=YANCHANG))
    assert page.get(f"/alerts/{alert.id}").status_code == 404
    assert page.post(f"/alerts/{alert.id}/take").status_code == 404
    assert "敲门三次" not in page.get("/alerts").text


def test_the_most_pressing_alert_comes_first_and_an_overdue_one_says_so(knock, sign_in, make_user):
    knock("visit:1", AlertLevel.YELLOW)
    red = knock("visit:2", AlertLevel.RED)
    red.due_at = utc_now() - timedelta(minutes=35)
    db.session.commit()
    text = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA)).get("/alerts").text
    assert text.index("红色", text.index("<tbody>")) < text.index("黄色", text.index("<tbody>"))
    assert "超时 35 分钟" in text


@pytest.mark.parametrize("view", ["live", "closed"])
def test_pages_of_alerts_follow_each_other_without_gap_or_repeat(knock, sign_in, make_user, view):
    now = utc_now()
    for number in range(53):
        alert = knock(f"visit:{number}")
        alert.summary = f"第{number:02d}次"
        if view == "closed":
            alert.close("平安", now=now + timedelta(seconds=number))
    db.session.commit()
    page = sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))
    first = page.get(f"/alerts?view={view}").text
    address = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = page.get(address).text
    seen = [number for number in range(53) for text in (first, second) if f"第{number:02d}次" in text]
    assert sorted(seen) == list(range(53))
    assert second.count("<tr>") == 3 + 1
