"""From bookings to a problem, and from a plan to rows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch import Window
from domain.errors import NotFound, Refusal
from domain.rules import RuleKey
from extensions import db
from models import BookingStatus, Handover, Meal, MealRun, MealRunStopKind, ProposalStatus, Residence, SeniorStatus
from policy import SYSTEM
from services import meal_run_search, round_days, rules
from services.meal_run_search import Order
from tests.factories import (
    BAOTA,
    OTHER_VILLAGE,
    TOWNSHIP,
    YANCHANG,
    make_canteen,
    make_dish,
    make_helper,
    make_senior,
    make_service,
    make_status,
)
from tests.meal_runs import (
    DISPATCHER,
    NOW,
    TODAY,
    TOMORROW,
    by_hand,
    kept,
    make_courier,
    make_portion,
    prepared,
    stops_of,
)


def test_a_households_portions_are_one_stop_fetched_at_its_canteen(portions):
    make_helper(capacity=20)
    day = prepared()
    couple, other = day.problem.visits
    assert [visit.fetch.size for visit in (couple, other)] == [2, 1]
    assert day.drops[couple.id].booking_ids == (portions[0].id, portions[1].id)
    assert (couple.windows, couple.fetch.ready) == ((Window(11 * 3600, 12 * 3600 + 1800),), 11 * 3600)
    assert (couple.fetch.fresh, couple.fetch.duration, couple.duration) == (3600, 300, 180)
    assert day.counters[couple.fetch.place][0] == day.drops[couple.id].canteen_id


def test_people_of_one_village_without_address_or_pin_are_not_one_household(service, dish):
    for _number in range(2):
        make_portion(service, dish, make_senior(latitude=None, longitude=None, address="", landmark=""))
    assert [visit.fetch.size for visit in prepared().problem.visits] == [1, 1]


def test_only_waiting_portions_for_doors_of_people_who_are_served_are_planned(service, dish):
    wanted = make_portion(service, dish)
    make_portion(service, dish, handover=Handover.PICK_UP)
    make_portion(service, dish, status=BookingStatus.CANCELLED)
    make_portion(service, dish, status=BookingStatus.SERVED)
    ill = make_senior()
    make_status(ill, SeniorStatus.IN_HOSPITAL, TODAY)
    make_portion(service, dish, ill)
    assert list(prepared().drops) == [str(wanted.id)]


def test_a_county_plans_its_own_canteens_and_a_canteen_only_its_own(service, dish, canteen):
    here = make_portion(service, dish)
    other = make_canteen()
    its_dish = make_dish(other)
    there = make_portion(make_service(other, TOMORROW, its_dish), its_dish)
    far = make_canteen(division_code=OTHER_VILLAGE)
    far_dish = make_dish(far)
    make_portion(make_service(far, TOMORROW, far_dish), far_dish)
    assert set(prepared().drops) == {str(here.id), str(there.id)}
    assert set(prepared(canteen_id=canteen.id).drops) == {str(here.id)}


def test_who_stays_elsewhere_is_brought_the_meal_there(service, dish):
    senior = make_senior()
    stay = Residence(senior_id=senior.id, kind="stay", division_code=TOWNSHIP, latitude=36.9, longitude=109.2,
                     from_on=TODAY)  # fmt: skip
    db.session.add(stay)
    booking = make_portion(service, dish, senior)
    assert prepared().doors[str(booking.id)] == round_days.Spot(36.9, 109.2)


def test_the_times_are_the_rule_of_the_canteens_place(portions):
    terms = {"lunch_ready": 630, "lunch_deadline": 720, "hot": 45}
    rules.set_value(key=RuleKey.MEAL_RUNS, division_code=BAOTA, from_on=TODAY, terms=terms, by=SYSTEM, now=NOW)
    visit = prepared().problem.visits[0]
    assert visit.windows == (Window(630 * 60, 720 * 60),)
    assert visit.fetch.fresh == 45 * 60


def test_helpers_carry_what_they_have_room_for_and_couriers_only_for_their_canteen(portions, canteen):
    helper = make_helper(capacity=12)
    courier = make_courier(canteen)
    other = make_canteen()
    its_dish = make_dish(other)
    make_portion(make_service(other, TOMORROW, its_dish), its_dish)
    stranger = make_courier(other, name="别家的")
    day = prepared()
    assert {one.id: one.capacity for one in day.problem.helpers} == {
        str(helper.id): 12, str(courier.id): 20, str(stranger.id): 20
    }  # fmt: skip
    counter = next(one.start_place for one in day.problem.helpers if one.id == str(courier.id))
    assert day.counters[counter][0] == canteen.id
    for visit in day.problem.visits:
        mine = day.drops[visit.id].canteen_id == canteen.id
        assert visit.never == {str(stranger.id) if mine else str(courier.id)}


def test_a_plan_is_kept_as_calls_at_counters_and_doors(portions, canteen):
    make_helper(capacity=20)
    plan = kept()
    counter, first, second = stops_of(plan)
    assert [one.kind for one in (counter, first, second)] == [
        MealRunStopKind.COUNTER, MealRunStopKind.DOOR, MealRunStopKind.DOOR
    ]  # fmt: skip
    assert (counter.canteen_id, counter.portions) == (canteen.id, 3)
    assert (counter.start_minute, counter.leave_minute) == (660, 665)
    assert (first.portions, second.portions) == (2, 1)
    assert 0 < first.hot_seconds < second.hot_seconds <= 3600
    run = db.session.scalars(select(MealRun)).one()
    ways = sum(one.distance_m for one in (counter, first, second)) + run.tours[0]["metres"]
    assert run.distance_m == ways
    assert (plan.figures["portions"], plan.figures["delivered"], plan.figures["doors"]) == (3, 3, 2)
    assert plan.figures["hot_max"] == -(-second.hot_seconds // 60)


def test_what_is_left_out_keeps_its_portions_and_reasons(portions):
    make_helper(capacity=20)
    day = prepared()
    couple, other = day.problem.visits
    found = by_hand(day, {day.problem.helpers[0].id: [other.id]})
    plan = meal_run_search.keep(day, found, by=DISPATCHER, now=NOW)
    assert plan.left_out[0]["booking_ids"] == [str(portions[0].id), str(portions[1].id)]
    assert plan.left_out[0]["reasons"] == [{"code": "all_full", "helpers": 1}]
    assert (plan.figures["portions"], plan.figures["delivered"]) == (3, 1)
    assert couple.id in {one.visit_id for one in found.plan.left_out}


def test_what_cannot_be_planned_is_refused(portions):
    yesterday = Order(BAOTA, TODAY - timedelta(days=1), Meal.LUNCH)
    with pytest.raises(Refusal, match="过去"):
        meal_run_search.check(yesterday, by=DISPATCHER, now=NOW)
    with pytest.raises(NotFound):
        meal_run_search.check(Order(YANCHANG, TOMORROW, Meal.LUNCH), by=DISPATCHER, now=NOW)
    meal_run_search.begin(Order(BAOTA, TOMORROW, Meal.LUNCH), seconds=5, seed=1, by=DISPATCHER, now=NOW)
    with pytest.raises(Refusal, match="已经有人"):
        meal_run_search.begin(Order(BAOTA, TOMORROW, Meal.LUNCH), seconds=5, seed=1, by=DISPATCHER, now=NOW)


def test_a_search_that_died_is_shown_as_ended(portions):
    order = Order(BAOTA, TOMORROW, Meal.LUNCH)
    plan = meal_run_search.begin(order, seconds=5, seed=1, by=DISPATCHER, now=NOW)
    meal_run_search.end_silent(NOW + timedelta(minutes=2))
    db.session.refresh(plan)
    assert plan.status == ProposalStatus.ENDED
