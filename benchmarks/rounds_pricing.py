"""An order of visits for each helper, from whatever solver, as a plan of ours: times, figures, reasons."""

from collections.abc import Mapping, Sequence

from dispatch import Method, Plan, Problem
from dispatch.building import build
from dispatch.compiled import compile_problem
from dispatch.explain import explain


def priced(problem: Problem, order: Mapping[str, Sequence[str]]) -> Plan:
    """Raises ValueError where the order cannot be kept."""
    model = compile_problem(problem)
    option_of = {problem.visits[option.visit].id: number for number, option in enumerate(model.options)}
    sequences = tuple(
        tuple(option_of[visit] for visit in order.get(problem.helpers[slot.helper].id, ())) for slot in model.slots
    )
    return build(model, sequences, Method.SEARCH, explain)
