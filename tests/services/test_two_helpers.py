"""A visit by two helpers: published with both, taken back from both, and each knows of the other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from dispatch import Figures, Limit, Method, Plan, Stop, Tour, check
from dispatch import Round as PlannedRound
from domain.errors import Refusal
from extensions import db
from gateways.travel import StraightLine
from models import Consent, Helper, Purpose, Role, Visit, VisitEventKind, VisitMode, VisitStatus
from models import Round as RoundRow
from models import Stop as StopRow
from policy import Actor, Held, Permission, reach
from queries import helpers as helper_queries
from queries import proposals, reminders, visit_days, visit_pages
from queries import visits as visit_lists
from queries.homes.doors import helper_day
from queries.visits import Moment
from services import round_days, round_search, rounds, texts, visit_log, visits
from services.visit_reports import Answer, Report
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
DISPATCHER = Actor(user_id=None, name="调度员", grants=(Held(Role.DISPATCHER, division_code=BAOTA),))


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


@pytest.fixture
def pair() -> tuple[Helper, Helper]:
    return make_helper(name="李秀英"), make_helper(name="王芳")


@pytest.fixture
def bathing() -> Visit:
    return make_visit(make_senior(), TOMORROW, needs_two=True, window_from=540, window_to=660)


def as_helper(helper: Helper) -> Actor:
    return Actor(user_id=None, name=helper.name, grants=(Held(Role.HELPER, helper_id=helper.id),))


def stop(visit: Visit, start: int = 600, *, is_second: bool = False) -> Stop:
    return Stop(str(visit.id), start * 60, start * 60, (start + 30) * 60, 600, 2000, is_second)


def kept(halves: dict[Helper, list[Stop]]):
    """A proposal in which each helper makes these stops."""
    planned = tuple(
        PlannedRound(str(helper.id), (Tour(0, 9 * 3600, 12 * 3600, tuple(stops), 600, 2000),))
        for helper, stops in halves.items()
    )
    figures = Figures(1, 1, (0, 0, 0), len(planned), 2400, 8000, 3600, 0, 0, 0, 2400)
    day = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())
    plan = Plan(planned, (), (), figures, Method.SEARCH)
    return round_search.keep(day, plan, figures, by=DISPATCHER, now=NOW)


def published(visit: Visit, pair: tuple[Helper, Helper]):
    proposal = kept({pair[0]: [stop(visit)], pair[1]: [stop(visit, is_second=True)]})
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    db.session.refresh(visit)
    return proposal


def test_publishing_gives_it_both_helpers(bathing, pair):
    published(bathing, pair)
    assert (bathing.helper_id, bathing.second_helper_id) == (pair[0].id, pair[1].id)
    assert bathing.status == VisitStatus.PLANNED


def test_taking_it_back_takes_it_from_both(bathing, pair):
    proposal = published(bathing, pair)
    rounds.unpublish(proposal.id, by=DISPATCHER, now=NOW)
    db.session.refresh(bathing)
    assert (bathing.helper_id, bathing.second_helper_id, bathing.status) == (None, None, VisitStatus.DUE)
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    db.session.refresh(bathing)
    assert bathing.second_helper_id == pair[1].id


@pytest.mark.parametrize("is_second", [True, False])
def test_half_of_it_is_not_published(bathing, pair, is_second):
    proposal = kept({pair[0]: [stop(bathing, is_second=is_second)]})
    with pytest.raises(Refusal, match="1 次探访安排的人数不对"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_two_helpers_are_not_sent_where_one_is_enough_by_now(bathing, pair):
    proposal = kept({pair[0]: [stop(bathing)], pair[1]: [stop(bathing, is_second=True)]})
    bathing.needs_two = False
    db.session.flush()
    with pytest.raises(Refusal, match="人数不对"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_the_second_helper_may_stay_beyond_the_agreed_time(bathing, pair):
    proposal = kept({pair[0]: [stop(bathing, 630)], pair[1]: [stop(bathing, 640, is_second=True)]})
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    db.session.refresh(bathing)
    assert bathing.status == VisitStatus.PLANNED


def test_a_visit_with_two_helpers_is_one_that_is_planned(bathing, pair):
    proposal = published(bathing, pair)
    assert proposal.figures["plan"]["visits"] == 1
    assert len(db.session.scalars(select(StopRow)).all()) == 2


@pytest.mark.parametrize(("is_soft", "windows"), [(True, []), (False, [[540, 660], [900, 1050]])])
def test_a_late_or_an_afternoon_stop_is_published_where_it_was_agreed(pair, is_soft, windows):
    visit = make_visit(
        make_senior(), TOMORROW, window_from=540, window_to=1050 if windows else 660, is_soft=is_soft, windows=windows
    )
    rounds.publish(kept({pair[0]: [stop(visit, 905)]}).id, by=DISPATCHER, now=NOW)
    db.session.refresh(visit)
    assert visit.status == VisitStatus.PLANNED


def test_a_stop_between_two_agreed_times_is_refused(pair):
    visit = make_visit(make_senior(), TOMORROW, window_from=540, window_to=1050)
    proposal = kept({pair[0]: [stop(visit, 700)]})
    visit.windows = [[540, 660], [900, 1050]]
    db.session.flush()
    with pytest.raises(Refusal, match="已经变了"):
        rounds.publish(proposal.id, by=DISPATCHER, now=NOW)


def test_both_reach_the_visit_and_the_senior_and_nobody_else_does(bathing, pair):
    published(bathing, pair)
    for helper, is_theirs in ((pair[0], True), (pair[1], True), (make_helper(name="路人"), False)):
        actor = as_helper(helper)
        within = reach.visits(actor.scope(Permission.VISIT_LOG))
        assert (db.session.scalar(select(Visit.id).where(within)) is not None) is is_theirs
        assert (visits.load(bathing.id, Permission.VISIT_LOG, actor) is bathing) if is_theirs else True


def test_a_move_frees_both(bathing, pair):
    published(bathing, pair)
    visits.move(bathing.id, on=TOMORROW, window_from=840, window_to=960, by=DISPATCHER, now=NOW)
    assert (bathing.helper_id, bathing.second_helper_id) == (None, None)
    assert db.session.scalars(select(StopRow)).all() == []


def test_another_time_is_one_time_and_another_day_keeps_them_all(pair):
    visit = make_visit(make_senior(), TOMORROW, windows=[[510, 600], [960, 1050]])
    visits.move(visit.id, on=date(2026, 11, 25), window_from=510, window_to=1050, by=DISPATCHER, now=NOW)
    assert visit.windows == [[510, 600], [960, 1050]]
    visits.move(visit.id, on=date(2026, 11, 25), window_from=600, window_to=1050, by=DISPATCHER, now=NOW)
    assert visit.windows == []


def test_nobody_is_their_own_second(bathing, pair):
    with pytest.raises(IntegrityError):
        db.session.execute(update(Visit).values(helper_id=pair[0].id, second_helper_id=pair[0].id))
    db.session.rollback()


def test_each_helper_sees_the_door_with_the_other_one_and_their_own_place_in_the_round(bathing, pair):
    bathing.second_gap_least = bathing.second_gap_most = 10
    proposal = kept({pair[0]: [stop(bathing)], pair[1]: [stop(bathing, 610, is_second=True)]})
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    for me, other, start, comes_first in ((0, 1, 600, False), (1, 0, 610, True)):
        scope = as_helper(pair[me]).scope(Permission.VISIT_LOG)
        (door,) = visit_days.day_of(TOMORROW, scope, Moment(NOW)).doors
        assert (door.start_minute, door.companion.name) == (start, pair[other].name)
        assert (door.companion.comes_first, door.companion.gap_most) == (comes_first, 10)
        (next_door,) = helper_day(scope, TOMORROW).stops
        assert (next_door.start_minute, next_door.companion) == (start, pair[other].name)


def test_the_sheet_of_each_names_the_other_and_of_whoever_goes_alone_nobody(bathing, pair):
    alone = make_visit(make_senior(name="刘桂芳"), TOMORROW)
    proposal = kept({pair[0]: [stop(bathing), stop(alone, 660)], pair[1]: [stop(bathing, is_second=True)]})
    rounds.publish(proposal.id, by=DISPATCHER, now=NOW)
    sheets = {
        its.helper_id: proposals.sheet(as_helper(helper).scope(Permission.ROUND_READ), its.id)
        for helper in pair
        for its in db.session.scalars(select(RoundRow).where(RoundRow.helper_id == helper.id))
    }
    assert [one.companion for one in sheets[pair[0].id].line.stops] == ["王芳", None]
    assert [one.companion for one in sheets[pair[1].id].line.stops] == ["李秀英"]


def test_offices_read_both_names(bathing, pair):
    published(bathing, pair)
    scope = DISPATCHER.scope(Permission.VISIT_READ)
    assert visit_pages.show(bathing.id, scope, Moment(NOW)).helper_name == "李秀英、王芳"
    (row,) = visit_lists.of_senior(bathing.senior_id, scope, Moment(NOW))
    assert row.helper_name == "李秀英、王芳"


def test_a_senior_is_told_once_and_of_both(bathing, pair):
    db.session.add(Consent(senior_id=bathing.senior_id, kind="texts", given_on=TODAY))
    published(bathing, pair)
    (facts,) = reminders.coming_visits(Purpose.VISIT_EVE, TOMORROW)
    assert (facts.helper_name, facts.second_name, facts.start_minute) == ("李秀英", "王芳", 600)
    text = texts.render(Purpose.VISIT_EVE, [facts], is_own=True, today=TODAY)
    assert "李秀英、王芳" in text.body


def test_both_report_one_visit(bathing, pair):
    published(bathing, pair)
    at = NOW + timedelta(hours=17)  # 10:00 the next day
    for minute, helper in enumerate(pair):
        done = at + timedelta(minutes=minute)
        kinds = (VisitEventKind.ARRIVED, VisitEventKind.DONE)
        reports = [Report(uuid7(), bathing.id, kind, done, done, {}) for kind in kinds]
        receipts = visit_log.take(reports, by=as_helper(helper), now=done)
        assert {receipt.answer for receipt in receipts} == {Answer.RECEIVED}
    db.session.refresh(bathing)
    assert (bathing.status, bathing.met_on) == (VisitStatus.DONE, TOMORROW)
    assert len(db.session.scalars(select(Visit)).all()) == 1
    for helper in pair:
        assert helper_queries.work_in(helper.id, TOMORROW, TOMORROW).visits == 1


def test_a_stranger_cannot_report_it(bathing, pair):
    published(bathing, pair)
    report = Report(uuid7(), bathing.id, VisitEventKind.ARRIVED, NOW, NOW, {})
    (receipt,) = visit_log.take([report], by=as_helper(make_helper(name="路人")), now=NOW)
    assert receipt.answer == Answer.REFUSED


def wished(**said):
    senior = make_senior(name="刚出院")
    return visits.add(senior.id, wish=visits.Wish(on=TOMORROW, reason="刚出院", **said), by=DISPATCHER, now=NOW)


def test_a_single_visit_may_ask_for_two_and_may_be_late(pair):
    visit = wished(needs_two=True, is_soft=True)
    assert (visit.needs_two, visit.is_soft, visit.status) == (True, True, VisitStatus.DUE)
    named = wished(needs_two=True, helper_id=pair[0].id, second_helper_id=pair[1].id)
    assert (named.second_helper_id, named.status) == (pair[1].id, VisitStatus.PLANNED)


@pytest.mark.parametrize(
    ("needs_two", "first", "second"), [(True, 0, None), (True, 0, 0), (False, 0, 1), (False, None, 1)]
)
def test_a_single_visit_names_as_many_helpers_as_it_needs(pair, needs_two, first, second):
    people = {
        name: pair[index].id
        for name, index in (("helper_id", first), ("second_helper_id", second))
        if index is not None
    }
    with pytest.raises(Refusal, match="两位不同"):
        wished(needs_two=needs_two, **people)


def test_a_call_by_phone_takes_one(pair):
    with pytest.raises(Refusal, match="打电话"):
        wished(needs_two=True, mode=VisitMode.PHONE)


def test_the_search_sends_two_and_the_day_is_published(bathing, pair):
    bathing.second_skills = ["nursing"]
    pair[1].skills = ["nursing"]
    pair[0].break_minutes, pair[0].break_earliest, pair[0].break_latest = 30, 690, 780
    make_visit(make_senior(name="刘桂芳", latitude=36.72), TOMORROW, window_from=700, window_to=900)
    day = round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())
    plan, nearest = round_search.search(day.problem, Limit(iterations=200), seed=1)
    assert check(day.problem, plan) == []
    rounds.publish(round_search.keep(day, plan, nearest, by=DISPATCHER, now=NOW).id, by=DISPATCHER, now=NOW)
    db.session.refresh(bathing)
    assert (bathing.helper_id, bathing.second_helper_id) == (pair[0].id, pair[1].id)
    halves = db.session.scalars(select(StopRow).where(StopRow.visit_id == bathing.id)).all()
    assert len({half.start_minute for half in halves}) == 1
