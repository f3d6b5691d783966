"""Reading a phone's screen from a running sandbox, over HTTP."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

PATIENCE_S = 3.0


class SandboxAway(Exception):
    """No sandbox answers at its address."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on the screen."""

    sid: str
    body: str
    status: str
    at: datetime


def read_phone(url: str, number: str, *, account_sid: str, auth_token: str) -> list[Bubble]:
    """The texts on one phone (E.164), the newest first. Raises SandboxAway."""
    parts = urlsplit(url)
    token = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
    connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=PATIENCE_S)
    try:
        connection.request("GET", f"/sandbox/phones/{number}.json", headers={"Authorization": f"Basic {token}"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise SandboxAway(f"the sandbox answered {answer.status}")
        texts = json.loads(answer.read())["texts"]
        return [Bubble(one["sid"], one["body"], one["status"], datetime.fromtimestamp(one["at"], UTC)) for one in texts]
    except (OSError, HTTPException, ValueError, KeyError) as error:
        raise SandboxAway(str(error)) from error
    finally:
        connection.close()
