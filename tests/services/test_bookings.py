"""One portion, one person, one price; and a reason with the nearest portion for every no."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.errors import NotFound
from domain.meals import MealRefused, Obstacle
from domain.rules import RuleKey
from extensions import db
from models import (
    AuditEntry,
    BookingStatus,
    CanteenClosure,
    Handover,
    MealBooking,
    Role,
    Rule,
    SeniorCategory,
    SeniorStatus,
)
from policy import SYSTEM, Actor, Held
from services import bookings, kitchens, places
from tests.factories import (
    OTHER_VILLAGE,
    VILLAGE,
    make_canteen,
    make_dish,
    make_divisions,
    make_senior,
    make_service,
    make_status,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in the city
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
AFTER_CUT_OFF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 16:00 sharp


def family_of(senior) -> Actor:
    return Actor(None, "张强", (Held(Role.FAMILY, senior_id=senior.id),))


class Lunch:
    """张玉兰 (83), a canteen two kilometres away, two dishes, lunch tomorrow."""

    def __init__(self, **senior):
        self.senior = make_senior(**senior)
        self.canteen = make_canteen(name="河庄坪老年食堂", phone="0911-2112345")
        self.egg = make_dish(self.canteen, name="番茄炒蛋套餐")
        self.noodles = make_dish(self.canteen, name="荞面饸饹", price_fen=9_00, allergens=["wheat"], diets=["low_salt"])
        self.service = make_service(self.canteen, TOMORROW, self.egg, self.noodles)
        self.family = family_of(self.senior)

    def book(self, dish=None, *, now=NOW, by=None, service=None, **more):
        return bookings.book(
            senior_id=self.senior.id, service_id=(service or self.service).id, dish_id=(dish or self.egg).id,
            by=by or self.family, now=now, **more,
        )  # fmt: skip


@pytest.fixture
def lunch(app):
    return Lunch()


def refusal(call, *args, **kwargs) -> MealRefused:
    with pytest.raises(MealRefused) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_booking_takes_a_place_and_keeps_price_subsidy_and_rule(lunch):
    rule = Rule(key=RuleKey.MEAL_SUBSIDY, division_code="610602", from_on=date(2026, 1, 1), value={"age_75": 4_00})
    db.session.add(rule)
    db.session.flush()
    booking = lunch.book()
    assert (booking.price_fen, booking.subsidy_fen, booking.self_fen) == (12_00, 4_00, 8_00)
    assert (booking.rule_id, booking.subsidy_line) == (rule.id, "age_75")
    assert kitchens.live_count(lunch.service.id) == 1
    db.session.refresh(lunch.service)
    assert lunch.service.booked == 1
    assert db.session.scalars(select(AuditEntry.act)).all() == ["booking.create"]


def test_the_age_is_counted_on_the_day_of_the_meal(app):
    lunch = Lunch(born_on=date(1951, 11, 24))
    assert lunch.book().subsidy_line == "age_75"


def test_a_category_counts_only_while_it_holds(app):
    lunch = Lunch()
    db.session.add(SeniorCategory(senior_id=lunch.senior.id, category="minimum_living", to_on=TODAY))
    db.session.flush()
    assert lunch.book().subsidy_line == "age_75"


def test_a_booking_at_the_very_cut_off_is_refused_with_the_nearest_day(lunch):
    later = make_service(lunch.canteen, TOMORROW + timedelta(days=1), lunch.egg)
    said = refusal(lunch.book, now=AFTER_CUT_OFF)
    assert said.obstacle is Obstacle.CUT_OFF
    assert said.sentence == "今天 16:00 已截止，厨房已经按订数备餐。"
    assert said.suggestion == "可以改订后天河庄坪老年食堂的“番茄炒蛋套餐”。"
    assert said.alternative.service_id == later.id


def test_a_minute_before_the_cut_off_is_in_time(lunch):
    assert lunch.book(now=AFTER_CUT_OFF - timedelta(minutes=1)).status is BookingStatus.BOOKED


def test_a_full_canteen_points_to_the_nearest_one_with_portions(lunch):
    lunch.service.capacity = 0
    far = make_canteen(name="桥沟食堂", latitude=36.60, longitude=109.50)
    near = make_canteen(name="枣园食堂", latitude=36.66, longitude=109.42)
    for canteen in (far, near):
        make_service(canteen, TOMORROW, make_dish(canteen, name="烩菜套餐"))
    said = refusal(lunch.book)
    assert said.obstacle is Obstacle.FULL
    assert said.sentence == "河庄坪老年食堂明天这一餐的 50 份已经订满了。".replace("50", "0")
    assert said.alternative.canteen_id == near.id
    assert "枣园食堂" in said.suggestion


def test_the_same_canteen_a_day_later_is_nearer_than_one_at_the_other_end(lunch):
    lunch.service.capacity = 0
    far = make_canteen(latitude=36.30, longitude=109.90)
    make_service(far, TOMORROW, make_dish(far))
    later = make_service(lunch.canteen, TOMORROW + timedelta(days=1), lunch.egg)
    assert refusal(lunch.book).alternative.service_id == later.id


def test_canteens_of_another_county_are_not_proposed(lunch):
    lunch.service.capacity = 0
    other = make_canteen(division_code=OTHER_VILLAGE, latitude=36.68, longitude=109.40)
    make_service(other, TOMORROW, make_dish(other))
    said = refusal(lunch.book)
    assert said.alternative is None
    assert said.suggestion == "附近七天内都没有合适的餐了，可以请社区帮忙。"


def test_a_closed_canteen_says_why(lunch):
    db.session.add(CanteenClosure(canteen_id=lunch.canteen.id, from_on=TOMORROW, to_on=TOMORROW, reason="停电检修"))
    later = make_service(lunch.canteen, TOMORROW + timedelta(days=1), lunch.egg)
    said = refusal(lunch.book)
    assert said.obstacle is Obstacle.SHUT
    assert said.sentence == "河庄坪老年食堂明天不营业：停电检修。"
    assert said.alternative.service_id == later.id


def test_an_allergen_is_refused_by_name_and_another_dish_proposed(app):
    lunch = Lunch(allergens=["egg"])
    said = refusal(lunch.book)
    assert said.obstacle is Obstacle.ALLERGEN
    assert said.sentence == "张玉兰对鸡蛋过敏，“番茄炒蛋套餐”里有鸡蛋，不能订。"
    assert said.alternative.dish_id == lunch.noodles.id
    assert refusal(lunch.book, is_diet_waived=True).obstacle is Obstacle.ALLERGEN


def test_an_unsuitable_diet_is_named_and_can_be_confirmed(app):
    lunch = Lunch(diets=["low_salt"])
    said = refusal(lunch.book)
    assert said.obstacle is Obstacle.DIET
    assert said.sentence == "“番茄炒蛋套餐”不符合张玉兰的饮食要求：低盐。"
    assert said.alternative.dish_id == lunch.noodles.id
    assert lunch.book(is_diet_waived=True).is_diet_waived
    assert kitchens.live_count(lunch.service.id) == 1


def test_somebody_in_hospital_that_day_is_not_booked_for(lunch):
    make_status(lunch.senior, SeniorStatus.IN_HOSPITAL, TOMORROW, TOMORROW)
    said = refusal(lunch.book)
    assert said.obstacle is Obstacle.NOT_SERVED
    assert said.sentence == "张玉兰在明天的状态是“住院”，这一天不供餐。"
    after = make_service(lunch.canteen, TOMORROW + timedelta(days=1), lunch.egg)
    assert lunch.book(service=after).on == after.on


def test_one_portion_per_person_and_meal_over_all_canteens(lunch):
    lunch.book()
    other = make_canteen()
    dish = make_dish(other)
    elsewhere = make_service(other, TOMORROW, dish)
    said = refusal(lunch.book, dish, service=elsewhere)
    assert said.obstacle is Obstacle.BOOKED_ALREADY
    assert said.sentence == "张玉兰明天的午餐已经订过了，每人每餐一份。"
    db.session.refresh(elsewhere)
    assert elsewhere.booked == 0


def test_the_index_refuses_a_second_portion_that_slipped_past_the_question(lunch, monkeypatch):
    monkeypatch.setattr(places, "refuse_second_portion", lambda *_args: None)
    lunch.book()
    assert refusal(lunch.book).obstacle is Obstacle.BOOKED_ALREADY
    db.session.refresh(lunch.service)
    assert lunch.service.booked == 1


def test_a_canteen_that_does_not_deliver_says_so(lunch):
    lunch.canteen.delivers = False
    db.session.flush()
    assert refusal(lunch.book, handover=Handover.DELIVERY).obstacle is Obstacle.NO_DELIVERY


def test_a_dish_that_is_not_published_cannot_be_had(lunch):
    hidden = make_dish(lunch.canteen, name="未公布")
    assert refusal(lunch.book, hidden).obstacle is Obstacle.NO_MENU


def test_the_past_and_the_far_future_are_refused(lunch):
    past = make_service(lunch.canteen, TODAY - timedelta(days=1), lunch.egg)
    far = make_service(lunch.canteen, TODAY + timedelta(days=14), lunch.egg)
    assert refusal(lunch.book, service=past).obstacle is Obstacle.PAST
    assert refusal(lunch.book, service=far).obstacle is Obstacle.TOO_FAR_AHEAD


def test_a_family_member_cannot_book_for_anothers_parent(lunch):
    stranger = family_of(make_senior(name="王秀珍"))
    with pytest.raises(NotFound):
        lunch.book(by=stranger)


def test_a_family_member_cannot_touch_the_portion_of_anothers_parent(lunch):
    booking = lunch.book()
    stranger = family_of(make_senior(name="王秀珍"))
    with pytest.raises(NotFound):
        bookings.cancel(booking.id, by=stranger, now=NOW)
    with pytest.raises(NotFound):
        bookings.change(booking.id, dish_id=lunch.noodles.id, handover=Handover.PICK_UP, by=stranger, now=NOW)


def test_a_clerk_of_another_county_cannot_book(lunch):
    clerk = Actor(None, "专干", (Held(Role.TOWNSHIP_CLERK, division_code="610621"),))
    with pytest.raises(NotFound):
        lunch.book(by=clerk)
    assert lunch.book(by=Actor(None, "专干", (Held(Role.TOWNSHIP_CLERK, division_code=VILLAGE[:9]),)))


def test_a_changed_dish_is_priced_anew(lunch):
    booking = bookings.change(
        lunch.book().id, dish_id=lunch.noodles.id, handover=Handover.DELIVERY, by=lunch.family, now=NOW
    )
    assert (booking.dish_id, booking.handover, booking.price_fen) == (lunch.noodles.id, Handover.DELIVERY, 9_00)
    assert booking.price_fen == booking.subsidy_fen + booking.self_fen


def test_a_portion_moves_to_another_canteen_with_its_place(lunch):
    booking = lunch.book()
    other = make_canteen()
    dish = make_dish(other)
    service = make_service(other, TOMORROW, dish, capacity=1)
    bookings.change(
        booking.id, service_id=service.id, dish_id=dish.id, handover=Handover.PICK_UP, by=lunch.family, now=NOW
    )
    for row in (lunch.service, service):
        db.session.refresh(row)
    assert (lunch.service.booked, service.booked) == (0, 1)


def test_nothing_changes_after_the_cut_off(lunch):
    booking = lunch.book()
    said = refusal(bookings.cancel, booking.id, by=lunch.family, now=AFTER_CUT_OFF)
    assert said.obstacle is Obstacle.CUT_OFF
    assert "0911-2112345" in said.suggestion
    change = {"dish_id": lunch.noodles.id, "handover": Handover.PICK_UP, "by": lunch.family, "now": AFTER_CUT_OFF}
    assert refusal(bookings.change, booking.id, **change).obstacle is Obstacle.CUT_OFF


def test_cancelling_twice_gives_one_place_back(lunch):
    booking = lunch.book()
    bookings.cancel(booking.id, by=lunch.family, now=NOW)
    bookings.cancel(booking.id, by=lunch.family, now=NOW)
    db.session.refresh(lunch.service)
    assert lunch.service.booked == 0


def test_a_cancelled_portion_comes_back_before_the_cut_off(lunch):
    gone = bookings.cancel(lunch.book().id, by=lunch.family, now=NOW)
    back = bookings.restore(gone.id, by=lunch.family, now=NOW)
    assert back.status is BookingStatus.BOOKED
    assert back.id != gone.id
    again = bookings.cancel(back.id, by=lunch.family, now=NOW)
    assert refusal(bookings.restore, again.id, by=lunch.family, now=AFTER_CUT_OFF).obstacle is Obstacle.CUT_OFF


def test_the_restored_person_keeps_one_portion(lunch):
    gone = bookings.cancel(lunch.book().id, by=lunch.family, now=NOW)
    lunch.book(lunch.noodles)
    assert refusal(bookings.restore, gone.id, by=lunch.family, now=NOW).obstacle is Obstacle.BOOKED_ALREADY


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["book", "cancel", "change", "move", "restore", "close"]),
        st.integers(0, 3),
        st.integers(0, 1),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_counter_is_the_number_of_live_rows_after_any_sequence(app, steps):
    db.session.rollback()
    make_divisions()
    seniors = [make_senior(name=f"老人{number}") for number in range(4)]
    services, dishes = [], []
    for _number in range(2):
        canteen = make_canteen()
        dishes.append(make_dish(canteen))
        services.append(make_service(canteen, TOMORROW, dishes[-1], capacity=2))
    for step, who, where in steps:
        mine = select(MealBooking).where(MealBooking.senior_id == seniors[who].id).order_by(MealBooking.id.desc())
        booking = db.session.scalars(mine).first()
        try:
            if step == "book":
                bookings.book(senior_id=seniors[who].id, service_id=services[where].id, dish_id=dishes[where].id,
                              by=SYSTEM, now=NOW)  # fmt: skip
            elif step == "close":
                kitchens.close(services[where].id, by=SYSTEM, now=AFTER_CUT_OFF)
            elif booking is None:
                continue
            elif step == "cancel":
                bookings.cancel(booking.id, by=SYSTEM, now=NOW)
            elif step == "restore":
                bookings.restore(booking.id, by=SYSTEM, now=NOW)
            else:
                target = services[where].id if step == "move" else None
                dish = (
                    dishes[where] if step == "move" else dishes[[one.id for one in services].index(booking.service_id)]
                )
                with db.session.begin_nested():
                    bookings.change(booking.id, service_id=target, dish_id=dish.id, handover=Handover.PICK_UP,
                                    by=SYSTEM, now=NOW)  # fmt: skip
        except MealRefused:
            pass
        for service in services:
            db.session.refresh(service)
            assert service.booked == kitchens.live_count(service.id) <= service.capacity
    db.session.rollback()
