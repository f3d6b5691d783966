"""A process that has imported everything and forks senders on request, so that a kill costs milliseconds, not seconds.

Reads one JSON object a line: how the next sender is to be; answers with its pid. Every sender runs until killed, or
dies by its own hand (SIGKILL, no clean-up of any kind) at the point it was told.
"""

import json
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests

from application import create_app
from gateways.sms import twilio_gateway
from services.messages import claims, doubts, sender, settling
from services.messages.claims import Claim
from settings import Settings
from tests.messages import QUICK, make_gateway


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def half_written(url: str, share: float, wait_s: float) -> Callable[..., Any]:
    """A request of which only a share of the body is ever written; with all of it, an answer nobody reads."""

    def request(self: Any, method: str, address: str, **given: Any) -> Any:
        if method != "POST":
            return _REQUEST(self, method, address, **given)
        prepared = self._session.prepare_request(
            requests.Request(method, address, data=given["data"], headers=given["headers"],
                                           auth=given["auth"]))  # fmt: skip
        body = prepared.body.encode()
        head = f"POST {prepared.path_url} HTTP/1.1\r\nHost: {url.split('//')[1]}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in prepared.headers.items()) + "\r\n"
        host, port = url.split("//")[1].split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(head.encode() + body[: int(len(body) * share)])
            time.sleep(wait_s)
            die()
        return None

    return request


_REQUEST = twilio_gateway.GuardedHttpClient.request


def then(act: Callable[..., Any], last: Callable[[], Any], *, only: Callable[[Any], bool] = bool) -> Callable[..., Any]:
    """`act`, and `last` after it if its result is of the kind."""

    def run(*given: Any, **named: Any) -> Any:
        result = act(*given, **named)
        if only(result):
            last()
        return result

    return run


def first(act: Callable[..., Any], before: Callable[[], Any]) -> Callable[..., Any]:
    """`before`, then `act`."""

    def run(*given: Any, **named: Any) -> Any:
        before()
        return act(*given, **named)

    return run


def break_at(point: str, url: str) -> None:
    """Arrange for death, or a long sleep, at one point of the send."""
    client = twilio_gateway.GuardedHttpClient
    match point:
        case "claimed, not committed":
            claims.claim = then(claims.claim, die, only=lambda result: isinstance(result, Claim))
        case "claim committed":
            sender.Sender.send = first(sender.Sender.send, die)
        case "before the request":
            client.request = first(client.request, die)
        case "request half written":
            client.request = half_written(url, 0.5, 0.2)
        case "accepted, answer unread":
            client.request = half_written(url, 1.0, 0.4)
        case "answer read, not committed":
            settling.settle = then(settling.settle, die, only=lambda _result: True)
        case "settled":
            sender.Sender.send = then(sender.Sender.send, die, only=lambda _result: True)
        case "adopting, not committed":
            doubts.answer = then(doubts.answer, die, only=lambda _result: True)
        case "asleep before the request":
            client.request = first(client.request, lambda: os.kill(os.getpid(), signal.SIGSTOP))


def mutate(name: str) -> None:
    """Take one safeguard away: a suite that still passes then proves nothing."""
    match name:
        case "no guard":
            request = twilio_gateway.GuardedHttpClient.request

            def unguarded(self: Any, *given: Any, **named: Any) -> Any:
                self.guard = None
                return request(self, *given, **named)

            twilio_gateway.GuardedHttpClient.request = unguarded
        case "no SKIP LOCKED":
            claims.locked = lambda statement: statement.execution_options(populate_existing=True)


def run(order: dict[str, Any]) -> None:
    """Be one sender."""
    terms = replace(QUICK, **order.get("terms", {}))
    settings = Settings(mode="test", database_url=order["database"], password_cost=1)
    app = create_app(settings, Path(tempfile.mkdtemp(prefix="yannian-sender-")))
    claims.quiet_until = lambda *_given: None
    mutate(order.get("mutation", ""))
    break_at(order.get("die_at", ""), order["sandbox"])
    with app.app_context():
        mine = sender.Sender(
            gateway=make_gateway(order["sandbox"], terms), callback_base=order["callback"], terms=terms
        )
        while True:
            try:
                mine.prepare()
                if order.get("plans"):
                    mine.plan()
                mine.dispatch(seconds=0.5)
                mine.settle_doubts()
                mine.expire()
            except Exception as error:  # noqa: BLE001  a database that is away comes back
                sys.stderr.write(f"sender {os.getpid()}: {type(error).__name__}: {error}"[:300] + "\n")
            time.sleep(0.05)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(json.loads(line))
            finally:
                os._exit(1)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
