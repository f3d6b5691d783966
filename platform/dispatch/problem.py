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
class Break:
    """A pause of `duration`, begun between `earliest` and `latest`, wherever the helper then is.

    Waiting at a door counts, and so does the time before leaving and after coming back.
    """

    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True)
class Helper:
    """Who can go: from `start_place` to `end_place` in each shift, `max_seconds` away from them in the whole day.

    `contracted_seconds`: what is paid for; time away beyond it is overtime (`Weights.overtime`). None: no such limit.
    `capacity`: how many portions (`Fetch.size`) fit on the way at once; 0: carries nothing.
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
    contracted_seconds: int | None = None
    breaks: tuple[Break, ...] = ()
    capacity: int = 0


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a visit brings: fetched at `place` before, on the same tour, together with others from there.

    `duration`: seconds at the counter for each time somebody fetches there. `ready`: not handed out before.
    `fresh`: at most so many seconds from leaving the counter to the start at the door; None: it keeps.
    """

    place: int
    duration: int = 300
    size: int = 1
    ready: int = 0
    fresh: int | None = None


@dataclass(frozen=True, slots=True)
class Second:
    """A second helper at the same door, another person: starts `gap` (least, most) seconds after the first.

    (0, 0): at the same moment. What the first needs stands in the visit itself.
    """

    duration: int
    skills: frozenset[str] = frozenset()
    wants_sex: str | None = None
    gap: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Visit:
    """One call at one door. `place` is None where nobody knows where the door is.

    `change_cost` is what any other than `regular_helper` costs, in seconds of travel. A `language` is a wish
    (`Weights.language`) unless `needs_language`; a sex is needed unless `wishes_sex`. `is_soft`: may begin late, at
    `Weights.late` for each second. `never`: helpers who may not come here.
    """

    id: str
    place: int | None
    windows: tuple[Window, ...]
    duration: int
    skills: frozenset[str] = frozenset()
    priority: int = 2
    wants_sex: str | None = None
    wishes_sex: bool = False
    language: str | None = None
    needs_language: bool = False
    regular_helper: str | None = None
    change_cost: int = 0
    area: str = ""
    is_soft: bool = False
    never: frozenset[str] = frozenset()
    second: Second | None = None
    fetch: Fetch | None = None

    @property
    def closes(self) -> int:
        """The end of the last window that is long enough; what ends later is late."""
        long_enough = [one.end for one in self.windows if one.end - max(one.start, 0) >= self.duration]
        return max(long_enough, default=0)


@dataclass(frozen=True, slots=True)
class Pin:
    """A stop that stays: this visit (or its `is_second` half) with this helper, at `start` where it is given."""

    visit_id: str
    helper_id: str
    start: int | None = None
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A stop of the plan that people already know. Another helper costs `Weights.handover`, another time `retime`."""

    visit_id: str
    helper_id: str
    start: int
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A stop that has happened, or is under way and will last until `leave`. Nothing changes it any more."""

    visit_id: str
    helper_id: str
    arrive: int
    start: int
    leave: int
    is_second: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """Seconds and metres from every place (row) to every place (column) by one means."""

    seconds: Matrix
    metres: Matrix


@dataclass(frozen=True, slots=True)
class Weights:
    """The objective, in seconds of travel: what each thing that nobody wants is worth avoiding.

    unserved: a visit of priority 1, 2, 3 left out. language, sex: a wish not met. late: each second after a soft
    window. overtime: each second beyond what is contracted. fairness: a second of a full day (`FULL_DAY`) costs so
    much more than one of an empty day, so that long days pass work on to short ones. pair_wait: each second in which
    one helper waits at the door for the other. handover, retime: a stop that people know goes to another helper, or
    moves by more than `RETIME_FROM`.
    """

    unserved: tuple[int, int, int] = (40_000, 25_000, 15_000)
    language: int = 600
    sex: int = 600
    late: float = 2.0
    overtime: float = 1.0
    fairness: float = 0.0
    pair_wait: float = 0.5
    handover: int = 900
    retime: int = 300

    def of(self, priority: int) -> int:
        """What leaving out a visit of this priority costs."""
        return self.unserved[min(max(priority, 1), 3) - 1]


FULL_DAY = 8 * 3600
RETIME_FROM = 1800


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """One division's day. Raises ValueError where the matrices do not fit the places; bad rows end in reasons.

    `now`: nobody can be sent before; `done`: what has happened; `told`: the plan that holds; `pins`: what must stay.
    """

    helpers: tuple[Helper, ...]
    visits: tuple[Visit, ...]
    travel: Mapping[str, Travel]
    weights: Weights = field(default_factory=Weights)
    pins: tuple[Pin, ...] = ()
    told: tuple[Told, ...] = ()
    done: tuple[Done, ...] = ()
    now: int | None = None

    def __post_init__(self) -> None:
        shapes = {matrix.shape for travel in self.travel.values() for matrix in (travel.seconds, travel.metres)}
        if len(shapes) > 1 or any(len(shape) != 2 or shape[0] != shape[1] for shape in shapes):
            raise ValueError(f"travel matrices must be square and of one size, not {sorted(shapes)}")

    @property
    def places(self) -> int:
        """How many places the matrices know."""
        return next((int(travel.seconds.shape[0]) for travel in self.travel.values()), 0)


def suits(helper: Helper, visit: Visit, *, is_second: bool = False) -> bool:
    """Whether the helper has what the visit (or its second half) needs, whatever the time."""
    if helper.id in visit.never:
        return False
    if is_second:
        second = visit.second
        return second is not None and second.skills <= helper.skills and second.wants_sex in {None, helper.sex}
    return (
        visit.skills <= helper.skills
        and (visit.wishes_sex or visit.wants_sex in {None, helper.sex})
        and not (visit.needs_language and visit.language is not None and visit.language not in helper.languages)
        and (visit.fetch is None or visit.fetch.size <= helper.capacity)
    )


def soft_cost(helper: Helper, visit: Visit, weights: Weights) -> int:
    """What this helper costs at this door beyond travel, in seconds: a change of face, a wish not met."""
    cost = visit.change_cost if visit.regular_helper not in {None, helper.id} else 0
    if visit.language and not visit.needs_language and helper.languages and visit.language not in helper.languages:
        cost += weights.language
    if visit.wishes_sex and visit.wants_sex not in {None, helper.sex}:
        cost += weights.sex
    return cost
