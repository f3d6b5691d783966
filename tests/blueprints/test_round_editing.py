"""The pages on which a proposal is changed by hand: forms that work without a script, and what a script asks."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blueprints.rounds import searching
from blueprints.rounds.editing import wish_of
from dispatch import Limit
from domain.times import local_day
from extensions import db
from gateways.travel import StraightLine
from models import EditKind, Proposal, ProposalStatus, Role, Round, Stop
from policy import SYSTEM
from queries import edits
from services import round_days, round_search
from services.round_edits import Wish
from tests.factories import BAOTA, TOWNSHIP, YANCHANG, make_divisions, make_helper, make_senior, make_visit
from tests.statements import counted


@pytest.fixture
def proposal(app):
    """Two helpers with three stops each; a visit that only the second can make; one that nobody can."""
    now = datetime.now(UTC)
    tomorrow = local_day(now) + timedelta(days=1)
    make_divisions()
    make_helper(name="李梅", latitude=36.90)
    make_helper(name="王芳", latitude=36.60, skills=["nursing"])
    for number in range(3):
        make_visit(make_senior(name=f"张玉北{number}", latitude=36.90 + number / 100), tomorrow)
        make_visit(make_senior(name=f"刘玉南{number}", latitude=36.60 + number / 100), tomorrow, skills=["nursing"])
    make_visit(make_senior(name="薛占山", latitude=36.7), tomorrow, skills=["bathing"])
    day = round_days.prepare(BAOTA, tomorrow, today=local_day(now), travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=100), seed=1)
    kept = round_search.keep(day, plan, nearest, by=SYSTEM, now=now)
    db.session.commit()
    return kept


@pytest.fixture
def dispatcher(proposal, make_user, sign_in):
    return sign_in(make_user(Role.DISPATCHER, division_code=BAOTA))


def round_of(proposal, name):
    """(number, helper id, visit ids) of a helper's round."""
    db.session.rollback()
    statement = select(Round).where(Round.proposal_id == proposal.id)
    for its in db.session.scalars(statement):
        visits = db.session.scalars(select(Stop.visit_id).where(Stop.round_id == its.id).order_by(Stop.position)).all()
        if edits.workers(BAOTA, its.on, ()) and dict(edits.workers(BAOTA, its.on, ()))[str(its.helper_id)] == name:
            return its.number, str(its.helper_id), [str(visit) for visit in visits]
    raise AssertionError(name)


def post(client, proposal, act, *, edit=0, path="edits", **fields):
    answer = client.post(f"/rounds/{proposal.id}/{path}?view=timeline", data={"act": act, "edit": edit, **fields})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/rounds/{proposal.id}?view=timeline")
    return client.get(answer.location).text


def test_a_button_says_all_and_fields_say_what_it_leaves_open():
    visit, helper = "01a21234-8abf-7272-a933-9baf5833248d", "01a21234-8abf-7272-a933-9baf58332480"
    assert wish_of({"act": f"move:{visit}:1:{helper}:3"}) == Wish(EditKind.MOVE, visit, helper, 3, True)
    assert wish_of({"act": f"move:{visit}:0", "helper": helper, "position": ""}) == Wish(EditKind.MOVE, visit, helper)
    assert wish_of({"act": f"pin_round:::{helper}"}) == Wish(EditKind.PIN_ROUND, helper_id=helper)


@pytest.mark.parametrize("act", ["", "undo", "redo:1", "fly:x", ":::::", "move"])
def test_what_no_button_says_changes_nothing(dispatcher, proposal, act):
    post(dispatcher, proposal, act)
    db.session.rollback()
    assert db.session.get(Proposal, proposal.id).edits == 0


def test_a_stop_goes_down_by_a_button_and_back_by_another(dispatcher, proposal):
    number, helper, visits = round_of(proposal, "李梅")
    page = dispatcher.get(f"/rounds/{proposal.id}?round={number}").text
    act = f"move:{visits[0]}:0:{helper}:2"
    assert f'value="{act}"' in page
    page = post(dispatcher, proposal, act)
    assert "李梅" in page
    assert round_of(proposal, "李梅")[2] == [visits[1], visits[0], visits[2]]
    post(dispatcher, proposal, "", edit=1, path="undo")
    assert round_of(proposal, "李梅")[2] == visits
    post(dispatcher, proposal, "", edit=2, path="redo")
    assert round_of(proposal, "李梅")[2] == [visits[1], visits[0], visits[2]]


def test_the_form_of_a_stop_names_everybody_who_works_that_day(dispatcher, proposal):
    number, _helper, visits = round_of(proposal, "李梅")
    page = dispatcher.get(f"/rounds/{proposal.id}?round={number}&stop={visits[0]}").text
    assert page.count("<option") == 2 + 1 + 4  # helpers; wherever, and the places 1 to 4
    assert "data-place" in page


def test_giving_a_stop_to_somebody_who_cannot_says_why_with_the_names(dispatcher, proposal):
    _number, _helper, visits = round_of(proposal, "王芳")
    helper = round_of(proposal, "李梅")[1]
    page = post(dispatcher, proposal, f"move:{visits[0]}:0", helper=helper, position="1")
    assert "李梅没有刘**" in page
    assert round_of(proposal, "王芳")[2] == visits


def test_a_script_hears_what_a_change_would_come_to_and_nothing_is_changed(dispatcher, proposal):
    _number, helper, visits = round_of(proposal, "李梅")
    other = round_of(proposal, "王芳")[1]
    answer = dispatcher.get(f"/rounds/{proposal.id}/effect", query_string={"act": f"move:{visits[0]}:0:{other}"}).json
    assert answer["possible"] is True
    assert "分钟" in answer["sentence"]
    assert "王芳" in answer["sentence"]
    assert answer["edit"] == 0
    no = dispatcher.get(
        f"/rounds/{proposal.id}/effect",
        query_string={"act": f"move:{round_of(proposal, '王芳')[2][0]}:0:{helper}:1"},
    ).json
    assert no["possible"] is False
    assert "技能" in no["sentence"]
    assert dispatcher.get(f"/rounds/{proposal.id}/effect").json == {"possible": False, "sentence": ""}
    assert round_of(proposal, "李梅")[2] == visits


def test_a_change_on_an_older_page_is_refused_and_the_newer_state_shown(dispatcher, proposal):
    _number, helper, visits = round_of(proposal, "李梅")
    post(dispatcher, proposal, f"move:{visits[0]}:0:{helper}:2")
    page = post(dispatcher, proposal, f"move:{visits[0]}:0:{helper}:3")
    assert "别人刚刚改过" in page
    assert 'data-edit="1"' in page


def test_what_is_left_out_can_be_put_in_by_a_form_where_somebody_can(dispatcher, proposal):
    _number, helper, visits = round_of(proposal, "李梅")
    post(dispatcher, proposal, f"take_out:{visits[0]}:0:{helper}")
    page = dispatcher.get(f"/rounds/{proposal.id}?visit={visits[0]}").text
    assert f'value="put_in:{visits[0]}"' in page
    post(dispatcher, proposal, f"put_in:{visits[0]}", edit=1, helper=helper, position="1")
    assert round_of(proposal, "李梅")[2] == visits


def test_the_log_says_who_did_what_and_strikes_what_was_taken_back(dispatcher, proposal):
    _number, helper, visits = round_of(proposal, "李梅")
    post(dispatcher, proposal, f"take_out:{visits[0]}:0:{helper}")
    page = post(dispatcher, proposal, "", edit=1, path="undo")
    assert "张**" in page
    assert "从李梅的路线上拿下来" in page
    assert 'class="is-undone"' in page
    assert "撤销第 1 处改动" in page


def test_a_helper_who_does_not_come_is_planned_around(dispatcher, proposal, monkeypatch):
    monkeypatch.setattr(searching, "Limit", lambda **_asked: Limit(iterations=20))
    _number, helper, _visits = round_of(proposal, "李梅")
    answer = dispatcher.post(f"/rounds/{proposal.id}/again", data={"without": helper})
    assert answer.status_code == 303
    for thread in threading.enumerate():
        if thread.name.startswith("rounds-"):
            thread.join(30)
    page = dispatcher.get(answer.location).text
    assert "这份方案没有排 李梅。" in page
    db.session.rollback()
    assert db.session.get(Proposal, proposal.id).status is ProposalStatus.PROPOSED


def test_who_only_reads_has_nothing_to_change_and_a_stranger_finds_nothing(proposal, make_user, sign_in):
    reader = sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP))
    for path in ("edits", "undo", "redo", "again"):
        assert reader.post(f"/rounds/{proposal.id}/{path}").status_code == 403
    stranger = sign_in(make_user(Role.DISPATCHER, division_code=YANCHANG))
    for path in ("edits", "undo", "redo", "again"):
        assert stranger.post(f"/rounds/{proposal.id}/{path}", data={"act": "pin_round"}).status_code == 404
    assert stranger.get(f"/rounds/{proposal.id}/effect?act=pin_round").status_code == 404


def test_a_published_proposal_shows_no_way_to_change_it(dispatcher, proposal):
    dispatcher.post(f"/rounds/{proposal.id}/publish")
    page = dispatcher.get(f"/rounds/{proposal.id}?round=1").text
    assert 'id="edit"' not in page
    assert "rounds-drag" not in page


def test_asking_what_a_change_comes_to_costs_the_same_statements_for_any_number(app, dispatcher, proposal):
    def asked():
        app.extensions.pop("rounds_looked_at", None)
        _number, helper, visits = round_of(proposal, "李梅")
        with counted(db.engine) as sent:
            dispatcher.get(f"/rounds/{proposal.id}/effect", query_string={"act": f"move:{visits[0]}:0:{helper}:2"})
        return sent.count

    before = asked()
    for number in range(20):
        make_helper(name=f"助老员{number}")
        make_visit(make_senior(name=f"老人{number}"), proposal.on)
    db.session.commit()
    assert asked() == before


def test_while_somebody_drags_the_day_is_not_read_for_each_place(dispatcher, proposal):
    _number, helper, visits = round_of(proposal, "李梅")
    counts = []
    for position in (1, 2, 3):
        query = {"act": f"move:{visits[0]}:0:{helper}:{position}"}
        with counted(db.engine) as sent:
            assert dispatcher.get(f"/rounds/{proposal.id}/effect", query_string=query).status_code == 200
        counts.append(sent.count)
    assert counts[2] == counts[1] < counts[0] - 5
