"""A problem as arrays, the form the compiled search reads. Seconds or any other unit: it only adds and compares."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 1e15
"""A cost or a time that no plan reaches."""


class Case(NamedTuple):
    """Visits are numbered from 0; visit `p` has the nodes `2p` and, if two helpers are needed, `2p + 1`.

    Places are rows of the travel matrices, of which there is one for each means.
    """

    slots: Ints  # (visits,) helpers needed: 1 or 2
    place: Ints  # (visits,)
    opens: Floats  # (visits, windows) earliest start
    closes: Floats  # (visits, windows) latest start
    windows: Ints  # (visits,) how many of the windows count
    late: Floats  # (visits,) cost of a unit of lateness; NEVER: the window is hard
    gap_min: Floats  # (visits,) second start minus first start, at least
    gap_max: Floats  # (visits,) and at most
    unserved: Floats  # (visits,) cost of leaving it out; NEVER: it must be served
    duration: Floats  # (nodes,)
    able: Flags  # (helpers, nodes)
    extra: Floats  # (helpers, nodes) what this helper costs at this door beyond travel
    means: Ints  # (helpers,) row of the matrices
    home: Ints  # (helpers,) place to leave from
    end: Ints  # (helpers,) place to return to
    starts: Floats  # (helpers,) earliest leave
    ends: Floats  # (helpers,) latest return
    limit: Floats  # (helpers,) longest time from leaving to returning
    time: Floats  # (means, places, places)
    price: Floats  # (means, places, places)
    near: Ints  # (visits, neighbours) visits worth standing beside
    worst_late: float  # cost of a unit of the largest lateness
    has_limits: bool  # whether ends or limit can ever bind


def neighbours(case: Case, most: int) -> Ints:
    """For each visit those nearest by travel and a fifth of the wait or lateness between the windows."""
    price = case.price.min(axis=0)[np.ix_(case.place, case.place)]
    travel = case.time.min(axis=0)[np.ix_(case.place, case.place)]
    first = case.opens.min(axis=1)
    last = np.where(np.arange(case.closes.shape[1]) < case.windows[:, None], case.closes, -NEVER).max(axis=1)
    done = last + case.duration[0::2]
    wait = np.maximum(first[None, :] - (done[:, None] + travel), 0.0)
    score = price + 0.2 * np.minimum(wait, wait.T)
    np.fill_diagonal(score, np.inf)
    count = min(most, len(case.slots) - 1)
    return np.ascontiguousarray(np.argsort(score, axis=1, kind="stable")[:, : max(count, 0)]).astype(np.int64)


def make_case(
    *,
    slots: Sequence[int],
    place: Sequence[int],
    windows: Sequence[Sequence[tuple[float, float]]],
    late: Sequence[float],
    gap: Sequence[tuple[float, float]],
    unserved: Sequence[float],
    duration: Floats,
    able: Flags,
    time: Floats,
    price: Floats | None = None,
    extra: Floats | None = None,
    means: Sequence[int] | None = None,
    home: Sequence[int] | None = None,
    end: Sequence[int] | None = None,
    shift: Sequence[tuple[float, float]] | None = None,
    limit: Sequence[float] | None = None,
    worst_late: float = 0.0,
    most_neighbours: int = 24,
) -> Case:
    """The arrays from plain values. `windows` are (earliest, latest start); `time` is (means, places, places)."""
    visits, helpers = len(slots), able.shape[0]
    widest = max((len(one) for one in windows), default=1)
    opens, closes = np.zeros((visits, widest)), np.zeros((visits, widest))
    for index, own in enumerate(windows):
        for column in range(widest):
            opens[index, column], closes[index, column] = own[min(column, len(own) - 1)]
    shifts = shift if shift is not None else [(0.0, NEVER)] * helpers
    limits = np.array(limit if limit is not None else [NEVER] * helpers, dtype=np.float64)
    ends = np.array([last for _first, last in shifts], dtype=np.float64)
    case = Case(
        slots=np.array(slots, dtype=np.int64),
        place=np.array(place, dtype=np.int64),
        opens=opens,
        closes=closes,
        windows=np.array([len(one) for one in windows], dtype=np.int64),
        late=np.array(late, dtype=np.float64),
        gap_min=np.array([least for least, _most in gap], dtype=np.float64),
        gap_max=np.array([most for _least, most in gap], dtype=np.float64),
        unserved=np.array(unserved, dtype=np.float64),
        duration=np.ascontiguousarray(duration, dtype=np.float64),
        able=np.ascontiguousarray(able),
        extra=np.zeros(able.shape) if extra is None else np.ascontiguousarray(extra, dtype=np.float64),
        means=np.array(means if means is not None else [0] * helpers, dtype=np.int64),
        home=np.array(home if home is not None else [0] * helpers, dtype=np.int64),
        end=np.array(end if end is not None else [0] * helpers, dtype=np.int64),
        starts=np.array([first for first, _last in shifts], dtype=np.float64),
        ends=ends,
        limit=limits,
        time=np.ascontiguousarray(time, dtype=np.float64),
        price=np.ascontiguousarray(time if price is None else price, dtype=np.float64),
        near=np.zeros((visits, 0), dtype=np.int64),
        worst_late=float(worst_late),
        has_limits=bool((ends < NEVER).any() or (limits < NEVER).any()),
    )
    return case._replace(near=neighbours(case, most_neighbours))
