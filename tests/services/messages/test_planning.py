"""What the day asks for becomes texts, each once, to the right person, at the right moment."""

from datetime import date, datetime, timedelta

import pytest

from domain.codes import ConsentKind
from domain.times import at_minute, local
from extensions import db
from models import (
    BookingStatus,
    Meal,
    MealBooking,
    Message,
    MessageStatus,
    MessageSubject,
    Purpose,
    Recipient,
    Rule,
    SeniorStatus,
    Sex,
    VisitStatus,
)
from services.messages import outbox
from services.reminders import quiet_until
from tests.factories import (
    CITY,
    VILLAGE,
    make_canteen,
    make_dish,
    make_divisions,
    make_senior,
    make_service,
    make_status,
)
from tests.messages import make_consent, make_contact, make_published_visit, make_texted_senior

DAY = date(2026, 11, 24)
EVE = DAY - timedelta(days=1)
AT_NOON = at_minute(EVE, 12 * 60)


def clock(day: date, hour: int, minute: int = 0) -> datetime:
    return at_minute(day, hour * 60 + minute)


def plan(now: datetime = AT_NOON) -> list[Message]:
    for purpose in outbox.PLANNED:
        outbox.plan(purpose, now=now)
    return list(db.session.scalars(db.select(Message).order_by(Message.due_at, Message.id)))


def local_clock(at: datetime) -> str:
    return f"{local(at):%m-%d %H:%M}"


def test_a_visit_is_told_the_evening_before_and_its_morning_after_quiet_hours(app):
    make_published_visit(make_texted_senior(), DAY)
    (eve,) = plan(AT_NOON)
    assert (eve.purpose, local_clock(eve.due_at), local_clock(eve.not_after)) == (
        Purpose.VISIT_EVE, "11-23 18:00", "11-23 21:00",
    )  # fmt: skip
    morning = plan(clock(DAY, 0, 30))[-1]
    assert (morning.purpose, local_clock(morning.due_at), local_clock(morning.not_after)) == (
        Purpose.VISIT_MORNING, "11-24 08:00", "11-24 09:20",
    )  # fmt: skip


def test_the_words_say_who_comes_when_and_where_to_call(app):
    make_published_visit(make_texted_senior(sex=Sex.FEMALE), DAY)
    (text,) = plan()
    assert text.body == (
        "【延安养老】张奶奶您好，明天（11月24日周二）上午9:30左右，助老员李秀英上门看望您，请留意敲门。"
        "不方便请打12349。"
    )
    assert (text.segments, text.recipient) == (1, Recipient.SENIOR)


def test_somebody_who_prefers_english_gets_english(app):
    make_published_visit(make_texted_senior(language="en", name="John Smith"), DAY)
    (text,) = plan()
    assert "will visit you tomorrow, Tuesday 24 Nov, about 09:30" in text.body


def test_planning_twice_and_in_any_order_gives_one_text(app):
    make_published_visit(make_texted_senior(), DAY)
    for _time in range(3):
        plan()
    assert len(plan(clock(EVE, 17))) == 1


def test_two_people_with_one_phone_get_one_text(app):
    for name in ("张玉兰", "李建国"):
        senior = make_senior(name=name, sex=Sex.FEMALE if name == "张玉兰" else Sex.MALE)
        make_consent(senior)
        make_contact(senior, "19900005555")
        make_published_visit(senior, DAY)
    (text,) = plan()
    assert text.recipient is Recipient.CONTACT
    assert "张奶奶" in text.body
    assert "李爷爷" in text.body
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageSubject)) == 2


def test_a_visit_published_later_joins_the_text_that_still_waits(app):
    senior = make_texted_senior()
    make_published_visit(senior, DAY)
    plan()
    make_published_visit(senior, DAY, start_minute=840, priority=1)
    assert len(plan()) == 1
    assert db.session.scalar(db.select(db.func.count()).select_from(MessageSubject)) == 2


@pytest.mark.parametrize(
    ("phones", "contacts", "recipient", "number"),
    [
        (["19900001111"], ["19900002222"], Recipient.SENIOR, "19900001111"),
        ([], ["19900002222", "19900003333"], Recipient.CONTACT, "19900002222"),
        (["0911-2112345"], ["0911-2112346", "19900003333"], Recipient.CONTACT, "19900003333"),
        (["0911-2112345"], [], Recipient.NOBODY, None),
        ([], [], Recipient.NOBODY, None),
    ],
)
def test_the_senior_comes_first_then_who_gets_texts_then_a_persons_list(app, phones, contacts, recipient, number):
    senior = make_senior(phones=phones)
    make_consent(senior)
    for position, phone in enumerate(contacts):
        make_contact(senior, phone, position=position)
    make_published_visit(senior, DAY)
    (text,) = plan()
    assert (text.recipient, text.to_number) == (recipient, number)
    expected = MessageStatus.DEAD if recipient is Recipient.NOBODY else MessageStatus.PENDING
    assert text.status is expected


def test_a_contact_who_did_not_ask_for_texts_gets_none(app):
    senior = make_senior()
    make_consent(senior)
    make_contact(senior, "19900002222", gets_texts=False)
    make_published_visit(senior, DAY)
    (text,) = plan()
    assert text.recipient is Recipient.NOBODY


def _without_consent():
    make_published_visit(make_senior(phones=["19900001111"]), DAY)


def _with_consent_withdrawn():
    senior = make_senior(phones=["19900001111"])
    make_consent(senior, withdrawn_on=EVE)
    make_published_visit(senior, DAY)


def _in_hospital():
    senior = make_texted_senior()
    make_status(senior, SeniorStatus.IN_HOSPITAL, DAY)
    make_published_visit(senior, DAY)


def _reported_dead():
    senior = make_texted_senior()
    make_status(senior, SeniorStatus.DECEASED, EVE)
    make_published_visit(senior, DAY)


def _cancelled():
    make_published_visit(make_texted_senior(), DAY).cancel("老人去女儿家")


def _only_proposed():
    make_published_visit(make_texted_senior(), DAY)
    db.session.execute(db.text("UPDATE proposals SET status = 'proposed'"))


@pytest.mark.parametrize(
    "case",
    [_without_consent, _with_consent_withdrawn, _in_hospital, _reported_dead, _cancelled, _only_proposed],
)
def test_nobody_is_told_of_what_will_not_happen_or_may_not_be_told(app, case):
    case()
    assert plan() == []


def test_too_late_for_the_evening_is_left_to_the_morning(app):
    make_published_visit(make_texted_senior(), DAY)
    assert plan(clock(EVE, 21, 5)) == []
    assert [text.purpose for text in plan(clock(DAY, 0, 5))] == [Purpose.VISIT_MORNING]


def test_no_morning_text_when_the_helper_would_be_there_first(app):
    make_published_visit(make_texted_senior(), DAY, start_minute=485)
    assert plan(clock(DAY, 6)) == []


def test_the_rule_moves_the_evening_text(app):
    make_published_visit(make_texted_senior(), DAY)
    db.session.add(Rule(key="visit.reminders", division_code=CITY, from_on=date(2026, 1, 1), value={"evening": 1140}))
    (text,) = plan()
    assert local_clock(text.due_at) == "11-23 19:00"


@pytest.mark.parametrize(
    ("hour", "minute", "ends"),
    [(20, 59, None), (21, 0, "11-24 08:00"), (23, 59, "11-24 08:00"), (0, 0, "11-23 08:00"), (7, 59, "11-23 08:00"),
     (8, 0, None), (12, 0, None)],
)  # fmt: skip
def test_quiet_hours_span_midnight(app, hour, minute, ends):
    end = quiet_until(clock(EVE, hour, minute), VILLAGE)
    assert (local_clock(end) if end else None) == ends


def test_quiet_hours_within_one_day_and_none_at_all(app):
    make_divisions()
    rule = Rule(key="message.quiet_hours", division_code=CITY, from_on=date(2026, 1, 1),
                value={"from": 780, "to": 840})  # fmt: skip
    db.session.add(rule)
    assert local_clock(quiet_until(clock(EVE, 13, 30), VILLAGE) or AT_NOON) == "11-23 14:00"
    assert quiet_until(clock(EVE, 22), VILLAGE) is None
    rule.value = {"from": 0, "to": 0}
    db.session.flush()
    assert quiet_until(clock(EVE, 3), VILLAGE) is None


def test_family_hears_of_a_visit_done_only_with_consent(app):
    senior = make_texted_senior()
    make_contact(senior, "19900002222")
    visit = make_published_visit(senior, EVE)
    visit.status, visit.outcome, visit.left_at = VisitStatus.DONE, "met", clock(EVE, 10)
    db.session.flush()
    assert plan(AT_NOON) == []
    make_consent(senior, ConsentKind.FAMILY_TOLD)
    (note,) = plan(AT_NOON)
    assert (note.purpose, note.to_number) == (Purpose.VISIT_DONE, "19900002222")
    assert note.body == "【延安养老】您好，助老员李秀英今天上午10:00已上门看望张奶奶。想了解更多请打12349。"


def test_a_family_without_a_number_is_not_put_on_anybodys_list(app):
    senior = make_texted_senior()
    make_consent(senior, ConsentKind.FAMILY_TOLD)
    visit = make_published_visit(senior, EVE)
    visit.status, visit.outcome, visit.left_at = VisitStatus.DONE, "met", clock(EVE, 10)
    db.session.flush()
    (note,) = plan(AT_NOON)
    assert note.status is MessageStatus.CANCELLED
    assert len(plan(AT_NOON)) == 1


def make_booking(**changes):
    senior, canteen = make_texted_senior(), make_canteen()
    dish = make_dish(canteen)
    service = make_service(canteen, DAY, dish)
    fields = {
        "service_id": service.id, "senior_id": senior.id, "on": DAY, "meal": Meal.LUNCH, "dish_id": dish.id,
        "price_fen": 1200, "self_fen": 1200, "created_at": AT_NOON, "updated_at": AT_NOON,
    }  # fmt: skip
    if hasattr(MealBooking, "booked_at"):
        fields["booked_at"] = AT_NOON
    booking = MealBooking(**(fields | changes))
    db.session.add(booking)
    db.session.flush()
    return booking


def test_a_booked_meal_is_confirmed_at_once(app):
    make_booking()
    (text,) = plan(AT_NOON)
    assert text.purpose is Purpose.MEAL_BOOKED
    assert text.due_at == AT_NOON
    assert "您明天（11月24日周二）的午餐已订好" in text.body
    assert local_clock(text.not_after) == "11-24 00:00"


def test_a_standing_order_is_not_confirmed_every_day(app):
    make_booking(channel="standing")
    assert plan(AT_NOON) == []


def test_a_meal_booked_at_night_is_confirmed_in_the_morning(app):
    at_night = clock(EVE, 22)
    make_booking(created_at=at_night, updated_at=at_night)
    (text,) = plan(at_night)
    assert local_clock(text.due_at) == "11-24 08:00"


def test_a_change_is_told_once_and_only_after_the_first_text_is_out(app):
    booking = make_booking()
    (first,) = plan(AT_NOON)
    first.claim("me", AT_NOON + timedelta(minutes=2))
    first.accepted("SM" + "a" * 32, AT_NOON, AT_NOON)
    booking.handover = "delivery"
    booking.updated_at = AT_NOON + timedelta(minutes=5)
    db.session.flush()
    for _time in range(2):
        texts = plan(AT_NOON + timedelta(minutes=6))
    assert [text.purpose for text in texts] == [Purpose.MEAL_BOOKED, Purpose.MEAL_CHANGED]
    assert "送餐上门" in texts[1].body


def test_a_cancelled_meal_is_told_only_to_who_was_told_it_is_booked(app):
    booking = make_booking()
    (first,) = plan(AT_NOON)
    booking.status, booking.cancelled_at = BookingStatus.CANCELLED, AT_NOON
    db.session.flush()
    assert len(plan(AT_NOON)) == 1
    first.claim("me", AT_NOON + timedelta(minutes=2))
    first.accepted("SM" + "a" * 32, AT_NOON, AT_NOON)
    db.session.flush()
    assert [text.purpose for text in plan(AT_NOON)] == [Purpose.MEAL_BOOKED, Purpose.MEAL_CANCELLED]


def test_a_planner_walks_past_what_it_cannot_plan(app, monkeypatch):
    monkeypatch.setattr("queries.reminders.BATCH", 2)
    for number in range(5):
        start = 485 if number < 4 else 720
        make_published_visit(make_texted_senior(f"1990000111{number}"), DAY, start_minute=start)
    planned, after = 0, None
    while True:
        found, after = outbox.plan(Purpose.VISIT_MORNING, now=clock(DAY, 6), after=after)
        planned += found
        if after is None:
            break
    assert planned == 1


def test_no_text_holds_a_link_or_a_sign_that_providers_refuse(app):
    from gateways.sms.segments import FORBIDDEN

    make_booking()
    make_published_visit(make_texted_senior("19900007777"), DAY)
    for text in plan(AT_NOON):
        assert "http" not in text.body
        assert not FORBIDDEN & set(text.body)
        assert text.segments == 1
