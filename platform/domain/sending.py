"""The figures of sending: leases, time-outs, waits. One place, so that they can be seen to fit each other."""

import random
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds, unless said otherwise. The provider gives up on a request after 30."""

    lease_s: float = 120.0
    settle_s: float = 90.0
    connect_s: float = 3.0
    read_s: float = 31.0
    slack_s: float = 6.0
    first_ask_s: float = 2.0
    ask_every_s: float = 15.0
    backoff_s: float = 5.0
    backoff_cap_s: float = 900.0
    attempts: int = 6
    poll_after_s: tuple[float, ...] = (900.0, 4 * 3600.0, 72 * 3600.0)
    give_up_s: float = 1800.0
    trip_after: int = 10
    open_s: float = 30.0
    open_cap_s: float = 600.0
    per_second: float = 1.0
    burst: float = 5.0

    def __post_init__(self) -> None:
        if self.guard_s <= 0:
            raise ValueError("a lease must outlast the longest call")

    @property
    def guard_s(self) -> float:
        """How long after a claim a call may still begin, so that it ends within the lease."""
        return self.lease_s - self.connect_s - self.read_s - self.slack_s

    def backoff(self, attempt: int) -> float:
        """Full jitter, so that a thousand texts that failed together do not come back together."""
        ceiling = min(self.backoff_cap_s, self.backoff_s * 2.0 ** min(attempt, 20))
        return random.uniform(ceiling / 20, ceiling)  # noqa: S311  jitter is not cryptography


TERMS = Terms()


def boot_clock() -> float:
    """Seconds since the machine started, sleep included: no step of the wall clock moves it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
