"""The sandbox's callbacks: signed as the provider signs them, a little later, and as unruly as the knobs say."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from .faults import Faults
from .state import State, Text

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
WORKERS = 4


class Callbacks:
    """Moves each text along and posts its words to the address it came with."""

    def __init__(self, state: State, faults: Callable[[], Faults], account: str, token: str) -> None:
        self._state = state
        self._faults = faults
        self._account = account
        self._validator = RequestValidator(token)
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ready = threading.Condition()
        self._is_open = True
        for number in range(WORKERS):
            threading.Thread(target=self._work, name=f"callbacks-{number}", daemon=True).start()

    def start(self, text: Text) -> None:
        """The life of an accepted text: sent, then delivered or not."""
        faults = self._faults()
        last = ("undelivered", "30003") if faults.happens(faults.undelivered) else ("delivered", "")
        steps = [("sent", ""), last]
        delays = [faults.callback_delay_s, faults.callback_delay_s * 2]
        if faults.happens(faults.callbacks_shuffled):
            delays.reverse()
        for (status, code), delay in zip(steps, delays, strict=True):
            self.later(delay, lambda status=status, code=code: self._step(text.sid, status, code))  # type: ignore[misc]

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something so many seconds from now."""
        with self._ready:
            heapq.heappush(self._queue, (time.monotonic() + seconds, next(self._order), act))
            self._ready.notify()

    def close(self) -> None:
        with self._ready:
            self._is_open = False
            self._ready.notify_all()

    def _work(self) -> None:
        while True:
            with self._ready:
                while self._is_open and (not self._queue or self._queue[0][0] > time.monotonic()):
                    wait = self._queue[0][0] - time.monotonic() if self._queue else None
                    self._ready.wait(wait)
                if not self._is_open:
                    return
                act = heapq.heappop(self._queue)[2]
            act()

    def _step(self, sid: str, status: str, code: str) -> None:
        faults = self._faults()
        text = self._state.get(sid)
        if text is None or text.status == "canceled":
            return
        if text.status not in {"delivered", "undelivered"}:
            text = self._state.move(sid, status, code) or text
        if not text.callback:
            return
        times = 2 if faults.happens(faults.callbacks_doubled) else 1
        if faults.happens(faults.callbacks_dropped):
            times = 0
        for _time in range(times):
            self._post(text, status, code, retries=3)
        if faults.happens(faults.callbacks_forged):
            self._post(text, "failed", "30008", retries=0, is_forged=True)

    def _post(self, text: Text, status: str, code: str, *, retries: int, is_forged: bool = False) -> None:
        fields = {
            "AccountSid": self._account, "ApiVersion": "2010-04-01", "From": text.sender, "MessageSid": text.sid,
            "MessageStatus": status, "SmsSid": text.sid, "SmsStatus": status, "To": text.recipient,
        }  # fmt: skip
        if code:
            fields["ErrorCode"] = code
        signature = self._validator.compute_signature(text.callback, fields)
        status_code = self._request(text.callback, fields, "forged" if is_forged else signature)
        if retries and (status_code is None or status_code >= 500):
            self.later(1.0, lambda: self._post(text, status, code, retries=retries - 1))

    def _request(self, url: str, fields: dict[str, str], signature: str) -> int | None:
        """Post to this machine and nowhere else; None if nobody answered."""
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname not in LOCAL:
            return None
        connection = HTTPConnection(parts.hostname, parts.port or 80, timeout=5)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        try:
            connection.request("POST", parts.path, urlencode(fields), headers)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()
