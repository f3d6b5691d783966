"""今天: what each role sees first."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from domain.codes import AlertKind
from domain.times import local_day
from extensions import db
from models import (
    AlertLevel,
    Attendance,
    Enrolment,
    Grant,
    MealBooking,
    RiskTier,
    Role,
    VisitStatus,
    VisitTally,
)
from services import alerts
from tests.factories import (
    BAOTA,
    CITY,
    TOWNSHIP,
    VILLAGE,
    make_canteen,
    make_centre,
    make_dish,
    make_divisions,
    make_helper,
    make_senior,
    make_service,
    make_visit,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = local_day(NOW)


@pytest.fixture(autouse=True)
def _noon():
    """It is noon: what is late, and what is left of the day, does not depend on when the tests run."""
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(page):
    """What a reader reads: no tags, no runs of space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get("/").text))


def portion(service, senior, dish, **changes):
    fields = {"on": service.on, "meal": service.meal, "booked_at": NOW, "price_fen": 1200, "subsidy_fen": 0}
    booking = MealBooking(
        service_id=service.id, senior_id=senior.id, dish_id=dish.id, self_fen=1200, **(fields | changes)
    )
    db.session.add(booking)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_role_has_a_first_page_with_nothing_in_it_yet(sign_in, make_user, role, language):
    make_divisions()
    scope = {
        Role.CENTRE_MANAGER: {"centre_id": make_centre().id}, Role.CANTEEN_MANAGER: {"canteen_id": make_canteen().id},
        Role.HELPER: {"helper_id": make_helper().id}, Role.FAMILY: {"senior_id": make_senior().id},
    }.get(role, {"division_code": BAOTA})  # fmt: skip
    user = make_user(role, **scope)
    user.language = language
    db.session.commit()
    answer = sign_in(user).get("/")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1


def test_a_helper_sees_the_next_door_large_and_the_others_after_it(sign_in, make_user):
    helper = make_helper()
    for name, minute, status in (("张玉兰", 540, VisitStatus.NOT_MET), ("李桂英", 600, VisitStatus.PLANNED),
                                 ("王改改", 660, VisitStatus.PLANNED)):  # fmt: skip
        senior = make_senior(name=name, landmark=f"{name}家门口的枣树")
        make_visit(senior, TODAY, helper_id=helper.id, window_from=minute, window_to=1439, status=status)
    make_visit(make_senior(name="赵别人"), TODAY, helper_id=make_helper(name="别人").id)
    text = text_of(sign_in(make_user(Role.HELPER, helper_id=helper.id)))
    assert "下一家 · 已走 1 / 3 家 李桂英" in text
    assert "李桂英家门口的枣树" in text
    assert text.index("王改改") > text.index("今天的各家")
    assert "赵别人" not in text


def test_a_family_sees_the_meal_the_visit_and_how_she_is(sign_in, make_user):
    senior = make_senior(last_well_at=NOW, last_well_by="meal")
    canteen = make_canteen()
    dish = make_dish(canteen, name="小米粥套餐")
    service = make_service(canteen, TODAY, dish)
    portion(service, senior, dish)
    make_visit(senior, TODAY + timedelta(days=1), helper_id=make_helper().id, status=VisitStatus.PLANNED)
    make_visit(senior, TODAY + timedelta(days=9), status=VisitStatus.DUE)
    other = make_senior(name="王别家")
    db.session.commit()
    text = text_of(sign_in(make_user(Role.FAMILY, senior_id=senior.id)))
    assert "平安 · 用了餐" in text
    assert "小米粥套餐" in text
    assert "明天 08:30–17:30 · 李秀英" in text
    assert other.name not in text


def test_a_centre_manager_sees_who_was_expected_and_is_not_here(sign_in, make_user):
    centre = make_centre(weekdays=[1, 2, 3, 4, 5, 6, 7], opens_minute=0)
    for name in ("张到了", "李请假", "王没到"):
        senior = make_senior(name=name)
        db.session.add(Enrolment(centre_id=centre.id, senior_id=senior.id, weekdays=[1, 2, 3, 4, 5, 6, 7],
                                 from_on=TODAY - timedelta(days=30)))  # fmt: skip
        day = {"centre_id": centre.id, "senior_id": senior.id, "on": TODAY}
        if name == "张到了":
            db.session.add(Attendance(**day, arrived_at=NOW))
        if name == "李请假":
            db.session.add(Attendance(**day, absence_reason="ill"))
    db.session.commit()
    text = text_of(sign_in(make_user(Role.CENTRE_MANAGER, centre_id=centre.id)))
    assert "3 位 今天该来 1 位 已经到了 1 位 请假 1 位 还没到" in text
    assert "还没到的人 王没到" in text


def test_a_canteen_manager_sees_the_portions_by_diet_and_the_time_left(sign_in, make_user):
    canteen = make_canteen()
    dish = make_dish(canteen)
    service = make_service(canteen, TODAY + timedelta(days=1), dish, cut_off_at=NOW + timedelta(minutes=90, seconds=30))
    service.booked = 3
    for diets in (["soft", "low_salt"], ["soft"], []):
        senior = make_senior()
        portion(service, senior, dish, diets=diets)
    db.session.commit()
    text = text_of(sign_in(make_user(Role.CANTEEN_MANAGER, canteen_id=canteen.id)))
    assert "3 / 50 份" in text
    assert "软食 2 份" in text
    assert "低盐 1 份" in text
    assert "普通 1 份" in text
    assert "还剩 1 小时 30 分" in text


def test_a_dispatcher_sees_what_is_late_and_what_is_unplanned(sign_in, make_user):
    helper = make_helper()
    yesterday = TODAY - timedelta(days=1)
    make_visit(make_senior(name="张玉兰"), yesterday, helper_id=helper.id, status=VisitStatus.PLANNED)
    make_visit(make_senior(), TODAY, status=VisitStatus.DUE)
    make_visit(make_senior(), TODAY + timedelta(days=1), status=VisitStatus.DUE)
    db.session.commit()
    text = text_of(sign_in(make_user(Role.DISPATCHER, division_code=BAOTA)))
    assert "1 家 到期还没安排" in text
    assert "1 家 前些天没有回报" in text
    assert "张*兰 昨天 17:30 前该到" in text


def test_an_officer_sees_how_many_are_left_this_month_the_furthest_behind_first(sign_in, make_user):
    make_divisions()
    month = TODAY.replace(day=1)
    for code, due, met in ((TOWNSHIP, 200, 190), ("610621100", 50, 5)):
        db.session.add(VisitTally(month=month, division_code=code, due=due, met=met, by_phone=0, counted_at=NOW))
    db.session.add(
        VisitTally(month=month - timedelta(days=1), division_code=TOWNSHIP, due=9, met=0, by_phone=0, counted_at=NOW)
    )
    db.session.commit()
    text = text_of(sign_in(make_user(Role.CITY_OFFICER, division_code=CITY)))
    assert "本月还有 55 位老人没探访" in text
    assert "78.0 %" in text
    assert text.index("延长县") < text.index("宝塔区")
    text = text_of(sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA)))
    assert "本月还有 10 位老人没探访" in text
    assert "河庄坪镇" in text
    assert "延长县" not in text


def test_a_clerk_sees_whom_to_visit_first(sign_in, make_user):
    met, red, green = (make_senior(name=name, risk_tier=tier) for name, tier in
                       (("张见过", RiskTier.A), ("李红红", RiskTier.A), ("王绿绿", RiskTier.D)))  # fmt: skip
    for senior in (red, green, met):
        make_visit(senior, TODAY, status=VisitStatus.DUE)
    from models import Outcome

    make_visit(met, TODAY, status=VisitStatus.DONE, outcome=Outcome.MET)
    db.session.commit()
    text = text_of(sign_in(make_user(Role.TOWNSHIP_CLERK, division_code=TOWNSHIP)))
    assert text.index("李*红") < text.index("王*绿")
    assert "张*过" not in text


def test_somebody_with_two_roles_sees_the_blocks_of_both(sign_in, make_user):
    helper, senior = make_helper(), make_senior(name="张玉兰")
    user = make_user(Role.HELPER, helper_id=helper.id)
    db.session.add(Grant(user_id=user.id, role=Role.FAMILY, senior_id=senior.id))
    db.session.commit()
    text = text_of(sign_in(user))
    assert "今天没有安排探访" in text
    assert "给张玉兰订饭" in text


def test_alerts_stand_on_the_first_page_of_who_handles_them(sign_in, make_user):
    make_senior()
    alerts.raise_once(kind=AlertKind.NO_ANSWER, level=AlertLevel.RED, division_code=VILLAGE, cause="visit:1",
                      summary="没人应", now=NOW)  # fmt: skip
    db.session.commit()
    assert "1 条预警要处理" in text_of(sign_in(make_user(Role.DISPATCHER, division_code=BAOTA)))
