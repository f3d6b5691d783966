"""A map without tiles and without JavaScript: rounds as lines, stops, what is left out, townships; for an SVG."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from queries.round_lines import Township

WIDTH, HEIGHT, MARGIN = 960, 600, 36
COLOURS = 8
NICE_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
NUMBERED = 60
"""With more stops than that only the chosen round's have their numbers on them."""


class Point(Protocol):
    """A stop as it is drawn."""

    @property
    def position(self) -> int: ...
    @property
    def tour(self) -> int: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


class Line(Protocol):
    """A round as it is drawn."""

    @property
    def number(self) -> int: ...
    @property
    def helper_name(self) -> str: ...
    @property
    def base_latitude(self) -> float | None: ...
    @property
    def base_longitude(self) -> float | None: ...
    @property
    def end_latitude(self) -> float | None: ...
    @property
    def end_longitude(self) -> float | None: ...
    @property
    def stops(self) -> Sequence[Point]: ...


class Absent(Protocol):
    """A visit that is left out, as it is drawn."""

    @property
    def at(self) -> list[float] | None: ...


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


class Label(NamedTuple):
    """The name of a township."""

    x: float
    y: float
    name: str


class Missing(NamedTuple):
    """A visit that is left out."""

    x: float
    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything the SVG needs; `scale` is a bar of `scale_km` kilometres."""

    width: int
    height: int
    routes: Sequence[Route]
    missing: Sequence[Missing]
    labels: Sequence[Label]
    scale: float
    scale_km: float
    is_numbered: bool


def colour_of(number: int) -> int:
    """1 to 8; neighbours in the list differ."""
    return (number - 1) % COLOURS + 1


def draw(
    rounds: Iterable[Line],
    left_out: Sequence[Absent] = (),
    townships: Iterable[Township] = (),
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> Drawing | None:
    """The rounds and what they leave out in one picture, north up; None where no place is known."""
    lines = list(rounds)
    missing = [(number, one.at[0], one.at[1]) for number, one in enumerate(left_out, 1) if one.at]
    places = [place for line in lines for place in way(line)] + [(north, east) for _number, north, east in missing]
    if not places:
        return None
    frame = _Frame(places, width, height)
    km = max((one for one in NICE_KM if one * frame.per_km <= width / 4), default=NICE_KM[0])
    return Drawing(
        width,
        height,
        [_route(line, frame) for line in lines],
        [Missing(*frame.at(north, east), number) for number, north, east in missing],
        list(_labels(townships, frame, width, height)),
        round(km * frame.per_km, 1),
        km,
        sum(len(line.stops) for line in lines) <= NUMBERED,
    )


def _labels(townships: Iterable[Township], frame: "_Frame", width: int, height: int) -> Iterator[Label]:
    """The names that lie in the picture; of two that would cover each other, the first."""
    taken: list[tuple[float, float]] = []
    for one in townships:
        if one.latitude is None or one.longitude is None:
            continue
        x, y = frame.at(one.latitude, one.longitude)
        is_inside = 40 < x < width - 40 and 20 < y < height - 20
        if is_inside and all(abs(x - a) > 80 or abs(y - b) > 20 for a, b in taken):
            taken.append((x, y))
            yield Label(x, y, one.name)


def way(line: Line) -> list[tuple[float, float]]:
    """(latitude, longitude) of the base, the stops by tour, and where the day ends."""
    base = _point(line.base_latitude, line.base_longitude)
    points = list(base)
    for before, stop in zip([None, *line.stops], line.stops, strict=False):
        if before is not None and before.tour != stop.tour:
            points += base
        points += _point(stop.latitude, stop.longitude)
    return points + (_point(line.end_latitude, line.end_longitude) or base)


def _point(latitude: float | None, longitude: float | None) -> list[tuple[float, float]]:
    return [] if latitude is None or longitude is None else [(latitude, longitude)]


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


def _route(line: Line, frame: _Frame) -> Route:
    marks = [
        Mark(*frame.at(stop.latitude, stop.longitude), stop.position, f"{line.helper_name} {stop.position}")
        for stop in line.stops
        if stop.latitude is not None and stop.longitude is not None
    ]
    base = None
    if line.base_latitude is not None and line.base_longitude is not None:
        base = frame.at(line.base_latitude, line.base_longitude)
    points = " ".join(f"{x},{y}" for x, y in (frame.at(*place) for place in way(line)))
    return Route(line.number, colour_of(line.number), line.helper_name, points, base, marks)
