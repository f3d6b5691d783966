"""Finding a senior by what one remembers, within one's scope, each once."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extensions import db
from models import Enrolment, Grant, Role, SeniorCategory, SeniorStatus
from policy import SYSTEM, Permission, Scope, actor_of
from queries import seniors as query
from queries.seniors import Filters
from services import seniors
from services.senior_facts import ContactFact, PhoneFact, SeniorFacts
from tests.factories import BAOTA, CITY, OTHER_VILLAGE, VILLAGE, make_centre, make_divisions, make_senior, make_status

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WHOLE_CITY = Scope(divisions=frozenset({CITY}))


@pytest.fixture
def town(app):
    make_divisions()

    def live(name, code=VILLAGE, **more):
        facts = SeniorFacts(**({"name": name, "residence_code": code, "born_on": date(1943, 3, 5)} | more))
        return seniors.register(facts, by=SYSTEM, now=NOW)

    live(
        "张玉兰",
        identity_number="610699194303050010",
        phones=[PhoneFact(number="19900001234")],
        contacts=[ContactFact(name="李明", phone="19900005678")],
    )
    live("张玉莲", OTHER_VILLAGE)
    live("章雨")
    live("吕凤英")
    live("单桂花")
    live("欧阳修文", OTHER_VILLAGE)
    return live


def found(text, scope=WHOLE_CITY, **filters):
    return [row.name for row in query.index(Filters(q=text, **filters), scope, today=TODAY).items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张玉", ["张玉兰", "张玉莲"]),
        ("张玉兰", ["张玉兰"]),
        (" 张 玉兰 ", ["张玉兰"]),
        ("玉兰", ["张玉兰"]),
        ("zhangyulan", ["张玉兰"]),
        ("Zhang Yu", ["章雨", "张玉兰", "张玉莲"]),
        ("yulan", ["张玉兰"]),
        ("zhangyl", ["张玉兰", "张玉莲"]),
        ("zyl", ["张玉兰", "张玉莲"]),
        ("1234", ["张玉兰"]),
        ("5678", ["张玉兰"]),
        ("199 0000 1234", ["张玉兰"]),
        ("19900009999", []),
        ("610699194303050010", ["张玉兰"]),
        ("610699194303050011", []),
        ("lvfengying", ["吕凤英"]),
        ("lüfeng", ["吕凤英"]),
        ("lufeng", ["吕凤英"]),
        ("shan", ["单桂花"]),
        ("dan", ["单桂花"]),
        ("ouyang", ["欧阳修文"]),
        ("oyxw", ["欧阳修文"]),
        ("兰", []),
        ("%", []),
        ("_", []),
        ("#", []),
        ("12", []),
        ("' OR 1=1 --", []),
    ],
)
def test_what_is_typed_finds_whom_one_means(town, text, expected):
    assert sorted(found(text)) == sorted(expected)


def test_somebody_with_several_matching_keys_is_shown_once(town):
    assert found("y") == ["张玉兰", "张玉莲"] or sorted(found("y")) == ["张玉兰", "张玉莲", "章雨"]
    assert len(found("z")) == len(set(found("z"))) == 3


def test_only_who_lives_in_the_scope_is_found(town):
    assert found("zyl", Scope(divisions=frozenset({BAOTA}))) == ["张玉兰"]
    assert found("zyl", Scope()) == []


def test_a_centre_finds_its_own_and_a_daughter_her_mother(town):
    mother = query.index(Filters(q="张玉莲"), WHOLE_CITY, today=TODAY).items[0]
    centre = make_centre()
    db.session.add(Enrolment(centre_id=centre.id, senior_id=mother.id, from_on=TODAY))
    db.session.flush()
    assert found("zyl", Scope(centres=frozenset({centre.id}))) == ["张玉莲"]
    assert found("zyl", Scope(seniors=frozenset({mother.id}))) == ["张玉莲"]


def test_a_search_goes_on_where_its_page_ended(town):
    for number in range(60):
        town("王秀英", landmark=str(number))
    first = query.index(Filters(q="wxy"), WHOLE_CITY, today=TODAY)
    second = query.index(Filters(q="wxy"), WHOLE_CITY, today=TODAY, cursor=first.next_cursor)
    ids = {row.id for row in first.items} | {row.id for row in second.items}
    assert (len(first.items), len(second.items), len(ids), second.next_cursor) == (50, 10, 60, None)


def test_filters_say_what_they_say(app):
    alone = make_senior(name="李独居", living="alone", risk_tier="A", pinyin="liduju")
    ill = make_senior(name="王住院", pinyin="wangzhuyuan")
    make_status(ill, SeniorStatus.IN_HOSPITAL, TODAY)
    far = make_senior(name="赵远", pinyin="zhaoyuan", residence_code=OTHER_VILLAGE)
    db.session.add(SeniorCategory(senior_id=far.id, category="veteran"))
    ended = SeniorCategory(senior_id=alone.id, category="veteran", to_on=date(2026, 11, 22))
    db.session.add(ended)
    db.session.flush()
    assert found("") == ["李独居", "王住院", "赵远"]
    assert found("", living="alone") == found("", tier="A") == ["李独居"]
    assert found("", status="in_hospital") == ["王住院"]
    assert found("", status="active") == ["李独居", "赵远"]
    assert found("", category="veteran") == ["赵远"]
    assert found("", Scope(divisions=frozenset({OTHER_VILLAGE})), division=BAOTA) == []
    assert found("", Scope(divisions=frozenset({VILLAGE})), division=BAOTA) == ["李独居", "王住院"]
    assert found("", division=BAOTA) == ["李独居", "王住院"]
    assert found("", status="dead'; --", division="x", tier="Z") == ["李独居", "王住院", "赵远"]
    assert query.count(Filters(status="active"), WHOLE_CITY, today=TODAY) == 2
    assert len(list(query.everything(Filters(), WHOLE_CITY, today=TODAY))) == 3


def test_a_row_shows_the_status_of_the_day_not_yesterdays(app):
    senior = make_senior(status=SeniorStatus.IN_HOSPITAL)
    make_status(senior, SeniorStatus.IN_HOSPITAL, date(2026, 11, 1), date(2026, 11, 22))
    assert query.index(Filters(), WHOLE_CITY, today=TODAY).items[0].status is SeniorStatus.ACTIVE


@given(text=st.text(max_size=40), cursor=st.none() | st.text(max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_breaks_the_search(app, text, cursor):
    query.index(Filters(q=text), WHOLE_CITY, today=TODAY, cursor=cursor)
    query.count(Filters(q=text), WHOLE_CITY, today=TODAY)


def test_a_role_without_the_permission_finds_nobody(town, make_user):
    user = make_user(Role.ADMINISTRATOR, division_code=CITY)
    user.grants = [Grant(role=Role.ADMINISTRATOR, division_code=CITY)]
    scope = actor_of(user, TODAY).scope(Permission.SENIOR_READ)
    assert found("zhang", scope) == []
