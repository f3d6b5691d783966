"""A day told to solvers that know one helper a visit and hard windows only, and their order as a plan of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dispatch import Call, Method, Plan, Problem, Visit, Window, arrange, baseline

Days = dict[str, list[str]]

SECOND = "#2"
COUNTER_S = 600
"""What a way by the canteen is taken to cost, for who cannot plan it."""


def flat(problem: Problem) -> Problem:
    """The same day without what such solvers have no notion of.

    A pair is two visits at the moment at which cheapest insertion has them; a lunch is longer by the way for it; a
    soft window is hard. Breaks stay with the helpers.
    """
    starts = {
        stop.visit_id: stop.start
        for one in baseline(problem, Method.CHEAPEST_INSERTION).rounds
        for stop in one.stops
        if not stop.is_second
    }
    visits: list[Visit] = []
    for visit in problem.visits:
        plain = replace(visit, second=None, fetch=None, is_soft=False)
        if visit.fetch is not None:
            plain = replace(plain, duration=visit.duration + COUNTER_S)
        if visit.second is not None:
            window = visit.windows[0]
            start = starts.get(visit.id, (window.start + window.end - visit.duration) // 2)
            then = start + visit.second.gap[0]
            plain = replace(plain, windows=(Window(start, start + visit.duration),))
            visits.append(
                replace(
                    plain, id=visit.id + SECOND, duration=visit.second.duration, skills=visit.second.skills,
                    windows=(Window(then, then + visit.second.duration),), wants_sex=visit.second.wants_sex,
                    language=None, regular_helper=None, change_cost=0,
                )
            )  # fmt: skip
        visits.append(plain)
    helpers = tuple(replace(helper, contracted_seconds=None) for helper in problem.helpers)
    return Problem(helpers, tuple(visits), problem.travel, replace(problem.weights, fairness=0.0))


def priced(problem: Problem, order: Mapping[str, Sequence[str]]) -> Plan:
    """The plan of this order. What cannot be kept is left out, of a day that is too long the least urgent first."""
    days = {helper: list(visits) for helper, visits in order.items()}
    priority = {visit.id: visit.priority for visit in problem.visits}
    while True:
        calls = {helper: [_call(visit) for visit in visits] for helper, visits in days.items()}
        broken = arrange(problem, calls, is_explained=False).broken
        if not broken:
            return arrange(problem, calls).plan
        before = days
        first = {one.helper_id: one.subject for one in reversed(broken)}  # what follows may only follow from it
        for subject in first.values():
            days = _without(days, subject, priority)
        if days == before:
            raise ValueError(f"this order cannot be kept: {broken[:3]}")


def _without(days: Days, subject: str, priority: Mapping[str, int]) -> Days:
    """Without this visit; or without the least urgent visit of this helper."""
    if subject in priority:
        return {helper: [one for one in day if _call(one).visit_id != subject] for helper, day in days.items()}
    day = days.get(subject, [])
    least = max(day, key=lambda one: priority[_call(one).visit_id], default="")
    return days | {subject: [one for one in day if one != least]}


def _call(name: str) -> Call:
    return Call(name.removesuffix(SECOND), is_second=name.endswith(SECOND))
