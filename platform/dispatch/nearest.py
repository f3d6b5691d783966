"""Nearest first: what helpers do without a plan, and what every plan is compared with."""

import heapq

from .compiled import Model, Sequences
from .timing import timed

PATIENCE = 1800
"""Seconds somebody would wait at a door rather than go to another."""


def nearest_first(model: Model) -> Sequences:
    """Whoever is free goes to the nearest door that fits: in their own township while there is one, then beyond."""
    sequences: list[list[int]] = [[] for _slot in model.slots]
    taken: set[int] = set()
    free = [(slot.start, row) for row, slot in enumerate(model.slots)]
    heapq.heapify(free)
    while free:
        clock, row = heapq.heappop(free)
        chosen = _nearest(model, row, sequences[row], taken, clock)
        if chosen is None:
            continue
        option, done = chosen
        sequences[row].append(option)
        taken.add(model.options[option].visit)
        heapq.heappush(free, (done, row))
    return tuple(tuple(sequence) for sequence in sequences)


def _nearest(model: Model, row: int, sequence: list[int], taken: set[int], clock: int) -> tuple[int, int] | None:
    """The option to go to next, and when the helper will be done there. Nobody waits while another door is open."""
    slot = model.slots[row]
    helper = model.problem.helpers[slot.helper]
    here = model.options[sequence[-1]].place if sequence else slot.start_place
    way = model.seconds(slot)[here].tolist()
    near = [
        (
            option.earliest - clock - way[option.place] > PATIENCE,
            model.problem.visits[option.visit].area != helper.area,
            way[option.place],
            index,
        )
        for index, option in enumerate(model.options)
        if option.visit not in taken and model.suits[slot.helper, option.visit] and clock <= option.latest
    ]
    heapq.heapify(near)
    while near:
        option = heapq.heappop(near)[-1]
        times = timed(model, slot, [*sequence, option])
        if times is not None and not times.over:
            return option, times.start[-1] + model.options[option].duration
    return None
