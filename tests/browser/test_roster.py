"""A centre manager's morning: who is expected, who has come, and the paper for the wall."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import func, select

from domain.times import local_day, utc_now
from extensions import db
from models import Attendance, Enrolment, Role
from tests.factories import make_centre, make_senior


def test_a_manager_checks_people_in_and_prints_the_roster(page, signed_in, make_user, tmp_path):
    today = local_day(utc_now())
    centre = make_centre(name="河庄坪日间照料中心", weekdays=[1, 2, 3, 4, 5, 6, 7], opens_minute=0, closes_minute=1440)
    for name, pinyin in (("张玉兰", "zhangyulan"), ("李生贵", "lishenggui"), ("白改娥", "baigaie")):
        senior = make_senior(name=name, pinyin=pinyin)
        db.session.add(Enrolment(centre_id=centre.id, senior_id=senior.id, weekdays=[1, 2, 3, 4, 5, 6, 7],
                                 from_on=today - timedelta(days=30)))  # fmt: skip
    db.session.commit()
    signed_in(page, make_user(Role.CENTRE_MANAGER, centre_id=centre.id))

    page.goto(f"/rosters/{centre.id}")
    expect(page.locator(".roster-line")).to_have_count(3)
    line = page.locator(".roster-line", has_text="张玉兰")
    line.get_by_role("button", name="签到").click()
    expect(page.locator(".roster-line", has_text="张玉兰")).to_contain_text("到站")

    absent = page.locator(".roster-line", has_text="李生贵")
    absent.locator("summary").click()
    absent.get_by_role("button", name="记下").click()
    expect(page.locator(".roster-line", has_text="李生贵").get_by_role("button", name="撤销")).to_be_visible()

    page.get_by_role("link", name="打印").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("body")).to_contain_text(re.compile(r"应到 3 位，到站 1 位，请假 1 位，还没来 1 位"))
    paper = tmp_path / "roster.pdf"
    page.emulate_media(media="print")
    paper.write_bytes(page.pdf(format="A4", prefer_css_page_size=True))
    assert paper.read_bytes().startswith(b"%PDF")
    assert _pages(paper.read_bytes()) == 1

    db.session.rollback()
    here = select(func.count()).select_from(Attendance).where(Attendance.arrived_at.is_not(None))
    assert db.session.scalar(here) == 1


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
