"""The own search, in compiled speed, for what no kept library models: visits that two helpers make together.

Simulated annealing over routes that share one order of visits (a key per visit), so that every rendezvous can be
timed in one forward pass; each move is priced before it is timed, and only what it delays is timed again.
"""

from .anneal import keep_best, rebuild
from .case import Case, make_case
from .schedule import Cooling, Outcome, anneal
from .state import State, empty_state

__all__ = ["Case", "Cooling", "Outcome", "State", "anneal", "empty_state", "keep_best", "make_case", "rebuild"]
