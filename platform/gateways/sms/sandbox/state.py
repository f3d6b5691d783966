"""What the sandbox accepted: in memory, and in a SQLite file where one is named, so that texts outlive it."""

import secrets
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

_COLUMNS = ("sid", "recipient", "sender", "body", "status", "code", "created", "updated", "callback")


@dataclass
class Text:
    """One accepted text."""

    sid: str
    recipient: str
    sender: str
    body: str
    status: str
    code: str
    created: float
    updated: float
    callback: str

    def as_json(self, account: str) -> dict[str, Any]:
        """As the Messages API shows it."""
        units = len(self.body)
        uri = f"/2010-04-01/Accounts/{account}/Messages/{self.sid}.json"
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": formatdate(self.created, usegmt=False),
            "date_sent": formatdate(self.updated, usegmt=False) if self.status in {"sent", "delivered"} else None,
            "date_updated": formatdate(self.updated, usegmt=False),
            "direction": "outbound-api",
            "error_code": int(self.code) if self.code else None,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(1 if units <= 70 else -(-units // 67)),
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "to": self.recipient,
            "uri": uri,
        }


class State:
    """All accepted texts. Safe for many threads."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._texts: dict[str, Text] = {}
        self._by_number: dict[str, list[str]] = {}
        self._file = self._open(path) if path else None

    def _open(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")
        file.execute(
            "CREATE TABLE IF NOT EXISTS texts (sid TEXT PRIMARY KEY, recipient TEXT, sender TEXT, body TEXT,"
            " status TEXT, code TEXT, created REAL, updated REAL, callback TEXT)"
        )
        for row in file.execute("SELECT * FROM texts ORDER BY created"):
            self._keep(Text(*row))
        return file

    def _keep(self, text: Text) -> None:
        self._texts[text.sid] = text
        self._by_number.setdefault(text.recipient, []).append(text.sid)

    def _write(self, text: Text) -> None:
        if self._file is not None:
            values = tuple(getattr(text, name) for name in _COLUMNS)
            self._file.execute("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def accept(self, recipient: str, sender: str, body: str, callback: str) -> Text:
        """A new text, queued. There is no idempotency: the same again is another."""
        now = time.time()
        text = Text("SM" + secrets.token_hex(16), recipient, sender, body, "queued", "", now, now, callback)
        with self._lock:
            self._keep(text)
            self._write(text)
        return text

    def move(self, sid: str, status: str, code: str = "") -> Text | None:
        """The text's next status."""
        with self._lock:
            text = self._texts.get(sid)
            if text is None or text.status == "canceled":
                return None
            text.status, text.code, text.updated = status, code, time.time()
            self._write(text)
            return text

    def get(self, sid: str) -> Text | None:
        with self._lock:
            return self._texts.get(sid)

    def newest(self, recipient: str = "", *, limit: int, offset: int = 0, before: float = 0.0) -> list[Text]:
        """Texts, the newest first; `before` hides those accepted later than that (a list that lags)."""
        with self._lock:
            sids = self._by_number.get(recipient, []) if recipient else list(self._texts)
            found = [self._texts[sid] for sid in reversed(sids)]
        if before:
            found = [text for text in found if text.created <= before]
        return found[offset : offset + limit]

    def phones(self, limit: int) -> list[Text]:
        """The last text of each number, the newest first."""
        with self._lock:
            last = [self._texts[sids[-1]] for sids in self._by_number.values()]
        return sorted(last, key=lambda text: text.created, reverse=True)[:limit]

    def counts(self) -> Counter[tuple[str, str]]:
        """How often each (number, words) was accepted: the witness."""
        with self._lock:
            return Counter((text.recipient, text.body) for text in self._texts.values())

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None
