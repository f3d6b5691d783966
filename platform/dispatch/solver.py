"""Problem in, plan out."""

import logging
from collections.abc import Callable

from .building import build
from .checker import check
from .compiled import Model, compile_problem
from .composing import Found, emergency, improve, simple
from .explain import explain, explain_nothing
from .limits import Limit
from .plan import Figures, Method, Plan, Progress
from .problem import Problem
from .setting import case_of

_log = logging.getLogger(__name__)


def solve(problem: Problem, limit: Limit, *, seed: int = 1, progress: Callable[[Progress], None] | None = None) -> Plan:
    """The best plan found within the limit. Never worse than the emergency plan, and always passes `check`."""
    model = compile_problem(problem)
    found = emergency(model, case_of(model), seed)
    if not model.rows or not model.slots:
        return _built(model, found, Method.NOTHING_TO_DO)
    if limit.is_nothing:
        return _built(model, found, Method.CHEAPEST_INSERTION)
    try:
        better, iterations = improve(model, found, limit, seed, progress)
        plan = _built(model, better, Method.SEARCH, iterations)
    except Exception:  # noqa: BLE001  a plan is due tomorrow morning whatever the engine does
        _log.exception("the search failed; the emergency plan is used")
        return _built(model, emergency(model, case_of(model), seed), Method.CHEAPEST_INSERTION)
    violations = check(problem, plan)
    if violations:
        _log.error("the search broke %s; the emergency plan is used", violations[:5])
        return _built(model, emergency(model, case_of(model), seed), Method.CHEAPEST_INSERTION, iterations)
    return plan


def _built(model: Model, found: Found, method: Method, iterations: int = 0) -> Plan:
    return build(model, found.case, found.state, method, explain, iterations)


def baseline(problem: Problem, method: Method = Method.NEAREST_FIRST) -> Plan:
    """The plan of a simple rule, for comparison: nearest first, or cheapest insertion."""
    model = compile_problem(problem)
    return _built(model, _by_rule(model, method), method)


def baseline_figures(problem: Problem) -> Figures:
    """Only the figures of nearest first: without reasons, hence quick."""
    model = compile_problem(problem)
    found = _by_rule(model, Method.NEAREST_FIRST)
    return build(model, found.case, found.state, Method.NEAREST_FIRST, explain_nothing).figures


def _by_rule(model: Model, method: Method) -> Found:
    case = case_of(model)
    return simple(model, case) if method is Method.NEAREST_FIRST else emergency(model, case, 1)
