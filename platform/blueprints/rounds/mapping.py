"""The same for a map that can be moved. Names of helpers only: seniors are numbers on it."""

from collections.abc import Iterable, Sequence

from extensions.babel import gettext as _
from formatting import minutes_clock
from queries.round_lines import LeftOutLine, RoundLine, StopLine, Township

from .drawing import colour_of, way


def as_json(
    rounds: Iterable[RoundLine], left_out: Sequence[LeftOutLine] = (), townships: Iterable[Township] = ()
) -> dict[str, object]:
    """`number` of a visit that is left out is its place in the page's list."""
    return {
        "rounds": [_round(line) for line in rounds],
        "left_out": [{"at": one.at, "number": number} for number, one in enumerate(left_out, 1) if one.at],
        "places": [
            {"at": [one.latitude, one.longitude], "name": one.name} for one in townships if one.latitude is not None
        ],
    }


def _round(line: RoundLine) -> dict[str, object]:
    return {
        "number": line.number,
        "colour": colour_of(line.number),
        "name": line.helper_name,
        "way": way(line),
        "stops": [
            {"at": [stop.latitude, stop.longitude], "number": stop.position, "title": _title(line, stop)}
            for stop in line.stops
            if stop.latitude is not None and stop.longitude is not None
        ],
    }


def _title(line: RoundLine, stop: StopLine) -> str:
    return _(
        "%(name)s 第 %(number)d 站 %(time)s",
        name=line.helper_name,
        number=stop.position,
        time=minutes_clock(stop.start_minute),
    )
