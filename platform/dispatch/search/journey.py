"""From one stop to the next: the way, the break that may not wait, the counter where something is fetched."""

from .case import (
    AT,
    BREAKS,
    CAPACITY,
    CLOSES,
    CONTRACTED,
    COUNTER,
    DURATION,
    END,
    ENDS,
    FIRST_ROUTE,
    FRESH,
    HOME,
    LAST_ROUTE,
    LASTS,
    LIMIT,
    MEANS,
    NEVER,
    OPENS,
    PLACE,
    READY,
    SINCE,
    SIZE,
    SLOTS,
    STARTS,
    TOLD,
    WINDOWS,
    Case,
)
from .compiled import apart, compiled, inlined, leaf
from .state import AFTER, BEFORE, CARRYING, FIRST, HELPER, LAST, LEFT, LOAD, RESTED, START, State

TINY = 1e-6


@leaf
def fit(c: Case, p: int, t: float) -> float:
    """The earliest start of visit `p` from `t` on; `t` itself if all its windows are over."""
    for w in range(c.visit_ints[p, WINDOWS]):
        if t <= c.windows[p, w, CLOSES]:
            return max(t, c.windows[p, w, OPENS])
    return t


@inlined
def latest(c: Case, p: int, t: float) -> float:
    """The end of the window in which a start at `t` lies; `t` itself if all windows are over."""
    for w in range(c.visit_ints[p, WINDOWS]):
        if t <= c.windows[p, w, CLOSES]:
            return c.windows[p, w, CLOSES]
    return t


@leaf
def free_at(c: Case, s: State, h: int, a: int) -> float:
    """When the helper of route `h` can leave node `a`; -1: home."""
    return c.routes[h, STARTS] if a < 0 else s.nodes[a, START] + c.nodes[a, DURATION]


@leaf
def place_at(c: Case, h: int, a: int) -> int:
    """Where node `a` is; -1: home."""
    return c.route_ints[h, HOME] if a < 0 else c.visit_ints[a >> 1, PLACE]


@leaf
def ready(c: Case, s: State, v: int) -> float:
    """When the helper of node `v` stands at its door, without breaks and counters."""
    h, a = s.links[v, HELPER], s.links[v, BEFORE]
    return free_at(c, s, h, a) + c.time[c.route_ints[h, MEANS], place_at(c, h, a), c.visit_ints[v >> 1, PLACE]]


@apart
def trip(c: Case, m: int, at: int, to: int, k: int, t: float) -> float:
    """When somebody who leaves `at` at `t` arrives at `to`, by way of counter `k` (-1: directly)."""
    if k < 0:
        return t + c.time[m, at, to]
    there = max(t + c.time[m, at, int(c.counters[k, AT])], c.counters[k, READY])
    return there + c.counters[k, LASTS] + c.time[m, int(c.counters[k, AT]), to]


@apart
def detour(c: Case, m: int, at: int, to: int, k: int) -> float:
    """What the way by counter `k` costs more than the direct one."""
    by = int(c.counters[k, AT])
    return c.price[m, at, by] + c.price[m, by, to] - c.price[m, at, to]


@apart
def must_fetch(c: Case, s: State, h: int, a: int, p: int, t: float) -> bool:
    """Whether who leaves node `a` at `t` for visit `p` has to pass its counter: nothing left, no room, or cold."""
    if (
        a < 0
        or s.links[a, CARRYING] != c.visit_ints[p, COUNTER]
        or s.nodes[a, LOAD] + c.visits[p, SIZE] > c.routes[h, CAPACITY] + TINY
    ):
        return True
    arrive = t + c.time[c.route_ints[h, MEANS], c.visit_ints[a >> 1, PLACE], c.visit_ints[p, PLACE]]
    return bool(fit(c, p, arrive) > s.nodes[a, LEFT] + c.visits[p, FRESH] + TINY)


@apart
def reach(c: Case, s: State, v: int) -> tuple[float, int, bool]:
    """(arrival at node `v`, breaks taken by then, whether it passes the counter); NEVER if a break cannot be kept.

    A break waits as long as it may: it is taken while waiting at the door, else before leaving for a visit that
    would end after its latest begin. Before the first stop it is taken at home.
    """
    h, a, p = s.links[v, HELPER], s.links[v, BEFORE], v >> 1
    m, at, to = c.route_ints[h, MEANS], place_at(c, h, a), c.visit_ints[p, PLACE]
    t = free_at(c, s, h, a)
    k = c.visit_ints[p, COUNTER] if v & 1 == 0 else -1
    fetches = k >= 0 and must_fetch(c, s, h, a, p, t)
    arrive = trip(c, m, at, to, k if fetches else -1, t)
    rested = 0 if a < 0 else s.links[a, RESTED]
    idle = arrive
    while rested < c.route_ints[h, BREAKS]:
        earliest, latest_begin, lasts = c.breaks[h, rested, 0], c.breaks[h, rested, 1], c.breaks[h, rested, 2]
        start = fit(c, p, arrive)
        at_door, before = max(idle, earliest), max(t, earliest)
        if a >= 0 and at_door <= latest_begin and at_door + lasts <= start + TINY and not fetches:
            idle = at_door + lasts
        elif start + c.nodes[v, DURATION] <= latest_begin:
            break
        else:
            if before > latest_begin:
                return NEVER, rested, fetches
            t = before + lasts
            fetches = k >= 0 and must_fetch(c, s, h, a, p, t)
            arrive = trip(c, m, at, to, k if fetches else -1, t)
            idle = arrive
        rested += 1
    return arrive, rested, fetches


@apart
def way_back(c: Case, s: State, h: int) -> float:
    """When route `h`, which has a stop, is back at its end; NEVER if a break cannot be kept."""
    b = s.routes[h, LAST]
    t = s.nodes[b, START] + c.nodes[b, DURATION]
    way = c.time[c.route_ints[h, MEANS], c.visit_ints[b >> 1, PLACE], c.route_ints[h, END]]
    if c.has_extras:
        for i in range(s.links[b, RESTED], c.route_ints[h, BREAKS]):
            if t + way <= c.breaks[h, i, 1]:
                break
            rest = max(t, c.breaks[h, i, 0])
            if rest > c.breaks[h, i, 1]:
                return NEVER
            t = rest + c.breaks[h, i, 2]
    return float(t + way)


@apart
def way_out(c: Case, s: State, h: int) -> float:
    """How long before the start at its first stop route `h` leaves home."""
    a = s.routes[h, FIRST]
    m, to = c.route_ints[h, MEANS], c.visit_ints[a >> 1, PLACE]
    if c.has_extras and s.links[a, CARRYING] >= 0 and s.links[a, CARRYING] == c.visit_ints[a >> 1, COUNTER]:
        by = int(c.counters[s.links[a, CARRYING], AT])
        return float(c.time[m, c.route_ints[h, HOME], by] + c.counters[s.links[a, CARRYING], LASTS] + c.time[m, by, to])
    return float(c.time[m, c.route_ints[h, HOME], to])


@compiled
def slack(c: Case, s: State, h: int) -> float:
    """By how much the first stop of route `h` may begin later without anything being back later: it eats up waits."""
    waits, room = 0.0, NEVER
    v = s.routes[h, FIRST]
    while v >= 0:
        p = v >> 1
        is_fixed = c.visit_ints[p, SLOTS] == 2 or c.visit_ints[p, COUNTER] >= 0 or c.nodes[v, TOLD] >= 0.0
        own = 0.0 if is_fixed else max(latest(c, p, s.nodes[v, START]) - s.nodes[v, START], 0.0)
        room = min(room, waits + own)
        b = s.links[v, AFTER]
        if b < 0 or room <= waits:
            break
        if c.has_extras and (s.links[b, RESTED] != s.links[v, RESTED] or c.visit_ints[b >> 1, COUNTER] >= 0):
            break  # what lies on this way is not only the way
        way = c.time[c.route_ints[h, MEANS], c.visit_ints[p, PLACE], c.visit_ints[b >> 1, PLACE]]
        waits += max(s.nodes[b, START] - s.nodes[v, START] - c.nodes[v, DURATION] - way, 0.0)
        v = b
    return float(max(min(room, waits), 0.0))


@apart
def length_of(c: Case, s: State, h: int) -> float:
    """How long route `h` is away from home; -1 if it is back too late or away too long."""
    if s.routes[h, FIRST] < 0:
        if c.routes[h, SINCE] < 0.0:
            return 0.0
        return float(
            c.routes[h, STARTS]
            + c.time[c.route_ints[h, MEANS], c.route_ints[h, HOME], c.route_ints[h, END]]
            - c.routes[h, SINCE]
        )
    back = way_back(c, s, h)
    if back > c.routes[h, ENDS] + TINY:
        return -1.0
    if c.routes[h, SINCE] >= 0.0:
        away = back - c.routes[h, SINCE]
    else:
        away = back - s.nodes[s.routes[h, FIRST], START] + way_out(c, s, h)
        if away > c.routes[h, LIMIT] or c.overtime > 0.0 or c.fairness > 0.0:
            away -= slack(c, s, h)
    return float(away) if away <= c.routes[h, LIMIT] + TINY else -1.0


@apart
def length_cost(c: Case, s: State, h: int) -> float:
    """What the day of the person of route `h` costs by its length."""
    whole = 0.0
    for r in range(c.route_ints[h, FIRST_ROUTE], c.route_ints[h, LAST_ROUTE] + 1):
        whole += s.away[r]
    over = max(whole - c.routes[h, CONTRACTED], 0.0)
    return float(c.overtime * over + c.fairness * whole * whole / (2.0 * c.full_day))
