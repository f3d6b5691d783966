"""What may go wrong on purpose: rates per request, seeded, so that a run can be repeated."""

import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

BEFORE = ("429", "500_before", "hang_before", "reset_before", "html", "late_accept")
AFTER = ("500_after", "hang_after", "reset_after", "half_answer", "html_after", "slow")
KINDS = BEFORE + AFTER


@dataclass
class Faults:
    """`rates` maps a kind of KINDS to the share of requests it befalls; the rest are knobs of one kind each.

    A *before* leaves the text unaccepted, an *after* accepts it; `late_accept` breaks the connection at once and
    accepts `late_s` later. `codes` maps the last digits of a number to a permanent error code.
    """

    seed: int = 1
    rates: dict[str, float] = field(default_factory=dict)
    retry_after_s: float = 1.0
    hang_s: float = 5.0
    slow_s: float = 0.5
    late_s: float = 1.0
    list_lag_s: float = 0.0
    is_list_down: bool = False
    codes: dict[str, str] = field(default_factory=dict)
    callback_delay_s: float = 0.3
    callbacks_doubled: float = 0.0
    callbacks_shuffled: float = 0.0
    callbacks_dropped: float = 0.0
    callbacks_forged: float = 0.0
    undelivered: float = 0.0

    def __post_init__(self) -> None:
        unknown = set(self.rates) - set(KINDS)
        if unknown or sum(self.rates.values()) > 1.0:
            raise ValueError(f"no such faults, or more than all requests: {sorted(unknown)}")
        self._random = random.Random(self.seed)  # noqa: S311  repeatable on purpose
        self._lock = threading.Lock()
        self.injected: dict[str, int] = {}

    def draw(self) -> str:
        """The fault of this request, "" for none."""
        with self._lock:
            point = self._random.random()
            for kind, rate in self.rates.items():
                if point < rate:
                    self.injected[kind] = self.injected.get(kind, 0) + 1
                    return kind
                point -= rate
        return ""

    def happens(self, rate: float) -> bool:
        """Whether something of this rate happens now."""
        with self._lock:
            return rate > 0 and self._random.random() < rate

    def code_for(self, number: str) -> str:
        """The permanent error code of a number, "" for none."""
        return next((code for tail, code in self.codes.items() if number.endswith(tail)), "")

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"injected": self.injected}
