"""The real client against a server that behaves badly: what is certain is told from what is not."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from gateways.sms import Accepted, Doubt, Later, NotSent, OutgoingText, Refused, Unreachable
from gateways.sms.codes import Meaning, meaning_of
from tests.messages import make_gateway, open_sandbox

pytestmark = pytest.mark.server

TEXT = OutgoingText("+8619900001234", "【延安养老】您好。", "http://127.0.0.1:9/webhooks/sms/status/x/y")


def yes() -> bool:
    return True


@pytest.fixture
def sandbox():
    server = open_sandbox(hang_s=1.5, retry_after_s=7)
    yield server
    server.stop()


def accepted(sandbox) -> int:
    return sum(sandbox.state.counts().values())


def test_a_text_is_accepted_found_and_fetched(sandbox):
    gateway = make_gateway(sandbox.url)
    answer = gateway.send(TEXT, may_send=yes)
    assert isinstance(answer, Accepted)
    found = gateway.find(TEXT.to, limit=20)
    assert [(one.sid, one.body, one.direction) for one in found] == [(answer.sid, TEXT.body, "outbound-api")]
    seen = gateway.fetch(answer.sid)
    assert seen is not None
    assert seen.created_at is not None
    assert gateway.fetch("SM" + "0" * 32) is None


@pytest.mark.parametrize(
    ("fault", "kind", "has_it"),
    [
        ("429", Later, False), ("500_before", Doubt, False), ("500_after", Doubt, True), ("reset_before", Doubt, False),
        ("reset_after", Doubt, True), ("hang_before", Doubt, False), ("hang_after", Doubt, True),
        ("half_answer", Doubt, True), ("html_after", Doubt, True), ("html", Doubt, False), ("slow", Accepted, True),
    ],
)  # fmt: skip
def test_each_fault_is_read_for_what_is_certain(sandbox, fault, kind, has_it):
    sandbox.faults.rates = {fault: 1.0}
    sandbox.faults.slow_s = 0.2
    answer = make_gateway(sandbox.url).send(TEXT, may_send=yes)
    assert isinstance(answer, kind), answer
    assert accepted(sandbox) == int(has_it)


def test_retry_after_is_heard_and_does_not_count_against_the_text(sandbox):
    sandbox.faults.rates = {"429": 1.0}
    answer = make_gateway(sandbox.url).send(TEXT, may_send=yes)
    assert isinstance(answer, Later)
    assert (answer.after_s, answer.counts, answer.trips) == (7.0, False, False)


def test_the_guard_is_asked_last_and_nothing_leaves_the_machine(sandbox):
    assert isinstance(make_gateway(sandbox.url).send(TEXT, may_send=lambda: False), NotSent)
    assert accepted(sandbox) == 0


def test_a_number_that_cannot_get_texts_is_final(sandbox):
    sandbox.faults.codes = {"1234": "21614"}
    answer = make_gateway(sandbox.url).send(TEXT, may_send=yes)
    assert isinstance(answer, Refused)
    assert answer.code == "21614"


def test_a_wrong_account_opens_the_circuit_and_fails_no_text(sandbox):
    sandbox.account_sid = "AC" + "1" * 32
    answer = make_gateway(sandbox.url).send(TEXT, may_send=yes)
    assert isinstance(answer, Later)
    assert answer.trips


def test_nobody_there_is_certain():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    answer = make_gateway(f"http://127.0.0.1:{port}").send(TEXT, may_send=yes)
    assert isinstance(answer, Later)
    assert answer.code == "no_connection"


def test_an_answer_that_drips_for_ever_is_cut_off():
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _address = server.accept()
        with line, suppress(OSError):
            line.recv(65536)
            line.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
            for _byte in range(40):
                line.sendall(b"{")
                time.sleep(0.1)

    dripping = threading.Thread(target=drip)
    dripping.start()
    started = time.monotonic()
    answer = make_gateway(f"http://127.0.0.1:{server.getsockname()[1]}").send(TEXT, may_send=yes)
    took = time.monotonic() - started
    dripping.join()
    server.close()
    assert isinstance(answer, Doubt)
    assert took < 3


def test_a_list_that_cannot_be_had_is_not_an_empty_list(sandbox):
    sandbox.faults.is_list_down = True
    with pytest.raises(Unreachable):
        make_gateway(sandbox.url).find(TEXT.to, limit=20)


def test_what_is_logged_of_an_error_holds_no_number():
    answer = make_gateway("http://127.0.0.1:9").send(TEXT, may_send=yes)
    assert isinstance(answer, Later)
    assert "19900001234" not in answer.detail


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (400, "99999", Meaning.TEXT), (404, "", Meaning.EVERYBODY), (403, "21211", Meaning.EVERYBODY),
        (401, "20003", Meaning.EVERYBODY), (500, "", Meaning.DOUBT), (408, "", Meaning.DOUBT),
        (302, "", Meaning.DOUBT), (429, "", Meaning.LATER), (400, "21610", Meaning.RECIPIENT),
    ],
)  # fmt: skip
def test_codes_have_safe_defaults(status, code, meaning):
    assert meaning_of(status, code) is meaning
