"""What a change of rounds means for people: who goes where instead, who is told, who is not visited, what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch import Plan
from models import ChangeKind, VisitStatus

from . import round_rows
from .replanning import Standing

TELL_FROM = 30
"""Somebody who waits is told of a time that moved by so many minutes."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that nobody has decided on: rows before and after, figures, and visits nobody can make any more."""

    standing: Standing
    before: Row
    after: Row
    figures: Row
    lost: list[Row]


@dataclass(frozen=True, slots=True)
class Call:
    """Who goes to a visit, first and second, and from when."""

    first: str | None
    second: str | None
    start: int

    def is_news(self, other: "Call") -> bool:
        """Whether whoever waits for this has to be told of the other."""
        return (self.first, self.second) != (other.first, other.second) or abs(self.start - other.start) >= TELL_FROM


def draft(standing: Standing, rounds_before: list[Row], rounds_after: list[Row], plan: Plan | None) -> Draft:
    """The change with these rounds. `plan`: why what is lost is lost."""
    was, will = _calls(standing, rounds_before, rounds_after)
    called_off = {str(one) for one in standing.event.visit_ids if standing.event.kind is ChangeKind.CANCELLED}
    lost = _lost(plan, [key for key in was if key not in will and key not in called_off])
    lost += _refused(standing, plan, will)
    retold = sorted(key for key in was if key in will and was[key].is_news(will[key]))
    visits = _visits(standing, was, will, called_off)
    before = {
        "rounds": rounds_before,
        "visits": {key: standing.states[key] for key in visits},
        "proposal": {"figures": standing.figures, "left_out": standing.left_out},
    }
    proposal = _proposal(standing, rounds_before, rounds_after, was, will, lost)
    after = {"rounds": rounds_after, "visits": visits, "proposal": proposal, "retold": retold}
    figures = {
        "rounds": len({one["row"]["helper_id"] for one in rounds_before + rounds_after}),
        "moved": sum(_pair(was[key]) != _pair(will[key]) for key in retold),
        "retimed": sum(_pair(was[key]) == _pair(will[key]) for key in retold),
        "added": sum(key not in was for key in will),
        "lost": sum(one["visit_id"] in was for one in lost),
        "seniors": len(retold) + sum(one["visit_id"] in was for one in lost),
        "travel_minutes": _sum(rounds_after, "travel_minutes") - _sum(rounds_before, "travel_minutes"),
        "metres": _sum(rounds_after, "distance_m") - _sum(rounds_before, "distance_m"),
        "silent": sum(its.silent for its in standing.past.values()),
    }
    return Draft(standing, before, after, figures, lost)


def _pair(call: Call) -> tuple[str | None, str | None]:
    return call.first, call.second


def _calls(standing: Standing, before: list[Row], after: list[Row]) -> tuple[dict[str, Call], dict[str, Call]]:
    """Every visit of the day that is still wanted, as it was and as it will be; by visit."""
    changed = {one["row"]["helper_id"] for one in before + after}
    others = [
        {"row": its.row, "stops": [stop.row for stop in its.stops]}
        for its in standing.rounds
        if its.helper_id not in changed
    ]
    return _who(standing, others + before), _who(standing, others + after)


def _who(standing: Standing, rounds: Sequence[Row]) -> dict[str, Call]:
    found: dict[str, Call] = {}
    for its in rounds:
        for stop in its["stops"]:
            key = stop["visit_id"]
            if key not in standing.states:
                continue
            known = found.get(key, Call(None, None, stop["start_minute"]))
            helper = its["row"]["helper_id"]
            if stop["is_second"]:
                found[key] = Call(known.first, helper, known.start)
            else:
                found[key] = Call(helper, known.second, stop["start_minute"])
    return found


def _visits(standing: Standing, was: Mapping[str, Call], will: Mapping[str, Call], off: set[str]) -> dict[str, Row]:
    """The states that visits change to; only those that change."""
    found = {}
    for key in was.keys() | will.keys() | off:
        state = standing.states[key]
        if key in off:
            new = state | {"status": VisitStatus.CANCELLED.value, "cancel_reason": standing.event.reason.strip()}
        elif key not in will:
            new = state | {"status": VisitStatus.DUE.value, "helper_id": None, "second_helper_id": None}
        elif key not in was or _pair(was[key]) != _pair(will[key]):
            call = will[key]
            status = VisitStatus.PLANNED.value if state["status"] == VisitStatus.DUE else state["status"]
            whom = {"helper_id": call.first, "second_helper_id": call.second, "on": standing.on.isoformat()}
            new = state | whom | {"status": status}
        else:
            continue
        if new != state:
            found[key] = new
    return dict(sorted(found.items()))


def _lost(plan: Plan | None, keys: Sequence[str]) -> list[Row]:
    reasons = _reasons(plan)
    return [{"visit_id": key, "reasons": reasons.get(key, [])} for key in sorted(keys)]


def _refused(standing: Standing, plan: Plan | None, will: Mapping[str, Call]) -> list[Row]:
    """Visits that were to be added and could not be."""
    if standing.event.kind is not ChangeKind.ADDED:
        return []
    return _lost(plan, [str(key) for key in standing.event.visit_ids if str(key) not in will])


def _reasons(plan: Plan | None) -> dict[str, list[Row]]:
    left_out = plan.left_out if plan else ()
    return {one.visit_id: [round_rows.reason_row(reason) for reason in one.reasons] for one in left_out}


def _proposal(
    standing: Standing, before: list[Row], after: list[Row], was: Mapping[str, Call], will: Mapping[str, Call],
    lost: list[Row],
) -> Row:  # fmt: skip
    """What the proposal says of itself: the figures of its plan, and what it leaves out."""
    left_out = [one for one in standing.left_out if one["visit_id"] not in will]
    known = {one["visit_id"] for one in left_out}
    left_out += [one for one in lost if one["visit_id"] not in known]
    plan = dict(standing.figures.get("plan", {}))
    if plan:
        plan["served"] = plan.get("served", 0) + len(will) - len(was)
        plan["visits"] = plan["served"] + len(left_out)
        plan["unserved"] = _unserved(plan, standing, left_out)
        plan["rounds"] = plan.get("rounds", 0) + len(after) - len(before)
        plan["metres"] = plan.get("metres", 0) + _sum(after, "distance_m") - _sum(before, "distance_m")
        for name in ("travel_minutes", "work_minutes"):
            plan[name] = plan.get(name, 0) + _sum(after, name) - _sum(before, name)
    return {"figures": standing.figures | ({"plan": plan} if plan else {}), "left_out": left_out}


def _unserved(plan: Row, standing: Standing, left_out: list[Row]) -> list[int]:
    """By priority 1, 2, 3: what was left out before, corrected by what this change adds and takes away."""
    counts = list(plan.get("unserved", [0, 0, 0]))
    priority = standing.priorities
    before = {one["visit_id"] for one in standing.left_out}
    after = {one["visit_id"] for one in left_out}
    for sign, keys in ((1, after - before), (-1, before - after)):
        for key in keys:
            counts[priority.get(key, 2) - 1] += sign
    return [max(count, 0) for count in counts]


def _sum(rounds: Sequence[Row], name: str) -> int:
    return sum(int(its["row"][name]) for its in rounds)
