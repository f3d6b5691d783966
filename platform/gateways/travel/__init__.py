"""How long it takes from door to door: by the straight line, or by an OSRM server where one is set."""

from .osrm import Osrm
from .points import FOOT, MOTOR, UNREACHABLE, Point, Table, TravelModel
from .straight_line import StraightLine

__all__ = ["FOOT", "MOTOR", "UNREACHABLE", "Osrm", "Point", "StraightLine", "Table", "TravelModel", "travel_model"]


def travel_model(osrm_url: str) -> TravelModel:
    """The model of this installation."""
    straight = StraightLine()
    return Osrm(osrm_url, straight) if osrm_url else straight
