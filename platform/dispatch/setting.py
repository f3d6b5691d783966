"""A model as the arrays that the compiled search reads: one row for each visit that can be planned."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from .compiled import Model, Slot, gap_of, moment_of
from .problem import FULL_DAY, RETIME_FROM, Break, Visit
from .search import Case, make_case
from .search.case import NEVER, Flags, Floats

PINNED = 100_000_000
"""What leaving out a pinned visit costs: more than anything else together, yet finite, so that a pin nobody can keep
ends as a reason."""


def case_of(model: Model) -> Case:
    """The arrays of a model. Route `r` is `model.slots[r]`, visit `p` is `problem.visits[model.rows[p]]`."""
    problem, weights = model.problem, model.problem.weights
    visits = [problem.visits[row] for row in model.rows]
    means = sorted({slot.means for slot in model.slots})
    tables = [problem.travel[one].seconds for one in means]
    time = np.array(tables, dtype=np.float64).reshape(len(means), problem.places, problem.places)
    counters, counter = _counters(visits)
    windows: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for option in model.options:
        windows[option.visit].append((float(option.earliest), float(option.latest)))
    pinned = {row for row, _second in model.pins}
    told = _told(model)
    helpers = [problem.helpers[slot.helper] for slot in model.slots]
    return make_case(
        slots=[2 if visit.second else 1 for visit in visits],
        place=[visit.place or 0 for visit in visits],
        windows=[windows[row] for row in model.rows],
        late=[
            weights.late if visit.is_soft and moment_of(model.pins, row, visit) is None else NEVER
            for row, visit in zip(model.rows, visits, strict=True)
        ],
        gap=[gap_of(model.pins, row, visit) for row, visit in zip(model.rows, visits, strict=True)],
        unserved=[
            PINNED if row in pinned else weights.of(visit.priority)
            for row, visit in zip(model.rows, visits, strict=True)
        ],
        duration=np.array([[visit.duration, visit.second.duration if visit.second else 0] for visit in visits],
                          dtype=np.float64).reshape(-1),
        able=_able(model),
        time=time,
        extra=_extra(model),
        counter=counter,
        size=[visit.fetch.size if visit.fetch else 0 for visit in visits],
        fresh=[visit.fetch.fresh if visit.fetch and visit.fetch.fresh is not None else NEVER for visit in visits],
        told=told,
        counters=counters,
        person=[slot.helper for slot in model.slots],
        means=[means.index(slot.means) for slot in model.slots],
        home=[slot.start_place for slot in model.slots],
        end=[slot.end_place for slot in model.slots],
        shift=[(slot.start, slot.end) for slot in model.slots],
        limit=[slot.budget for slot in model.slots],
        since=[-1 if slot.since is None else slot.since for slot in model.slots],
        contracted=[NEVER if one.contracted_seconds is None else one.contracted_seconds for one in helpers],
        capacity=[one.capacity for one in helpers],
        breaks=[_breaks(model, slot) for slot in model.slots],
        overtime=weights.overtime if any(one.contracted_seconds is not None for one in helpers) else 0.0,
        fairness=weights.fairness,
        full_day=FULL_DAY,
        pair_wait=weights.pair_wait if any(visit.second for visit in visits) else 0.0,
        retime=weights.retime if (told >= 0).any() else 0.0,
        retime_from=RETIME_FROM,
    )  # fmt: skip


def _counters(visits: list[Visit]) -> tuple[list[tuple[int, float, float]], list[int]]:
    """Every different place, moment and length of fetching; and each visit's, or -1."""
    found: dict[tuple[int, float, float], int] = {}
    of_visit = []
    for visit in visits:
        if visit.fetch is None:
            of_visit.append(-1)
        else:
            key = (visit.fetch.place, float(visit.fetch.ready), float(visit.fetch.duration))
            of_visit.append(found.setdefault(key, len(found)))
    return list(found), of_visit


def _able(model: Model) -> Flags:
    able = np.zeros((len(model.slots), 2 * len(model.rows)), dtype=np.bool_)
    rows = list(model.rows)
    for number, slot in enumerate(model.slots):
        able[number, 0::2] = model.suits[slot.helper, rows]
        able[number, 1::2] = model.suits_second[slot.helper, rows]
    return able


def _extra(model: Model) -> Floats:
    """Soft costs; and for whoever would come instead of the helper people know of, the cost of telling them."""
    extra = np.zeros((len(model.slots), 2 * len(model.rows)))
    rows = list(model.rows)
    place = {model.problem.visits[row].id: number for number, row in enumerate(rows)}
    for number, slot in enumerate(model.slots):
        extra[number, 0::2] = model.soft[slot.helper, rows]
    for told in model.problem.told:
        if told.visit_id in place:
            node = 2 * place[told.visit_id] + told.is_second
            others = [model.problem.helpers[slot.helper].id != told.helper_id for slot in model.slots]
            extra[np.array(others, dtype=np.bool_), node] += model.problem.weights.handover
    return extra


def _told(model: Model) -> Floats:
    """For each node the start people know, or -1."""
    place = {model.problem.visits[row].id: number for number, row in enumerate(model.rows)}
    told = np.full(2 * len(model.rows), -1.0)
    for one in model.problem.told:
        if one.visit_id in place:
            told[2 * place[one.visit_id] + one.is_second] = one.start
    return told


def _breaks(model: Model, slot: Slot) -> list[tuple[float, float, float]]:
    """The breaks that fall into a slot and are still to come: (earliest and latest begin, length)."""
    since = slot.start if slot.since is None else slot.since
    return [
        (float(max(pause.earliest, slot.start)), float(pause.latest), float(pause.duration))
        for pause in model.problem.helpers[slot.helper].breaks
        if since < pause.latest
        and pause.earliest < slot.end
        and slot.start <= pause.latest
        and not _was_had(model, slot, pause)
    ]


def _was_had(model: Model, slot: Slot, pause: Break) -> bool:
    """Whether what has happened left room for the break: a gap between two stops beyond the way."""
    seconds = model.seconds(slot)
    place = {visit.id: visit.place or 0 for visit in reversed(model.problem.visits)}
    for before, after in pairwise(slot.done):
        way = int(seconds[place.get(before.visit_id, 0), place.get(after.visit_id, 0)])
        begin = max(before.leave, pause.earliest)
        if begin <= pause.latest and begin + pause.duration + way <= after.start:
            return True
    return False
