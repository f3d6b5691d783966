"""A map without tiles and without JavaScript: rounds as lines and numbered stops, for the page's own SVG."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from queries.round_lines import LeftOutLine, RoundLine

WIDTH, HEIGHT, MARGIN = 960, 600, 36
COLOURS = 8
NICE_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
DAY_FROM, DAY_TO = 7 * 60, 19 * 60


class Mark(NamedTuple):
    """A stop on the map."""

    x: float
    y: float
    label: int
    title: str


@dataclass(frozen=True, slots=True)
class Route:
    """One round: its line through the base and the stops."""

    number: int
    colour: int
    name: str
    points: str
    base: tuple[float, float] | None
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the SVG needs; `scale` is a bar of `scale_km` kilometres."""

    width: int
    height: int
    routes: Sequence[Route]
    scale: float
    scale_km: float


class Block(NamedTuple):
    """A piece of a day's strip."""

    x: float
    width: float
    kind: str


def colour_of(number: int) -> int:
    """1 to 8; neighbours in the list differ."""
    return (number - 1) % COLOURS + 1


def draw(rounds: Iterable[RoundLine], *, width: int = WIDTH, height: int = HEIGHT) -> Drawing | None:
    """The rounds in one picture, north up; None where no place is known."""
    lines = list(rounds)
    places = [place for line in lines for place in _way(line)]
    if not places:
        return None
    frame = _Frame(places, width, height)
    routes = [_route(line, frame) for line in lines]
    km = max((one for one in NICE_KM if one * frame.per_km <= width / 4), default=NICE_KM[0])
    return Drawing(width, height, routes, round(km * frame.per_km, 1), km)


def _way(line: RoundLine) -> list[tuple[float, float]]:
    """(latitude, longitude) of the base, the stops by tour, and the base again."""
    has_base = line.base_latitude is not None and line.base_longitude is not None
    base = [(line.base_latitude or 0.0, line.base_longitude or 0.0)] if has_base else []
    way = list(base)
    for before, stop in zip([None, *line.stops], line.stops, strict=False):
        if before is not None and before.tour != stop.tour:
            way += base
        if stop.latitude is not None and stop.longitude is not None:
            way.append((stop.latitude, stop.longitude))
    return way + base


class _Frame:
    """From WGS84 to the picture: true to scale around its middle."""

    def __init__(self, places: Sequence[tuple[float, float]], width: int, height: int) -> None:
        south, north = min(p[0] for p in places), max(p[0] for p in places)
        west, east = min(p[1] for p in places), max(p[1] for p in places)
        self._narrow = math.cos(math.radians((south + north) / 2))
        across = max((east - west) * self._narrow, 0.004)
        up = max(north - south, 0.004)
        self._scale = min((width - 2 * MARGIN) / across, (height - 2 * MARGIN) / up)
        self._middle = ((south + north) / 2, (west + east) / 2)
        self._centre = (width / 2, height / 2)
        self.per_km = self._scale / 111.195

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = self._centre[0] + (longitude - self._middle[1]) * self._narrow * self._scale
        y = self._centre[1] - (latitude - self._middle[0]) * self._scale
        return round(x, 1), round(y, 1)


def _route(line: RoundLine, frame: _Frame) -> Route:
    marks = [
        Mark(*frame.at(stop.latitude, stop.longitude), stop.position, f"{line.helper_name} {stop.position}")
        for stop in line.stops
        if stop.latitude is not None and stop.longitude is not None
    ]
    base = None
    if line.base_latitude is not None and line.base_longitude is not None:
        base = frame.at(line.base_latitude, line.base_longitude)
    points = " ".join(f"{x},{y}" for x, y in (frame.at(*place) for place in _way(line)))
    return Route(line.number, colour_of(line.number), line.helper_name, points, base, marks)


def strip(line: RoundLine) -> list[Block]:
    """A helper's day from 7 to 19 as blocks of per cent: away from the base, and at each door."""
    blocks = [_block(tour["leave"], tour["back"], "away") for tour in line.tours]
    return blocks + [_block(stop.start_minute, stop.leave_minute, "door") for stop in line.stops]


def _block(start: int, end: int, kind: str) -> Block:
    whole = DAY_TO - DAY_FROM
    first = min(max(start - DAY_FROM, 0), whole)
    last = min(max(end - DAY_FROM, 0), whole)
    return Block(round(100 * first / whole, 2), round(max(100 * (last - first) / whole, 0.6), 2), kind)


def as_json(rounds: Iterable[RoundLine], left_out: Iterable[LeftOutLine] = ()) -> dict[str, object]:
    """The same for a map with tiles. Names of helpers only: seniors are numbers on it."""
    return {
        "rounds": [
            {
                "number": line.number,
                "colour": colour_of(line.number),
                "name": line.helper_name,
                "way": _way(line),
                "stops": [
                    {"at": [stop.latitude, stop.longitude], "number": stop.position, "minute": stop.start_minute}
                    for stop in line.stops
                    if stop.latitude is not None and stop.longitude is not None
                ],
            }
            for line in rounds
        ],
        "left_out": sum(1 for _one in left_out),
    }
