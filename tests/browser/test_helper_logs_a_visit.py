"""A helper's journey: from today's round through a visit to its end, on a phone, with script and without."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from domain.times import local_day, utc_now
from extensions import db
from models import (
    Alert,
    Contact,
    Outcome,
    Proposal,
    ProposalStatus,
    Role,
    Round,
    Senior,
    Stop,
    User,
    Visit,
    VisitEvent,
    VisitStatus,
)
from tests import factories
from tests.browser.conftest import PHONE

TODAY = local_day(utc_now())
NAMES = ("张玉兰", "欧阳建国", "李秀英")
BLOCKS = ("health", "economy", "family", "safety", "needs")


@pytest.fixture
def round_of_three(app: Flask) -> list[Visit]:
    """A published round; the first door has an allergy, a landmark and something noted last time."""
    helper = factories.make_helper()
    visits = []
    for name in NAMES:
        senior = factories.make_senior(name=name, phones=["13800000001"], allergens=["peanut"] if not visits else [])
        db.session.add(Contact(senior_id=senior.id, name="高建军", relation="son", phone="13900000001"))
        factories.make_visit(
            senior, TODAY - timedelta(days=7), helper_id=helper.id, status=VisitStatus.DONE, outcome=Outcome.MET,
            met_on=TODAY - timedelta(days=7), note="想女儿了",
        )  # fmt: skip
        visits.append(factories.make_visit(senior, TODAY, helper_id=helper.id, status=VisitStatus.PLANNED))
    proposal = Proposal(division_code=factories.BAOTA, on=TODAY, status=ProposalStatus.PUBLISHED)
    db.session.add(proposal)
    db.session.flush()
    day = Round(proposal_id=proposal.id, helper_id=helper.id, division_code=factories.BAOTA, on=TODAY,
                start_minute=510, end_minute=700)  # fmt: skip
    db.session.add(day)
    db.session.flush()
    for number, visit in enumerate(visits):
        start = 540 + 40 * number
        db.session.add(Stop(round_id=day.id, visit_id=visit.id, position=number, arrive_minute=start,
                            start_minute=start, leave_minute=start + 30, travel_minutes=10))  # fmt: skip
    db.session.commit()
    return visits


@pytest.fixture
def helper(round_of_three: list[Visit], make_user: Callable[..., User]) -> User:
    return make_user(Role.HELPER, helper_id=round_of_three[0].helper_id)


def reread(visit: Visit) -> Visit:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Visit, visit.id)


def press(page: Page, block: str, word: str) -> None:
    page.locator(f"#check_{block} label", has_text=word).click()


def test_a_helper_walks_to_the_door_and_logs_the_visit(
    phone: Page, signed_in: Callable[[Page, User], Page], helper: User, round_of_three: list[Visit]
) -> None:
    page = signed_in(phone, helper)
    page.goto("/visits/today")
    door = page.get_by_role("region", name="下一户")
    expect(door).to_contain_text("张玉兰")
    expect(door).to_contain_text("老槐树往上第三孔窑")
    expect(door).to_contain_text("花生")
    expect(door).to_contain_text("想女儿了")
    expect(door.get_by_role("link", name="打电话")).to_have_attribute("href", "tel:13800000001")
    expect(door.get_by_role("link", name="怎么走")).to_have_attribute("href", re.compile(r"^geo:36\.6"))

    page.get_by_role("button", name="到了").click()
    press(page, "health", "留意")
    page.locator("textarea[name=note_health]").fill("左腿还肿")
    page.locator("textarea[name=note_health]").blur()
    expect(page.locator(".saved")).to_have_text("已存下")
    assert reread(round_of_three[0]).checklist["health"] == {"mark": "watch", "note": "左腿还肿"}

    page.goto("/visits/today")  # called away: what was typed waits
    page.get_by_role("link", name="接着填").click()
    expect(page.locator("textarea[name=note_health]")).to_have_value("左腿还肿")
    for block in BLOCKS[1:]:
        press(page, block, "正常")
    page.locator("label.segment", has_text="不错").click()
    page.get_by_role("button", name="完成").click()

    expect(page.get_by_text("记下了，谢谢您。")).to_be_visible()
    expect(page.get_by_text("1 / 3 户")).to_be_visible()
    expect(page.get_by_role("region", name="下一户")).to_contain_text("欧阳建国")
    visit = reread(round_of_three[0])
    assert (visit.status, visit.outcome, visit.mood) == (VisitStatus.DONE, Outcome.MET, "content")
    assert db.session.get_one(Senior, visit.senior_id).last_well_by == "visit"
    blocks = select(func.count()).where(VisitEvent.visit_id == visit.id, VisitEvent.kind == "checked")
    assert (db.session.scalar(blocks) or 0) <= 7, "the form and the script must not both report what was said once"


def test_without_any_script_every_step_works(
    open_page: Callable[..., Page], signed_in: Callable[[Page, User], Page], helper: User, round_of_three: list[Visit]
) -> None:
    page = signed_in(open_page(viewport=PHONE, java_script_enabled=False), helper)
    page.goto("/visits/today")
    page.get_by_role("button", name="到了").click()
    for block in BLOCKS:
        press(page, block, "正常")
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_text("1 / 3 户")).to_be_visible()
    assert reread(round_of_three[0]).status == VisitStatus.DONE


def test_nobody_answers_and_the_page_says_whom_to_call(
    phone: Page, signed_in: Callable[[Page, User], Page], helper: User, round_of_three: list[Visit]
) -> None:
    page = signed_in(phone, helper)
    page.goto("/visits/today")
    page.get_by_role("link", name="没见到人").click()
    page.locator("label.segment", has_text="敲门没人应").click()
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_role("heading", name="现在请打电话")).to_be_visible()
    expect(page.get_by_role("link", name="120 急救")).to_have_attribute("href", "tel:120")
    expect(page.get_by_role("link", name="高建军")).to_have_attribute("href", "tel:13900000001")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Alert)) == 1


def test_big_buttons_are_big_enough_for_cold_hands(
    phone: Page, signed_in: Callable[[Page, User], Page], helper: User, round_of_three: list[Visit]
) -> None:
    page = signed_in(phone, helper)
    for path in ("/visits/today", f"/visits/{round_of_three[0].id}/not-met"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main a.btn, main button, main .segment")]
                 .filter((one) => one.getBoundingClientRect().height < 48).map((one) => one.textContent.trim())"""
        )
        assert [text for text in small if text not in {"前一天", "后一天"}] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
