"""What was arranged is let go with the service, and taken up again with it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.times import at_local
from extensions import db
from models import BookingStatus, Dish, Meal, MealBooking, MealService, SeniorStatus, Visit, VisitStatus
from policy import SYSTEM
from services import status
from tests.factories import TOWNSHIP, make_canteen, make_senior

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 17:00 in the city: tomorrow's lunch is counted
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def week(app):
    senior, canteen = make_senior(), make_canteen()
    dish = Dish(canteen_id=canteen.id, name="羊肉面片", price_fen=1200)
    db.session.add(dish)
    db.session.flush()
    visits, meals = [], []
    for number in range(1, 5):
        on = TODAY + number * DAY
        service = MealService(canteen_id=canteen.id, on=on, meal=Meal.LUNCH, capacity=50, booked=1,
                              cut_off_at=at_local(on - DAY, time(16)))  # fmt: skip
        db.session.add(service)
        db.session.flush()
        visits.append(Visit(senior_id=senior.id, division_code=TOWNSHIP, due_on=on, on=on, window_from=510,
                            window_to=690, duration_minutes=30))  # fmt: skip
        meals.append(MealBooking(service_id=service.id, senior_id=senior.id, on=on, meal=Meal.LUNCH, dish_id=dish.id,
                                 price_fen=1200, self_fen=1200, booked_at=NOW))  # fmt: skip
    db.session.add_all([*visits, *meals])
    db.session.commit()
    return senior, visits, meals


def states(rows):
    for row in rows:
        db.session.refresh(row)
    return [row.status.value for row in rows]


def test_a_stay_in_hospital_lets_go_of_its_days_only(week):
    senior, visits, meals = week
    until = TODAY + 3 * DAY
    released = status.change(senior.id, SeniorStatus.IN_HOSPITAL, from_on=TODAY, to_on=until, by=SYSTEM, now=NOW)
    assert states(visits) == ["cancelled", "cancelled", "cancelled", "due"]
    assert states(meals) == ["booked", "cancelled", "cancelled", "booked"]
    assert (released.visits, released.meals, released.counted_meals) == (3, 2, 1)


def test_days_before_a_stay_begins_are_kept(week):
    senior, visits, meals = week
    status.change(senior.id, SeniorStatus.PAUSED, from_on=TODAY + 3 * DAY, by=SYSTEM, now=NOW)
    assert states(visits) == ["due", "due", "cancelled", "cancelled"]
    assert states(meals) == ["booked", "booked", "cancelled", "cancelled"]


def test_back_early_the_visits_are_taken_up_and_others_stay_cancelled(week):
    senior, visits, _meals = week
    visits[3].cancel("家里有人")
    status.change(senior.id, SeniorStatus.IN_HOSPITAL, from_on=TODAY, by=SYSTEM, now=NOW)
    status.change(senior.id, SeniorStatus.ACTIVE, from_on=TODAY + 2 * DAY, by=SYSTEM, now=NOW)
    assert states(visits) == ["cancelled", "due", "due", "cancelled"]


def test_a_reported_death_stops_everything_and_its_withdrawal_takes_it_up(week):
    senior, visits, meals = week
    status.report_death(senior.id, on=TODAY, reason="听说", by=SYSTEM, now=NOW)
    assert set(states(visits)) == {VisitStatus.CANCELLED}
    assert states(meals)[1:] == [BookingStatus.CANCELLED] * 3
    status.withdraw_death(senior.id, reason="认错了人", by=SYSTEM, now=NOW)
    assert set(states(visits)) == {VisitStatus.DUE}
