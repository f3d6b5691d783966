"""What is to be planned: helpers, visits, the places and the ways between them. Times are seconds after midnight."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

UNREACHABLE = 10_000_000
"""Travel seconds from here on mean that there is no way."""

Matrix = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the day, ends included. A visit begins and ends inside one of its windows."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Helper:
    """Who can go: from `start_place` to `end_place` in each shift, `max_seconds` away from them in the whole day.

    `area` is the township a helper knows as their own; only the nearest-first baseline looks at it.
    """

    id: str
    shifts: tuple[Window, ...]
    start_place: int
    end_place: int
    max_seconds: int = 8 * 3600
    means: str = "motor"
    skills: frozenset[str] = frozenset()
    sex: str = ""
    languages: frozenset[str] = frozenset()
    area: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call at one door. `place` is None where nobody knows where the door is.

    `change_cost` is what any other than `regular_helper` costs, in seconds of travel. A `language` is a wish
    (`Weights.language`) unless `needs_language`.
    """

    id: str
    place: int | None
    windows: tuple[Window, ...]
    duration: int
    skills: frozenset[str] = frozenset()
    priority: int = 2
    wants_sex: str | None = None
    language: str | None = None
    needs_language: bool = False
    regular_helper: str | None = None
    change_cost: int = 0
    area: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Seconds and metres from every place (row) to every place (column) by one means."""

    seconds: Matrix
    metres: Matrix


@dataclass(frozen=True, slots=True)
class Weights:
    """The objective, in seconds of travel: a visit of priority 1, 2, 3 left out; a language wish not met."""

    unserved: tuple[int, int, int] = (40_000, 25_000, 15_000)
    language: int = 600

    def of(self, priority: int) -> int:
        """What leaving out a visit of this priority costs."""
        return self.unserved[min(max(priority, 1), 3) - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One division's day. Raises ValueError where the matrices do not fit the places; bad rows end in reasons."""

    helpers: tuple[Helper, ...]
    visits: tuple[Visit, ...]
    travel: Mapping[str, Travel]
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        shapes = {matrix.shape for travel in self.travel.values() for matrix in (travel.seconds, travel.metres)}
        if len(shapes) > 1 or any(len(shape) != 2 or shape[0] != shape[1] for shape in shapes):
            raise ValueError(f"travel matrices must be square and of one size, not {sorted(shapes)}")

    @property
    def places(self) -> int:
        """How many places the matrices know."""
        return next((int(travel.seconds.shape[0]) for travel in self.travel.values()), 0)


def suits(helper: Helper, visit: Visit) -> bool:
    """Whether the helper has what the visit needs, whatever the time."""
    return (
        visit.skills <= helper.skills
        and visit.wants_sex in {None, helper.sex}
        and not (visit.needs_language and visit.language is not None and visit.language not in helper.languages)
    )


def soft_cost(helper: Helper, visit: Visit, weights: Weights) -> int:
    """What this helper costs at this door beyond travel, in seconds: a change of face, a language wish not met."""
    cost = visit.change_cost if visit.regular_helper not in {None, helper.id} else 0
    if visit.language and not visit.needs_language and helper.languages and visit.language not in helper.languages:
        cost += weights.language
    return cost
