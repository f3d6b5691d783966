"""Small problems, by hand and by hypothesis."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from dispatch import UNREACHABLE, Helper, Problem, Travel, Visit, Window

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
