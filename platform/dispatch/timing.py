"""When a sequence of stops happens: as early as it can, leaving the base as late as that allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .compiled import Model, Slot
from .problem import UNREACHABLE


@dataclass(frozen=True, slots=True)
class Times:
    """`over` is by how many seconds the shift or the day would have to be longer; 0 where all fits."""

    leave: int
    arrive: tuple[int, ...]
    start: tuple[int, ...]
    back: int
    travel: int
    over: int


def timed(model: Model, slot: Slot, sequence: Sequence[int]) -> Times | None:
    """The times of a tour, or None where a window or a missing way forbids it. The shift's end only shows in `over`."""
    legs = legs_of(model, slot, sequence)
    if max(legs) >= UNREACHABLE:
        return None
    options = [model.options[option] for option in sequence]
    clock = slot.start
    for leg, option in zip(legs, options, strict=False):
        clock = max(clock + leg, option.earliest)
        if clock > option.latest:
            return None
        clock += option.duration
    back = clock + legs[-1]
    # Backwards from the same return: the latest moment to leave the base.
    latest = back
    for leg, option in zip(reversed(legs[1:]), reversed(options), strict=True):
        latest = min(latest - leg - option.duration, option.latest)
    leave = max(latest - legs[0], slot.start)
    arrive, start = [], []
    clock = leave
    for leg, option in zip(legs, options, strict=False):
        arrive.append(clock + leg)
        start.append(max(clock + leg, option.earliest))
        clock = start[-1] + option.duration
    over = max(back - slot.end, back - leave - slot.budget, 0)
    return Times(leave, tuple(arrive), tuple(start), back, sum(legs), over)


def legs_of(model: Model, slot: Slot, sequence: Sequence[int]) -> list[int]:
    """Travel seconds of every leg of a tour, the ways out and back included."""
    seconds = model.seconds(slot)
    places = [slot.start_place, *(model.options[option].place for option in sequence), slot.end_place]
    return [int(seconds[a, b]) for a, b in pairwise(places)]
