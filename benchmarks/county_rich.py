"""The county day with everything in it that days have: pairs, soft windows, breaks, meals, contracts, fairness."""

import random
from dataclasses import replace

from benchmarks.county import HOUR, county_day
from dispatch import Break, Fetch, Helper, Problem, Second, Visit, Weights, Window

PAIRS, IN_TURN, SOFT, MEALS = 0.06, 0.02, 0.3, 0.05
FAIRNESS = 0.2
MEAL_TIME = Window(11 * HOUR, 12 * HOUR + 1800)


def rich_county_day(visits: int = 600, helpers: int = 60, *, seed: int = 1, change_cost: int = 600) -> Problem:
    """The same county, doors and helpers as `county_day`, with more asked of them."""
    plain = county_day(visits, helpers, seed=seed, change_cost=change_cost)
    rng = random.Random(seed + 2_000_000)
    return Problem(
        tuple(_helper(rng, helper) for helper in plain.helpers),
        tuple(_visit(rng, visit) for visit in plain.visits),
        plain.travel,
        Weights(fairness=FAIRNESS),
    )


def _helper(rng: random.Random, helper: Helper) -> Helper:
    """Half an hour at noon; seven hours of contract for most, six for some; portions carried."""
    return replace(
        helper,
        breaks=(Break(11 * HOUR + 1800, 13 * HOUR, 1800),),
        contracted_seconds=rng.choice((7, 7, 7, 6)) * HOUR,
        capacity=4 if helper.means == "foot" else 12,
    )


def _visit(rng: random.Random, visit: Visit) -> Visit:
    """A lunch, a pair at once, a pair one after the other, or what it was; a narrow window may be soft."""
    kind = rng.random()
    if kind < MEALS:
        # the canteen of a township is where its first helper is based, and so is the place's number
        lunch = Fetch(int(visit.area), duration=180, ready=MEAL_TIME.start - 1800, fresh=HOUR)
        return replace(
            visit, windows=(MEAL_TIME,), duration=300, skills=frozenset(), wants_sex=None, language=None, fetch=lunch
        )
    if kind < MEALS + PAIRS:
        return replace(visit, second=Second(visit.duration))
    if kind < MEALS + PAIRS + IN_TURN:
        return replace(visit, second=Second(900, gap=(0, 1800)))
    return replace(visit, is_soft=visit.windows[0].length < 5 * HOUR and rng.random() < SOFT)
