"""Whatever a registry or a plan says of a helper or a visit reaches the optimiser's problem."""

from datetime import date, timedelta

import pytest

from dispatch import Break, Second, Window
from extensions import db
from gateways.travel import StraightLine
from models import Proposal, ProposalStatus, Round, UnwantedHelper
from services import round_days
from tests.factories import (
    BAOTA,
    OTHER_VILLAGE,
    TOWNSHIP,
    make_centre,
    make_divisions,
    make_helper,
    make_senior,
    make_visit,
)
from tests.statements import counted

MONDAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def _city(app):
    make_divisions()


def prepared(on: date = THURSDAY) -> round_days.Day:
    return round_days.prepare(BAOTA, on, today=MONDAY, travel=StraightLine())


def visit_of(**terms):
    make_visit(make_senior(), THURSDAY, **terms)
    return prepared().problem.visits[0]


def helper_of(**data):
    make_helper(**data)
    return prepared().problem.helpers[0]


def test_a_visit_by_two_helpers_asks_for_both():
    visit = visit_of(
        needs_two=True, second_skills=["bathing"], second_sex="male", second_minutes=20,
        second_gap_least=5, second_gap_most=10, duration_minutes=60,
    )  # fmt: skip
    assert visit.second == Second(1200, frozenset({"bathing"}), "male", (300, 600))


def test_a_second_helper_stays_as_long_as_the_first_unless_told_otherwise():
    assert visit_of(needs_two=True, duration_minutes=45).second == Second(2700)


def test_a_visit_by_one_helper_asks_for_one():
    assert visit_of(second_skills=["bathing"]).second is None


def test_several_times_of_a_day_are_several_windows():
    visit = visit_of(windows=[[510, 600], [960, 1050]])
    assert visit.windows == (Window(510 * 60, 600 * 60), Window(960 * 60, 1050 * 60))


def test_one_time_of_a_day_is_one_window():
    assert visit_of(window_from=540, window_to=600).windows == (Window(540 * 60, 600 * 60),)


@pytest.mark.parametrize("name", ["is_soft", "wishes_sex", "needs_language"])
def test_what_is_a_wish_and_what_a_condition(name):
    for is_said in (True, False):
        make_visit(make_senior(), THURSDAY, **{name: is_said})
    assert [getattr(visit, name) for visit in prepared().problem.visits] == [True, False]


def test_helpers_who_are_not_to_come_are_never_sent_there_and_may_go_elsewhere():
    helper, senior = make_helper(), make_senior()
    db.session.add(UnwantedHelper(senior_id=senior.id, helper_id=helper.id, reason="吵过架"))
    make_visit(senior, THURSDAY)
    make_visit(make_senior(name="别人"), THURSDAY)
    assert sorted(map(len, (visit.never for visit in prepared().problem.visits))) == [0, 1]
    assert {one for visit in prepared().problem.visits for one in visit.never} == {str(helper.id)}


def test_a_noon_break_is_a_break():
    helper = helper_of(break_minutes=45, break_earliest=690, break_latest=780)
    assert helper.breaks == (Break(690 * 60, 780 * 60, 2700),)


def test_no_break_is_none():
    assert helper_of(break_earliest=690, break_latest=780).breaks == ()


def test_a_helper_carries_so_many_portions():
    assert helper_of(capacity=12).capacity == 12


def test_a_helper_without_contracted_minutes_has_no_overtime():
    assert helper_of().contracted_seconds is None


def test_a_day_ends_where_it_began_unless_told_otherwise():
    helper = helper_of()
    assert helper.end_place == helper.start_place
    assert prepared().ends == {}


def test_a_day_ends_at_the_station():
    centre = make_centre(latitude=36.7, longitude=109.5)
    helper = helper_of(end_centre_id=centre.id)
    assert helper.end_place != helper.start_place
    assert prepared().ends == {helper.id: round_days.Spot(36.7, 109.5)}


def test_a_station_without_a_pin_is_at_the_point_of_its_village():
    centre = make_centre(latitude=None, longitude=None, division_code=OTHER_VILLAGE)
    helper = helper_of(end_centre_id=centre.id)
    assert prepared().ends == {helper.id: round_days.Spot(36.59, 110.02, True)}


def on_a_round(helper, on: date, away: int, status: ProposalStatus = ProposalStatus.PUBLISHED) -> None:
    proposal = Proposal(division_code=TOWNSHIP, on=on, status=status)
    db.session.add(proposal)
    db.session.flush()
    tours = [{"leave": 510, "back": 510 + away - 60}, {"leave": 840, "back": 900}]
    db.session.add(
        Round(
            proposal_id=proposal.id, helper_id=helper.id, division_code=BAOTA, on=on, start_minute=510,
            end_minute=900, tours=tours,
        )
    )  # fmt: skip
    db.session.flush()


def contracted_minutes() -> int:
    return prepared().problem.helpers[0].contracted_seconds // 60


def test_a_week_without_rounds_leaves_what_is_contracted():
    assert helper_of(contracted_minutes=360).contracted_seconds == 360 * 60


def test_long_days_earlier_in_the_week_make_overtime_begin_sooner():
    helper = make_helper(contracted_minutes=360)
    on_a_round(helper, MONDAY, 420)
    on_a_round(helper, MONDAY + timedelta(days=1), 420)
    assert contracted_minutes() == 360 - 120 // 4  # Thursday to Sunday are left
    on_a_round(helper, MONDAY - timedelta(days=1), 700)
    on_a_round(helper, THURSDAY + timedelta(days=1), 700)
    on_a_round(helper, MONDAY + timedelta(days=2), 700, ProposalStatus.PROPOSED)
    assert contracted_minutes() == 330


def test_short_days_earlier_in_the_week_make_it_begin_later_but_no_day_longer_than_allowed():
    helper = make_helper(contracted_minutes=360, max_daily_minutes=400)
    on_a_round(helper, MONDAY, 240)
    assert contracted_minutes() == 390
    on_a_round(helper, MONDAY + timedelta(days=1), 120)
    assert contracted_minutes() == 400


def test_a_larger_day_costs_no_more_statements():
    def sent() -> int:
        db.session.flush()
        with counted(db.engine) as statements:
            prepared()
        return statements.count

    def more(count: int) -> None:
        for _ in range(count):
            helper = make_helper(contracted_minutes=360, end_centre_id=make_centre().id)
            on_a_round(helper, MONDAY, 420, ProposalStatus.DISCARDED)
            senior = make_senior(regular_helper_id=helper.id)
            db.session.add(UnwantedHelper(senior_id=senior.id, helper_id=helper.id))
            make_visit(senior, THURSDAY, needs_two=True)

    more(1)
    first = sent()
    more(5)
    assert sent() == first <= 13
