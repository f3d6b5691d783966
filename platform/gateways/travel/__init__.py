"""How long it takes from door to door: by the straight line, or by an OSRM server where one is set; then corrected
by what was learned, and by the roads that are closed.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from .circuit import Health
from .closed import IMPASSABLE, Between, Circle, Closed, Closure, Place
from .learned import Learned, Pair
from .osrm import Osrm
from .points import FOOT, MOTOR, UNREACHABLE, Point, Table, TravelModel
from .straight_line import StraightLine

__all__ = [
    "FOOT",
    "IMPASSABLE",
    "MOTOR",
    "UNREACHABLE",
    "Between",
    "Circle",
    "Closed",
    "Closure",
    "Health",
    "Learned",
    "Osrm",
    "Pair",
    "Place",
    "Point",
    "StraightLine",
    "Table",
    "TravelModel",
    "corrected",
    "road_server",
    "travel_model",
]


@cache
def road_server(url: str) -> Osrm:
    """The one object for a server in this process: it remembers its answers, and how it does."""
    return Osrm(url, StraightLine())


def travel_model(osrm_url: str) -> TravelModel:
    """The model of this installation, before anything was learned."""
    return road_server(osrm_url) if osrm_url else StraightLine()


def corrected(base: TravelModel, factors: Mapping[Pair, float], closures: Sequence[Closure]) -> TravelModel:
    """`base` with what was learned and what is closed."""
    return Closed(Learned(base, factors), closures)
