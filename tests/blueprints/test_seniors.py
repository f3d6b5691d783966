"""The room of seniors: who sees whom, what is masked, what is written down, what a form keeps."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from domain.times import local_day, utc_now
from extensions import db
from models import (
    AuditEntry,
    Consent,
    Grant,
    Message,
    MessageStatus,
    Outcome,
    Purpose,
    Role,
    Senior,
    SeniorStatus,
    SeniorStatusPeriod,
    Visit,
    VisitStatus,
)
from policy import SYSTEM
from queries import divisions
from services import seniors
from services.senior_facts import ContactFact, PhoneFact, SeniorFacts
from tests.factories import CITY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, make_divisions, make_senior

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "610699194303050010"


@pytest.fixture
def mother(app):
    make_divisions()
    facts = SeniorFacts(
        name="张玉兰", residence_code=VILLAGE, identity_number=NUMBER, address="二组 12 号", landmark="第三孔窑",
        phones=[PhoneFact(number="19900001234")],
        contacts=[ContactFact(name="李明", relation="son", phone="19900005678")], allergens=["egg"],
    )  # fmt: skip
    senior = seniors.register(facts, by=SYSTEM, now=NOW)
    db.session.commit()
    return senior


@pytest.fixture
def clerk(mother, make_user, sign_in):
    return sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))


def text_of(answer, status=200):
    assert answer.status_code == status, answer.text
    return answer.text


def acts():
    return db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.id)).all()


def form(**changes):
    base = {"name": "张玉兰", "residence_code": VILLAGE, "born_on": "1943-03-05", "sex": "female", "living": "alone",
            "language": "zh", "risk_tier": "B", "household_code": ""}  # fmt: skip
    return base | changes


def test_the_list_finds_and_masks(clerk):
    page = text_of(clerk.get("/seniors?q=zyl"))
    assert "张*兰" in page
    assert "张玉兰" not in page
    assert NUMBER not in page
    assert "没有找到" in text_of(clerk.get("/seniors?q=王"))


@pytest.mark.parametrize("query", ["q=%27%20OR%201=1--", "status=x&tier=Z&division=abc", "q=" + "张" * 500])
def test_the_list_survives_what_somebody_types_into_its_address(clerk, query):
    text_of(clerk.get(f"/seniors?{query}"))


def test_the_page_masks_numbers_and_the_reading_is_written_down(clerk, mother):
    page = text_of(clerk.get(f"/seniors/{mother.id}"))
    assert "199****1234" in page
    assert "610699********0010" in page
    assert "对鸡蛋过敏" in page
    assert "平安钟" in page
    assert not {NUMBER, "19900001234", "19900005678"} & set(re.findall(r"\d+", page))
    assert acts() == ["senior.register", "senior.show"]


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.TOWNSHIP_CLERK, {"division_code": "610621100"}), (Role.COUNTY_OFFICER, {"division_code": "610621"})],
)
def test_outside_the_scope_there_is_nobody(mother, make_user, sign_in, role, scope):
    client = sign_in(make_user(role, **scope))
    for path in ("", "/edit", "/history", "/status", "/death", "/stays", "/consents", "/merge"):
        assert client.get(f"/seniors/{mother.id}{path}").status_code == 404
    for path in ("/edit", "/reveal", "/notes", "/death/confirm"):
        data = {"what": "identity", "reason": "想看看是谁", "body": "x"} | form()
        assert client.post(f"/seniors/{mother.id}{path}", data=data).status_code in {404, 422}
    assert "senior.reveal" not in acts()


def test_a_reveal_asks_why_and_is_written_down(clerk, mother):
    refused = clerk.post(f"/seniors/{mother.id}/reveal", data={"what": "identity", "reason": ""})
    assert NUMBER not in text_of(refused, 422)
    shown = clerk.post(f"/seniors/{mother.id}/reveal", data={"what": "identity", "reason": "核对高龄津贴"})
    assert NUMBER in text_of(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    phones = text_of(clerk.post(f"/seniors/{mother.id}/reveal", data={"what": "phones", "reason": "电话核实"}))
    assert "19900001234" in phones
    assert "19900005678" in phones
    assert acts().count("senior.reveal") == 2
    assert clerk.post(f"/seniors/{mother.id}/reveal", data={"what": "x", "reason": "电话核实"}).status_code == 404


def test_a_role_without_the_right_cannot_reveal(mother, make_user, sign_in):
    family = sign_in(make_user(Role.FAMILY, senior_id=mother.id))
    assert (
        family.post(f"/seniors/{mother.id}/reveal", data={"what": "identity", "reason": "我是女儿"}).status_code == 403
    )


def test_a_daughter_sees_her_mother_plainly_and_nobody_else(mother, make_user, sign_in):
    other = make_senior(name="王秀英")
    db.session.commit()
    family = sign_in(make_user(Role.FAMILY, senior_id=mother.id))
    page = text_of(family.get(f"/seniors/{mother.id}"))
    assert "张玉兰" in page
    assert "下次探访" in page
    assert "6106" not in page
    assert "199****" not in page
    assert "张玉兰" in text_of(family.get("/seniors"))
    assert family.get(f"/seniors/{other.id}").status_code == 404
    assert "senior.show" not in acts()


def test_somebody_is_registered_with_phones_and_contacts(clerk):
    data = form(
        name="王秀英", identity_number="", **{
            "phones-0-number": "199 0000 7777", "phones-0-owner": "self", "contacts-0-name": "王强",
            "contacts-0-relation": "son", "contacts-0-phone": "19900008888", "contacts-0-gets_texts": "y",
            "categories-0-category": "veteran", "categories-0-from_on": "2020-01-01", "diets": ["soft", "low_salt"],
        },
    )  # fmt: skip
    answer = clerk.post("/seniors/new", data=data)
    assert answer.status_code == 303, answer.text
    page = text_of(clerk.get(answer.location))
    for words in ("王秀英", "199****7777", "王强", "优抚对象", "低盐"):
        assert words in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "张3"}, "请填写姓名"),
        ({"identity_number": "610699194303050011"}, "对不上"),
        ({"identity_number": "6.1E+17"}, "表格把这个号码改坏了"),
        ({"residence_code": OTHER_VILLAGE}, "请从列表里选一项"),
        ({"phones-0-number": "123", "phones-0-owner": "self"}, "不是电话号码"),
        ({"identity_number": NUMBER, "born_on": "", "sex": "unknown"}, "已经登记过"),
        ({"born_on": "1943-02-30"}, "一个有的日子"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(clerk, changes, sentence):
    page = text_of(clerk.post("/seniors/new", data=form(name="王秀英", landmark="老槐树下") | changes), 422)
    assert re.search(sentence, page), page
    assert "老槐树下" in page


def test_one_more_row_is_added_without_saving(clerk):
    page = text_of(clerk.post("/seniors/new", data=form(more="contacts", landmark="老槐树下")), 422)
    assert "老槐树下" in page
    assert 'id="contacts-0-name"' in page
    assert 'formaction="#contacts-1-name"' in page, "the page comes back to the row that the next press adds"
    page = text_of(clerk.post("/seniors/new", data=form(**{"more": "contacts", "contacts-0-name": "王强"})), 422)
    assert 'id="contacts-1-name"' in page


def test_an_edit_shows_no_number_and_keeps_those_left_empty(clerk, mother):
    phone, contact = mother.phones[0], mother.contacts[0]
    page = text_of(clerk.get(f"/seniors/{mother.id}/edit"))
    assert NUMBER not in page
    assert "19900001234" not in page
    data = form(
        version=str(mother.version), sex="male", address="三组", **{
            "phones-0-key": str(phone.id), "phones-0-number": "", "phones-0-owner": "spouse",
            "contacts-0-key": str(contact.id), "contacts-0-name": "李明", "contacts-0-relation": "son",
        },
    )  # fmt: skip
    assert clerk.post(f"/seniors/{mother.id}/edit", data=data).status_code == 303
    db.session.expire_all()
    saved = seniors.find(mother.id, by=SYSTEM, today=NOW.date(), options=seniors.WITH_CHILDREN)
    assert (saved.identity_number, saved.address) == (NUMBER, "三组")
    assert [(one.number, one.owner) for one in saved.phones] == [("19900001234", "spouse")]
    assert [one.phone for one in saved.contacts] == ["19900005678"]


def test_an_overtaken_edit_shows_both_values_and_a_second_press_saves(clerk, mother):
    version = mother.version
    theirs = SeniorFacts(name="张玉兰", residence_code=VILLAGE, identity_number=NUMBER, diet_note="不吃辣")
    seniors.update(mother.id, theirs, base_version=None, by=SYSTEM, now=NOW)
    db.session.commit()
    data = form(version=str(version), sex="male", landmark="老槐树下", diet_note="少盐")
    page = text_of(clerk.post(f"/seniors/{mother.id}/edit", data=data), 422)
    for words in ("别人", "不吃辣", "少盐", "老槐树下"):
        assert words in page
    fresh = re.search(r'name="version" value="(\d+)"', page)[1]
    assert clerk.post(f"/seniors/{mother.id}/edit", data=data | {"version": fresh}).status_code == 303
    db.session.expire_all()
    assert db.session.get(Senior, mother.id).diet_note == "少盐"


def test_a_status_is_changed_and_a_death_confirmed_by_another(clerk, mother, make_user, sign_in):
    today = local_day(utc_now())
    data = {"status": "in_hospital", "from_on": str(today), "to_on": str(today + timedelta(days=3)), "reason": "肺炎"}
    assert clerk.post(f"/seniors/{mother.id}/status", data=data).status_code == 303
    assert "住院" in text_of(clerk.get(f"/seniors/{mother.id}"))
    wrong = data | {"to_on": str(today - timedelta(days=3))}
    assert "肺炎" in text_of(clerk.post(f"/seniors/{mother.id}/status", data=wrong), 422)
    died = {"on": str(today), "reason": "村干部来电"}
    assert clerk.post(f"/seniors/{mother.id}/death", data=died).status_code == 303
    assert "等待另一位同事核实" in text_of(clerk.get(f"/seniors/{mother.id}"))
    assert "另一位" in text_of(clerk.get(f"/seniors/{mother.id}/death"))
    assert clerk.post(f"/seniors/{mother.id}/death/confirm").status_code == 409
    second = sign_in(make_user(Role.COUNTY_OFFICER, division_code="610602"))
    assert second.post(f"/seniors/{mother.id}/death/confirm").status_code == 303
    period = db.session.scalars(
        select(SeniorStatusPeriod).where(SeniorStatusPeriod.status == SeniorStatus.DECEASED)
    ).one()
    assert period.confirmed_by_id != period.reported_by_id
    text_of(second.get(f"/seniors/{mother.id}/death"))
    assert second.post(f"/seniors/{mother.id}/death/withdraw", data={"reason": ""}).status_code == 422
    assert second.post(f"/seniors/{mother.id}/death/withdraw", data={"reason": "认错了人"}).status_code == 303


def test_stays_consents_and_notes(clerk, mother):
    page = f"/seniors/{mother.id}"
    stay = {"division_code": OTHER_VILLAGE, "address": "女儿家", "from_on": str(local_day(utc_now()))}
    assert clerk.post(f"{page}/stays?county=610621", data=stay).status_code == 303
    assert "女儿家" in text_of(clerk.get(page))
    assert "已经登记过一处暂住" in text_of(clerk.post(f"{page}/stays?county=610621", data=stay), 422)
    consent = {"kind": "texts", "given_on": "2026-01-01", "how": "paper", "taken_by": "李秀英"}
    assert clerk.post(f"{page}/consents", data=consent).status_code == 303
    text_of(clerk.post(f"{page}/consents", data=consent), 422)
    row = db.session.scalars(select(Consent)).one()
    assert clerk.post(f"{page}/consents/{row.id}/withdraw").status_code == 303
    assert clerk.post(f"{page}/notes", data={"body": "<script>alert(1)</script>"}).status_code == 303
    shown = text_of(clerk.get(page))
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "请写点什么" in text_of(clerk.post(f"{page}/notes", data={"body": ""}), 422)
    assert "登记" in text_of(clerk.get(f"{page}/history"))


def test_two_records_become_one_and_two_again(clerk, mother):
    twin = seniors.register(
        SeniorFacts(name="张玉蓝", residence_code=VILLAGE, born_on=date(1943, 3, 5)), by=SYSTEM, now=NOW
    )
    db.session.commit()
    page = f"/seniors/{mother.id}/merge"
    assert "张玉蓝" in text_of(clerk.get(f"{page}?q=zyl"))
    assert "张玉蓝" in text_of(clerk.get(f"{page}?other={twin.id}"))
    assert clerk.post(f"{page}?other={twin.id}", data={"reason": ""}).status_code == 422
    assert clerk.post(f"{page}?other={twin.id}", data={"reason": "同一个人"}).status_code == 303
    assert clerk.get(f"/seniors/{twin.id}").location.endswith(f"/seniors/{mother.id}")
    assert clerk.post(f"/seniors/{twin.id}/unmerge").status_code == 303
    text_of(clerk.get(f"/seniors/{twin.id}"))


def test_the_export_holds_what_the_list_shows_with_its_masks(clerk, mother):
    make_senior(name="王秀英", pinyin="wangxiuying", risk_tier="A")
    db.session.commit()
    with clerk.get("/seniors/export.xlsx?tier=A") as answer:
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "姓名"
    assert [row[0] for row in rows[1:]] == ["王*英"]
    assert acts()[-1] == "senior.export"


def test_who_may_not_export_cannot(mother, make_user, sign_in):
    assert sign_in(make_user(Role.DISPATCHER, division_code="610602")).get("/seniors/export.xlsx").status_code == 403


@pytest.mark.parametrize("count", [3, 120])
def test_the_list_and_the_page_cost_the_same_however_many_there_are(mother, make_user, sign_in, count):
    from sqlalchemy import event

    for number in range(count):
        seniors.register(
            SeniorFacts(name="王秀英", residence_code=VILLAGE, born_on=date(1940, 1, 1), landmark=str(number)),
            by=SYSTEM, now=NOW,
        )  # fmt: skip
    db.session.commit()
    client = sign_in(make_user(Role.CITY_OFFICER, division_code=CITY))
    client.get("/seniors")
    statements = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    client.get("/seniors")
    for_list = len(statements)
    client.get(f"/seniors/{mother.id}")
    for_page = len(statements) - for_list
    event.remove(db.engine, "before_cursor_execute", note)
    assert for_list <= 10
    assert for_page <= 32


def test_the_page_tells_visits_meals_texts_and_changes_in_one_line_of_time(clerk, mother):
    now = utc_now()
    visit = Visit(
        senior_id=mother.id, division_code=VILLAGE, due_on=local_day(now), on=local_day(now), window_from=510,
        window_to=690, duration_minutes=30, status=VisitStatus.DONE, outcome=Outcome.MET, met_on=local_day(now),
        left_at=now - timedelta(hours=1), note="炭火够用",
    )  # fmt: skip
    db.session.add(visit)
    db.session.add(
        Message(
            dedup_key="x", purpose=Purpose.VISIT_EVE, status=MessageStatus.DELIVERED, senior_id=mother.id, sid="SM1",
            division_code=VILLAGE, recipient="senior", to_number="19900001234", body="x", body_digest="x",
            due_at=now - timedelta(hours=9), next_at=now, not_after=now, callback_token="x",
            sent_at=now - timedelta(hours=9),
        )
    )  # fmt: skip
    db.session.commit()
    page = text_of(clerk.get(f"/seniors/{mother.id}"))
    places = [page.index(words) for words in ("炭火够用", "短信：", "登记老人")]
    assert places == sorted(places)
    earlier = {"after": (now - timedelta(hours=2)).isoformat()}
    assert "炭火够用" not in text_of(clerk.get(f"/seniors/{mother.id}", query_string=earlier))


def test_a_family_link_that_has_ended_opens_nothing(mother, make_user, sign_in):
    user = make_user(Role.FAMILY, senior_id=mother.id)
    grant = db.session.scalars(select(Grant).where(Grant.user_id == user.id)).one()
    grant.to_on = date(2020, 1, 1)
    db.session.commit()
    assert sign_in(user).get(f"/seniors/{mother.id}").status_code in {403, 404}
    assert db.session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "senior.show")) == 0


def test_the_list_leads_those_who_may_to_the_import(clerk, mother, make_user, sign_in):
    assert "/imports/seniors/new" in text_of(clerk.get("/seniors"))
    family = sign_in(make_user(Role.FAMILY, senior_id=mother.id))
    assert "/imports/" not in text_of(family.get("/seniors"))


def test_a_status_that_cancels_nothing_says_nothing_of_cancelling(clerk, mother):
    data = {"status": "paused", "from_on": "2026-11-23", "reason": "去女儿家"}
    page = text_of(clerk.get(clerk.post(f"/seniors/{mother.id}/status", data=data).location))
    assert "状态已更新。" in page
    assert "取消了 0" not in page


def test_a_household_place_outside_the_counties_is_offered_by_its_name(clerk, mother):
    mother.household_code = VILLAGE
    db.session.commit()
    page = text_of(clerk.get(f"/seniors/{mother.id}/edit"))
    assert f'<option selected value="{VILLAGE}">{divisions.path(VILLAGE)}</option>' in page


def test_a_list_that_always_holds_something_is_not_called_optional(clerk, mother):
    page = text_of(clerk.get(f"/seniors/{mother.id}/consents"))
    assert page.count("（可不填）") == 1, "only who was there may be left empty"
