"""The optimiser: a Problem in, a Plan out. No Flask, no SQLAlchemy, no clock, no global.

    plan = solve(problem, Limit(seconds=20), seed=1)

In the day the same call re-plans: `Problem.now`, `done`, `told` and `pins` say what has happened, what people know
and what must stay.

Same problem, seed and iterations: same plan. Whatever is wrong with the input ends as a reason in the plan.
"""

from .arranging import Arranged, Call, arrange
from .checker import Violation, check
from .limits import Limit
from .plan import (
    Fetched,
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
from .problem import (
    UNREACHABLE,
    Break,
    Done,
    Fetch,
    Helper,
    Pin,
    Problem,
    Second,
    Told,
    Travel,
    Visit,
    Weights,
    Window,
)
from .solver import baseline, baseline_figures, solve

__all__ = [
    "UNREACHABLE",
    "Arranged",
    "Break",
    "Call",
    "Done",
    "Fetch",
    "Fetched",
    "Figures",
    "Helper",
    "LeftOut",
    "Limit",
    "Method",
    "Pin",
    "Plan",
    "Problem",
    "Progress",
    "Reason",
    "ReasonCode",
    "Round",
    "Second",
    "SetAside",
    "Stop",
    "Told",
    "Tour",
    "Travel",
    "Violation",
    "Visit",
    "Weights",
    "Window",
    "arrange",
    "baseline",
    "baseline_figures",
    "check",
    "solve",
]
