"""Timing what a move delays, in one pass over the shared order, with a journal to take it back."""

from .case import (
    AT,
    CAPACITY,
    CLOSES,
    COUNTER,
    FRESH,
    GAP_MAX,
    GAP_MIN,
    LATE_COST,
    MEANS,
    NEVER,
    PLACE,
    SIZE,
    SLOTS,
    TOLD,
    WINDOWS,
    ZERO,
    Case,
)
from .compiled import apart, inlined, leaf
from .journey import (
    TINY,
    detour,
    fit,
    length_cost,
    length_of,
    place_at,
    reach,
    ready,
)
from .kernel import drain, pop, push
from .state import (
    AFTER,
    BEFORE,
    CARRYING,
    COST,
    COUNT,
    CURRENT,
    HELPER,
    LATE,
    LEFT,
    LENGTH,
    LOAD,
    PRICE,
    RESTED,
    SEEN,
    START,
    TARDY,
    TOUCHED,
    WORST,
    State,
)


@leaf
def lateness(c: Case, p: int, t: float) -> float:
    """How long after its last window a start at `t` is."""
    return max(t - c.windows[p, c.visit_ints[p, WINDOWS] - 1, CLOSES], 0.0)


@inlined
def pair_starts(c: Case, p: int, one: float, two: float) -> tuple[float, float]:
    """The earliest starts at visit `p` of helpers who arrive at `one` and `two` that keep the gap between them."""
    one = fit(c, p, one)
    two = fit(c, p, max(two, one + c.visits[p, GAP_MIN]))
    for _ in range(2 * c.visit_ints[p, WINDOWS] + 2):
        if two <= one + c.visits[p, GAP_MAX] + TINY:
            break
        one = fit(c, p, two - c.visits[p, GAP_MAX])
        two = fit(c, p, max(two, one + c.visits[p, GAP_MIN]))
    return one, two


@inlined
def note(c: Case, s: State, v: int, log: int) -> int:
    """Write what node `v` knows into the journal; returns its new length."""
    s.log_node[log] = v
    s.log[log, START], s.log[log, TARDY], s.log[log, COST] = s.nodes[v, START], s.nodes[v, TARDY], s.nodes[v, COST]
    if c.has_extras:
        s.log[log, LEFT], s.log[log, LOAD] = s.nodes[v, LEFT], s.nodes[v, LOAD]
        s.log[log, 5], s.log[log, 6] = s.links[v, RESTED], s.links[v, CARRYING]
    return log + 1


@inlined
def settle(c: Case, s: State, v: int, t: float, extra: float, size: int, log: int) -> tuple[int, int]:
    """Write a new start of node `v` into the plan and the journal; what comes after it waits for its timing.

    `extra`: what the start costs beyond lateness.
    """
    p = v >> 1
    late = max(t - c.windows[p, c.visit_ints[p, WINDOWS] - 1, CLOSES], 0.0)
    cost = extra
    if late > 0.0 and c.visits[p, LATE_COST] < NEVER:
        cost += late * c.visits[p, LATE_COST]
    if c.retime > 0.0 and c.nodes[v, TOLD] >= 0.0 and abs(t - c.nodes[v, TOLD]) > c.retime_from:
        cost += c.retime
    is_moved = t != s.nodes[v, START]
    if not is_moved and cost == s.nodes[v, COST]:
        return size, log
    log = note(c, s, v, log)
    s.nodes[v, START], s.nodes[v, TARDY], s.nodes[v, COST] = t, late, cost
    if is_moved and s.links[v, AFTER] >= 0:
        size = push(s, size, s.links[v, AFTER] >> 1)
    return size, log


@apart
def settle_extras(
    c: Case, s: State, v: int, t: float, extra: float, rested: int, fetches: bool, size: int, log: int
) -> tuple[int, int, bool]:
    """`settle` with breaks taken and what is carried; and whether what is brought is still fresh."""
    h, a, p = s.links[v, HELPER], s.links[v, BEFORE], v >> 1
    k = c.visit_ints[p, COUNTER] if v & 1 == 0 else -1
    carrying, left, load = (-1, 0.0, 0.0) if a < 0 else (s.links[a, CARRYING], s.nodes[a, LEFT], s.nodes[a, LOAD])
    if fetches:
        m = c.route_ints[h, MEANS]
        extra += detour(c, m, place_at(c, h, a), c.visit_ints[p, PLACE], k)
        carrying, left, load = k, t - c.time[m, int(c.counters[k, AT]), c.visit_ints[p, PLACE]], 0.0
    if k >= 0:
        load += c.visits[p, SIZE]
    is_fresh = k < 0 or (t <= left + c.visits[p, FRESH] + TINY and load <= c.routes[h, CAPACITY] + TINY)
    is_same = (
        rested == s.links[v, RESTED]
        and carrying == s.links[v, CARRYING]
        and left == s.nodes[v, LEFT]
        and load == s.nodes[v, LOAD]
    )
    before = log
    size, log = settle(c, s, v, t, extra, size, log)
    if not is_same:
        log = note(c, s, v, log) if log == before else log
        s.links[v, RESTED], s.links[v, CARRYING], s.nodes[v, LEFT], s.nodes[v, LOAD] = rested, carrying, left, load
        if s.links[v, AFTER] >= 0:
            size = push(s, size, s.links[v, AFTER] >> 1)
    return size, log, is_fresh


@inlined
def time_plainly(c: Case, s: State, p: int, size: int, log: int) -> tuple[int, int, bool]:
    """Time visit `p` without breaks and counters: (heap, journal, feasible)."""
    v = 2 * p
    if c.visit_ints[p, SLOTS] == 1:
        size, log = settle(c, s, v, fit(c, p, ready(c, s, v)), 0.0, size, log)
        return size, log, True
    first, second = ready(c, s, v), ready(c, s, v + 1)
    one, two = pair_starts(c, p, first, second)
    size, log = settle(c, s, v, one, idle(c, p, first, one), size, log)
    size, log = settle(c, s, v + 1, two, idle(c, p, second, two), size, log)
    return size, log, two <= one + c.visits[p, GAP_MAX] + TINY


@leaf
def idle(c: Case, p: int, arrive: float, start: float) -> float:
    """What waiting at the door for the other helper costs."""
    return c.pair_wait * max(start - fit(c, p, arrive), 0.0) if c.pair_wait > 0.0 else 0.0


@apart
def time_fully(c: Case, s: State, p: int, size: int, log: int) -> tuple[int, int, bool]:
    """Time visit `p` with everything there is: (heap, journal, feasible)."""
    v = 2 * p
    first, rested, fetches = reach(c, s, v)
    if first >= NEVER:
        return size, log, False
    if c.visit_ints[p, SLOTS] == 1:
        return settle_extras(c, s, v, fit(c, p, first), 0.0, rested, fetches, size, log)
    second, rested_too, _none = reach(c, s, v + 1)
    if second >= NEVER:
        return size, log, False
    one, two = pair_starts(c, p, first, second)
    size, log, is_fresh = settle_extras(c, s, v, one, idle(c, p, first, one), rested, fetches, size, log)
    size, log, _any = settle_extras(c, s, v + 1, two, idle(c, p, second, two), rested_too, False, size, log)
    return size, log, is_fresh and two <= one + c.visits[p, GAP_MAX] + TINY


@inlined
def retime(c: Case, s: State, size: int, log: int, change: float, room: float) -> tuple[int, float, bool]:
    """Time what waits in the heap and all it delays: (journal length, change in the nodes' costs, feasible).

    Not feasible either once the visits that were timed cost more than `room`.
    """
    spent, worst = 0.0, 0.0
    while size > 0:
        p = pop(s, size)
        size -= 1
        v = 2 * p
        if s.links[v, HELPER] < 0:
            continue
        old = s.nodes[v, COST]
        if c.visit_ints[p, SLOTS] == 2:
            old += s.nodes[v + 1, COST]
        if c.has_extras:
            size, log, feasible = time_fully(c, s, p, size, log)
        else:
            size, log, feasible = time_plainly(c, s, p, size, log)
        new, late = s.nodes[v, COST], s.nodes[v, TARDY]
        if c.visit_ints[p, SLOTS] == 2:
            new += s.nodes[v + 1, COST]
            late += s.nodes[v + 1, TARDY]
        change += new - old
        if not feasible or (late > TINY and c.visits[p, LATE_COST] >= NEVER):
            drain(s, size)
            return log, change, False
        if new > 0.0:
            spent += new
            worst = max(worst, s.nodes[v, TARDY])
            if spent + c.worst_late * worst > room:
                drain(s, size)
                return log, change, False
    return log, change, True


@inlined
def take_back(c: Case, s: State, log: int) -> None:
    """Undo the last `log` timings."""
    for i in range(log - 1, -1, -1):
        v = s.log_node[i]
        s.nodes[v, START], s.nodes[v, TARDY], s.nodes[v, COST] = s.log[i, START], s.log[i, TARDY], s.log[i, COST]
        if c.has_extras:
            s.nodes[v, LEFT], s.nodes[v, LOAD] = s.log[i, LEFT], s.log[i, LOAD]
            s.links[v, RESTED], s.links[v, CARRYING] = int(s.log[i, 5]), int(s.log[i, 6])


@inlined
def worst_after(s: State, log: int) -> float:
    """The largest lateness, given the journal of the move."""
    worst = s.sums[WORST]
    highest = 0.0
    fell = False
    for i in range(log):
        highest = max(highest, s.nodes[s.log_node[i], TARDY])
        fell = fell or s.log[i, TARDY] >= worst
    if highest >= worst:
        return highest
    if fell and worst > 0.0:
        worst = 0.0
        for v in range(len(s.nodes)):
            worst = max(worst, s.nodes[v, TARDY])
    return worst


@apart
def measure(c: Case, s: State, h: int, routes: int) -> tuple[int, float]:
    """Measure route `h` once a move: (routes in the journal, change in cost); -1 routes if it is too long."""
    if s.routes[h, SEEN] == s.few[COUNT]:
        return routes, 0.0
    s.routes[h, SEEN] = s.few[COUNT]
    length = length_of(c, s, h)
    if length < 0.0:
        return -1, 0.0
    if length == s.away[h]:
        return routes, 0.0
    before = length_cost(c, s, h)
    s.log_route[routes], s.log_away[routes] = h, s.away[h]
    s.away[h] = length
    return routes + 1, length_cost(c, s, h) - before


@apart
def measure_all(c: Case, s: State, log: int) -> tuple[int, float, bool]:
    """Measure every route that the move touched or delayed: (routes in the journal, change in cost, feasible)."""
    s.few[COUNT] += 1
    routes, change = ZERO, 0.0
    for i in range(8 + log):
        h = s.few[TOUCHED + i] if i < 8 else s.links[s.log_node[i - 8], HELPER]
        if h >= 0:
            now, more = measure(c, s, h, routes)
            if now < 0:
                return routes, change, False
            routes, change = now, change + more
    return routes, change, True


@apart
def forget(c: Case, s: State, p: int, log: int) -> tuple[int, float]:
    """Take the times of visit `p`, which nobody makes any more, out: (journal length, change in the nodes' costs)."""
    change = 0.0
    for v in range(2 * p, 2 * p + c.visit_ints[p, SLOTS]):
        log = note(c, s, v, log)
        change -= s.nodes[v, COST]
        s.nodes[v, START], s.nodes[v, TARDY], s.nodes[v, COST] = -1.0, 0.0, 0.0
    return log, change


@inlined
def weigh(
    c: Case, s: State, size: int, log: int, change: float, price: float, bar: float
) -> tuple[bool, float, int, int, float, float, float]:
    """Time the move: (feasible, cost, journal, routes in the journal, node costs, length costs, largest lateness)."""
    log, change, feasible = retime(c, s, size, log, change, bar - price)
    routes, longer = ZERO, 0.0
    if feasible and c.has_limits:
        routes, longer, feasible = measure_all(c, s, log)
    worst = worst_after(s, log) if feasible and c.worst_late > 0.0 else 0.0
    late, length = s.sums[LATE] + change, s.sums[LENGTH] + longer
    return feasible, price + late + length + c.worst_late * worst, log, routes, late, length, worst


@inlined
def undo(c: Case, s: State, log: int, routes: int) -> None:
    """Take back the timings and the lengths of a move."""
    take_back(c, s, log)
    for i in range(routes - 1, -1, -1):
        s.away[s.log_route[i]] = s.log_away[i]


@inlined
def judge(c: Case, s: State, size: int, log: int, change: float, price: float, bar: float) -> bool:
    """Time the move; keep it if it is feasible and costs at most `bar`, else take the timings back.

    `log` and `change` are what the move itself has already written into the journal.
    """
    feasible, cost, log, routes, late, length, worst = weigh(c, s, size, log, change, price, bar)
    if feasible and cost <= bar:
        s.sums[PRICE], s.sums[LATE], s.sums[WORST] = price, late, worst
        s.sums[LENGTH], s.sums[CURRENT] = length, cost
        return True
    undo(c, s, log, routes)
    return False


@apart
def weigh_apart(
    c: Case, s: State, size: int, log: int, change: float, price: float
) -> tuple[bool, float, int, int, float, float, float]:
    """`weigh`, compiled once: for callers to whom its speed matters less than the time it takes to compile them."""
    return weigh(c, s, size, log, change, price, NEVER)


@apart
def judge_apart(c: Case, s: State, size: int, log: int, change: float, price: float, bar: float) -> bool:
    """`judge`, compiled once."""
    return judge(c, s, size, log, change, price, bar)


@apart
def undo_apart(c: Case, s: State, log: int, routes: int) -> None:
    """`undo`, compiled once."""
    undo(c, s, log, routes)
