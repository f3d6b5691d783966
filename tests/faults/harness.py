"""Runs senders against a faulty provider and counts what the provider accepted: the only witness."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from domain.phones import e164
from domain.times import utc_now
from extensions import db, unit_of_work
from gateways.sms.sandbox import Faults, Sandbox
from models import Message, MessageStatus
from tests.messages import ACCOUNT, TOKEN, make_message
from tests.processes import ROOT, environment

OPEN = (MessageStatus.PENDING, MessageStatus.SENDING, MessageStatus.UNKNOWN)
PATIENCE_S = 90.0


@dataclass
class Outcome:
    """One row of the report."""

    fault: str
    database: str
    messages: int
    faults: int
    lost: int
    doubled: int
    late: int
    open: int
    seconds: float
    must_fail: bool = False

    @property
    def is_clean(self) -> bool:
        return self.lost == self.doubled == self.late == self.open == 0


REPORT: list[Outcome] = []


@dataclass
class Arena:
    """One run: a sandbox, a nursery, senders by pid, and the texts they are to send."""

    database: str
    sandbox: Sandbox
    nursery: "subprocess.Popen[str]"
    order: dict[str, Any] = field(default_factory=dict)
    pids: list[int] = field(default_factory=list)
    kills: int = 0
    begun: float = field(default_factory=time.monotonic)

    def write(self, count: int, **changes: Any) -> None:
        """So many texts, each to a number of its own."""
        with unit_of_work():
            now = utc_now()
            for number in range(count):
                fields = {"not_after": now + timedelta(minutes=30)} | changes
                make_message(now, number=f"199{number:08d}", body=f"【延安养老】第{number}条。", **fields)
        db.session.remove()

    def start(self, **order: Any) -> int:
        """One more sender."""
        assert self.nursery.stdin
        assert self.nursery.stdout
        full = {"database": self.database, "sandbox": self.sandbox.url, "callback": "http://127.0.0.1:9"}
        self.nursery.stdin.write(json.dumps(full | self.order | order) + "\n")
        self.nursery.stdin.flush()
        pid = int(self.nursery.stdout.readline())
        self.pids.append(pid)
        return pid

    def kill(self, pid: int, number: int = signal.SIGKILL) -> None:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        if number == signal.SIGKILL:
            self.kills += 1
            self.pids.remove(pid)

    def is_alive(self, pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    def left(self) -> int:
        """Texts that are not settled yet."""
        statement = select(func.count()).where(Message.status.in_(OPEN))
        count = db.session.scalar(statement) or 0
        db.session.remove()
        return count

    def wait(self, until: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            if until():
                return True
            time.sleep(0.1)
        return False

    def settle(self) -> None:
        """Until every text is settled, or patience ends; a moment more for what the provider accepts late."""
        self.wait(lambda: self.left() == 0)
        time.sleep(self.sandbox.faults.late_s + 0.3)

    def report(self, fault: str, *, faults: int | None = None, must_fail: bool = False) -> Outcome:
        """Count what the provider has, beside the rows."""
        counts = self.sandbox.state.counts()
        rows = list(db.session.scalars(select(Message).where(Message.resend_number > 0)))
        expected = [row for row in rows if row.status not in {MessageStatus.FAILED, MessageStatus.EXPIRED}]
        keys = [(e164(row.to_number or ""), row.body) for row in expected]
        outcome = Outcome(
            fault=fault,
            database=db.engine.dialect.name,
            messages=len(rows),
            faults=faults if faults is not None else self.kills + sum(self.sandbox.faults.injected.values()),
            lost=sum(counts[key] == 0 for key in keys),
            doubled=sum(count - 1 for count in counts.values()),
            late=sum(bool(row.sent_at and row.sent_at > row.not_after) for row in rows),
            open=sum(row.status in OPEN for row in rows),
            seconds=time.monotonic() - self.begun,
            must_fail=must_fail,
        )
        db.session.remove()
        REPORT.append(outcome)
        return outcome


@contextmanager
def arena(database: str, *, faults: dict[str, Any] | None = None, **order: Any) -> Iterator[Arena]:
    """A fresh sandbox and nursery; every sender ends with it."""
    sandbox = Sandbox(account_sid=ACCOUNT, auth_token=TOKEN, faults=Faults(**(faults or {}))).start()
    env = environment(database, PYTHONPATH=f"{ROOT / 'platform'}:{ROOT}")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"], cwd=ROOT, env=env, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, start_new_session=True,
    ) as nursery:  # fmt: skip
        run = Arena(database, sandbox, nursery, order)
        try:
            yield run
        finally:
            for pid in list(run.pids):
                run.kill(pid, signal.SIGCONT)
                run.kill(pid)
            nursery.terminate()
            sandbox.stop()
            db.session.remove()
