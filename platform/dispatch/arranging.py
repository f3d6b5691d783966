"""A plan whose order somebody gives: the times that follow from it, and each hard rule it breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .building import build
from .checker import Violation, check
from .compiled import Model, Option, compile_problem
from .composing import nobody_sent
from .explain import explain, explain_nothing
from .plan import Method, Plan
from .problem import Problem
from .search import Case, rebuild
from .search.case import BREAKS, ENDS, FRESH, LATE_COST, LIMIT, NEVER
from .setting import case_of


@dataclass(frozen=True, slots=True)
class Call:
    """A stop in an order given by hand: a visit, or its second helper's half; in which shift, if that is known."""

    visit_id: str
    is_second: bool = False
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Arranged:
    """The plan of an order as it would come about, and the hard rules it breaks; with none broken it is a good plan."""

    plan: Plan
    broken: tuple[Violation, ...]


def arrange(problem: Problem, order: Mapping[str, Sequence[Call]], *, is_explained: bool = True) -> Arranged:
    """Price the order: helper id to their calls, one after another; visits not named are left out.

    Windows, shifts and skills may be broken: `broken` says which, whose and by how many minutes. An order in which two
    helpers would wait for each other for ever breaks "crossed"; then the later of the two calls is left out.
    """
    model = compile_problem(problem)
    case = _patient(case_of(model))
    state = nobody_sent(case, 1)
    crossed: list[Violation] = []
    if model.rows and model.slots:
        key, helper, crossed = _laid(model, order)
        if not rebuild(case, state, key, helper):
            case = _without_breaks(case)
            rebuild(case, state, key, helper)
    plan = build(model, case, state, Method.BY_HAND, explain if is_explained else explain_nothing)
    broken = [one for one in check(problem, plan) if one.what != "no reason"]
    return Arranged(plan, tuple(crossed + broken))


def _patient(case: Case) -> Case:
    """The case in which late is late, long is long and cold is cold, but none of it forbidden.

    What stayed forbidden would end the timing of everybody, those too who break nothing.
    """
    visits, routes = case.visits.copy(), case.routes.copy()
    visits[visits[:, LATE_COST] >= NEVER, LATE_COST] = 1.0
    visits[:, FRESH] = NEVER
    routes[:, ENDS] = routes[:, LIMIT] = NEVER
    return case._replace(visits=visits, routes=routes)


def _without_breaks(case: Case) -> Case:
    """The case for an order that leaves no room for them."""
    routes = case.route_ints.copy()
    routes[:, BREAKS] = 0
    return case._replace(route_ints=routes)


def _laid(model: Model, order: Mapping[str, Sequence[Call]]) -> tuple[np.ndarray, np.ndarray, list[Violation]]:
    """(keys, routes of the nodes, what could not be laid)."""
    row_of = {model.problem.visits[index].id: row for row, index in enumerate(model.rows)}
    helper = np.full(2 * len(model.rows), -1, dtype=np.int64)
    chains: list[list[int]] = []
    for name, calls in order.items():
        routes = [number for number, slot in enumerate(model.slots) if model.problem.helpers[slot.helper].id == name]
        chain = []
        for call in calls:
            row = row_of.get(call.visit_id)
            if row is not None and routes and helper[2 * row + call.is_second] < 0:
                helper[2 * row + call.is_second] = _route(model, row, routes, call.shift)
                chain.append(row)
        chains.append(chain)
    for row, index in enumerate(model.rows):
        if model.problem.visits[index].second is not None and min(helper[2 * row], helper[2 * row + 1]) < 0:
            helper[2 * row] = helper[2 * row + 1] = -1
    chains = [[row for row in chain if helper[2 * row] >= 0] for chain in chains]
    ranked, lost = _merged(chains)
    for row in lost:
        helper[2 * row] = helper[2 * row + 1] = -1
    key = np.zeros(len(model.rows))
    others = [row for row in range(len(model.rows)) if row not in set(ranked)]
    for rank, row in enumerate([*ranked, *others], 1):
        key[row] = rank / (len(model.rows) + 1.0)
    return key, helper, [Violation("crossed", model.problem.visits[model.rows[row]].id) for row in lost]


def _route(model: Model, row: int, routes: list[int], shift: int | None) -> int:
    """The shift that is named; else the first in which the visit could be made, or the last one."""
    index = model.rows[row]
    named = [number for number in routes if model.slots[number].shift == shift]
    if named:
        return named[0]
    opens = [option for option in model.options if option.visit == index]
    fitting = [
        number for number in routes for option in opens if _ends(model, number, option) <= model.slots[number].end
    ]
    return fitting[0] if fitting else routes[-1]


def _ends(model: Model, number: int, option: Option) -> int:
    """When a shift with nothing else in it would be back from a visit; never if its window is over."""
    slot = model.slots[number]
    seconds = model.seconds(slot)
    start = max(slot.start + int(seconds[slot.start_place, option.place]), option.earliest)
    if start > option.latest:
        return 2**40
    return start + option.duration + int(seconds[option.place, slot.end_place])


def _merged(chains: list[list[int]]) -> tuple[list[int], list[int]]:
    """(one order that keeps every chain's, rows that no such order can hold)."""
    chains = [list(chain) for chain in chains]
    ranked: list[int] = []
    lost: list[int] = []
    while any(chains):
        behind = {row for chain in chains for row in chain[1:]}
        heads = [chain[0] for chain in chains if chain and chain[0] not in behind]
        row = heads[0] if heads else next(chain[0] for chain in chains if chain)
        (ranked if heads else lost).append(row)
        chains = [[other for other in chain if other != row] for chain in chains]
    return ranked, lost
