"""What comes out: rounds with their times, what is left out and why, and the figures of both."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .problem import Window


class Method(StrEnum):
    """How a plan was made."""

    SEARCH = "search"
    CHEAPEST_INSERTION = "cheapest_insertion"  # the emergency plan
    NEAREST_FIRST = "nearest_first"  # what people do without a plan
    NOTHING_TO_DO = "nothing_to_do"
    BY_HAND = "by_hand"  # somebody gave the order


class ReasonCode(StrEnum):
    """Why a visit is left out, or a helper set aside. The wording of each is in `wording.rounds`."""

    DUPLICATE = "duplicate"
    NO_PLACE = "no_place"
    BAD_DURATION = "bad_duration"
    BAD_WINDOW = "bad_window"
    WINDOW_TOO_SHORT = "window_too_short"
    NOBODY_ON_SHIFT = "nobody_on_shift"
    NO_SKILL = "no_skill"
    NO_SKILLS_TOGETHER = "no_skills_together"
    NO_SEX = "no_sex"
    NO_LANGUAGE = "no_language"
    NOT_ON_SHIFT_THEN = "not_on_shift_then"
    NO_WAY = "no_way"
    TOO_FAR = "too_far"
    COSTS_MORE = "costs_more"
    ALL_FULL = "all_full"
    LONGER_DAY_FITS = "longer_day_fits"
    SWAP_FITS = "swap_fits"
    LATER_FITS = "later_fits"
    BAD_SHIFT = "bad_shift"
    NO_MEANS = "no_means"
    BAD_BREAK = "bad_break"
    # of visits by two helpers, of what is brought, of pins
    NO_SECOND = "no_second"
    NOT_TOGETHER = "not_together"
    BAD_GAP = "bad_gap"
    NO_FETCH_PLACE = "no_fetch_place"
    NOBODY_CARRIES = "nobody_carries"
    NOBODY_MAY = "nobody_may"
    COLD_BY_THEN = "cold_by_then"
    PIN_UNKNOWN = "pin_unknown"
    PIN_BREAKS = "pin_breaks"
    # why a stop is with its helper
    IS_DONE = "is_done"
    IS_PINNED = "is_pinned"
    IS_REGULAR = "is_regular"
    AS_TOLD = "as_told"
    ONLY_ONE_WHO_CAN = "only_one_who_can"
    ONLY_ONE_WITH_ROOM = "only_one_with_room"
    COSTS_LEAST = "costs_least"
    FITS_TOGETHER = "fits_together"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what a sentence needs: ids, minutes, minutes of the day, lists of skills."""

    code: ReasonCode
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A call at a counter on the way to a stop: `portions` for this stop and later ones."""

    place: int
    arrive: int
    start: int
    leave: int
    portions: int


@dataclass(frozen=True, slots=True)
class Stop:
    """One visit in a tour, or one helper's half of it.

    `travel` and `metres` lead here from the stop before, or from the base, by way of `fetched` where something is
    fetched for this stop and those after it. `late`: seconds after a soft window. `why`: why this helper.
    """

    visit_id: str
    arrive: int
    start: int
    leave: int
    travel: int
    metres: int
    is_second: bool = False
    late: int = 0
    fetched: Fetched | None = None
    is_done: bool = False
    is_pinned: bool = False
    why: tuple[Reason, ...] = ()

    @property
    def wait(self) -> int:
        return self.start - self.arrive


@dataclass(frozen=True, slots=True)
class Tour:
    """What a helper does in one shift: out, the stops, and back (`travel_back`, `metres_back`)."""

    shift: int
    leave: int
    back: int
    stops: tuple[Stop, ...]
    travel_back: int
    metres_back: int
    breaks: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One helper's ordered day."""

    helper_id: str
    tours: tuple[Tour, ...]

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(stop for tour in self.tours for stop in tour.stops)

    @property
    def travel(self) -> int:
        return sum(stop.travel for stop in self.stops) + sum(tour.travel_back for tour in self.tours)

    @property
    def metres(self) -> int:
        return sum(stop.metres for stop in self.stops) + sum(tour.metres_back for tour in self.tours)

    @property
    def work(self) -> int:
        return sum(stop.leave - stop.start for stop in self.stops)

    @property
    def away(self) -> int:
        return sum(tour.back - tour.leave for tour in self.tours)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A visit nobody makes, with at least one reason."""

    visit_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A helper who could not be planned at all because of how they are entered."""

    helper_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """A plan in numbers; times in seconds. `cost` is the objective in seconds of travel.

    `unserved` counts by priority 1, 2, 3. `spread`: standard deviation of the helpers' time away from the base.
    `moved`, `retimed`: stops people knew that now have another helper, or another time.
    """

    visits: int
    served: int
    unserved: tuple[int, int, int]
    rounds: int
    travel: int
    metres: int
    work: int
    wait: int
    kept_regular: int
    had_regular: int
    cost: int
    late: int = 0
    overtime: int = 0
    pair_wait: int = 0
    spread: int = 0
    moved: int = 0
    retimed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds, what is left out, and how it was found. `iterations` is 0 where nothing was searched."""

    rounds: tuple[Round, ...]
    left_out: tuple[LeftOut, ...]
    set_aside: tuple[SetAside, ...]
    figures: Figures
    method: Method
    iterations: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands: what the best plan so far costs and leaves out."""

    seconds: float
    iterations: int
    cost: int
    served: int
    visits: int
