"""What logged arrivals teach about ways: how much longer they take than a travel model says.

An observation is one leg: a helper left one door and arrived at the next. Its ratio is observed time over the model's.
The numbers below are choices, each with its reason; `docs/decisions/0022-travel-times.md` shows what they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from statistics import median, quantiles


class Basis(StrEnum):
    """What answered: each is wrong in its own way, so each has its own factors."""

    LINE = "line"  # the straight line with its assumptions
    ROAD = "road"  # a road map


LEAST = 5
"""Below so many legs a pair of townships says nothing: the median of four is moved by any single odd day."""
LOWEST, HIGHEST = 0.5, 3.0
"""A factor beyond these is a mistake in the places or the logs, not a road."""
PRIOR_LEGS = 5
"""The county's own factor counts as so many legs: at the least number a pair is believed half."""
COUNTY_LEAST = 20
"""So many legs in all before a county has a factor; its shrinking towards 1 is by the same PRIOR_LEGS."""
SHORTEST_S = 120
"""Shorter by the model, and it is the knock that is measured, not the way."""
LONGEST_S = 90 * 60
"""More between two doors is a rest, a meal, an errand."""
AT_MOST_TIMES = 3.0
"""So many times the model's time and more is a rest as well; it is also where factors end."""
AT_LEAST_TIMES = 0.25
"""Four times as fast is somebody who logged two doors at the second one."""


def ratio(model_s: float, observed_s: float) -> float | None:
    """How many times the model's time a leg took; None where the gap was not a way."""
    if model_s <= SHORTEST_S or not 0 < observed_s <= LONGEST_S:
        return None
    times = observed_s / model_s
    return times if AT_LEAST_TIMES <= times <= AT_MOST_TIMES else None


def between(one: str, other: str) -> tuple[str, str]:
    """Two townships in a fixed order: a way back is as long as the way there."""
    return (one[:9], other[:9]) if one[:9] <= other[:9] else (other[:9], one[:9])


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the legs of one pair say: their number, the ratios' quartiles, and the factor to use."""

    count: int
    low: float
    median: float
    high: float
    factor: float


def lesson(ratios: Sequence[float], *, prior: float = 1.0, least: int = LEAST) -> Lesson | None:
    """The median ratio, drawn towards `prior` while the legs are few, and bounded; None below `least`.

    Drawn on a logarithmic scale: twice as long and half as long are equally far from 1.
    """
    if len(ratios) < max(least, 2):
        return None
    low, _middle, high = quantiles(ratios, n=4, method="inclusive")
    middle = median(ratios)
    drawn = exp((len(ratios) * log(middle) + PRIOR_LEGS * log(prior)) / (len(ratios) + PRIOR_LEGS))
    return Lesson(len(ratios), low, middle, high, min(max(drawn, LOWEST), HIGHEST))
