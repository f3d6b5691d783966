"""The roster of a centre: one tap to check in, a reason for who is missing, paper for the file."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from domain.codes import AbsenceReason
from domain.errors import NotFound, Refusal
from domain.times import at_minute, local_day, utc_now
from extensions import db, unit_of_work
from models import Alert, Attendance, Enrolment, Role, Senior, SeniorStatus
from models.keyring import identity_index
from policy import Actor, Held
from services import attendance
from tests.factories import BAOTA, OTHER_VILLAGE, YANCHANG, make_centre, make_helper, make_senior, make_status
from tests.statements import counted

EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


@pytest.fixture
def centre(app):
    """A centre that is open every day, with 张玉兰 expected every day and 李桂花 only on another day."""
    made = make_centre(weekdays=EVERY_DAY)
    today = local_day(utc_now())
    other = today.isoweekday() % 7 + 1
    for name, days in (("张玉兰", EVERY_DAY), ("李桂花", [other])):
        senior = make_senior(name=name)
        db.session.add(Enrolment(centre_id=made.id, senior_id=senior.id, weekdays=days, from_on=today))
    db.session.commit()
    return made


@pytest.fixture
def senior(centre):
    return db.session.scalars(select(Senior).where(Senior.name == "张玉兰")).one()


@pytest.fixture
def manager(centre, make_user, sign_in):
    return sign_in(make_user(Role.CENTRE_MANAGER, centre_id=centre.id))


def _by(centre):
    return Actor(None, "王", (Held(Role.CENTRE_MANAGER, centre_id=centre.id),))


def _row():
    db.session.expire_all()
    return db.session.scalars(select(Attendance)).one()


def _tap(client, centre, senior, what, day=None, **data):
    day = day or local_day(utc_now())
    return client.post(f"/rosters/{centre.id}/{day}/{senior.id}/{what}", data=data)


def test_a_manager_goes_straight_to_the_one_roster(manager, centre):
    assert manager.get("/rosters/").location == f"/rosters/{centre.id}"
    page = manager.get(f"/rosters/{centre.id}").text
    assert "张玉兰" in page
    assert page.index("张玉兰") < page.index("李桂花")
    assert "今天不来" in page


def test_one_tap_checks_in_and_starts_the_clock_of_life(manager, centre, senior):
    answer = _tap(manager, centre, senior, "check-in")
    assert answer.status_code == 303
    assert answer.location.endswith(f"#s-{senior.id}")
    assert _row().arrived_at is not None
    senior = db.session.get(Senior, senior.id)
    assert (senior.last_well_by, senior.last_well_at) == ("attendance", _row().arrived_at)
    assert senior.version == 1


def test_every_tap_is_answered_in_words(manager, centre, senior):
    """The line moves to another group when it is tapped: without a word it would seem to be gone."""
    answers = {"check-in": "签到了。", "check-out": "签退了。", "undo": "撤销了，"}
    for what, sentence in answers.items():
        assert sentence in manager.get(_tap(manager, centre, senior, what).location).text


def test_a_second_tap_is_the_same_arrival(manager, centre, senior):
    _tap(manager, centre, senior, "check-in")
    first = _row().arrived_at
    _tap(manager, centre, senior, "check-in")
    assert _row().arrived_at == first


def test_out_and_back_step_by_step(manager, centre, senior):
    earlier = utc_now() - timedelta(days=3)
    senior.last_well_at, senior.last_well_by = earlier, "visit"
    db.session.commit()
    _tap(manager, centre, senior, "check-in")
    _tap(manager, centre, senior, "check-out")
    assert _row().left_at >= _row().arrived_at
    _tap(manager, centre, senior, "undo")
    assert _row().left_at is None
    assert _row().arrived_at is not None
    _tap(manager, centre, senior, "undo")
    assert _row().arrived_at is None
    senior = db.session.get(Senior, senior.id)
    assert (senior.last_well_at, senior.last_well_by) == (earlier, "visit")


def test_nobody_leaves_who_has_not_come(manager, centre, senior):
    assert _tap(manager, centre, senior, "check-out").status_code == 409


def test_an_absence_has_a_reason_and_can_be_taken_back(manager, centre, senior):
    assert _tap(manager, centre, senior, "absent", reason="ill", note="感冒").status_code == 303
    assert "感冒" in manager.get(f"/rosters/{centre.id}").text
    assert db.session.scalars(select(Alert)).all() == []
    _tap(manager, centre, senior, "undo")
    assert _row().absence_reason is None
    assert _tap(manager, centre, senior, "absent", reason="bored").status_code == 422


def test_an_absence_nobody_can_explain_raises_one_alert(manager, centre, senior):
    _tap(manager, centre, senior, "absent", reason="unknown")
    _tap(manager, centre, senior, "undo")
    _tap(manager, centre, senior, "absent", reason="unknown")
    alert = db.session.scalars(select(Alert)).one()
    assert alert.senior_id == senior.id
    assert centre.name in alert.summary


def test_the_clock_looks_for_who_has_not_come(centre, senior):
    today = local_day(utc_now())
    early, late = at_minute(today, centre.opens_minute + 89), at_minute(today, centre.opens_minute + 90)
    with unit_of_work():
        assert attendance.alert_missing(early) == 0
    with unit_of_work():
        assert attendance.alert_missing(late) == 1
        assert attendance.alert_missing(late) == 0
    assert db.session.scalars(select(Alert)).one().senior_id == senior.id


def test_the_clock_is_quiet_about_who_came_is_excused_or_is_in_hospital(centre, senior):
    today = local_day(utc_now())
    make_status(senior, SeniorStatus.IN_HOSPITAL, today)
    db.session.commit()
    with unit_of_work():
        assert attendance.alert_missing(at_minute(today, 1000)) == 0


def test_who_is_in_hospital_is_not_expected_and_cannot_be_checked_in(manager, centre, senior):
    make_status(senior, SeniorStatus.IN_HOSPITAL, local_day(utc_now()))
    db.session.commit()
    assert "暂停服务" in manager.get(f"/rosters/{centre.id}").text
    answer = _tap(manager, centre, senior, "check-in")
    assert answer.status_code == 409
    assert "住院" in answer.text


def test_a_day_is_corrected_for_a_week_and_never_ahead(manager, centre, senior):
    today = local_day(utc_now())
    assert _tap(manager, centre, senior, "check-in", today + timedelta(days=1)).status_code == 409
    assert _tap(manager, centre, senior, "check-in", today - timedelta(days=8)).status_code == 409
    assert _tap(manager, centre, senior, "absent", today + timedelta(days=2), reason="travel").status_code == 303
    assert _tap(manager, centre, senior, "check-in", today - timedelta(days=1)).status_code == 404


def test_other_peoples_rosters_do_not_exist(manager, make_user, sign_in, senior, centre):
    other = make_centre(division_code=OTHER_VILLAGE)
    db.session.commit()
    today = local_day(utc_now())
    for path in ("", f"/{today}", f"/{today}/print", f"/{today}/export.xlsx", "/enrolments"):
        assert manager.get(f"/rosters/{other.id}{path}").status_code == 404
    assert _tap(manager, other, senior, "check-in").status_code == 404
    officer = sign_in(make_user(Role.COUNTY_OFFICER, division_code=YANCHANG))
    assert officer.get(f"/rosters/{centre.id}").status_code == 404
    assert other.name in officer.get("/rosters/").text


def test_an_officer_reads_but_does_not_check_in(make_user, sign_in, centre, senior):
    officer = sign_in(make_user(Role.COUNTY_OFFICER, division_code=BAOTA))
    assert "张玉兰" in officer.get(f"/rosters/{centre.id}").text
    assert _tap(officer, centre, senior, "check-in").status_code == 403


def test_somebody_who_is_not_enrolled_is_not_checked_in(manager, centre):
    stranger = make_senior(name="王芳")
    db.session.commit()
    assert _tap(manager, centre, stranger, "check-in").status_code == 404


def test_one_walks_to_other_days(manager, centre):
    today = local_day(utc_now())
    page = manager.get(f"/rosters/{centre.id}/{today - timedelta(days=1)}").text
    assert "这一天没有在册的老人" in page
    assert manager.get(f"/rosters/{centre.id}/2026-02-30").status_code == 404
    assert manager.get(f"/rosters/{centre.id}/{today + timedelta(days=1)}").status_code == 200


def test_staff_and_helpers_on_duty_are_named(manager, centre):
    make_helper(name="赵铁柱", centre_id=centre.id)
    away = make_helper(name="刘大海", centre_id=centre.id)
    attendance_day = local_day(utc_now())
    from models import CentreStaff, HelperLeave

    db.session.add(HelperLeave(helper_id=away.id, from_on=attendance_day, to_on=attendance_day))
    db.session.add(CentreStaff(centre_id=centre.id, name="王丽", post="护理员", weekdays=EVERY_DAY))
    db.session.commit()
    page = manager.get(f"/rosters/{centre.id}").text
    assert "赵铁柱" in page
    assert "王丽" in page
    assert "刘大海" not in page


def test_the_paper_has_every_name_and_lines_to_sign(manager, centre, senior):
    _tap(manager, centre, senior, "absent", reason="ill")
    page = manager.get(f"/rosters/{centre.id}/{local_day(utc_now())}/print").text
    for text in ("张玉兰", "李桂花", "身体不适", "负责人：", "签名", centre.name):
        assert text in page


def test_the_file_has_what_the_page_shows(manager, centre, senior):
    _tap(manager, centre, senior, "check-in")
    answer = manager.get(f"/rosters/{centre.id}/{local_day(utc_now())}/export.xlsx")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows] == [["姓名", "应到"], ["张玉兰", "是"], ["李桂花", "否"]]


def test_a_manager_enrols_by_name_and_ends_the_agreement(manager, centre):
    newcomer = make_senior(name="王芳")
    db.session.commit()
    today = local_day(utc_now())
    form = {"who": "王芳", "weekdays": ["1", "2"], "from_on": today.isoformat()}
    assert manager.post(f"/rosters/{centre.id}/enrolments", data=form).status_code == 303
    assert "已经在册" in manager.post(f"/rosters/{centre.id}/enrolments", data=form).text
    row = db.session.scalars(select(Enrolment).where(Enrolment.senior_id == newcomer.id)).one()
    last = {"last_on": today.isoformat()}
    assert manager.post(f"/rosters/{centre.id}/enrolments/{row.id}/end", data=last).status_code == 303
    db.session.expire_all()
    assert db.session.get(Enrolment, row.id).to_on == today


def test_what_is_asked_for_is_not_called_optional(manager, centre):
    page = manager.get(f"/rosters/{centre.id}/enrolments").text
    label = page.split("哪几天来", 1)[1].split("</legend>", 1)[0]
    assert "可不填" not in label
    form = {"who": "张玉兰", "weekdays": [], "from_on": local_day(utc_now()).isoformat()}
    assert "请至少选一天。" in manager.post(f"/rosters/{centre.id}/enrolments", data=form).text


def test_namesakes_and_strangers_need_a_whole_identity_number(manager, centre):
    number = "610699194303050010"
    make_senior(name="王芳")
    make_senior(name="王芳", identity_number=number, identity_index=identity_index(number))
    make_senior(name="孙远", residence_code=OTHER_VILLAGE)
    db.session.commit()
    today = local_day(utc_now()).isoformat()
    where = f"/rosters/{centre.id}/enrolments"
    assert "几位同名" in manager.post(where, data={"who": "王芳", "weekdays": ["1"], "from_on": today}).text
    assert "没有找到" in manager.post(where, data={"who": "孙远", "weekdays": ["1"], "from_on": today}).text
    assert manager.post(where, data={"who": number, "weekdays": ["1"], "from_on": today}).status_code == 303


def test_a_roster_costs_the_same_for_two_and_for_forty(manager, centre):
    costs = []
    for many in (0, 38):
        for number in range(many):
            made = make_senior(name=f"张{number}", pinyin=f"z{number:02d}")
            db.session.add(
                Enrolment(centre_id=centre.id, senior_id=made.id, weekdays=EVERY_DAY, from_on=local_day(utc_now()))
            )
        db.session.commit()
        with counted(db.engine) as sent:
            assert manager.get(f"/rosters/{centre.id}").status_code == 200
        costs.append(sent.count)
    assert costs[0] == costs[1] <= 12


def test_two_taps_at_once_are_one_arrival(app, centre, senior):
    by, today, centre_id, senior_id = _by(centre), local_day(utc_now()), centre.id, senior.id
    db.session.remove()
    barrier, failures = threading.Barrier(4), []

    def tap():
        with app.app_context():
            barrier.wait()
            try:
                with unit_of_work():
                    attendance.check_in(centre_id, senior_id, today, by=by, now=utc_now())
            except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=tap) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(db.session.scalars(select(Attendance)).all()) == 1


def test_the_service_refuses_what_lies_outside(app, centre, senior):
    nobody = Actor(None, "王", (Held(Role.CENTRE_MANAGER, centre_id=make_centre().id),))
    today = local_day(utc_now())
    with pytest.raises(NotFound):
        attendance.check_in(centre.id, senior.id, today, by=nobody, now=utc_now())
    row = attendance.check_in(centre.id, senior.id, today, by=_by(centre), now=utc_now())
    with pytest.raises(Refusal):
        attendance.mark_absent(
            centre.id, senior.id, today, reason=AbsenceReason.ILL, note="", by=_by(centre), now=utc_now()
        )
    assert row.arrived_at


def test_a_senior_moved_in_the_evening_is_still_todays(centre, senior):
    with time_machine.travel(at_minute(local_day(utc_now()), 1439), tick=False):
        row = attendance.check_in(centre.id, senior.id, local_day(utc_now()), by=_by(centre), now=utc_now())
        assert row.on == local_day(row.arrived_at)
