"""Only what must change changes: the part of a begun day that an event can touch, as a problem of its own.

Pure: a problem in, a smaller one out. Whoever is far from what has to be placed keeps their round untouched, and
nobody is visited much earlier than they were told.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dispatch import Problem, Told, Visit, Window
from dispatch.problem import suits

NEAREST = 20
"""Helpers who may take on what has to be placed."""
EARLIER = 25 * 60
"""Seconds before the time somebody was told: sooner is another time, and costs a text."""


def held(problem: Problem, free: Collection[str] = ()) -> Problem:
    """The problem in which nobody is visited earlier than `EARLIER` before they were told, but for `free` visits."""
    told = {one.visit_id: one for one in problem.told if not one.is_second and one.visit_id not in free}
    visits = tuple(_not_before(visit, told[visit.id]) if visit.id in told else visit for visit in problem.visits)
    return replace(problem, visits=visits)


def _not_before(visit: Visit, told: Told) -> Visit:
    earliest = told.start - EARLIER
    windows = [Window(max(one.start, earliest), one.end) for one in visit.windows if one.end > earliest]
    wide = tuple(one for one in windows if one.length >= visit.duration)
    return replace(visit, windows=wide) if wide else visit


def narrowed(problem: Problem, about: Collection[str], always: Collection[str] = (), most: int = NEAREST) -> Problem:
    """The problem of the `most` helpers nearest to the visits `about`, and those who are in it `always`."""
    wanted = {visit.id: visit for visit in problem.visits if visit.id in about}
    chosen = _with_partners(problem, set(always) | _nearest(problem, list(wanted.values()), most))
    known = {visit_id for visit_id, helper_id in _calls(problem) if helper_id in chosen} | wanted.keys()
    return replace(
        problem,
        helpers=tuple(helper for helper in problem.helpers if helper.id in chosen),
        visits=tuple(visit for visit in problem.visits if visit.id in known),
        told=tuple(one for one in problem.told if one.visit_id in known),
        done=tuple(one for one in problem.done if one.helper_id in chosen),
        pins=tuple(one for one in problem.pins if one.helper_id in chosen and one.visit_id in known),
    )


def _nearest(problem: Problem, wanted: list[Visit], most: int) -> set[str]:
    """For each visit in turn its next nearest helper who may make it, until there are enough."""
    places = _places(problem)
    ranks = []
    for visit in wanted:
        if visit.place is None:
            continue
        ways = [
            (int(problem.travel[helper.means].seconds[places[helper.id], visit.place].min()), helper.id)
            for helper in problem.helpers
            if helper.means in problem.travel and (suits(helper, visit) or suits(helper, visit, is_second=True))
        ]
        ranks.append([helper_id for _way, helper_id in sorted(ways)])
    chosen: set[str] = set()
    for rank in range(max(map(len, ranks), default=0)):
        for helpers in ranks:
            if rank < len(helpers) and len(chosen) < most:
                chosen.add(helpers[rank])
    return chosen


def _places(problem: Problem) -> dict[str, NDArray[np.int64]]:
    """Where each helper is or will be: the base, and the doors on the round."""
    place_of = {visit.id: visit.place for visit in problem.visits}
    found = {helper.id: [helper.start_place] for helper in problem.helpers}
    for one in problem.told:
        place = place_of.get(one.visit_id)
        if place is not None and one.helper_id in found:
            found[one.helper_id].append(place)
    return {key: np.array(places, dtype=np.int64) for key, places in found.items()}


def _calls(problem: Problem) -> list[tuple[str, str]]:
    """Every visit that somebody makes or has made, and who."""
    told = [(one.visit_id, one.helper_id) for one in problem.told]
    return told + [(one.visit_id, one.helper_id) for one in problem.done]


def _with_partners(problem: Problem, chosen: set[str]) -> set[str]:
    """Two who go together are planned together."""
    there = {helper.id for helper in problem.helpers}
    halves: dict[str, set[str]] = {}
    for visit_id, helper_id in _calls(problem):
        halves.setdefault(visit_id, set()).add(helper_id)
    while True:
        more = {helper for pair in halves.values() if pair & chosen for helper in pair & there} - chosen
        if not more:
            return chosen
        chosen = chosen | more
