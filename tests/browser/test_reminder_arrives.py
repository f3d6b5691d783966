"""A visit's reminder goes out in the evening, appears on the senior's phone, and its receipt comes back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from domain.times import at_minute, local_day, utc_now
from extensions import db
from gateways.sms.sandbox import Sandbox
from models import Message, MessageStatus, Role, Sex
from services.messages.sender import sender_of
from tests.factories import BAOTA
from tests.messages import make_published_visit, make_texted_senior
from tests.processes import web_server

pytestmark = pytest.mark.server


@pytest.fixture
def sandbox(app):
    ours = app.extensions["settings"]
    server = Sandbox(account_sid=ours.twilio_account_sid, auth_token=ours.twilio_auth_token).start()
    yield server
    server.stop()


@pytest.fixture
def address(app, sandbox, tmp_path):
    """A web server that knows this sandbox, and is known to it."""
    with web_server(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "web.log", SANDBOX_URL=sandbox.url) as url:
        yield url


def test_a_reminder_arrives_on_the_phone_and_its_receipt_comes_back(
    app, sandbox, address, open_page, signed_in, make_user
):
    tomorrow = local_day(utc_now()) + timedelta(days=1)
    senior = make_texted_senior(sex=Sex.FEMALE)
    make_published_visit(senior, tomorrow)
    page = signed_in(open_page(), make_user(Role.DISPATCHER, division_code=BAOTA))
    evening = at_minute(tomorrow - timedelta(days=1), 18 * 60)
    settings = replace(app.extensions["settings"], sandbox_url=sandbox.url, public_url=address)
    sender = sender_of(settings, clock=lambda: evening)
    sender.prepare()
    assert (sender.plan(), sender.dispatch()) == (1, 1)

    page.goto(f"{address}/phones")
    page.get_by_role("link", name="张*兰").click()
    expect(page.locator(".phone")).to_contain_text("【延安养老】张奶奶您好，明天")
    expect(page.locator(".phone")).to_contain_text("助老员李秀英上门看望您")

    def is_delivered() -> bool:
        db.session.rollback()
        return db.session.scalars(db.select(Message.status)).one() is MessageStatus.DELIVERED

    for _look in range(50):
        if is_delivered():
            break
        page.wait_for_timeout(200)
    assert is_delivered()
    page.goto(f"{address}/messages")
    expect(page.get_by_role("row").filter(has_text="张*兰")).to_contain_text("已送达")
    page.get_by_role("link", name="张*兰").click()
    expect(page.get_by_text("回执：已送到手机")).to_be_visible()
