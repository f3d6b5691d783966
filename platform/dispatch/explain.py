"""Why a visit is left out, as something a person can act on: the first thing in the way, then what would help.

And why each stop is with its helper.
"""

from collections.abc import Iterable

import numpy as np

from .building import Because, Explained
from .compiled import Model
from .plan import Reason, ReasonCode
from .problem import UNREACHABLE, Helper, Visit
from .search import Case, State
from .search.case import (
    END,
    ENDS,
    GAP_MAX,
    HOME,
    LATE_COST,
    LIMIT,
    MEANS,
    NEVER,
    SINCE,
    STARTS,
)
from .search.probing import cheapest, gap_too_long, least_lateness, runners_up, shortest_overrun, swap_for

EXCHANGES_FOR = 200
"""With more visits left out than this, nobody reads what would help each: too few helpers are on shift."""


def explain(model: Model, case: Case, state: State) -> Explained:
    """At least one reason for each visit left out, and for each stop."""
    happened = {one.visit_id for one in model.problem.done}
    row_of = {index: row for row, index in enumerate(model.rows)}
    missing = [
        index
        for index, visit in enumerate(model.problem.visits)
        if visit.id not in happened and (index not in row_of or state.helper[2 * row_of[index]] < 0)
    ]
    asking = _Asking(model, case, state, is_brief=len(missing) > EXCHANGES_FOR)
    left_out = {index: model.findings.visits.get(index) or asking.reasons(index, row_of[index]) for index in missing}
    return Explained(left_out, _why_each(model, case, state))


def explain_nothing(model: Model, _case: Case, _state: State) -> Explained:
    """For figures alone: no reasons, hence quick."""
    return Explained(dict.fromkeys(range(len(model.problem.visits)), ()), {})


class _Asking:
    """Asks a finished plan what keeps a visit out."""

    def __init__(self, model: Model, case: Case, state: State, *, is_brief: bool) -> None:
        self.model, self.case, self.state, self.is_brief = model, case, state, is_brief
        self.free = case._replace(has_limits=False)
        self.on_shift = [model.problem.helpers[row] for row in sorted({slot.helper for slot in model.slots})]
        self.priority = np.array([model.problem.visits[index].priority for index in model.rows], dtype=np.int64)
        self.is_pinned = np.array(
            [any((index, half) in model.pins for half in (False, True)) for index in model.rows], dtype=np.bool_
        )

    def reasons(self, index: int, row: int) -> tuple[Reason, ...]:
        visit = self.model.problem.visits[index]
        pinned = [pin for (its, _half), pin in self.model.pins.items() if its == index]
        found = _nobody_suits(visit, self.on_shift) or self._nobody_can_then(index, row) or self._no_room(visit, row)
        if pinned:
            return (Reason(ReasonCode.PIN_BREAKS, {"helper": pinned[0].helper_id}), *found)
        return found

    def _nobody_can_then(self, index: int, row: int) -> tuple[Reason, ...]:
        """Not on shift in the window, no way there, too far even for a day with nothing else in it, cold by then."""
        case, visit = self.case, self.model.problem.visits[index]
        able = np.flatnonzero(case.able[:, 2 * row])
        options = [option for option in self.model.options if option.visit == index]
        meets = [
            int(r)
            for r in able
            for option in options
            if visit.is_soft
            or max(case.routes[r, STARTS], option.earliest) + visit.duration
            <= min(case.routes[r, ENDS], option.latest + visit.duration)
        ]
        who = {"skills": sorted(visit.skills), "helpers": self._people(able)}
        if not meets:
            window = visit.windows[0]
            when = {"from_minute": window.start // 60, "to_minute": window.end // 60}
            return (Reason(ReasonCode.NOT_ON_SHIFT_THEN, {**when, **who}),)
        ways = {
            r: float(case.time[case.route_ints[r, MEANS], case.route_ints[r, HOME], case.place[row]]) for r in meets
        }
        nearest = min(ways, key=lambda r: ways[r])
        if ways[nearest] >= UNREACHABLE:
            return (Reason(ReasonCode.NO_WAY, {"helpers": self._people(able)}),)
        return self._too_cold(visit, row, meets) or self._too_far(visit, row, meets, nearest, ways[nearest])

    def _too_cold(self, visit: Visit, row: int, meets: list[int]) -> tuple[Reason, ...]:
        if visit.fetch is None or visit.fetch.fresh is None:
            return ()
        way = min(
            int(self.case.time[self.case.route_ints[r, MEANS], visit.fetch.place, self.case.place[row]]) for r in meets
        )
        if way <= visit.fetch.fresh:
            return ()
        times = {"minutes": _minutes(way), "window": visit.fetch.fresh // 60}
        return (Reason(ReasonCode.COLD_BY_THEN, times),)

    def _too_far(self, visit: Visit, row: int, meets: list[int], nearest: int, way: float) -> tuple[Reason, ...]:
        """Whether nobody could make it there and back with nothing else to do."""
        case = self.case
        if any(self._could_alone(visit, row, r) for r in meets):
            return ()
        far = Reason(ReasonCode.TOO_FAR, {"helper": self._name(nearest), "minutes": _minutes(way)})
        over, travel, r = shortest_overrun(case, self.free, self.state, row) if case.slots[row] == 1 else (NEVER, 0, -1)
        return (far, self._longer(over, travel, r)) if r >= 0 else (far,)

    def _could_alone(self, visit: Visit, row: int, r: int) -> bool:
        """Whether route `r` could make the visit and be back in time if it had nothing else to do."""
        case = self.case
        means, home, end = (int(case.route_ints[r, column]) for column in (MEANS, HOME, END))
        out, back = case.time[means, home, case.place[row]], case.time[means, case.place[row], end]
        is_short = case.routes[r, SINCE] >= 0 or out + visit.duration + back <= case.routes[r, LIMIT]
        for opens, closes in case.windows[row]:
            first = max(case.routes[r, STARTS] + out, opens)
            in_time = first <= closes or visit.is_soft
            if in_time and is_short and first + visit.duration + back <= case.routes[r, ENDS]:
                return True
        return False

    def _no_room(self, visit: Visit, row: int) -> tuple[Reason, ...]:
        """Everybody suitable is full, or the way is longer than the visit's weight; and what would make room."""
        able = [int(r) for r in np.flatnonzero(self.case.able[:, 2 * row]) if self._could_alone(visit, row, int(r))]
        full = Reason(ReasonCode.ALL_FULL, {"helpers": self._people(able)})
        if visit.second is not None:
            return self._not_together(row, full)
        more, r = cheapest(self.case, self.state, row)
        if r >= 0:
            return (Reason(ReasonCode.COSTS_MORE, {"minutes": _minutes(more), "helper": self._name(r)}),)
        found = [full]
        if not self.is_brief:
            over, travel, r = shortest_overrun(self.case, self.free, self.state, row)
            if r >= 0:
                found.append(self._longer(over, travel, r))
            found += self._later(visit, row) + self._instead(visit, row)
        return tuple(found)

    def _not_together(self, row: int, full: Reason) -> tuple[Reason, ...]:
        if self.is_brief:
            return (full,)
        excess = gap_too_long(self.case, self._with(row, GAP_MAX, NEVER), self.state, row)
        if excess >= NEVER or excess <= 0:
            return (full,)
        return (Reason(ReasonCode.NOT_TOGETHER, {"minutes": _minutes(excess)}), full)

    def _later(self, visit: Visit, row: int) -> list[Reason]:
        """Who could come how much later."""
        if visit.is_soft:
            return []
        seconds, r = least_lateness(self._with(row, LATE_COST, 0.0), self.state, row)
        if r < 0 or seconds <= 0:
            return []
        end = visit.closes + seconds
        values = {"helper": self._name(r), "minutes": _minutes(seconds), "to_minute": _minutes(end)}
        return [Reason(ReasonCode.LATER_FITS, values)]

    def _instead(self, visit: Visit, row: int) -> list[Reason]:
        """The least important stop whose absence would let the visit in, if it is not more important itself."""
        for priority in (3, 2, 1):
            lesser = (self.priority == priority) & ~self.is_pinned
            if priority < visit.priority or not lesser.any():
                continue
            node, _cost = swap_for(self.case, self.state, row, lesser)
            if node >= 0:
                other = self.model.problem.visits[self.model.rows[node >> 1]]
                at = round(float(self.state.start[node])) // 60
                helper = self._name(int(self.state.helper[node]))
                return [Reason(ReasonCode.SWAP_FITS, {"helper": helper, "visit": other.id, "at_minute": at})]
        return []

    def _with(self, row: int, column: int, value: float) -> Case:
        """The case with one figure of one visit changed."""
        visits = self.case.visits.copy()
        visits[row, column] = value
        return self.case._replace(visits=visits)

    def _longer(self, over: float, travel: float, r: int) -> Reason:
        """Whose day would have to be how much longer."""
        values = {"helper": self._name(r), "minutes": _minutes(over), "travel_minutes": _minutes(travel)}
        return Reason(ReasonCode.LONGER_DAY_FITS, values)

    def _name(self, route: int) -> str:
        return self.model.problem.helpers[self.model.slots[route].helper].id

    def _people(self, routes: Iterable[int]) -> int:
        return len({self.model.slots[int(route)].helper for route in routes})


def _nobody_suits(visit: Visit, helpers: list[Helper]) -> tuple[Reason, ...]:
    """Skills, sex, language, carrying: what nobody on shift that day has."""
    if not helpers:
        return (Reason(ReasonCode.NOBODY_ON_SHIFT, {}),)
    found = _nobody_is(visit.skills, None if visit.wishes_sex else visit.wants_sex, helpers)
    if found:
        return found
    skills = sorted(visit.skills)
    able = [one for one in helpers if visit.skills <= one.skills and (
        visit.wishes_sex or visit.wants_sex in {None, one.sex})]  # fmt: skip
    if visit.needs_language and visit.language and not any(visit.language in one.languages for one in able):
        return (Reason(ReasonCode.NO_LANGUAGE, {"language": visit.language, "skills": skills}),)
    return _nobody_for_parts(visit, able, helpers)


def _nobody_for_parts(visit: Visit, able: list[Helper], helpers: list[Helper]) -> tuple[Reason, ...]:
    """Carrying, the list of people not to be sent, a second helper."""
    if visit.fetch is not None and all(visit.fetch.size > one.capacity for one in able):
        return (Reason(ReasonCode.NOBODY_CARRIES, {"portions": visit.fetch.size}),)
    if all(one.id in visit.never for one in able):
        return (Reason(ReasonCode.NOBODY_MAY, {}),)
    if visit.second is not None:
        second = visit.second
        seconds = [one for one in helpers if not _nobody_is(second.skills, second.wants_sex, [one])]
        if not any(a.id != b.id for a in able for b in seconds if not {a.id, b.id} & visit.never):
            return (Reason(ReasonCode.NO_SECOND, {}),)
    return ()


def _nobody_is(needed: frozenset[str], sex: str | None, helpers: list[Helper]) -> tuple[Reason, ...]:
    """The skills and the sex that nobody of these has."""
    nowhere = sorted(skill for skill in needed if not any(skill in helper.skills for helper in helpers))
    if nowhere:
        return tuple(Reason(ReasonCode.NO_SKILL, {"skill": skill}) for skill in nowhere)
    skilled = [helper for helper in helpers if needed <= helper.skills]
    skills = sorted(needed)
    if not skilled:
        return (Reason(ReasonCode.NO_SKILLS_TOGETHER, {"skills": skills}),)
    if all(sex not in {None, helper.sex} for helper in skilled):
        return (Reason(ReasonCode.NO_SEX, {"sex": sex, "skills": skills, "helpers": len(skilled)}),)
    return ()


def _why_each(model: Model, case: Case, state: State) -> Because:
    """Why each stop is with its helper: what binds it, or who would have been next."""
    count = len(model.rows)
    own, other, who = np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.int64)
    runners_up(case, state, own, other, who)
    told = {(one.visit_id, one.is_second): one.helper_id for one in model.problem.told}
    because: Because = {}
    for row, index in enumerate(model.rows):
        visit = model.problem.visits[index]
        for half in (False, True)[: int(case.slots[row])]:
            route = int(state.helper[2 * row + half])
            if route >= 0:
                name = model.problem.helpers[model.slots[route].helper].id
                because[index, half] = (
                    _bound(model, index, half, name, told.get((visit.id, half)))
                    or _compared(model, case, row, half, name, (own[row], other[row], int(who[row]))),
                )
    return because


def _bound(model: Model, index: int, half: bool, name: str, told: str | None) -> Reason | None:
    """Pinned, told, the only one, the regular one."""
    visit, helper = model.problem.visits[index], {"helper": name}
    if (index, half) in model.pins:
        return Reason(ReasonCode.IS_PINNED, helper)
    able = (model.suits_second if half else model.suits)[:, index]
    if sum(bool(able[row]) for row in {slot.helper for slot in model.slots}) == 1:
        return Reason(ReasonCode.ONLY_ONE_WHO_CAN, helper)
    if told == name:
        return Reason(ReasonCode.AS_TOLD, helper)
    if visit.regular_helper == name:
        return Reason(ReasonCode.IS_REGULAR, helper)
    return None


def _compared(model: Model, case: Case, row: int, half: bool, name: str, costs: tuple[float, float, int]) -> Reason:
    """Against who would have been next."""
    if case.slots[row] == 2:
        return Reason(ReasonCode.FITS_TOGETHER, {"helper": name})
    own, other, route = costs
    if route < 0:
        people = len({model.slots[int(r)].helper for r in np.flatnonzero(case.able[:, 2 * row + half])})
        return Reason(ReasonCode.ONLY_ONE_WITH_ROOM, {"helper": name, "helpers": people})
    next_best = model.problem.helpers[model.slots[route].helper].id
    return Reason(
        ReasonCode.COSTS_LEAST, {"helper": name, "other": next_best, "minutes": max(_minutes(other - own), 1)}
    )


def _minutes(seconds: float) -> int:
    return -(-round(seconds) // 60)
