"""Problem in, plan out."""

import logging
from collections.abc import Callable

from . import engine
from .building import build, cost_of
from .checker import check
from .compiled import Model, Sequences, compile_problem
from .explain import explain
from .insertion import cheapest_insertion, repaired
from .limits import Limit
from .nearest import nearest_first
from .plan import Figures, Method, Plan, Progress
from .problem import Problem

_log = logging.getLogger(__name__)


def solve(problem: Problem, limit: Limit, *, seed: int = 1, progress: Callable[[Progress], None] | None = None) -> Plan:
    """The best plan found within the limit. Never worse than cheapest insertion, and always passes `check`."""
    model = compile_problem(problem)
    if not model.options or not model.slots:
        return build(model, tuple(() for _slot in model.slots), Method.NOTHING_TO_DO, explain)
    emergency = cheapest_insertion(model)
    if limit.is_nothing:
        return build(model, emergency, Method.CHEAPEST_INSERTION, explain)
    found, iterations = _searched(model, limit, seed, progress, emergency)
    if found is not None and cost_of(model, found) <= cost_of(model, emergency):
        plan = build(model, found, Method.SEARCH, explain, iterations)
        violations = check(problem, plan)
        if not violations:
            return plan
        _log.error("the search broke %s; the emergency plan is used", violations[:5])
    return build(model, emergency, Method.CHEAPEST_INSERTION, explain, iterations)


def _searched(
    model: Model, limit: Limit, seed: int, progress: Callable[[Progress], None] | None, start: Sequences
) -> tuple[Sequences | None, int]:
    """What the engine finds, with whatever still fits put in. None if the engine fails."""
    try:
        found, iterations = engine.search(model, limit, seed=seed, start=start, progress=progress)
        return repaired(model, found), iterations
    except Exception:  # noqa: BLE001  a plan is due tomorrow morning whatever the engine does
        _log.exception("the search failed; the emergency plan is used")
        return None, 0


def baseline(problem: Problem, method: Method = Method.NEAREST_FIRST) -> Plan:
    """The plan of a simple rule, for comparison: nearest first, or cheapest insertion."""
    model = compile_problem(problem)
    rule = nearest_first if method is Method.NEAREST_FIRST else cheapest_insertion
    return build(model, rule(model), method, explain)


def baseline_figures(problem: Problem) -> Figures:
    """Only the figures of nearest first: without reasons, hence quick."""
    model = compile_problem(problem)
    return build(
        model, nearest_first(model), Method.NEAREST_FIRST, lambda _m, _s, missing: dict.fromkeys(missing, ())
    ).figures
