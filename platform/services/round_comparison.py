"""What a new plan of a begun day changes: rows of rounds before and after, and what it means for people.

Only rounds that change are written: another order, other visits, or times that moved so far that somebody must be
told. What drifted by less stays as people know it.
"""

import uuid
from collections.abc import Iterable, Mapping

from uuid_utils.compat import uuid7

from dispatch import Plan
from dispatch import Round as PlannedRound
from domain.errors import Refusal
from extensions.babel import gettext as _
from models import ChangeKind, Proposal
from queries.standing import StandingRound, StandingStop, values_of

from . import change_effects, round_rows
from .change_effects import TELL_FROM, Draft, Row
from .replanning import Standing

CLOSED_FROM = 10
"""After a closed road the times themselves are the news."""

Key = tuple[str, bool]


def compare(standing: Standing, plan: Plan) -> Draft:
    """The change from the day as it stands to the plan."""
    _refuse_past(standing, plan)
    planned = {one.helper_id: one for one in plan.rounds}
    before = {its.helper_id: its for its in standing.rounds}
    numbers = _numbers(before, planned)
    rounds_before, rounds_after = [], []
    for helper_id in numbers:
        its, new = before.get(helper_id), planned.get(helper_id)
        if helper_id not in standing.considered or not _is_changed(standing, helper_id, its, new):
            continue
        if its is not None:
            rounds_before.append({"row": its.row, "stops": [stop.row for stop in its.stops]})
        rounds_after += _after(standing, its, new, numbers[helper_id])
    return change_effects.draft(standing, rounds_before, rounds_after, plan)


def _refuse_past(standing: Standing, plan: Plan) -> None:
    """Nobody is sent into the past, whatever a search says."""
    past = kept(standing)
    starts = [stop.start for one in plan.rounds for stop in one.stops if (stop.visit_id, stop.is_second) not in past]
    if standing.minute is not None and any(start < standing.minute * 60 for start in starts):
        raise Refusal(_("没有算出做得到的安排。"), suggestion=_("请再试一次，或在探访里单独改期。"))


def _numbers(before: Mapping[str, StandingRound], planned: Iterable[str]) -> dict[str, int]:
    numbers = {helper_id: int(its.row["number"]) for helper_id, its in before.items()}
    for helper_id in planned:
        numbers.setdefault(helper_id, max(numbers.values(), default=0) + 1)
    return numbers


def kept(standing: Standing) -> set[Key]:
    """Stops that nothing changes any more, whoever made them."""
    return {(one.visit_id, one.is_second) for past in standing.past.values() for one in past.done}


def _is_changed(standing: Standing, helper_id: str, its: StandingRound | None, new: PlannedRound | None) -> bool:
    past = kept(standing)
    old = [(stop.key, stop.row["start_minute"]) for stop in (its.stops if its else []) if stop.is_open]
    old = [one for one in old if one[0] not in past]
    now = [((stop.visit_id, stop.is_second), stop.start // 60) for stop in (new.stops if new else ())]
    now = [one for one in now if one[0] not in past]
    if [key for key, _start in old] != [key for key, _start in now]:
        return True
    is_subject = standing.event.helper_id is not None and str(standing.event.helper_id) == helper_id
    far = CLOSED_FROM if standing.event.kind is ChangeKind.CLOSED else 1 if is_subject else TELL_FROM
    return any(abs(a - b) >= far for (_key, a), (_other, b) in zip(old, now, strict=True))


def _after(standing: Standing, its: StandingRound | None, new: PlannedRound | None, number: int) -> list[Row]:
    """The round as it will be: what is past as it was, then the rest of the day. None where nothing is left."""
    past = kept(standing)
    stays = [stop for stop in (its.stops if its else []) if stop.key in past]
    if new is None and not stays:
        return []
    if new is None:
        return [_what_was(its, stays)] if its else []
    proposal = Proposal(id=standing.proposal_id, division_code=standing.day.division_code, on=standing.on)
    row = values_of(round_rows.round_of(proposal, standing.day, new, number, standing.as_of))
    row["id"] = its.row["id"] if its else str(uuid7())
    row["created_at"] = its.row["created_at"] if its else row["created_at"]
    row["updated_at"] = standing.as_of.isoformat()
    known = {stop.key: stop.row for stop in (its.stops if its else [])}
    stops = [values_of(stop) for stop in round_rows.stops_of(uuid.UUID(row["id"]), new, standing.day)]
    tours = {(stop["visit_id"], stop["is_second"]): stop["tour"] for stop in stops}
    first = [_past_row(standing, stop, tours) for stop in stays]
    rest = [
        stop | {"id": known.get((stop["visit_id"], stop["is_second"]), {}).get("id") or str(uuid7())}
        for stop in stops
        if (stop["visit_id"], stop["is_second"]) not in past
    ]
    return [{"row": row, "stops": _placed(first + rest)}]


def _past_row(standing: Standing, stop: StandingStop, tours: Mapping[Key, int]) -> Row:
    """As it was; but for the end that is now expected of a late one."""
    row = dict(stop.row) | {"tour": tours.get(stop.key, stop.row["tour"])}
    event = standing.event
    if event.kind is ChangeKind.LATE and uuid.UUID(stop.key[0]) in event.visit_ids and event.minute is not None:
        row["leave_minute"] = max(event.minute, row["start_minute"])
    return row


def _what_was(its: StandingRound, stays: list[StandingStop]) -> Row:
    """The round of somebody who goes no further."""
    last = max(stop.row["leave_minute"] for stop in stays)
    tours = [dict(tour) for tour in its.row["tours"][: stays[-1].row["tour"] + 1]]
    if tours:
        tours[-1] |= {"back": max(min(last + tours[-1]["minutes"], its.row["end_minute"]), last)}
    row = dict(its.row) | {
        "tours": tours,
        "end_minute": tours[-1]["back"] if tours else last,
        "travel_minutes": sum(stop.row["travel_minutes"] for stop in stays) + sum(tour["minutes"] for tour in tours),
        "distance_m": sum(stop.row["distance_m"] for stop in stays) + sum(tour["metres"] for tour in tours),
        "work_minutes": sum(stop.row["leave_minute"] - stop.row["start_minute"] for stop in stays),
    }
    return {"row": row, "stops": _placed([dict(stop.row) for stop in stays])}


def _placed(stops: list[Row]) -> list[Row]:
    return [stop | {"position": position} for position, stop in enumerate(stops, 1)]
