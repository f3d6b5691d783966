"""Services open ahead, the count freezes once, and the counter tells the 平安钟."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.rules import RuleKey
from extensions import db
from models import (
    BookingStatus,
    CanteenClosure,
    CanteenMeal,
    MealBooking,
    MealService,
    MealServiceStatus,
    Role,
    Rule,
    SeniorStatus,
)
from policy import SYSTEM, Actor, Held
from services import bookings, kitchens, late_portions, servings
from services.offers import BOOKABLE_DAYS
from tests.factories import make_canteen, make_dish, make_senior, make_service, make_status

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # of the meal's day


@pytest.fixture
def canteen(app):
    return make_canteen()


@pytest.fixture
def dish(canteen):
    return make_dish(canteen)


@pytest.fixture
def service(canteen, dish):
    return make_service(canteen, TOMORROW, dish)


def booked(service, dish, **senior):
    return bookings.book(
        senior_id=make_senior(**senior).id,
        service_id=service.id,
        dish_id=dish.id,
        is_diet_waived=True,
        by=SYSTEM,
        now=NOW,
    )


def manager_of(canteen) -> Actor:
    return Actor(None, "刘师傅", (Held(Role.CANTEEN_MANAGER, canteen_id=canteen.id),))


def test_services_open_for_the_days_ahead_once(canteen):
    assert kitchens.open_services(TODAY) == BOOKABLE_DAYS
    assert kitchens.open_services(TODAY) == 0
    service = db.session.scalars(select(MealService).where(MealService.on == TOMORROW)).one()
    assert (service.capacity, service.cut_off_at) == (50, CUT_OFF)


def test_a_canteen_opens_only_on_its_weekdays_and_not_while_closed(canteen):
    db.session.scalars(select(CanteenMeal)).one().weekdays = [1, 2, 3, 4, 5]
    db.session.add(CanteenClosure(canteen_id=canteen.id, from_on=TODAY - timedelta(days=3), to_on=TOMORROW))
    db.session.flush()
    kitchens.open_services(TODAY)
    days = sorted(db.session.scalars(select(MealService.on)))
    assert days[0] == date(2026, 11, 25)
    assert all(day.isoweekday() <= 5 for day in days)


def test_the_cut_off_is_the_most_local_rules_and_never_after_the_meal_begins(canteen):
    late = {"lunch_days_before": 0, "lunch_at": 9 * 60}
    db.session.add(Rule(key=RuleKey.MEAL_CUT_OFF, division_code="610602", from_on=TODAY, value=late))
    later = {"lunch_days_before": 0, "lunch_at": 23 * 60}
    db.session.add(Rule(key=RuleKey.MEAL_CUT_OFF, division_code="610602", from_on=TOMORROW, value=later))
    db.session.flush()
    kitchens.open_services(TODAY)
    found = dict(db.session.execute(select(MealService.on, MealService.cut_off_at)).tuples().all())
    assert found[TODAY] == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert found[TOMORROW] == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def test_the_days_ahead_follow_the_kitchen_and_drop_nobody(canteen, dish):
    kitchens.open_services(TODAY)
    service = db.session.scalars(select(MealService).where(MealService.on == TOMORROW)).one()
    service.booked = 40
    db.session.scalars(select(CanteenMeal)).one().capacity = 30
    db.session.flush()
    kitchens.open_services(TODAY)
    db.session.expire_all()
    found = dict(db.session.execute(select(MealService.on, MealService.capacity)).tuples().all())
    assert found.pop(TOMORROW) == 40
    assert set(found.values()) == {30}


def test_nothing_closes_before_its_cut_off(service, dish):
    assert kitchens.close_due_services(CUT_OFF - timedelta(seconds=1)) == 0
    with pytest.raises(Refusal, match="今天 16:00"):
        kitchens.close(service.id, by=SYSTEM, now=NOW)


def test_the_count_is_frozen_by_dish_diet_and_texture_with_bookings_locked(service, dish):
    plain = booked(service, dish)
    booked(service, dish, name="王秀珍", diets=["soft", "low_salt"])
    booked(service, dish, name="李桂英", allergens=["peanut"])
    assert kitchens.close_due_services(CUT_OFF) == 1
    assert kitchens.close_due_services(CUT_OFF) == 0
    db.session.refresh(service)
    assert service.status is MealServiceStatus.CLOSED
    count = service.frozen_count
    assert (count["portions"], count["special"]) == (3, 2)
    assert count["diets"] == {"low_salt": 1, "soft": 1}
    assert count["textures"] == {"regular": 2, "soft": 1}
    assert count["allergens"] == {"peanut": 1}
    db.session.refresh(plain)
    assert plain.status is BookingStatus.LOCKED


def test_an_allergy_found_after_booking_reaches_the_kitchen(service, dish):
    booking = booked(service, dish)
    senior = db.session.get_one(type(make_senior()), booking.senior_id)
    senior.allergens = ["egg"]
    db.session.flush()
    kitchens.close_due_services(CUT_OFF)
    db.session.refresh(booking)
    assert booking.allergens == ["egg"]


def test_nobody_cooks_for_who_went_to_hospital(service, dish):
    booking = booked(service, dish)
    booked(service, dish, name="王秀珍")
    make_status(db.session.get_one(type(make_senior()), booking.senior_id), SeniorStatus.IN_HOSPITAL, TODAY)
    kitchens.close_due_services(CUT_OFF)
    db.session.refresh(booking)
    db.session.refresh(service)
    assert (booking.status, booking.cancel_reason) == (BookingStatus.CANCELLED, "当天不在服务中")
    assert service.booked == service.frozen_count["portions"] == 1


def test_a_served_meal_is_a_sign_of_life(service, dish, canteen):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    servings.serve(booking.id, by=manager_of(canteen), now=NOON)
    servings.serve(booking.id, by=manager_of(canteen), now=NOON + timedelta(minutes=5))
    senior = db.session.get_one(type(make_senior()), booking.senior_id, populate_existing=True)
    assert (senior.last_well_at, senior.last_well_by) == (NOON, "meal")


def test_an_undone_tap_takes_the_sign_of_life_back(service, dish, canteen):
    earlier = NOW - timedelta(days=2)
    booking = booked(service, dish, last_well_at=earlier, last_well_by="visit")
    kitchens.close_due_services(CUT_OFF)
    manager = manager_of(canteen)
    servings.serve(booking.id, by=manager, now=NOON)
    servings.undo(booking.id, by=manager, now=NOON)
    senior = db.session.get_one(type(make_senior()), booking.senior_id, populate_existing=True)
    assert (senior.last_well_at, senior.last_well_by) == (earlier, "visit")
    assert booking.status is BookingStatus.LOCKED


def test_a_mark_entered_a_day_later_says_nothing_about_today(service, dish, canteen):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    servings.serve(booking.id, by=manager_of(canteen), now=NOON + timedelta(days=1))
    senior = db.session.get_one(type(make_senior()), booking.senior_id, populate_existing=True)
    assert senior.last_well_at is None


def test_tomorrows_meal_cannot_be_served_today(service, dish, canteen):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    with pytest.raises(Refusal, match="明天的餐"):
        servings.serve(booking.id, by=manager_of(canteen), now=CUT_OFF)


def test_a_portion_nobody_fetched_is_no_sign_of_life(service, dish, canteen):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    servings.miss(booking.id, by=manager_of(canteen), now=NOON)
    assert booking.status is BookingStatus.NO_SHOW
    senior = db.session.get_one(type(make_senior()), booking.senior_id, populate_existing=True)
    assert senior.last_well_at is None


def test_the_last_four_digits_serve_the_one_portion_they_mean(service, dish, canteen):
    booking = booked(service, dish, phones=["13800001234"])
    booked(service, dish, name="王秀珍", phones=["13900005678"])
    booked(service, dish, name="李桂英", phones=["13700005678"])
    kitchens.close_due_services(CUT_OFF)
    manager = manager_of(canteen)
    assert servings.serve_by_phone(service.id, "1234", by=manager, now=NOON).id == booking.id
    with pytest.raises(Refusal, match="已经登记过"):
        servings.serve_by_phone(service.id, "1234", by=manager, now=NOON)
    with pytest.raises(Refusal, match="有 2 位老人"):
        servings.serve_by_phone(service.id, "5678", by=manager, now=NOON)
    with pytest.raises(Refusal, match="没有尾号 9999"):
        servings.serve_by_phone(service.id, "9999", by=manager, now=NOON)
    with pytest.raises(Refusal, match="四位数字"):
        servings.serve_by_phone(service.id, "12a4", by=manager, now=NOON)


def test_a_late_cancellation_leaves_the_frozen_count(service, dish, canteen):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    with pytest.raises(Refusal, match="原因"):
        late_portions.drop(booking.id, reason=" ", by=manager_of(canteen), now=NOON)
    late_portions.drop(booking.id, reason="住院了", by=manager_of(canteen), now=NOON)
    db.session.refresh(service)
    assert (service.booked, service.frozen_count["portions"]) == (0, 1)
    assert db.session.scalars(select(MealBooking.status)).one() is BookingStatus.CANCELLED


def test_another_canteens_manager_finds_nothing(service, dish):
    booking = booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    stranger = manager_of(make_canteen())
    for act in (servings.serve, servings.miss, servings.undo):
        with pytest.raises(NotFound):
            act(booking.id, by=stranger, now=NOON)
    with pytest.raises(NotFound):
        kitchens.close(service.id, by=stranger, now=NOON)


def test_who_turns_up_unbooked_gets_a_spare_portion_beside_the_count(service, dish, canteen):
    booked(service, dish)
    kitchens.close_due_services(CUT_OFF)
    guest, manager = make_senior(name="王秀珍"), manager_of(canteen)
    booked_before = make_service(canteen, TODAY - timedelta(days=1), dish)
    db.session.add(MealBooking(service_id=booked_before.id, senior_id=guest.id, on=booked_before.on, meal="lunch",
                               dish_id=dish.id, price_fen=0, self_fen=0, booked_at=NOW))  # fmt: skip
    db.session.flush()
    order = {"senior_id": guest.id, "service_id": service.id, "dish_id": dish.id, "now": NOON}
    late = late_portions.add(**order, by=manager)
    db.session.refresh(service)
    assert (late.status, late.channel) == (BookingStatus.LOCKED, "canteen")
    assert (service.booked, service.frozen_count["portions"]) == (2, 1)
    with pytest.raises(Refusal, match="已经订过了"):
        late_portions.add(**order, by=manager)
    with pytest.raises(NotFound):
        late_portions.add(**order, by=manager_of(make_canteen()))


def test_a_stranger_to_the_canteen_or_a_full_kitchen_gives_no_late_portion(service, dish, canteen):
    guest = make_senior(name="王秀珍")
    order = {"senior_id": guest.id, "service_id": service.id, "dish_id": dish.id}
    with pytest.raises(NotFound):
        late_portions.add(**order, by=manager_of(canteen), now=NOON)
    service.capacity = 0
    kitchens.close_due_services(CUT_OFF)
    with pytest.raises(Refusal, match="没有多余的份数"):
        late_portions.add(**order, by=SYSTEM, now=NOON)
