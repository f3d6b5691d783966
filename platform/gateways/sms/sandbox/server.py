"""The sandbox as a server: threads, loopback only, honest about Content-Length, without Nagle's delay."""

import base64
import hmac
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from .callbacks import Callbacks
from .faults import Faults
from .state import State

MAX_BODY = 64 * 1024
_NUMBER = re.compile(r"^\+[1-9]\d{6,14}$")
_MESSAGE = re.compile(r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages/((?:SM|MM)[0-9a-f]{32})\.json$")
_MESSAGES = re.compile(r"^/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages\.json$")
_PHONE = re.compile(r"^/sandbox/phones/(\+\d{7,15})\.json$")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Sandbox:
    """`start()` serves in the background; `serve()` in the foreground until stopped."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        port: int = 0,
        path: Path | None = None,
        faults: Faults | None = None,
    ) -> None:
        self.faults = faults or Faults()
        self.state = State(path)
        self.account_sid = account_sid
        self.callbacks = Callbacks(self.state, lambda: self.faults, account_sid, auth_token)
        expected = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        handler = type("Handler", (_Handler,), {"sandbox": self, "expected": f"Basic {expected}"})
        self._server = _Server(("127.0.0.1", port), handler)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Sandbox":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def serve(self) -> None:
        self._server.serve_forever(0.2)

    def stop(self) -> None:
        """Close the door and the file."""
        threading.Thread(target=self._server.shutdown, daemon=True).start()
        self._server.server_close()
        self.callbacks.close()
        self.state.close()


class _Handler(BaseHTTPRequestHandler):
    sandbox: Sandbox
    expected: str
    protocol_version = "HTTP/1.1"
    server_version = "YannianSandbox"
    timeout = 75
    disable_nagle_algorithm = True

    def log_message(self, *_args: object) -> None:
        """Quiet: the texts are the record."""

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def do_PUT(self) -> None:
        self._answer(self._post)

    def _answer(self, act: Callable[[str, dict[str, str]], None]) -> None:
        parts = urlsplit(self.path)
        given = self.headers.get("Authorization", "")
        if parts.path == "/sandbox/health":
            self._json(200, {"status": "ok"})
            return
        if not hmac.compare_digest(given.encode(), self.expected.encode()):
            self._read_body()
            self._error(401, "20003", "Authenticate")
            return
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        act(parts.path, query)

    def _read_body(self) -> str | None:
        """The whole body as announced, or None: a half-written request is not a message."""
        try:
            length = int(self.headers.get("Content-Length", "0"))
        except ValueError:
            length = -1
        if not 0 <= length <= MAX_BODY:
            self.close_connection = True
            return None
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        return body.decode("utf-8", "replace")

    def _json(self, status: int, payload: object, headers: dict[str, str] | None = None, *, cut: int = 0) -> None:
        body = json.dumps(payload, ensure_ascii=False).encode()
        self._write(status, body, "application/json", headers, cut=cut)

    def _write(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None, *, cut: int = 0
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) - cut] if cut else body)
        if cut:
            self.close_connection = True

    def _error(self, status: int, code: str, words: str, headers: dict[str, str] | None = None) -> None:
        info = {"code": int(code), "message": words, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
        self._json(status, info | {"status": status}, headers)

    def _reset(self) -> None:
        """Break the connection so that the other side sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    # What is read

    def _get(self, path: str, query: dict[str, str]) -> None:
        state = self.sandbox.state
        if one := _MESSAGE.match(path):
            text = state.get(one[2])
            if text is None or one[1] != self.sandbox.account_sid:
                self._error(404, "20404", "The requested resource was not found")
            else:
                self._json(200, text.as_json(self.sandbox.account_sid))
        elif _MESSAGES.match(path):
            self._list(path, query)
        elif phone := _PHONE.match(path):
            texts = [_shown(text) for text in state.newest(phone[1], limit=100)]
            self._json(200, {"number": phone[1], "texts": texts})
        elif path == "/sandbox/phones.json":
            limit = int(query.get("limit", "50")) if query.get("limit", "50").isdigit() else 50
            self._json(200, {"phones": [_shown(text) for text in state.phones(min(limit, 500))]})
        elif path == "/sandbox/witness.json":
            counts = [[to, body, count] for (to, body), count in state.counts().items()]
            self._json(200, {"counts": counts, "injected": self.sandbox.faults.injected})
        elif path == "/sandbox/faults.json":
            self._json(200, self.sandbox.faults.as_json())
        else:
            self._error(404, "20404", "The requested resource was not found")

    def _list(self, path: str, query: dict[str, str]) -> None:
        faults = self.sandbox.faults
        if faults.is_list_down:
            self._error(503, "20503", "Service unavailable")
            return
        size = max(1, min(1000, int(query["PageSize"]))) if query.get("PageSize", "").isdigit() else 50
        number = int(query["Page"]) if query.get("Page", "").isdigit() else 0
        before = time.time() - faults.list_lag_s if faults.list_lag_s else 0.0
        found = self.sandbox.state.newest(query.get("To", ""), limit=size + 1, offset=number * size, before=before)
        shown = [text.as_json(self.sandbox.account_sid) for text in found[:size]]

        def uri(page: int) -> str:
            return f"{path}?{urlencode(query | {'Page': str(page), 'PageSize': str(size)})}"

        page = {
            "messages": shown, "page": number, "page_size": size, "start": number * size,
            "end": number * size + max(0, len(shown) - 1), "uri": uri(number), "first_page_uri": uri(0),
            "next_page_uri": uri(number + 1) if len(found) > size else None,
            "previous_page_uri": uri(number - 1) if number else None,
        }  # fmt: skip
        self._json(200, page)

    # What is written

    def _post(self, path: str, _query: dict[str, str]) -> None:
        body = self._read_body()
        if body is None:
            return
        if path == "/sandbox/faults.json":
            self._set_faults(body)
            return
        fields = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
        if one := _MESSAGE.match(path):
            self._cancel(one[2], fields)
        elif (all_of := _MESSAGES.match(path)) and all_of[1] == self.sandbox.account_sid:
            self._create(fields)
        else:
            self._error(404, "20404", "The requested resource was not found")

    def _set_faults(self, body: str) -> None:
        try:
            knobs = json.loads(body)
            knobs.pop("injected", None)
            self.sandbox.faults = Faults(**knobs)
        except (ValueError, TypeError, AttributeError) as error:
            self._error(400, "20001", str(error))
            return
        self._json(200, self.sandbox.faults.as_json())

    def _cancel(self, sid: str, fields: dict[str, str]) -> None:
        text = self.sandbox.state.get(sid)
        if text is None:
            self._error(404, "20404", "The requested resource was not found")
        elif fields.get("Status") != "canceled" or text.status != "queued":
            self._error(400, "30409", "The message cannot be canceled")
        else:
            self.sandbox.state.move(sid, "canceled")
            self._json(200, text.as_json(self.sandbox.account_sid))

    def _create(self, fields: dict[str, str]) -> None:
        faults = self.sandbox.faults
        to, sender, body = fields.get("To", ""), fields.get("From", ""), fields.get("Body", "")
        code = faults.code_for(to)
        if code:
            self._error(400, code, "This number cannot get texts")
        elif not _NUMBER.match(to):
            self._error(400, "21211", "The 'To' number is not a valid phone number")
        elif not sender:
            self._error(400, "21603", "A 'From' number is required")
        elif not body:
            self._error(400, "21602", "Message body is required")
        elif len(body) > 1600:
            self._error(400, "21617", "The body exceeds 1600 characters")
        else:
            self._accept(fields, faults.draw())

    def _accept(self, fields: dict[str, str], fault: str) -> None:
        if fault in {"429", "500_before", "hang_before", "reset_before", "html", "late_accept"}:
            self._fail_before(fields, fault)
            return
        if fault == "slow":
            time.sleep(self.sandbox.faults.slow_s)
        payload = self._keep(fields)
        if fault in {"", "slow"}:
            self._json(201, payload)
        elif fault == "500_after":
            self._error(500, "20500", "Internal server error")
        elif fault == "half_answer":
            self._json(201, payload, cut=40)
        elif fault == "html_after":
            self._write(201, b"<html><body>Created</body></html>", "text/html")
        elif fault == "hang_after":
            time.sleep(self.sandbox.faults.hang_s)
            self._reset()
        else:
            self._reset()

    def _fail_before(self, fields: dict[str, str], fault: str) -> None:
        faults = self.sandbox.faults
        if fault == "429":
            self._error(429, "20429", "Too many requests", {"Retry-After": f"{faults.retry_after_s:g}"})
        elif fault == "500_before":
            self._error(500, "20500", "Internal server error")
        elif fault == "html":
            self._write(502, b"<html><body>Bad gateway</body></html>", "text/html")
        elif fault == "hang_before":
            time.sleep(faults.hang_s)
            self._reset()
        else:
            if fault == "late_accept":
                self.sandbox.callbacks.later(faults.late_s, lambda: self._keep_late(fields))
            self._reset()

    def _keep_late(self, fields: dict[str, str]) -> None:
        self._keep(fields)

    def _keep(self, fields: dict[str, str]) -> dict[str, Any]:
        sandbox = self.sandbox
        text = sandbox.state.accept(fields["To"], fields["From"], fields["Body"], fields.get("StatusCallback", ""))
        sandbox.callbacks.start(text)
        return text.as_json(sandbox.account_sid) | {"status": "queued"}


def _shown(text: Any) -> dict[str, Any]:
    """A bubble on a phone's screen."""
    return {
        "sid": text.sid,
        "number": text.recipient,
        "body": text.body,
        "status": text.status,
        "at": text.created,
        "sender": text.sender,
    }
