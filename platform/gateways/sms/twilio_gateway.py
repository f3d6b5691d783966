"""Twilio, through its own client: one client per thread, time-outs, the guard, and answers read with care."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from threading import local
from typing import Any, cast

from requests import Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from .codes import Meaning, meaning_of
from .protocol import Accepted, Answer, Doubt, Later, NotSent, OutgoingText, Refused, SeenText, Unreachable

CONNECT_S = 3.0
READ_S = 31.0  # the provider gives up at 30
_MAX_ANSWER = 2 * 1024 * 1024
_FAILURES = (RequestException, HTTPError, TwilioException, ValueError, KeyError, TypeError, AttributeError)
"""What the client raises when it meets no answer, or one it cannot read (HTML, half a JSON, a list)."""


class Guarded(Exception):
    """The guard said no, before the socket."""


class AnswerTooLong(RequestException):
    """The answer dripped on beyond its deadline, or beyond any sensible size."""


class GuardedHttpClient(TwilioHttpClient):
    """The client's socket: a guard before it, a (connect, read) time-out on it, a total deadline over the answer."""

    def __init__(self, connect_s: float, read_s: float, *, is_local: bool) -> None:
        super().__init__()
        self.timeouts = (connect_s, read_s)
        self.guard: Callable[[], bool] | None = None
        self.retry_after: str | None = None
        self._session = Session()
        self.session = self._session
        self._session.trust_env = not is_local
        adapter = HTTPAdapter(max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request. Raises Guarded, or what `requests` raises."""
        if self.guard is not None and not self.guard():
            raise Guarded
        deadline = time.monotonic() + sum(self.timeouts)
        answer = self._session.request(
            method.upper(), url, params=cast("Any", params), data=data, headers=headers, auth=auth,
            timeout=self.timeouts, allow_redirects=False, stream=True,
        )  # fmt: skip
        self.retry_after = answer.headers.get("Retry-After")
        with answer:
            text = bytearray()
            while piece := answer.raw.read1(65536, decode_content=True):  # whatever has come, never waiting for more
                text += piece
                if time.monotonic() > deadline or len(text) > _MAX_ANSWER:
                    raise AnswerTooLong("the answer took too long")
        return Response(answer.status_code, text.decode("utf-8", "replace"), answer.headers)


class TwilioGateway:
    """Twilio's Messages API; with `base_url`, the sandbox that speaks it."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        *,
        base_url: str = "",
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
    ) -> None:
        self.name = "sandbox" if base_url else "twilio"
        self.sender = sender
        self._account = (account_sid, auth_token)
        self._base_url = base_url
        self._timeouts = (connect_s, read_s)
        self._mine = local()

    def _client(self) -> Client:
        client = getattr(self._mine, "client", None)
        if client is None:
            http = GuardedHttpClient(*self._timeouts, is_local=bool(self._base_url))
            client = Client(*self._account, http_client=http, environment={"TWILIO_EDGE": "", "TWILIO_REGION": ""})
            if self._base_url:
                client.api.base_url = self._base_url
            self._mine.client, self._mine.http = client, http
        return client

    def send(self, text: OutgoingText, *, may_send: Callable[[], bool]) -> Answer:
        """Call once; see protocol.SmsGateway."""
        client = self._client()
        self._mine.http.guard = may_send
        try:
            made = client.messages.create(
                to=text.to, from_=self.sender, body=text.body, status_callback=text.callback_url
            )
        except Guarded:
            return NotSent("the lease is nearly over")
        except (TwilioRestException, TwilioServiceException) as error:
            return _read_refusal(error, self._mine.http.retry_after)
        except _FAILURES as error:
            return _read_failure(error)
        finally:
            self._mine.http.guard = None
        sid = made.sid
        if not _is_sid(sid):
            return Doubt("no_sid", "an answer without a message id")
        return Accepted(str(sid), str(made.status or ""))

    def find(self, to: str, *, limit: int) -> list[SeenText]:
        """See protocol.SmsGateway. No date filter: the provider's dates are its own."""
        try:
            return [_seen(one) for one in self._client().messages.list(to=to, limit=limit, page_size=min(limit, 1000))]
        except _FAILURES as error:
            raise Unreachable(_short(error)) from error

    def fetch(self, sid: str) -> SeenText | None:
        """See protocol.SmsGateway."""
        try:
            return _seen(self._client().messages(sid).fetch())
        except (TwilioRestException, TwilioServiceException) as error:
            if error.status == 404:
                return None
            raise Unreachable(_short(error)) from error
        except _FAILURES as error:
            raise Unreachable(_short(error)) from error


def _is_sid(sid: object) -> bool:
    return isinstance(sid, str) and len(sid) == 34 and sid[:2] in {"SM", "MM"}


def _seen(one: Any) -> SeenText:
    return SeenText(
        sid=str(one.sid or ""),
        to=str(one.to or ""),
        body=str(one.body or ""),
        direction=str(one.direction or ""),
        status=str(one.status or ""),
        code=str(one.error_code or ""),
        created_at=one.date_created,
    )


def _read_refusal(error: TwilioRestException | TwilioServiceException, retry_after: str | None) -> Answer:
    """An error answer. The library gives the HTTP status as the code where the body held none."""
    code = "" if str(error.code or "") == str(error.status) else str(error.code or "")
    detail = _short(getattr(error, "msg", "") or getattr(error, "detail", "") or "")
    shown = code or f"http_{error.status}"
    match meaning_of(error.status, code):
        case Meaning.RECIPIENT | Meaning.TEXT:
            return Refused(shown, detail)
        case Meaning.LATER:
            return Later(shown, detail, after_s=_seconds(retry_after), counts=error.status != 429)
        case Meaning.EVERYBODY:
            return Later(shown, detail, trips=True, counts=False)
    return Doubt(shown, detail)


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds, at most an hour; its date form is rare and counts as unsaid."""
    with suppress(TypeError, ValueError):
        return min(3600.0, max(0.0, float(retry_after or "")))
    return None


def _read_failure(error: Exception) -> Answer:
    """No readable answer at all: certain only if no connection was ever made."""
    if isinstance(error, ConnectTimeout):
        return Later("connect_timeout", _short(error), counts=False)
    if isinstance(error, RequestsConnectionError) and error.args:
        reason = getattr(error.args[0], "reason", None)
        if isinstance(reason, NewConnectionError | NameResolutionError):
            return Later("no_connection", _short(reason), counts=False)
    return Doubt(type(error).__name__.lower()[:20], _short(error))


def _short(error: object) -> str:
    """One line for the log, without the number it was about."""
    line = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return re.sub(r"\d{7,}", "…", line)[:200]
