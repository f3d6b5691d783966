"""From the search's arrays to a Plan: stops with their times, counters and breaks, and the figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .compiled import Model
from .figures import figures_of
from .plan import Fetched, LeftOut, Method, Plan, Reason, ReasonCode, Round, SetAside, Stop, Tour
from .problem import UNREACHABLE, Done, Window
from .search import Case, State
from .search.case import AT, BREAKS, COUNTER, LASTS, SIZE
from .search.journey import slack
from .search.state import AFTER, FIRST, LOAD, RESTED

Because = dict[tuple[int, bool], tuple[Reason, ...]]
"""For each visit (index in the problem) and half: why the helper who goes."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why each visit is left out (by index in the problem), and why each stop is with its helper."""

    left_out: dict[int, tuple[Reason, ...]]
    stops: Because


Explainer = Callable[[Model, Case, State], Explained]


def build(model: Model, case: Case, state: State, method: Method, explain: Explainer, iterations: int = 0) -> Plan:
    """The plan of a state, which must be timed and feasible."""
    problem = model.problem
    explained = explain(model, case, state)
    rounds = _rounds(model, case, state, explained.stops)
    happened = {one.visit_id for one in problem.done}
    served = {model.rows[p] for p in range(len(model.rows)) if state.helper[2 * p] >= 0}
    missing = [index for index, visit in enumerate(problem.visits) if index not in served and visit.id not in happened]
    return Plan(
        rounds=rounds,
        left_out=tuple(LeftOut(problem.visits[index].id, explained.left_out[index]) for index in missing),
        set_aside=tuple(
            SetAside(problem.helpers[index].id, found) for index, found in sorted(model.findings.helpers.items())
        ),
        figures=figures_of(problem, rounds, missing, [problem.helpers[slot.helper].id for slot in model.slots]),
        method=method,
        iterations=iterations,
    )


def _rounds(model: Model, case: Case, state: State, because: Because) -> tuple[Round, ...]:
    tours: dict[str, list[Tour]] = {}
    for number, slot in enumerate(model.slots):
        if state.routes[number, FIRST] >= 0 or slot.done:
            helper = model.problem.helpers[slot.helper].id
            tours.setdefault(helper, []).append(_Tour(model, case, state, number, because).build())
    planned = [Round(helper, tuple(sorted(found, key=lambda tour: tour.leave))) for helper, found in tours.items()]
    return tuple(planned) + tuple(_happened(model, set(tours)))


def _happened(model: Model, planned: set[str]) -> Iterator[Round]:
    """What was done by people who have no shift any more: they went home ill, say. Nobody knows their ways."""
    done: dict[str, list[Done]] = {}
    known = {visit.id for visit in model.problem.visits}
    for one in sorted(model.problem.done, key=lambda stop: stop.start):
        if one.helper_id not in planned and one.visit_id in known:
            done.setdefault(one.helper_id, []).append(one)
    for helper, stops in done.items():
        yield Round(
            helper, (Tour(0, stops[0].arrive, stops[-1].leave, tuple(_as_done(one, 0, 0) for one in stops), 0, 0),)
        )


def _as_done(one: Done, travel: int, metres: int) -> Stop:
    return Stop(
        one.visit_id, one.arrive, one.start, one.leave, travel, metres, is_second=one.is_second, is_done=True,
        why=(Reason(ReasonCode.IS_DONE, {}),),
    )  # fmt: skip


def _fits_at_door(rest: int, latest: int, lasts: int, begin: int) -> bool:
    return rest <= latest and rest + lasts <= begin


class _Tour:
    """One slot's tour, stop by stop: where the helper is, since when they are free, how many breaks are over."""

    def __init__(self, model: Model, case: Case, state: State, number: int, because: Because) -> None:
        self.model, self.case, self.state, self.number, self.because = model, case, state, number, because
        self.slot = model.slots[number]
        self.seconds = model.seconds(self.slot)
        self.metres = model.problem.travel[self.slot.means].metres
        self.here, self.clock, self.leave = self.slot.start_place, self.slot.start, self.slot.since
        self.stops: list[Stop] = list(self._happened())
        self.breaks: list[Window] = []
        self.rested = 0

    def build(self) -> Tour:
        shift = round(slack(self.case, self.state, self.number)) if self.slot.since is None else 0
        before, v = -1, int(self.state.routes[self.number, FIRST])
        if v < 0 and self.slot.done:
            self.clock, self.here = self.slot.done[-1].leave, self.slot.start_place
        while v >= 0:
            if before >= 0 and shift:
                shift = max(shift - self._wait(before, v), 0)
            self._stop(v, round(float(self.state.start[v])) + shift)
            before, v = v, int(self.state.links[v, AFTER])
        return self._end()

    def _happened(self) -> Iterator[Stop]:
        here = self.model.problem.helpers[self.slot.helper].start_place
        places = {visit.id: visit.place for visit in reversed(self.model.problem.visits)}
        for one in self.slot.done:
            place = places.get(one.visit_id)
            to = here if place is None or not 0 <= place < self.model.problem.places else place
            is_way = bool(self.seconds[here, to] < UNREACHABLE)
            yield _as_done(one, int(self.seconds[here, to]) * is_way, int(self.metres[here, to]) * is_way)
            here = to

    def _wait(self, a: int, b: int) -> int:
        """How long there is to wait before node `b` where nothing is put off."""
        way = int(self.seconds[self.case.place[a >> 1], self.case.place[b >> 1]])
        done = self.state.start[a] + self.case.duration[a]
        return max(round(float(self.state.start[b] - done)) - way, 0)

    def _stop(self, v: int, start: int) -> None:
        case, p = self.case, v >> 1
        to, lasts = int(case.place[p]), int(case.duration[v])
        counter = self._counter(v)
        by = to if counter is None else int(case.counters[counter, AT])
        first, last = int(self.seconds[self.here, by]), int(self.seconds[by, to])
        begin = start if counter is None else start - last - int(case.counters[counter, LASTS])
        reached = self._go(first, begin, int(self.state.links[v, RESTED]))
        fetched = None if counter is None else Fetched(by, reached, begin, start - last, self._portions(v))
        metres = int(self.metres[self.here, by]) + (0 if counter is None else int(self.metres[by, to]))
        index, is_second = self.model.rows[p], bool(v & 1)
        visit = self.model.problem.visits[index]
        closes = visit.closes - visit.duration
        self.stops.append(
            Stop(
                visit.id, reached if counter is None else start, start, start + lasts,
                first + (0 if counter is None else last), metres, is_second=is_second,
                late=max(start - closes, 0) if visit.is_soft else 0, fetched=fetched,
                is_pinned=(index, is_second) in self.model.pins, why=self.because.get((index, is_second), ()),
            )
        )  # fmt: skip
        self.here, self.clock = to, start + lasts

    def _counter(self, v: int) -> int | None:
        """The counter that is passed on the way to node `v`: where the load begins anew with it."""
        p = v >> 1
        counter = int(self.case.visit_ints[p, COUNTER])
        if v & 1 or counter < 0 or self.state.nodes[v, LOAD] > self.case.visits[p, SIZE] + 0.5:
            return None
        return counter

    def _portions(self, v: int) -> int:
        """What is fetched for node `v` and those after it, until the next call at a counter."""
        whole, w = round(float(self.case.visits[v >> 1, SIZE])), int(self.state.links[v, AFTER])
        while w >= 0 and self._counter(w) is None:
            if not w & 1 and self.case.visit_ints[w >> 1, COUNTER] >= 0:
                whole += round(float(self.case.visits[w >> 1, SIZE]))
            w = int(self.state.links[w, AFTER])
        return whole

    def _go(self, way: int, begin: int, rested: int) -> int:
        """On the way, resting as often as the search says; returns the arrival. Home is left as late as possible."""
        if self.leave is None:
            self.leave, self.rested = begin - way, rested
            return begin
        door = self.clock + way
        for row in range(self.rested, rested):
            earliest, latest, lasts = (int(one) for one in self.case.breaks[self.number, row])
            rest = max(door, earliest)
            if self.stops and not _fits_at_door(rest, latest, lasts, begin):
                rest = max(self.clock, earliest)
                self.clock = rest + lasts
            self.breaks.append(Window(rest, rest + lasts))
            door = max(self.clock + way, rest + lasts)
        self.rested = rested
        return self.clock + way

    def _end(self) -> Tour:
        """Back, after the breaks that may not wait for it."""
        way, far = int(self.seconds[self.here, self.slot.end_place]), int(self.metres[self.here, self.slot.end_place])
        if way >= UNREACHABLE:  # they were there, so they will know how to come back
            way = far = 0
        for row in range(self.rested, int(self.case.route_ints[self.number, BREAKS])):
            earliest, latest, lasts = (int(one) for one in self.case.breaks[self.number, row])
            if self.clock + way <= latest:
                break
            rest = max(self.clock, earliest)
            self.breaks.append(Window(rest, rest + lasts))
            self.clock = rest + lasts
        leave = self.clock if self.leave is None else self.leave
        return Tour(self.slot.shift, leave, self.clock + way, tuple(self.stops), way, far, tuple(self.breaks))
