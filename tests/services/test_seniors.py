"""Registering seniors and changing what is written down about them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from domain.errors import NotFound, Refusal, Stale
from extensions import db
from models import AuditEntry, Residence, Role, Senior, SeniorKey, Sex
from policy import SYSTEM, Actor, Held
from queries.senior_search import identity_key, tail_key
from services import seniors
from services.duplicates import Candidate, SameBy, find_same
from services.senior_facts import CategoryFact, ContactFact, PhoneFact, SeniorFacts
from tests.factories import BAOTA, OTHER_VILLAGE, TOWNSHIP, VILLAGE, make_divisions

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
NUMBER = "610699194303050010"
CLERK = Actor(user_id=None, name="张干事", grants=(Held(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP),))


@pytest.fixture(autouse=True)
def _places(app):
    make_divisions()
    db.session.commit()


def facts(**changes):
    return SeniorFacts(**({"name": "张玉兰", "residence_code": VILLAGE, "born_on": date(1943, 3, 5)} | changes))


def refusal(**changes):
    with pytest.raises(Refusal) as caught:
        seniors.register(facts(**changes), by=SYSTEM, now=NOW)
    return caught.value


def keys_of(senior):
    return set(db.session.scalars(select(SeniorKey.key).where(SeniorKey.senior_id == senior.id)))


def test_birth_date_and_sex_are_taken_from_the_identity_number():
    senior = seniors.register(facts(born_on=None, identity_number=f" {NUMBER} "), by=SYSTEM, now=NOW)
    assert (senior.identity_number, senior.born_on, senior.sex) == (NUMBER, date(1943, 3, 5), Sex.MALE)


def test_a_birth_date_other_than_the_cards_needs_a_reason():
    assert refusal(identity_number=NUMBER, born_on=date(1943, 5, 3)).field == "born_on"
    told = facts(identity_number=NUMBER, born_on=date(1943, 5, 3), identity_note="上户口时登错")
    assert seniors.register(told, by=SYSTEM, now=NOW).born_on == date(1943, 5, 3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "=cmd|' /C calc'!A0"}, "name"),
        ({"name": "张"}, "name"),
        ({"identity_number": "1.23E+17"}, "identity_number"),
        ({"identity_number": "610699194303050011"}, "identity_number"),
        ({"born_on": None}, "born_on"),
        ({"born_on": date(2030, 1, 1)}, "born_on"),
        ({"lunar_month": 2}, "lunar_day"),
        ({"lunar_month": 13, "lunar_day": 1}, "lunar_day"),
        ({"residence_code": BAOTA}, "residence_code"),
        ({"residence_code": "610602100999"}, "residence_code"),
        ({"household_code": "999999"}, "household_code"),
        ({"latitude": 36.6}, "latitude"),
        ({"latitude": 39.9, "longitude": 116.4}, "latitude"),
        ({"diets": ["poison"]}, "diets"),
        ({"phones": [PhoneFact(number="1380")]}, "phones"),
        ({"contacts": [ContactFact(name="李明", phone="0911-2112345", gets_texts=True)]}, "contacts"),
        ({"categories": [CategoryFact(category="king")]}, "categories"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes, field):
    assert refusal(**changes).field == field
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Senior)) == 0


def test_an_identity_number_is_registered_once():
    seniors.register(facts(identity_number=NUMBER), by=SYSTEM, now=NOW)
    again = refusal(identity_number=NUMBER.lower())
    assert again.field == "identity_number"
    assert "张*兰" in again.sentence
    with pytest.raises(Refusal):
        seniors.register_all([facts(identity_number="11010519491231002X", born_on=None)] * 2, by=SYSTEM, now=NOW)


def test_a_clerk_registers_in_the_own_township_only():
    assert seniors.register(facts(), by=CLERK, now=NOW).residence_code == VILLAGE
    with pytest.raises(Refusal, match="管理范围"):
        seniors.register(facts(residence_code=OTHER_VILLAGE), by=CLERK, now=NOW)


def test_keys_are_written_with_the_record():
    people = [ContactFact(name="李明", relation="son", phone="19900008888", gets_texts=True)]
    senior = seniors.register(
        facts(identity_number=NUMBER, phones=[PhoneFact(number="+86 199 0000 1234")], contacts=people),
        by=SYSTEM,
        now=NOW,
    )
    blind = {tail_key("1234"), tail_key("8888"), identity_key(NUMBER)}
    assert keys_of(senior) == {"张玉兰", "玉兰", "zhangyulan", "yulan", "zhangyl", "zyl"} | blind


def test_an_edit_changes_keys_version_and_history_and_hides_what_is_personal():
    senior = seniors.register(facts(phones=[PhoneFact(number="19900001234")]), by=SYSTEM, now=NOW)
    changed = facts(name="张玉莲", phones=[PhoneFact(number="19900005678")], address="二组")
    seniors.update(senior.id, changed, base_version=senior.version, by=CLERK, now=LATER)
    assert {"玉莲", tail_key("5678")} <= keys_of(senior)
    assert not {"玉兰", tail_key("1234")} & keys_of(senior)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "senior.edit")).one()
    assert entry.changes["name"] == ["张*兰", "张*莲"]
    assert entry.changes["phones"] == [["199****1234"], ["199****5678"]]
    assert entry.changes["address"] == ["", "***"]


def test_nothing_changed_leaves_no_trace():
    senior = seniors.register(facts(), by=SYSTEM, now=NOW)
    version = senior.version
    seniors.update(senior.id, facts(), base_version=version, by=SYSTEM, now=LATER)
    assert senior.version == version
    assert db.session.scalars(select(AuditEntry.act)).all() == ["senior.register"]


def test_a_change_of_a_phone_alone_raises_the_version():
    senior = seniors.register(facts(), by=SYSTEM, now=NOW)
    version = senior.version
    seniors.update(
        senior.id, facts(phones=[PhoneFact(number="19900001234")]), base_version=version, by=SYSTEM, now=LATER
    )
    assert senior.version == version + 1


def test_an_edit_on_an_old_version_is_refused_and_names_both_values():
    senior = seniors.register(facts(), by=SYSTEM, now=NOW)
    old = senior.version
    seniors.update(senior.id, facts(landmark="老槐树往上第三孔窑"), base_version=old, by=SYSTEM, now=NOW)
    with pytest.raises(Stale) as caught:
        seniors.update(senior.id, facts(diet_note="少盐"), base_version=old, by=SYSTEM, now=LATER)
    assert caught.value.version == senior.version
    assert set(caught.value.theirs) == {"landmark", "diet_note"}


def test_what_an_update_does_not_speak_of_is_left_alone():
    senior = seniors.register(facts(phones=[PhoneFact(number="19900001234")]), by=SYSTEM, now=NOW)
    seniors.update_all({senior.id: facts(address="三组")}, by=CLERK, now=LATER)
    assert [phone.number for phone in senior.phones] == ["19900001234"]
    assert senior.address == "三组"


def test_a_move_closes_one_home_and_opens_another():
    senior = seniors.register(facts(), by=SYSTEM, now=NOW)
    seniors.update(senior.id, facts(residence_code=OTHER_VILLAGE), base_version=None, by=SYSTEM, now=LATER)
    homes = db.session.scalars(select(Residence).order_by(Residence.from_on)).all()
    assert [(home.division_code, home.to_on) for home in homes] == [
        (VILLAGE, date(2026, 12, 23)),
        (OTHER_VILLAGE, None),
    ]
    rows = db.session.scalars(select(SeniorKey.residence_code).distinct()).all()
    assert rows == [OTHER_VILLAGE]


def test_outside_the_scope_there_is_nobody():
    senior = seniors.register(facts(residence_code=OTHER_VILLAGE), by=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        seniors.update(senior.id, facts(), base_version=None, by=CLERK, now=NOW)


def test_the_same_person_is_found_by_number_birth_and_phone():
    first = seniors.register(
        facts(identity_number=NUMBER, phones=[PhoneFact(number="19900001234")]), by=SYSTEM, now=NOW
    )
    found = find_same(
        [
            Candidate(key=1, name="别人", identity_number=NUMBER),
            Candidate(key=2, name="张 玉兰", born_on=date(1943, 3, 5)),
            Candidate(key=3, name="章玉兰", phones=["199 0000 1234"]),
            Candidate(key=4, name="李秀英", phones=["19900001234"], born_on=date(1943, 3, 5)),
        ],
        today=NOW.date(),
        allow_demo=True,
    )
    assert {key: [one.by for one in same] for key, same in found.items()} == {
        1: [SameBy.IDENTITY],
        2: [SameBy.NAME_AND_BIRTH],
        3: [SameBy.NAME_AND_PHONE],
    }
    assert {one.senior_id for same in found.values() for one in same} == {first.id}


def test_many_are_registered_in_few_statements():
    statements = []
    from sqlalchemy import event

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_more):
        statements.append(statement)

    seniors.register_all([facts(landmark=str(number)) for number in range(200)], by=SYSTEM, now=NOW)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) < 15
