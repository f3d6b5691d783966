"""`flask scheduler run` as a process: sends, and ends cleanly with a text in hand."""

import signal
import time
from datetime import date

import pytest

from domain.times import utc_now
from extensions import db, unit_of_work
from models import Heartbeat, Message, MessageStatus, Rule
from settings import DEMO_AUTH_TOKEN
from tests.factories import CITY, make_divisions
from tests.messages import ACCOUNT, make_message
from tests.processes import environment, process

pytestmark = pytest.mark.server


def wait(until, patience_s: float = 30.0) -> bool:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        db.session.rollback()
        db.session.expire_all()
        if until():
            return True
        time.sleep(0.2)
    return False


def in_state(*states: MessageStatus) -> int:
    db.session.rollback()
    count = db.select(db.func.count()).select_from(Message).where(Message.status.in_(states))
    return db.session.scalar(count) or 0


def write_texts(count: int) -> None:
    with unit_of_work():
        make_divisions()
        never = {"from": 0, "to": 0}
        db.session.add(Rule(key="message.quiet_hours", division_code=CITY, from_on=date(2026, 1, 1), value=never))
        for number in range(count):
            make_message(utc_now(), number=f"199{number:08d}", body=f"第{number}条")


def test_two_schedulers_send_each_text_once_and_sigterm_ends_them_with_0(app, database, tmp_path):
    from gateways.sms.sandbox import Faults, Sandbox

    write_texts(12)
    faults = Faults(rates={"slow": 1.0}, slow_s=0.4)
    sandbox = Sandbox(account_sid=ACCOUNT, auth_token=DEMO_AUTH_TOKEN, faults=faults).start()
    env = environment(database, SANDBOX_URL=sandbox.url, FLASK_APP="wsgi", PUBLIC_URL="http://127.0.0.1:9")
    log = tmp_path / "log"
    command = ("flask", "scheduler", "run")
    with process(*command, env=env, log=log) as one, process(*command, env=env, log=log) as two:
        assert wait(lambda: in_state(MessageStatus.SENT, MessageStatus.DELIVERED) >= 3), log.read_text()
        began = time.monotonic()
        one.send_signal(signal.SIGTERM)
        assert one.wait(timeout=35) == 0, log.read_text()
        assert time.monotonic() - began < 35
        assert in_state(MessageStatus.SENDING) <= 1, "only the other's text is in hand"
        assert wait(lambda: in_state(MessageStatus.SENT, MessageStatus.DELIVERED) == 12), log.read_text()
        assert (db.session.scalar(db.select(db.func.count()).select_from(Heartbeat)) or 0) >= 1
        two.send_signal(signal.SIGTERM)
        assert two.wait(timeout=35) == 0
    assert set(sandbox.state.counts().values()) == {1}
    assert sum(sandbox.state.counts().values()) == 12
    sandbox.stop()
