"""Division codes 市 6 / 县 6 / 乡镇 9 / 村 12 digits: what can be told from the digits alone."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

CITY = "610600"
WEST, EAST, SOUTH, NORTH = 107.68, 110.52, 35.35, 37.52
"""The city's bounds in WGS84 degrees: a point outside is a mistake."""

_SHAPE = re.compile(r"^\d{6}(\d{3}(\d{3})?)?$")


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a code: 6, 9 or 12 digits."""
    return bool(_SHAPE.match(text))


def is_in_city(latitude: float, longitude: float) -> bool:
    """Whether a WGS84 point lies within the city's bounds."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def parent_of(code: str) -> str | None:
    """The code one level up: 610602100201 gives 610602100, 610602 the city, the city None."""
    if len(code) > 6:
        return code[:-3]
    return None if code.endswith("00") else f"{code[:4]}00"


def lineage(code: str) -> tuple[str, ...]:
    """The code itself, then everything above it, the most local first."""
    line = [code]
    while (above := parent_of(line[-1])) is not None:
        line.append(above)
    return tuple(line)


@dataclass(frozen=True, slots=True)
class ReferenceDivision:
    """The city or one of its counties: code, name and seat of government (WGS84)."""

    code: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ReferenceAlias:
    """A code that is no longer in use, and the one that took its place."""

    old_code: str
    code: str
    note: str


def reference() -> tuple[list[ReferenceDivision], list[ReferenceAlias]]:
    """The city, its counties and their former codes (GB/T 2260); townships and villages are imported."""
    content = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    divisions = [ReferenceDivision(**one) for one in content["divisions"]]
    return divisions, [ReferenceAlias(**one) for one in content["aliases"]]
