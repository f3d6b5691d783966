"""Many at once: the last portion, one person's second portion, and the frozen count, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from domain.errors import Refusal
from domain.meals import MealRefused
from extensions import db, unit_of_work
from models import AuditEntry, BookingStatus, MealBooking, MealService, MealServiceStatus
from policy import SYSTEM
from services import bookings, kitchens
from tests.factories import make_canteen, make_dish, make_senior, make_service

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def all_at_once(app: Flask, calls: list[Callable[[], object]], threads: int = 12) -> Counter[str]:
    """Run every call in a thread, an application context and a transaction of its own; count how they ended.

    The pool of connections is bounded, so at most `threads` are under way together; they start together.
    """
    start = Barrier(threads, timeout=30)

    def work(number_and_call: tuple[int, Callable[[], object]]) -> str:
        number, call = number_and_call
        if number < threads:
            start.wait()
        with app.app_context():
            try:
                with unit_of_work():
                    call()
            except MealRefused as refused:
                return str(refused.obstacle)
            except Refusal as refused:
                return refused.sentence
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(threads) as pool:
        return Counter(pool.map(work, enumerate(calls)))


def a_lunch(capacity: int) -> tuple[MealService, object]:
    canteen = make_canteen()
    dish = make_dish(canteen)
    return make_service(canteen, TODAY + timedelta(days=1), dish, capacity=capacity), dish


def booking(senior_id, service, dish) -> Callable[[], object]:
    return lambda: bookings.book(
        senior_id=senior_id, service_id=service.id, dish_id=dish.id, by=SYSTEM, now=NOW
    )  # fmt: skip


def test_forty_families_and_ten_portions_give_exactly_ten(app):
    service, dish = a_lunch(10)
    seniors = [make_senior(name=f"老人{number}").id for number in range(40)]
    db.session.commit()
    ends = all_at_once(app, [booking(senior_id, service, dish) for senior_id in seniors])
    assert ends == {"done": 10, "full": 30}
    assert kitchens.live_count(service.id) == 10
    db.session.refresh(service)
    assert service.booked == 10


def test_one_person_booked_by_twenty_at_once_has_one_portion(app):
    services = [a_lunch(50) for _number in range(2)]
    senior_id = make_senior().id
    db.session.commit()
    ends = all_at_once(app, [booking(senior_id, *services[number % 2]) for number in range(20)])
    assert ends == {"done": 1, "booked_already": 19}
    assert sum(kitchens.live_count(service.id) for service, _dish in services) == 1
    assert sum(db.session.scalars(select(MealService.booked))) == 1


def test_ten_closing_at_once_freeze_one_count(app):
    service, dish = a_lunch(50)
    for number in range(8):
        booking(make_senior(name=f"老人{number}").id, service, dish)()
    db.session.commit()
    calls = [lambda: kitchens.close(service.id, by=SYSTEM, now=CUT_OFF)] * 5
    calls += [lambda: kitchens.close_due_services(CUT_OFF)] * 5
    assert all_at_once(app, calls, threads=10) == {"done": 10}
    closings = select(func.count()).where(AuditEntry.act == "service.close")
    assert db.session.scalar(closings) == 1
    db.session.refresh(service)
    assert service.frozen_count["portions"] == service.booked == 8
    assert set(db.session.scalars(select(MealBooking.status))) == {BookingStatus.LOCKED}


def test_what_is_booked_while_the_service_closes_is_counted_or_refused(app):
    service, dish = a_lunch(50)
    seniors = [make_senior(name=f"老人{number}").id for number in range(20)]
    db.session.commit()
    calls: list[Callable[[], object]] = [booking(senior_id, service, dish) for senior_id in seniors]
    calls.insert(6, lambda: kitchens.close(service.id, by=SYSTEM, now=CUT_OFF))
    ends = all_at_once(app, calls)
    db.session.refresh(service)
    assert service.status is MealServiceStatus.CLOSED
    counted = service.frozen_count["portions"]
    assert counted == ends["done"] - 1 == kitchens.live_count(service.id)
    assert ends["cut_off"] == 20 - counted
    locked = select(func.count()).where(MealBooking.status == BookingStatus.LOCKED)
    assert db.session.scalar(locked) == counted


def test_two_exchanges_in_opposite_directions_do_not_wait_for_each_other(app):
    one, other = a_lunch(50), a_lunch(50)
    pairs = []
    for number in range(10):
        here, there = (one, other) if number % 2 else (other, one)
        made = booking(make_senior(name=f"老人{number}").id, *here)()
        pairs.append((made.id, there))
    db.session.commit()
    calls = [
        lambda key=key, there=there: bookings.change(
            key, service_id=there[0].id, dish_id=there[1].id, handover=bookings.Handover.PICK_UP, by=SYSTEM, now=NOW
        )
        for key, there in pairs
    ]
    assert all_at_once(app, calls, threads=10) == {"done": 10}
    for service, _dish in (one, other):
        db.session.refresh(service)
        assert service.booked == kitchens.live_count(service.id) == 5


def test_ten_cancelling_at_once_give_one_place_back(app):
    service, dish = a_lunch(50)
    kept = booking(make_senior(name="李桂英").id, service, dish)()
    gone = booking(make_senior().id, service, dish)()
    db.session.commit()
    assert all_at_once(app, [lambda: bookings.cancel(gone.id, by=SYSTEM, now=NOW)] * 10, threads=10) == {"done": 10}
    db.session.refresh(service)
    assert service.booked == kitchens.live_count(service.id) == 1
    db.session.refresh(kept)
    assert kept.status is BookingStatus.BOOKED
