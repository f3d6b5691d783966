"""Questions to a finished plan: what would it take to make this visit, who else could have gone. Nothing is changed."""

from .case import ENDS, GAP_MAX, LIMIT, NEVER, NONE, PERSON, SLOTS, ZERO, Case, Flags, Floats, Ints
from .compiled import apart, compiled
from .greedy import best_place, lay_one, wake
from .journey import length_of, way_back
from .kernel import link, next_on, place_of, push, touch, unlink
from .state import AFTER, BEFORE, CURRENT, FIRST, HELPER, PRICE, START, TARDY, State
from .timing import forget, judge_apart, undo_apart, weigh_apart


@compiled
def cheapest(c: Case, s: State, p: int) -> tuple[float, int]:
    """(cost of making visit `p` too, where it costs the least, beyond its weight; route), or (NEVER, -1)."""
    best, chosen = NEVER, NONE
    for h in range(len(c.routes)):
        if c.able[h, 2 * p]:
            cost, _a = best_place(c, s, 2 * p, h, best)
            if cost < best:
                best, chosen = cost, h
    return (best - s.sums[CURRENT], chosen) if chosen >= 0 else (NEVER, -1)


@compiled
def shortest_overrun(c: Case, free: Case, s: State, p: int) -> tuple[float, float, int]:
    """(seconds the day would be too long, cost of the way, route) for visit `p`; `free` is the case without limits."""
    best, way, chosen = NEVER, 0.0, -1
    v = 2 * p
    for h in range(len(c.routes)):
        if not c.able[h, v]:
            continue
        a = NONE
        while True:
            key = s.key[p]
            price = lay_one(c, s, v, h, a)
            feasible, _cost, log, routes, _l, _n, _w = weigh_apart(free, s, wake(s, v, NONE), ZERO, 0.0, s.sums[PRICE])
            if feasible:
                over = max(way_back(c, s, h) - c.routes[h, ENDS], length_of(free, s, h) - c.routes[h, LIMIT], 0.0)
                if (over, price) < (best, way):
                    best, way, chosen = over, price, h
            undo_apart(c, s, log, routes)
            unlink(c, s, v)
            s.key[p] = key
            a = next_on(s, h, a)
            if a < 0:
                break
    return best, way, chosen


@compiled
def least_lateness(patient: Case, s: State, p: int) -> tuple[float, int]:
    """(seconds after its window at which visit `p` could begin, route); `patient` is the case that lets it be late."""
    best, chosen = NEVER, NONE
    v = 2 * p
    for h in range(len(patient.routes)):
        if not patient.able[h, v]:
            continue
        a = NONE
        while True:
            key = s.key[p]
            price = s.sums[PRICE] + lay_one(patient, s, v, h, a)
            feasible, _cost, log, routes, _l, _n, _w = weigh_apart(patient, s, wake(s, v, NONE), ZERO, 0.0, price)
            if feasible and s.nodes[v, TARDY] < best:
                best, chosen = s.nodes[v, TARDY], h
            undo_apart(patient, s, log, routes)
            unlink(patient, s, v)
            s.key[p] = key
            a = next_on(s, h, a)
            if a < 0:
                break
    return best, chosen


@apart
def take_out(c: Case, s: State, w: int) -> bool:
    """Let nobody make the single visit of node `w`, whatever that costs. False, and nothing done, if that is forbidden.

    A break can forbid it: with less to do, there may be no wait to take it in.
    """
    h, a, b = s.links[w, HELPER], s.links[w, BEFORE], s.links[w, AFTER]
    price = s.sums[PRICE] + unlink(c, s, w)
    log, change = forget(c, s, w >> 1, ZERO)
    touch(s, h, NONE)
    size = push(s, ZERO, b >> 1) if b >= 0 else ZERO
    if judge_apart(c, s, size, log, change, price, NEVER):
        return True
    link(c, s, w, h, a, b)
    return False


@apart
def put_again(c: Case, s: State, v: int, h: int, a: int, key: float) -> None:
    """Put node `v`, which was taken out, back behind `a` on route `h` with the key it had."""
    s.key[v >> 1] = key
    price = s.sums[PRICE] + link(c, s, v, h, a, next_on(s, h, a))
    judge_apart(c, s, wake(s, v, NONE), ZERO, 0.0, price, NEVER)


@compiled
def swap_for(c: Case, s: State, p: int, lesser: Flags) -> tuple[int, float]:
    """(node that would have to go for visit `p` to fit, cost of the way), of the visits `lesser`; or (-1, NEVER)."""
    chosen, best = -1, NEVER
    for h in range(len(c.routes)):
        if not c.able[h, 2 * p]:
            continue
        w = s.routes[h, FIRST]
        while w >= 0:
            after = s.links[w, AFTER]
            if lesser[w >> 1] and c.visit_ints[w >> 1, SLOTS] == 1:
                before, key = s.links[w, BEFORE], s.key[w >> 1]
                if take_out(c, s, w):
                    cost, _a = best_place(c, s, 2 * p, h, NEVER)
                    if cost < NEVER and cost - s.sums[CURRENT] < best:
                        chosen, best = w, cost - s.sums[CURRENT]
                    put_again(c, s, w, h, before, key)
            w = after
    return chosen, best


@compiled
def gap_too_long(c: Case, loose: Case, s: State, p: int) -> float:
    """By how many seconds the two helpers of visit `p` miss each other at best; `loose` lets one wait for ever."""
    best = NEVER
    v = 2 * p
    for h in range(len(c.routes)):
        if not c.able[h, v]:
            continue
        a = NONE
        while True:
            for g in range(len(c.routes)):
                if c.able[g, v + 1] and c.route_ints[g, PERSON] != c.route_ints[h, PERSON]:
                    key = s.key[p]
                    price = s.sums[PRICE] + lay_one(c, s, v, h, a)
                    w = place_of(s, g, s.key[p])
                    price += link(c, s, v + 1, g, w, next_on(s, g, w))
                    feasible, _c, log, routes, _l, _n, _w = weigh_apart(loose, s, wake(s, v, v + 1), ZERO, 0.0, price)
                    if feasible:
                        best = min(best, s.nodes[v + 1, START] - s.nodes[v, START] - c.visits[p, GAP_MAX])
                    undo_apart(c, s, log, routes)
                    unlink(c, s, v + 1)
                    unlink(c, s, v)
                    s.key[p] = key
            a = next_on(s, h, a)
            if a < 0:
                break
    return best


@compiled
def runners_up(c: Case, s: State, own: Floats, other: Floats, who: Ints) -> None:
    """For each single visit that is made: the plan's cost where it is, at best with another person, and whose route."""
    for p in range(len(c.visits)):
        own[p], other[p], who[p] = NEVER, NEVER, -1
        v = 2 * p
        h = s.links[v, HELPER]
        if h < 0 or c.visit_ints[p, SLOTS] == 2:
            continue
        before, key = s.links[v, BEFORE], s.key[p]
        own[p] = s.sums[CURRENT]
        if not take_out(c, s, v):
            continue
        for g in range(len(c.routes)):
            if c.able[g, v] and c.route_ints[g, PERSON] != c.route_ints[h, PERSON]:
                cost, _a = best_place(c, s, v, g, other[p])
                if cost < other[p]:
                    other[p], who[p] = cost, g
        put_again(c, s, v, h, before, key)
