"""Whether it is worth asking: a server that has just failed twice is left alone for a minute."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

GIVE_UP_AFTER = 2
REST_S = 60.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a server has done in this process; `rests_s`: seconds until it is asked again."""

    answered_at: datetime | None = None
    failed_at: datetime | None = None
    trouble: str = ""
    rests_s: float = 0.0

    @property
    def is_well(self) -> bool:
        return self.answered_at is not None and (self.failed_at is None or self.failed_at < self.answered_at)


class Circuit:
    """Opens after GIVE_UP_AFTER failures in a row; after the rest one question is let through to see."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._answered_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._trouble = ""

    def may_ask(self) -> bool:
        """Whether the server is to be asked now."""
        with self._lock:
            return self._failures < GIVE_UP_AFTER or self._clock() >= self._until

    def answered(self) -> None:
        """It did."""
        with self._lock:
            self._failures, self._answered_at = 0, datetime.now(UTC)

    def failed(self, trouble: str) -> None:
        """It did not."""
        with self._lock:
            self._failures += 1
            self._failed_at, self._trouble = datetime.now(UTC), trouble
            if self._failures >= GIVE_UP_AFTER:
                self._until = self._clock() + REST_S

    def health(self) -> Health:
        """For people."""
        with self._lock:
            is_open = self._failures >= GIVE_UP_AFTER
            rests_s = max(0.0, self._until - self._clock()) if is_open else 0.0
            return Health(self._answered_at, self._failed_at, self._trouble, rests_s)
