"""What a plan knows, its proposal's rows know."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from dispatch import Fetched, Limit, Plan, Reason, ReasonCode, Window
from extensions import db
from gateways.travel import StraightLine
from models import Proposal, Round, Stop
from services import round_days, round_rows, round_search
from tests.factories import BAOTA, make_divisions, make_helper, make_senior, make_visit

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def day(app) -> round_days.Day:
    make_divisions()
    for name, latitude in (("李秀英", 36.67), ("王占山", 36.75)):
        make_helper(name=name, latitude=latitude)
    for number in range(6):
        make_visit(make_senior(name=f"老人{number}", latitude=36.60 + number / 30), TOMORROW, duration_minutes=90)
    return round_days.prepare(BAOTA, TOMORROW, today=TODAY, travel=StraightLine())


@pytest.fixture
def plan(day) -> Plan:
    found, _nearest = round_search.search(day.problem, Limit(iterations=50), seed=1)
    assert len(found.rounds) == 2
    return found


@pytest.fixture
def proposal(day) -> Proposal:
    found = Proposal(division_code=BAOTA, on=TOMORROW)
    db.session.add(found)
    db.session.flush()
    return found


def with_first_stop(plan: Plan, **changes) -> Plan:
    """The plan with something else known of its first stop."""
    first = plan.rounds[0]
    tour = first.tours[0]
    stops = (replace(tour.stops[0], **changes), *tour.stops[1:])
    tours = (replace(tour, stops=stops, breaks=(Window(12 * 3600, 12 * 3600 + 1800),)), *first.tours[1:])
    return replace(plan, rounds=(replace(first, tours=tours), *plan.rounds[1:]))


def first_stop() -> Stop:
    its = select(Stop).join(Round, Round.id == Stop.round_id).where(Round.number == 1, Stop.position == 1)
    return db.session.scalars(its).one()


def test_a_stop_keeps_why_how_late_and_where_something_was_fetched(day, plan, proposal):
    why = (Reason(ReasonCode.IS_REGULAR, {"helper": plan.rounds[0].helper_id}),)
    fetched = Fetched(place=0, arrive=36_000, start=36_060, leave=36_300, portions=3)
    changed = with_first_stop(plan, is_second=True, is_pinned=True, late=540, fetched=fetched, why=why)
    round_rows.write(proposal, day, changed, now=NOW)
    stop = first_stop()
    assert (stop.is_second, stop.is_pinned, stop.late_minutes) == (True, True, 9)
    assert stop.fetched == {"arrive": 600, "start": 601, "leave": 605, "portions": 3}
    assert stop.why == [{"code": "is_regular", "helper": plan.rounds[0].helper_id}]
    its = db.session.scalars(select(Round).where(Round.number == 1)).one()
    assert its.tours[0]["breaks"] == [[720, 750]]


def test_a_stop_keeps_that_it_has_happened_and_the_counter_its_name(day, plan, proposal):
    fetched = Fetched(place=4, arrive=36_000, start=36_060, leave=36_300, portions=3)
    known = replace(day, counters={4: round_days.Counter("河庄坪老年食堂", round_days.Spot(36.67, 109.41))})
    round_rows.write(proposal, known, with_first_stop(plan, is_done=True, fetched=fetched), now=NOW)
    stop = first_stop()
    assert stop.is_done is True
    assert (stop.fetched["label"], stop.fetched["latitude"]) == ("河庄坪老年食堂", 36.67)


def test_a_round_knows_where_it_ends_where_that_is_not_its_base(day, plan, proposal):
    known = replace(day, ends={plan.rounds[0].helper_id: round_days.Spot(36.7, 109.5)})
    round_rows.write(proposal, known, plan, now=NOW)
    ends = [(its.end_latitude, its.end_longitude) for its in db.session.scalars(select(Round).order_by(Round.number))]
    assert ends == [(36.7, 109.5), (None, None)]


def test_writing_again_replaces_and_helpers_keep_their_rounds(day, plan, proposal):
    round_rows.write(proposal, day, plan, now=NOW)
    second = plan.rounds[1].helper_id
    its = db.session.scalars(select(Round.id).where(Round.number == 2)).one()
    alone = replace(plan, rounds=plan.rounds[1:])
    round_rows.write(proposal, day, alone, now=NOW, known={second: (its, 2)})
    kept = db.session.scalars(select(Round)).one()
    assert (str(kept.helper_id), kept.id, kept.number) == (second, its, 2)
    round_rows.write(proposal, day, plan, now=NOW, known={second: (its, 2)})
    numbers = {str(one.helper_id): one.number for one in db.session.scalars(select(Round))}
    assert numbers == {plan.rounds[0].helper_id: 1, second: 2}


def test_the_figures_of_another_plan_stay_beside_it(day, plan, proposal):
    proposal.figures = {"nearest": {"served": 1}}
    round_rows.write(proposal, day, plan, now=NOW)
    assert proposal.figures["nearest"] == {"served": 1}
    assert proposal.figures["plan"]["late_minutes"] == 0
