"""Runs on the map that rounds are drawn on."""

from collections.abc import Sequence
from typing import cast

from blueprints.rounds import drawing
from queries.meal_run_lines import RunLine
from queries.round_lines import RoundLine

WIDTH, HEIGHT = drawing.WIDTH, drawing.HEIGHT


def of(runs: Sequence[RunLine], *, width: int = WIDTH, height: int = HEIGHT) -> drawing.Drawing | None:
    """The runs in one picture, north up; None where no place is known."""
    lines = cast("Sequence[RoundLine]", runs)  # a run has all that a drawing looks at
    return drawing.draw(lines, width=width, height=height)
