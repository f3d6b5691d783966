"""The sandbox itself: honest about lengths, stateful, closed to strangers."""

import socket
import time

import pytest
import requests

from gateways.sms.sandbox import Sandbox, SandboxAway, read_phone
from tests.messages import ACCOUNT, TOKEN, open_sandbox

pytestmark = pytest.mark.server
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
FIELDS = {"To": "+8619900001234", "From": "+8619900000000", "Body": "您好"}


@pytest.fixture
def sandbox():
    server = open_sandbox()
    yield server
    server.stop()


def test_a_half_written_request_is_not_a_message(sandbox):
    head = f"POST {MESSAGES} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n"
    with socket.create_connection(("127.0.0.1", sandbox.port)) as line:
        line.sendall((head + "\r\nTo=%2B8619900001234&From=1&Body=half").encode())
    time.sleep(0.2)
    assert not sandbox.state.counts()


def test_a_stranger_gets_401_and_sends_nothing(sandbox):
    answer = requests.post(sandbox.url + MESSAGES, data=FIELDS, auth=(ACCOUNT, "wrong"), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert not sandbox.state.counts()


def test_it_has_no_idempotency_like_the_provider_it_stands_for(sandbox):
    for _time in range(2):
        assert requests.post(sandbox.url + MESSAGES, data=FIELDS, auth=(ACCOUNT, TOKEN), timeout=5).status_code == 201
    assert list(sandbox.state.counts().values()) == [2]


def test_a_queued_text_can_be_cancelled(sandbox):
    sandbox.faults.callback_delay_s = 5
    made = requests.post(sandbox.url + MESSAGES, data=FIELDS, auth=(ACCOUNT, TOKEN), timeout=5).json()
    answer = requests.post(sandbox.url + made["uri"], data={"Status": "canceled"}, auth=(ACCOUNT, TOKEN), timeout=5)
    assert answer.json()["status"] == "canceled"


def test_long_lists_come_in_pages(sandbox):
    for number in range(7):
        sandbox.state.accept("+8619900001234", "x", f"第{number}条", "")
    page = requests.get(sandbox.url + MESSAGES, params={"PageSize": 3}, auth=(ACCOUNT, TOKEN), timeout=5).json()
    assert [one["body"] for one in page["messages"]] == ["第6条", "第5条", "第4条"]
    following = requests.get(sandbox.url + page["next_page_uri"], auth=(ACCOUNT, TOKEN), timeout=5).json()
    assert [one["body"] for one in following["messages"]] == ["第3条", "第2条", "第1条"]


def test_texts_outlive_the_process_in_its_file(tmp_path):
    path = tmp_path / "sandbox.sqlite3"
    first = Sandbox(account_sid=ACCOUNT, auth_token=TOKEN, path=path).start()
    first.state.accept("+8619900001234", "x", "您好", "")
    first.stop()
    second = Sandbox(account_sid=ACCOUNT, auth_token=TOKEN, path=path).start()
    screen = read_phone(second.url, "+8619900001234", account_sid=ACCOUNT, auth_token=TOKEN)
    second.stop()
    assert [bubble.body for bubble in screen] == ["您好"]


def test_a_sandbox_that_is_not_there_is_told_apart_from_an_empty_phone(sandbox):
    assert read_phone(sandbox.url, "+8619900001234", account_sid=ACCOUNT, auth_token=TOKEN) == []
    with pytest.raises(SandboxAway):
        read_phone("http://127.0.0.1:9", "+8619900001234", account_sid=ACCOUNT, auth_token=TOKEN)
