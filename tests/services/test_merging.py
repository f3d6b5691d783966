"""Two records of one person become one, and two again."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from extensions import db
from models import Contact, SeniorKey, SeniorNote, VisitPlan
from policy import SYSTEM
from queries.senior_search import tail_key
from queries.served import is_served
from services import merging, seniors
from services.senior_facts import ContactFact, PhoneFact, SeniorFacts
from tests.factories import VILLAGE, make_divisions

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "610699194303050010"


@pytest.fixture
def pair(app):
    make_divisions()
    kept = seniors.register(
        SeniorFacts(name="张玉兰", residence_code=VILLAGE, born_on=date(1943, 3, 5)), by=SYSTEM, now=NOW
    )
    dropped = seniors.register(
        SeniorFacts(
            name="张玉蓝", residence_code=VILLAGE, identity_number=NUMBER, landmark="第三孔窑",
            phones=[PhoneFact(number="19900001234")], contacts=[ContactFact(name="李明", phone="19900005678")],
        ),
        by=SYSTEM, now=NOW,
    )  # fmt: skip
    db.session.add(SeniorNote(senior_id=dropped.id, at=NOW, body="听力不好"))
    for senior in (kept, dropped):
        db.session.add(VisitPlan(senior_id=senior.id, from_on=date(2026, 1, 1)))
    db.session.flush()
    return kept, dropped


def keys_of(senior):
    return set(db.session.scalars(select(SeniorKey.key).where(SeniorKey.senior_id == senior.id)))


def owners(model):
    return db.session.scalars(select(model.senior_id)).all()


def test_a_preview_counts_what_would_move(pair):
    kept, dropped = pair
    seen = merging.preview(kept.id, dropped.id, by=SYSTEM, now=NOW)
    assert seen.rows == {"contacts": 1, "senior_phones": 1, "senior_notes": 1, "visit_plans": 1}
    assert set(seen.filled) == {"landmark", "identity_number", "identity_index"}


def test_a_merge_moves_what_can_move_and_an_undo_moves_it_back(pair):
    kept, dropped = pair
    keys_before = keys_of(kept), keys_of(dropped)
    merging.merge(kept.id, dropped.id, reason="同一个人", by=SYSTEM, now=NOW)
    assert owners(Contact) == owners(SeniorNote) == [kept.id]
    assert sorted(owners(VisitPlan)) == sorted([kept.id, dropped.id])  # one running plan each: the second stays behind
    assert (kept.identity_number, kept.landmark) == (NUMBER, "第三孔窑")
    assert tail_key("1234") in keys_of(kept)
    assert not keys_of(dropped)
    assert not is_served(dropped.id, NOW.date())
    with pytest.raises(NotFound):
        seniors.find(dropped.id, by=SYSTEM, today=NOW.date())

    merging.undo(dropped.id, by=SYSTEM, now=NOW)
    assert owners(Contact) == owners(SeniorNote) == [dropped.id]
    assert (kept.identity_number, kept.landmark, dropped.identity_number) == (None, "", NUMBER)
    assert (keys_of(kept), keys_of(dropped)) == keys_before


def test_two_identity_numbers_are_two_people(pair):
    kept, dropped = pair
    other = SeniorFacts(name="张玉兰", residence_code=VILLAGE, identity_number="11010519491231002X")
    seniors.update(kept.id, other, base_version=None, by=SYSTEM, now=NOW)
    with pytest.raises(Refusal, match="不同"):
        merging.merge(kept.id, dropped.id, reason="", by=SYSTEM, now=NOW)


def test_a_record_is_not_merged_with_itself_nor_undone_twice(pair):
    kept, dropped = pair
    with pytest.raises(Refusal):
        merging.preview(kept.id, kept.id, by=SYSTEM, now=NOW)
    with pytest.raises(NotFound):
        merging.undo(dropped.id, by=SYSTEM, now=NOW)
