"""The optimiser: a Problem in, a Plan out. No Flask, no SQLAlchemy, no clock, no global.

    plan = solve(problem, Limit(seconds=20), seed=1)

Same problem, seed and iterations: same plan. Whatever is wrong with the input ends as a reason in the plan.
"""

from .checker import Violation, check
from .limits import Limit
from .plan import (
    Figures,
    LeftOut,
    Method,
    Plan,
    Progress,
    Reason,
    ReasonCode,
    Round,
    SetAside,
    Stop,
    Tour,
)
from .problem import UNREACHABLE, Helper, Problem, Travel, Visit, Weights, Window
from .solver import baseline, baseline_figures, solve

__all__ = [
    "UNREACHABLE",
    "Figures",
    "Helper",
    "LeftOut",
    "Limit",
    "Method",
    "Plan",
    "Problem",
    "Progress",
    "Reason",
    "ReasonCode",
    "Round",
    "SetAside",
    "Stop",
    "Tour",
    "Travel",
    "Violation",
    "Visit",
    "Weights",
    "Window",
    "baseline",
    "baseline_figures",
    "check",
    "solve",
]
