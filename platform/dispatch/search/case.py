"""A problem as arrays, the form the compiled search reads. Seconds or any other unit: it only adds and compares."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = 1e15
"""A cost or a time that no plan reaches."""


LATE_COST, GAP_MIN, GAP_MAX, UNSERVED, SIZE, FRESH = range(6)
"""Columns of `Case.visits`: cost of a unit of lateness (NEVER: the window is hard); second start minus first start, at
least and at most; cost of leaving it out (NEVER: it must be served); portions it brings, and the longest time from the
counter to the start (NEVER: they keep)."""

SLOTS, PLACE, WINDOWS, COUNTER = range(4)
"""Columns of `Case.visit_ints`: helpers needed (1 or 2), place, how many of the windows count, counter or -1."""

OPENS, CLOSES = range(2)
"""Columns of `Case.windows`: earliest and latest start."""

DURATION, TOLD = range(2)
"""Columns of `Case.nodes`: how long it takes, and the start people know (-1: nobody knows any)."""

AT, READY, LASTS = range(3)
"""Columns of `Case.counters`: place, not before, how long fetching takes."""

STARTS, ENDS, LIMIT, SINCE, CONTRACTED, CAPACITY = range(6)
"""Columns of `Case.routes`: earliest leave, latest return, longest time between them, when the person did leave (-1:
not yet), the person's paid time away in all routes (NEVER: no overtime), portions carried at once."""

PERSON, FIRST_ROUTE, LAST_ROUTE, MEANS, HOME, END, BREAKS = range(7)
"""Columns of `Case.route_ints`: whose it is, the first and last route of that person, row of the travel matrices,
places to leave from and to return to, how many breaks count."""

NONE, ZERO, ONE = cast("tuple[int, int, int]", (np.int64(-1), np.int64(0), np.int64(1)))
"""No node, no route; nothing yet; the second. As a plain number each would be compiled for apart."""


class Case(NamedTuple):
    """Visits are numbered from 0; visit `p` has the nodes `2p` and, if two helpers are needed, `2p + 1`.

    Places are rows of the travel matrices, of which there is one for each means. A route is one shift of one person;
    the routes of a person stand side by side. A counter is where what a visit brings is fetched. Few wide tables
    rather than many arrays: every compiled function is handed all of them, and to compile that takes a second each.
    """

    visits: Floats  # (visits, 6) see LATE_COST …
    visit_ints: Ints  # (visits, 4) see SLOTS …
    windows: Floats  # (visits, windows, 2) see OPENS …
    nodes: Floats  # (nodes, 2) see DURATION …
    counters: Floats  # (counters, 3) see AT …
    routes: Floats  # (routes, 6) see STARTS …
    route_ints: Ints  # (routes, 7) see PERSON …
    able: Flags  # (routes, nodes)
    extra: Floats  # (routes, nodes) what this helper costs at this door beyond travel
    breaks: Floats  # (routes, breaks, 3) earliest and latest begin, length
    time: Floats  # (means, places, places)
    price: Floats  # (means, places, places)
    near: Ints  # (visits, neighbours) visits worth standing beside
    worst_late: float  # cost of a unit of the largest lateness
    overtime: float  # cost of a unit beyond what is contracted
    fairness: float  # what a unit more of a full day costs more than one of an empty day
    full_day: float
    pair_wait: float  # cost of a unit in which one waits at the door for the other
    retime: float  # cost of a start that differs by more than `retime_from` from what people know
    retime_from: float
    has_limits: bool  # whether the length of a route can bind or costs anything
    has_extras: bool  # whether there are breaks or counters

    @property
    def slots(self) -> Ints:
        """(visits,) helpers needed."""
        return self.visit_ints[:, SLOTS]

    @property
    def place(self) -> Ints:
        """(visits,) where."""
        return self.visit_ints[:, PLACE]

    @property
    def duration(self) -> Floats:
        """(nodes,) how long."""
        return self.nodes[:, DURATION]


def neighbours(case: Case, most: int) -> Ints:
    """For each visit those nearest by travel and a fifth of the wait or lateness between the windows."""
    if not len(case.visits) or not case.price.size:
        return np.zeros((len(case.visits), 0), dtype=np.int64)
    price = case.price.min(axis=0)[np.ix_(case.place, case.place)]
    travel = case.time.min(axis=0)[np.ix_(case.place, case.place)]
    first, last = case.windows[:, :, OPENS].min(axis=1), case.windows[:, :, CLOSES].max(axis=1)
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
    duration: Iterable[float],
    able: Flags,
    time: Floats,
    price: Floats | None = None,
    extra: Floats | None = None,
    counter: Sequence[int] | None = None,
    size: Sequence[float] | None = None,
    fresh: Sequence[float] | None = None,
    told: Iterable[float] | None = None,
    counters: Sequence[tuple[int, float, float]] = (),
    person: Sequence[int] | None = None,
    means: Sequence[int] | None = None,
    home: Sequence[int] | None = None,
    end: Sequence[int] | None = None,
    shift: Sequence[tuple[float, float]] | None = None,
    limit: Sequence[float] | None = None,
    since: Sequence[float] | None = None,
    contracted: Sequence[float] | None = None,
    capacity: Sequence[float] | None = None,
    breaks: Sequence[Sequence[tuple[float, float, float]]] | None = None,
    worst_late: float = 0.0,
    overtime: float = 0.0,
    fairness: float = 0.0,
    full_day: float = 1.0,
    pair_wait: float = 0.0,
    retime: float = 0.0,
    retime_from: float = 0.0,
    most_neighbours: int = 24,
) -> Case:
    """The arrays from plain values. `windows` are (earliest, latest start); `time` is (means, places, places);
    `counters` are (place, ready, how long); `breaks` are (earliest, latest begin, length) for each route."""
    visits, routes = len(slots), able.shape[0]
    shifts = shift if shift is not None else [(0.0, NEVER)] * routes
    limits = [NEVER] * routes if limit is None else limit
    who = np.array(range(routes) if person is None else person, dtype=np.int64)
    pauses = breaks if breaks is not None else [()] * routes
    at = [-1] * visits if counter is None else counter
    case = Case(
        visits=_floats(visits, late, [least for least, _most in gap], [most for _least, most in gap], unserved,
                       [0.0] * visits if size is None else size, [NEVER] * visits if fresh is None else fresh),
        visit_ints=_ints(visits, slots, place, [len(one) for one in windows], at),
        windows=_windows(windows),
        nodes=_floats(2 * visits, duration, [-1.0] * (2 * visits) if told is None else told),
        counters=np.array(counters, dtype=np.float64).reshape(len(counters), 3),
        routes=_floats(routes, [first for first, _last in shifts], [last for _first, last in shifts], limits,
                       [-1.0] * routes if since is None else since,
                       [NEVER] * routes if contracted is None else contracted,
                       [NEVER] * routes if capacity is None else capacity),
        route_ints=_ints(routes, who, np.searchsorted(who, who, side="left"),
                         np.searchsorted(who, who, side="right") - 1, [0] * routes if means is None else means,
                         [0] * routes if home is None else home, [0] * routes if end is None else end,
                         [len(one) for one in pauses]),
        able=np.ascontiguousarray(able),
        extra=np.zeros(able.shape) if extra is None else np.ascontiguousarray(extra, dtype=np.float64),
        breaks=_breaks(pauses),
        time=np.ascontiguousarray(time, dtype=np.float64),
        price=np.ascontiguousarray(time if price is None else price, dtype=np.float64),
        near=np.zeros((visits, 0), dtype=np.int64),
        worst_late=float(worst_late),
        overtime=float(overtime),
        fairness=float(fairness),
        full_day=float(full_day),
        pair_wait=float(pair_wait),
        retime=float(retime),
        retime_from=float(retime_from),
        has_limits=bool(overtime > 0.0 or fairness > 0.0 or min([*limits, *(last for _, last in shifts)], default=NEVER)
                        < NEVER),
        has_extras=bool(any(pauses) or max(at, default=-1) >= 0),
    )  # fmt: skip
    return case._replace(near=neighbours(case, most_neighbours))


def _ints(rows: int, *columns: Iterable[int]) -> Ints:
    return np.array([list(column) for column in columns], dtype=np.int64).reshape(len(columns), rows).T.copy()


def _floats(rows: int, *columns: Iterable[float]) -> Floats:
    return np.array([list(column) for column in columns], dtype=np.float64).reshape(len(columns), rows).T.copy()


def _windows(windows: Sequence[Sequence[tuple[float, float]]]) -> Floats:
    """The last window fills the rest of a row."""
    widest = max((len(one) for one in windows), default=1)
    table = np.zeros((len(windows), widest, 2))
    for index, own in enumerate(windows):
        for column in range(widest):
            table[index, column] = own[min(column, len(own) - 1)]
    return table


def _breaks(pauses: Sequence[Sequence[tuple[float, float, float]]]) -> Floats:
    table = np.zeros((len(pauses), max((len(one) for one in pauses), default=0), 3))
    for route, own in enumerate(pauses):
        for column, pause in enumerate(sorted(own)):
            table[route, column] = pause
    return table
