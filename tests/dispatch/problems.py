"""Small problems, by hand and by hypothesis."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from dispatch import (
    UNREACHABLE,
    Break,
    Done,
    Fetch,
    Helper,
    Pin,
    Problem,
    Second,
    Told,
    Travel,
    Visit,
    Weights,
    Window,
)

HOUR = 3600
SKILLS = ("nursing", "bathing")


def line(*minutes: int) -> Travel:
    """Places along one road, each so many minutes from its beginning; a minute is 500 m."""
    at = np.array(minutes, dtype=np.int64)
    away = np.abs(at[:, None] - at[None, :])
    return Travel(away * 60, away * 500)


def helper(name: str = "li", **changes: Any) -> Helper:
    """On shift from 8 to 12 at place 0."""
    values = {"id": name, "shifts": (Window(8 * HOUR, 12 * HOUR),), "start_place": 0, "end_place": 0}
    return Helper(**values | changes)


def visit(name: str = "a", **changes: Any) -> Visit:
    """Half an hour at place 1, any time from 8 to 18."""
    values = {"id": name, "place": 1, "windows": (Window(8 * HOUR, 18 * HOUR),), "duration": 1800}
    return Visit(**values | changes)


def problem(helpers: list[Helper], visits: list[Visit], travel: Travel | None = None) -> Problem:
    ways = travel or line(0, 10, 20, 30)
    return Problem(tuple(helpers), tuple(visits), {"motor": ways, "foot": Travel(ways.seconds * 6, ways.metres)})


def _windows(earliest: int, latest: int) -> st.SearchStrategy[Window]:
    """Mostly sound, sometimes reversed or empty."""
    return st.builds(
        lambda start, length: Window(start * 600, (start + length) * 600),
        st.integers(earliest * 6, latest * 6),
        st.integers(-2, 40),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A day with everything in it that is ever entered, mistakes included."""
    places = draw(st.integers(1, 8))
    ways = draw(st.lists(st.sampled_from([0, 60, 300, 900, 2400, UNREACHABLE]), min_size=places**2, max_size=places**2))
    seconds = np.array(ways, dtype=np.int64).reshape(places, places)
    np.fill_diagonal(seconds, 0)
    place = st.integers(0, places - 1)
    skills = st.frozensets(st.sampled_from(SKILLS))
    helpers = draw(
        st.lists(
            st.builds(
                Helper,
                id=st.integers(0, 20).map("h{}".format),
                shifts=st.lists(_windows(7, 14), max_size=2).map(tuple),
                start_place=place,
                end_place=place,
                max_seconds=st.sampled_from([0, 2 * HOUR, 8 * HOUR]),
                means=st.sampled_from(["motor", "motor", "boat"]),
                skills=skills,
                sex=st.sampled_from(["female", "male"]),
                languages=st.frozensets(st.sampled_from(["zh", "shaanbei"])),
                area=st.sampled_from(["1", "2"]),
            ),
            max_size=4,
        )
    )
    visits = draw(
        st.lists(
            st.builds(
                Visit,
                id=st.integers(0, 30).map("v{}".format),
                place=st.none() | st.integers(0, places),
                windows=st.lists(_windows(7, 15), max_size=2).map(tuple),
                duration=st.sampled_from([-60, 0, 900, 1800, 3600]),
                skills=skills,
                priority=st.integers(1, 3),
                wants_sex=st.sampled_from([None, None, "female"]),
                language=st.sampled_from([None, "shaanbei"]),
                needs_language=st.booleans(),
                regular_helper=st.sampled_from([None, "h1", "h2"]),
                change_cost=st.sampled_from([0, 900]),
                area=st.sampled_from(["1", "2"]),
            ),
            max_size=14,
        )
    )
    return Problem(tuple(helpers), tuple(visits), {"motor": Travel(seconds, seconds * 8)})


_PLACES = 7


def _ways(draw: st.DrawFn) -> Travel:
    """Seven places in the plane, a minute or more apart; sometimes one of them is an island."""
    at = np.array(draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=_PLACES, max_size=_PLACES)))
    away = np.abs(at[:, None, :] - at[None, :, :]).sum(axis=2) * 60
    if draw(st.integers(0, 9)) == 0:
        away[_PLACES - 1, :-1] = away[:-1, _PLACES - 1] = UNREACHABLE
    return Travel(away, away * 8)


_RICH_HELPER = {
    "shifts": st.sampled_from(
        [(Window(8 * HOUR, 12 * HOUR),), (Window(8 * HOUR, 17 * HOUR),)] * 3
        + [(Window(8 * HOUR, 11 * HOUR), Window(13 * HOUR, 17 * HOUR))]
    ),
    "max_seconds": st.sampled_from([3 * HOUR, 8 * HOUR]),
    "means": st.sampled_from(["motor", "motor", "foot"]),
    "skills": st.frozensets(st.sampled_from(SKILLS)),
    "sex": st.sampled_from(["female", "male"]),
    "contracted_seconds": st.sampled_from([None, HOUR, 6 * HOUR]),
    "breaks": st.sampled_from([(), (), (Break(11 * HOUR, 13 * HOUR, 1800),), (Break(9 * HOUR, 10 * HOUR, 900),)]),
    "capacity": st.sampled_from([0, 2, 5]),
}
_SECONDS = st.builds(
    Second,
    duration=st.sampled_from([900, 1800]),
    skills=st.frozensets(st.sampled_from(SKILLS), max_size=1),
    gap=st.sampled_from([(0, 0), (0, 600), (600, 1800), (-600, 600)]),
)
_FETCHES = st.builds(
    Fetch,
    place=st.integers(0, 1),
    duration=st.sampled_from([0, 300]),
    size=st.integers(1, 3),
    ready=st.sampled_from([0, 10 * HOUR]),
    fresh=st.sampled_from([None, 900, 3600]),
)
_RICH_VISIT = {
    "windows": st.lists(_windows(7, 15), min_size=1, max_size=2).map(tuple),
    "duration": st.sampled_from([600, 1800, 3600]),
    "skills": st.frozensets(st.sampled_from(SKILLS), max_size=1),
    "priority": st.integers(1, 3),
    "wants_sex": st.sampled_from([None, None, "female"]),
    "wishes_sex": st.booleans(),
    "regular_helper": st.sampled_from([None, "h0", "h1"]),
    "change_cost": st.sampled_from([0, 900]),
    "is_soft": st.booleans(),
    "never": st.sampled_from([frozenset(), frozenset(), frozenset({"h0"})]),
    "second": st.none() | _SECONDS,
    "fetch": st.none() | st.none() | _FETCHES,
}


@st.composite
def rich_problems(draw: st.DrawFn, *, begun: bool | None = False) -> Problem:
    """A day with two at one door, breaks, errands, late arrivals; `begun`: with stops made, told, pinned."""
    ways, place = _ways(draw), st.integers(0, _PLACES - 1)
    count = draw(st.integers(1, 4))
    helpers = [
        Helper(id=f"h{n}", start_place=draw(place), end_place=draw(place), **draw(st.fixed_dictionaries(_RICH_HELPER)))
        for n in range(count)
    ]
    visits = [
        Visit(id=f"v{n}", place=draw(place), **draw(st.fixed_dictionaries(_RICH_VISIT)))
        for n in range(draw(st.integers(1, 9)))
    ]
    weights = Weights(fairness=draw(st.sampled_from([0.0, 0.5])), pair_wait=draw(st.sampled_from([0.0, 0.5])))
    travel = {"motor": ways, "foot": Travel(np.minimum(ways.seconds * 4, UNREACHABLE), ways.metres)}
    day = Problem(tuple(helpers), tuple(visits), travel, weights)
    is_begun = draw(st.booleans()) if begun is None else begun
    return _begun(draw, day) if is_begun else day


def _begun(draw: st.DrawFn, day: Problem) -> Problem:
    """The same day at half past nine: some stops made, some known to people, some pinned."""
    who = st.sampled_from([helper.id for helper in day.helpers])
    rest = list(day.visits)
    done = []
    for number in range(draw(st.integers(0, min(2, len(rest) - 1)))):
        visit, start = rest.pop(), 8 * HOUR + 1200 * number
        done.append(Done(visit.id, draw(who), start - 60, start, start + visit.duration))
    told = [Told(visit.id, draw(who), draw(st.integers(16, 30)) * 1800) for visit in rest if draw(st.booleans())]
    pins = [
        Pin(visit.id, draw(who), draw(st.none() | st.integers(20, 30).map(lambda half: half * 1800)))
        for visit in rest
        if draw(st.integers(0, 3)) == 0
    ]
    return replace(day, done=tuple(done), told=tuple(told), pins=tuple(pins), now=9 * HOUR + 1800)
