"""How a search gets better: the best cost so far over the seconds, as the points of a small drawing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 300, 60


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of two polylines, y downwards: the cost (falls as it gets better), and the visits placed (rises)."""

    cost: str
    served: str
    is_there: bool


def of(progress: Mapping[str, Any], limit: float) -> Curve:
    """The curves of a stored progress; empty before there are two points."""
    history: Sequence[Sequence[float]] = progress.get("history", ())
    if len(history) < 2:
        return Curve("", "", is_there=False)
    until = max(limit, history[-1][0], 1.0)
    return Curve(_points(history, 1, until), _points(history, 2, until), is_there=True)


def _points(history: Sequence[Sequence[float]], column: int, until: float) -> str:
    values = [one[column] for one in history]
    low, span = min(values), (max(values) - min(values)) or 1.0
    return " ".join(
        f"{one[0] / until * WIDTH:.1f},{HEIGHT - 4 - (one[column] - low) / span * (HEIGHT - 8):.1f}" for one in history
    )
