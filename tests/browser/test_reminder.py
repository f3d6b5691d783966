"""A text's whole way: planned by a real scheduler, sent to a real sandbox, read on the phone, its receipt back."""

import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from domain.codes import ConsentKind
from domain.rules import RuleKey
from domain.times import local_day, utc_now
from extensions import db
from models import (
    Consent,
    Message,
    MessageStatus,
    Proposal,
    ProposalStatus,
    Purpose,
    Role,
    Round,
    Rule,
    Senior,
    Stop,
    VisitStatus,
)
from tests.factories import BAOTA, CITY, make_divisions, make_helper, make_senior, make_visit
from tests.processes import environment, free_port, process, web_server

pytestmark = pytest.mark.server
_PATIENCE_S = 60


def _a_visit_tomorrow() -> Senior:
    """张玉兰 is to be visited tomorrow at 9:00; reminders of tomorrow may go at any hour of today."""
    make_divisions()
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    for key, value in (
        (RuleKey.VISIT_REMINDERS, {"evening": 0, "morning": 450}),
        (RuleKey.QUIET_HOURS, {"from": 0, "to": 0}),
    ):
        db.session.add(Rule(key=key, division_code=CITY, from_on=date(2026, 1, 1), value=value))
    senior = make_senior(phones=["19900001234"], last_well_at=None)
    db.session.add(Consent(senior_id=senior.id, kind=ConsentKind.TEXTS, given_on=date(2026, 1, 1)))
    helper = make_helper(name="冯改娥")
    visit = make_visit(senior, tomorrow, status=VisitStatus.PLANNED, helper_id=helper.id)
    proposal = Proposal(division_code=BAOTA, on=tomorrow, status=ProposalStatus.PUBLISHED, published_at=utc_now())
    db.session.add(proposal)
    db.session.flush()
    its = Round(proposal_id=proposal.id, helper_id=helper.id, division_code=BAOTA, on=tomorrow, start_minute=510,
                end_minute=600)  # fmt: skip
    db.session.add(its)
    db.session.flush()
    db.session.add(Stop(round_id=its.id, visit_id=visit.id, position=1, arrive_minute=540, start_minute=540,
                        leave_minute=570, travel_minutes=30))  # fmt: skip
    db.session.commit()
    return senior


def _until_delivered() -> Message:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        db.session.rollback()
        message = db.session.scalars(select(Message).where(Message.purpose == Purpose.VISIT_EVE)).one_or_none()
        if message is not None and message.status is MessageStatus.DELIVERED:
            return message
        time.sleep(0.3)
    raise AssertionError(f"not delivered in {_PATIENCE_S} s: {message and message.status}")


def test_a_reminder_reaches_the_phone_and_its_receipt_comes_back(app, open_page, make_user, tmp_path):
    senior = _a_visit_tomorrow()
    url, sandbox = app.config["SQLALCHEMY_DATABASE_URI"], f"http://127.0.0.1:{(port := free_port())}"
    dispatcher = make_user(Role.DISPATCHER, division_code=BAOTA)
    with web_server(url, tmp_path / "web.log", SANDBOX_URL=sandbox) as web:
        env = environment(url, SANDBOX_URL=sandbox, PUBLIC_URL=web)
        with (
            process("flask", "sandbox", "run", "--memory", "--port", str(port), env=env, log=tmp_path / "sandbox.log"),
            process("flask", "scheduler", "run", env=env, log=tmp_path / "scheduler.log"),
        ):
            message = _until_delivered()
            page = open_page(base_url=web)
            cookie = app.session_interface.get_signing_serializer(app).dumps({"_user_id": dispatcher.get_id()})
            page.context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": cookie, "url": web}])
            page.goto(f"/phones/{senior.id}")
            expect(page.locator(".bubble")).to_contain_text("张奶奶")
            expect(page.locator(".bubble")).to_contain_text("冯改娥")
            page.goto(f"/messages/{message.id}")
            expect(page.locator("main")).to_contain_text("已送达")
    assert "stopped" in (tmp_path / "scheduler.log").read_text(), "SIGTERM ends the scheduler in order"
