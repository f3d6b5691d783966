"""A visit that is not wanted leaves a gap: nobody else's time changes, and only the ways around the gap are new."""

from dataclasses import dataclass

from dispatch import UNREACHABLE, Travel
from dispatch import Helper as Person
from queries.standing import StandingRound

from . import change_effects
from .change_effects import Draft, Row
from .replanning import Standing


def without(standing: Standing) -> Draft:
    """The change that takes the event's visits off their rounds and leaves everything else as people know it."""
    gone = {str(one) for one in standing.event.visit_ids}
    before, after = [], []
    for its in standing.rounds:
        if any(stop.key[0] in gone for stop in its.stops):
            before.append({"row": its.row, "stops": [stop.row for stop in its.stops]})
            after += _closed_up(standing, its, gone)
    return change_effects.draft(standing, before, after, None)


def _closed_up(standing: Standing, its: StandingRound, gone: set[str]) -> list[Row]:
    stays = [dict(stop.row) for stop in its.stops if stop.key[0] not in gone]
    if not stays:
        return []
    ways = _ways(standing, its.helper_id)
    tours = [dict(tour) for tour in its.row["tours"]]
    last: dict[int, str | None] = {}
    for position, stop in enumerate(stays, 1):
        stop["position"] = position
        if ways and last.get(stop["tour"]) != _before(its, stop):
            stop["travel_minutes"], stop["distance_m"] = ways.between(last.get(stop["tour"]), stop["visit_id"])
        last[stop["tour"]] = stop["visit_id"]
    for number, tour in enumerate(tours):
        if ways and last.get(number) != _last(its, number) and last.get(number):
            tour["minutes"], tour["metres"] = ways.between(last[number], None)
    row = dict(its.row) | {
        "tours": tours,
        "travel_minutes": sum(stop["travel_minutes"] for stop in stays) + sum(tour["minutes"] for tour in tours),
        "distance_m": sum(stop["distance_m"] for stop in stays) + sum(tour["metres"] for tour in tours),
        "work_minutes": sum(stop["leave_minute"] - stop["start_minute"] for stop in stays),
    }
    return [{"row": row, "stops": stays}]


def _before(its: StandingRound, stop: Row) -> str | None:
    """The visit before this one on the same tour, as it was."""
    same = [one.row for one in its.stops if one.row["tour"] == stop["tour"]]
    index = next(number for number, one in enumerate(same) if one["id"] == stop["id"])
    return str(same[index - 1]["visit_id"]) if index else None


def _last(its: StandingRound, tour: int) -> str | None:
    same = [one.row["visit_id"] for one in its.stops if one.row["tour"] == tour]
    return same[-1] if same else None


@dataclass(frozen=True, slots=True)
class _Ways:
    """From door to door for one helper; None is where the tour begins or ends."""

    helper: Person
    travel: Travel
    places: dict[str, int | None]

    def between(self, one: str | None, other: str | None) -> tuple[int, int]:
        start = self.helper.start_place if one is None else self.places.get(one)
        end = self.helper.end_place if other is None else self.places.get(other)
        if start is None or end is None or int(self.travel.seconds[start, end]) >= UNREACHABLE:
            return 0, 0
        return round(int(self.travel.seconds[start, end]) / 60), int(self.travel.metres[start, end])


def _ways(standing: Standing, helper_id: str) -> _Ways | None:
    helper = next((one for one in standing.problem.helpers if one.id == helper_id), None)
    if helper is None or helper.means not in standing.problem.travel:
        return None
    places = {visit.id: visit.place for visit in standing.problem.visits}
    return _Ways(helper, standing.problem.travel[helper.means], places)
