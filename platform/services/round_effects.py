"""What a change by hand comes to for people: minutes on the road, who is back when, whose visit moves."""

from collections.abc import Iterator

from dispatch import Plan
from dispatch import Round as PlannedRound
from domain.round_effects import Effects, HelperEffect

RETIMED_FROM = 10
"""A visit that moves by so many minutes is counted as moved."""


def effects_of(before: Plan, after: Plan) -> Effects:
    """What changes from one plan to the other."""
    was, now = before.figures, after.figures
    shifts = [abs(new - old) for old, new in _starts(before, after)]
    moved = [shift for shift in shifts if shift >= RETIMED_FROM]
    return Effects(
        travel=_minutes(now.travel - was.travel),
        metres=now.metres - was.metres,
        served=now.served - was.served,
        late=_minutes(now.late - was.late),
        overtime=_minutes(now.overtime - was.overtime),
        helpers=tuple(_helpers(before, after)),
        retimed=len(moved),
        furthest=max(moved, default=0),
    )


def _helpers(before: Plan, after: Plan) -> Iterator[HelperEffect]:
    was = {one.helper_id: one for one in before.rounds}
    now = {one.helper_id: one for one in after.rounds}
    for helper_id in [*was, *(one for one in now if one not in was)]:
        old, new = was.get(helper_id), now.get(helper_id)
        if _calls(old) != _calls(new):
            yield HelperEffect(helper_id, _back(old), _minutes(new.tours[0].leave) if new else None, _back(new))


def _calls(one: PlannedRound | None) -> list[tuple[str, bool]]:
    return [(stop.visit_id, stop.is_second) for stop in one.stops] if one else []


def _back(one: PlannedRound | None) -> int | None:
    return _minutes(one.tours[-1].back) if one else None


def _starts(before: Plan, after: Plan) -> Iterator[tuple[int, int]]:
    """Of every visit that is in both: when it began, and when it begins."""
    was = {(stop.visit_id, stop.is_second): stop.start for one in before.rounds for stop in one.stops}
    for one in after.rounds:
        for stop in one.stops:
            start = was.get((stop.visit_id, stop.is_second))
            if start is not None:
                yield _minutes(start), _minutes(stop.start)


def _minutes(seconds: int) -> int:
    return round(seconds / 60)
