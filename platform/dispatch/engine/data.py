"""A model in PyVRP's words.

A visit's every window is an optional client (a group where there are several), a shift of a helper is a vehicle,
skills, sex and required languages are load dimensions that a helper without them has no room for; what everybody
fetches where they start is one more. The distance is travel plus soft costs, the duration travel alone.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pyvrp

from dispatch.compiled import Model, Slot
from dispatch.problem import Helper, Matrix, Visit

ROOM = 1_000_000
NEAREST = 100
PROFILE_BYTES = 400_000_000


def _needs(model: Model) -> list[tuple[Callable[[Visit], bool], Callable[[Helper], bool]]]:
    """The dimensions: who needs it, who has it. Only what somebody needs and somebody else lacks."""
    problem = model.problem
    skills = sorted({skill for visit in problem.visits for skill in visit.skills})
    sexes = sorted({visit.wants_sex for visit in problem.visits if visit.wants_sex is not None})
    languages = sorted({visit.language for visit in problem.visits if visit.needs_language and visit.language})
    found: list[tuple[Callable[[Visit], bool], Callable[[Helper], bool]]] = []
    found += [(lambda v, s=skill: s in v.skills, lambda h, s=skill: s in h.skills) for skill in skills]  # type: ignore[misc]
    found += [(lambda v, s=sex: v.wants_sex == s, lambda h, s=sex: h.sex == s) for sex in sexes]  # type: ignore[misc]
    found += [
        (lambda v, s=language: v.needs_language and v.language == s, lambda h, s=language: s in h.languages)  # type: ignore[misc]
        for language in languages
    ]
    return [(needs, has) for needs, has in found if not all(has(helper) for helper in problem.helpers)]


def loads_at_start(model: Model) -> bool:
    """Whether all that is fetched is handed out, at once, where everybody starts: then it is a load, and no detour."""
    fetches = [visit.fetch for visit in model.problem.visits if visit.fetch is not None]
    return all(
        fetch.place == slot.start_place and fetch.ready <= slot.start and not fetch.duration and fetch.fresh is None
        for fetch in fetches
        for slot in model.slots
    )


def crews_of(model: Model) -> list[list[int]]:
    """Slots that nothing tells apart, together: the library then tries one of them where it would try each."""
    crews: dict[tuple[object, ...], list[int]] = {}
    for row, slot in enumerate(model.slots):
        helper = model.problem.helpers[slot.helper]
        alike = (slot.start, slot.end, slot.budget, slot.start_place, slot.end_place, slot.means, helper.capacity,
                 model.suits[slot.helper].tobytes(), model.soft[slot.helper].tobytes())  # fmt: skip
        crews.setdefault(alike, []).append(row)
    return list(crews.values())


def data_of(model: Model, *, is_required: bool = False) -> pyvrp.ProblemData:
    """`is_required`: no visit may be left out. A vehicle type for each of `crews_of`."""
    problem = model.problem
    needs = _needs(model)
    has_loads = any(visit.fetch is not None for visit in problem.visits) and loads_at_start(model)
    bases = sorted({place for slot in model.slots for place in (slot.start_place, slot.end_place)})
    depot_of = {place: index for index, place in enumerate(bases)}
    places = np.array([*bases, *(option.place for option in model.options)], dtype=np.int64)
    offset = len(bases)
    groups, group_of = _groups(model)
    clients = [
        pyvrp.Client(
            location=offset + index,
            delivery=[int(need(problem.visits[option.visit])) for need, _has in needs]
            + [_size(problem.visits[option.visit])] * has_loads,
            service_duration=option.duration,
            tw_early=option.earliest,
            tw_late=option.latest,
            prize=0 if is_required else model.weight(index),
            required=is_required,
            group=group_of.get(option.visit),
        )
        for index, option in enumerate(model.options)
    ]
    profiles = _profiles(model)
    matrices = [_matrices(model, slot, soft, places, offset) for slot, soft in profiles[0]]
    vehicles = [
        pyvrp.VehicleType(
            num_available=len(crew),
            capacity=[ROOM if has(problem.helpers[slot.helper]) else 0 for _need, has in needs]
            + [problem.helpers[slot.helper].capacity] * has_loads,
            start_depot=depot_of[slot.start_place],
            end_depot=depot_of[slot.end_place],
            tw_early=slot.start,
            tw_late=slot.end,
            shift_duration=slot.budget,
            profile=profile,
        )
        for crew in crews_of(model)
        for slot, profile in [(model.slots[crew[0]], profiles[1][crew[0]])]
    ]
    return pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _place in places],
        clients,
        [pyvrp.Depot(index) for index in range(offset)],
        vehicles,
        [cast("Any", distance) for distance, _duration in matrices],
        [cast("Any", duration) for _distance, duration in matrices],
        groups,
    )


def _size(visit: Visit) -> int:
    return visit.fetch.size if visit.fetch is not None else 0


def _groups(model: Model) -> tuple[list[pyvrp.ClientGroup], dict[int, int]]:
    """A group for every visit with several windows: at most one of them is kept."""
    options: dict[int, list[int]] = {}
    for index, option in enumerate(model.options):
        options.setdefault(option.visit, []).append(index)
    several = {visit: indices for visit, indices in options.items() if len(indices) > 1}
    groups = [pyvrp.ClientGroup(indices, required=False) for indices in several.values()]
    return groups, {visit: number for number, visit in enumerate(several)}


def _profiles(model: Model) -> tuple[list[tuple[Slot, Matrix]], list[int]]:
    """Distinct (means, soft costs) and each slot's. Beyond the memory allowed, helpers of an area share theirs."""
    bytes_each = 16 * (len(model.options) + len(model.slots)) ** 2
    for is_shared in (False, True):
        found: dict[tuple[str, bytes], int] = {}
        kept: list[tuple[Slot, Matrix]] = []
        profile_of = []
        for slot in model.slots:
            soft = _team_soft(model, slot) if is_shared else model.soft[slot.helper]
            key = (slot.means, soft.tobytes())
            if key not in found:
                found[key] = len(kept)
                kept.append((slot, soft))
            profile_of.append(found[key])
        if len(kept) * bytes_each <= PROFILE_BYTES:
            break
    return kept, profile_of


def _team_soft(model: Model, slot: Slot) -> Matrix:
    helpers = model.problem.helpers
    team = [row for row, helper in enumerate(helpers) if helper.area == helpers[slot.helper].area]
    cheapest: Matrix = model.soft[team].min(axis=0)
    return cheapest


def _matrices(model: Model, slot: Slot, soft: Matrix, places: Matrix, offset: int) -> tuple[Matrix, Matrix]:
    duration = np.ascontiguousarray(model.seconds(slot)[np.ix_(places, places)])
    np.fill_diagonal(duration, 0)
    distance = duration.copy()
    visits = np.array([option.visit for option in model.options], dtype=np.int64)
    distance[:, offset:] += soft[visits][None, :]
    np.fill_diagonal(distance, 0)
    return distance, duration


def neighbours_of(model: Model) -> dict[pyvrp.Activity, list[pyvrp.Activity]]:
    """For each option: the nearest by travel and waiting, plus the nearest that the same helpers can serve."""
    options = model.options
    place = np.array([option.place for option in options], dtype=np.int64)
    visit = np.array([option.visit for option in options], dtype=np.int64)
    early = np.array([option.earliest for option in options], dtype=np.int64)
    late = np.array([option.latest for option in options], dtype=np.int64)
    lasts = np.array([option.duration for option in options], dtype=np.int64)
    travel = np.min([one.seconds for one in model.problem.travel.values()], axis=0)[np.ix_(place, place)]
    wait = np.maximum(early[None, :] - (late + lasts)[:, None] - travel, 0)
    late_by = np.maximum((early + lasts)[:, None] + travel - late[None, :], 0)
    near = travel + 0.2 * wait + late_by
    near = np.minimum(near, near.T)
    able = model.suits[:, visit].T.astype(np.float64)
    both = able @ able.T
    counts = able.sum(axis=1)
    either = np.maximum(counts[:, None] + counts[None, :] - both, 1)
    jaccard = both / either
    alike = travel * (2 - jaccard) + 3600 * (1 - jaccard)
    same = visit[:, None] == visit[None, :]
    near[same] = alike[same] = np.inf
    activities = [pyvrp.Activity(pyvrp.ActivityType.CLIENT, index) for index in range(len(options))]
    found = {}
    for index, activity in enumerate(activities):
        best = [*np.argsort(near[index], kind="stable")[:NEAREST], *np.argsort(alike[index], kind="stable")[:NEAREST]]
        chosen = dict.fromkeys(int(other) for other in best if not same[index, other])
        found[activity] = [activities[other] for other in chosen]
    return found
