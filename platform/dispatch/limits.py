"""When a search ends."""

from collections.abc import Callable
from dataclasses import dataclass


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Limit:
    """Ends a search after `seconds` or `iterations`, whichever is first; `cancelled` is asked all along.

    Iterations give the same plan for the same seed; seconds depend on the machine. With neither, or with 0,
    nothing is searched and the plan is the emergency plan.
    """

    seconds: float | None = None
    iterations: int | None = None
    cancelled: Callable[[], bool] = _never

    @property
    def is_nothing(self) -> bool:
        asked = (self.seconds, self.iterations)
        return all(not limit for limit in asked) or any(limit is not None and limit <= 0 for limit in asked)
