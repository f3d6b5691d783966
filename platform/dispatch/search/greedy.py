"""Plans without a search: cheapest insertion, nearest first, and replaying an order that somebody gives."""

import numpy as np

from .case import (
    CLOSES,
    END,
    FIRST_ROUTE,
    LAST_ROUTE,
    LATE_COST,
    MEANS,
    NEVER,
    NONE,
    PERSON,
    PLACE,
    SLOTS,
    STARTS,
    UNSERVED,
    WINDOWS,
    ZERO,
    Case,
    Flags,
    Floats,
    Ints,
)
from .compiled import apart, compiled_with_memory
from .journey import fit, free_at, place_at
from .kernel import draw, link, next_on, place_of, push, touch, unlink
from .state import AFTER, CURRENT, HELPER, LAST, PRICE, State
from .timing import judge_apart, undo_apart, weigh_apart


@apart
def lay_one(c: Case, s: State, v: int, h: int, a: int) -> float:
    """Put node `v` behind node `a` on route `h`, with a key of its own; returns the change in price."""
    b = next_on(s, h, a)
    low = 0.0 if a < 0 else s.key[a >> 1]
    high = 1.0 if b < 0 else s.key[b >> 1]
    s.key[v >> 1] = low + (high - low) * (0.3 + 0.4 * draw(s))  # by chance: never the key of another route's visit
    return link(c, s, v, h, a, b)


@apart
def wake(s: State, v: int, w: int) -> int:
    """Let what follows a newly laid visit be timed, the visit first; `w`: its second node or -1. The heap's size."""
    size = push(s, ZERO, v >> 1)
    if s.links[v, AFTER] >= 0:
        size = push(s, size, s.links[v, AFTER] >> 1)
    if w >= 0 and s.links[w, AFTER] >= 0:
        size = push(s, size, s.links[w, AFTER] >> 1)
    touch(s, s.links[v, HELPER], -1 if w < 0 else s.links[w, HELPER])
    return size


@apart
def try_one(c: Case, s: State, v: int, h: int, a: int) -> float:
    """What the plan would cost with node `v` behind `a` on route `h`; NEVER if a hard rule forbids it."""
    key = s.key[v >> 1]
    price = s.sums[PRICE] + lay_one(c, s, v, h, a)
    feasible, cost, log, routes, _l, _n, _w = weigh_apart(c, s, wake(s, v, NONE), ZERO, 0.0, price)
    undo_apart(c, s, log, routes)
    unlink(c, s, v)
    s.key[v >> 1] = key
    return cost if feasible else NEVER


@apart
def best_place(c: Case, s: State, v: int, h: int, bar: float) -> tuple[float, int]:
    """(cost of the plan, node to stand behind) of the cheapest place of node `v` on route `h` below `bar`; or NEVER."""
    best, where = bar, -2
    a = NONE
    while True:
        b = next_on(s, h, a)
        at, m, to = place_at(c, h, a), c.route_ints[h, MEANS], c.visit_ints[v >> 1, PLACE]
        on = c.route_ints[h, END] if b < 0 else c.visit_ints[b >> 1, PLACE]
        more = c.price[m, at, to] + c.price[m, to, on] + c.extra[h, v]
        if a >= 0 or b >= 0:
            more -= c.price[m, at, on]
        too_late = (
            c.visits[v >> 1, LATE_COST] >= NEVER
            and free_at(c, s, h, a) + c.time[m, at, to] > c.windows[v >> 1, c.visit_ints[v >> 1, WINDOWS] - 1, CLOSES]
        )
        if too_late:
            break
        if s.sums[PRICE] + more < best:
            cost = try_one(c, s, v, h, a)
            if cost < best:
                best, where = cost, a
        if b < 0:
            break
        a = b
    return (best, where) if where > -2 else (NEVER, -2)


@apart
def put_one(c: Case, s: State, v: int, h: int, a: int, saved: float, bar: float) -> bool:
    """Put node `v` behind `a` on route `h` for good, if that is feasible and the plan then costs at most `bar`."""
    key = s.key[v >> 1]
    price = s.sums[PRICE] + lay_one(c, s, v, h, a) - saved
    if judge_apart(c, s, wake(s, v, NONE), ZERO, 0.0, price, bar):
        return True
    unlink(c, s, v)
    s.key[v >> 1] = key
    return False


@apart
def put_pair(c: Case, s: State, p: int, h: int, a: int, g: int, saved: float, bar: float, keep: bool) -> float:
    """The cost with visit `p` behind `a` on route `h` and where its key says on route `g`; NEVER if not below `bar`."""
    v, key = 2 * p, s.key[p]
    price = s.sums[PRICE] + lay_one(c, s, v, h, a) - saved
    w = place_of(s, g, s.key[p])
    price += link(c, s, v + 1, g, w, next_on(s, g, w))
    cost = NEVER
    if price < bar:
        size = wake(s, v, v + 1)
        if keep:
            if judge_apart(c, s, size, ZERO, 0.0, price, bar):
                return 0.0
        else:
            feasible, cost, log, routes, _l, _n, _w = weigh_apart(c, s, size, ZERO, 0.0, price)
            undo_apart(c, s, log, routes)
            cost = cost if feasible and cost < bar else NEVER
    unlink(c, s, v + 1)
    unlink(c, s, v)
    s.key[p] = key
    return cost


@apart
def insert_pair(c: Case, s: State, p: int) -> bool:
    """Insert a visit of two helpers where it costs the least, if that is worth it."""
    saved = c.visits[p, UNSERVED] if c.visits[p, UNSERVED] < NEVER else 0.0
    bar = s.sums[CURRENT] if c.visits[p, UNSERVED] < NEVER else NEVER
    best, chosen, behind, mate = bar, NONE, NONE, NONE
    for h in range(len(c.routes)):
        if not c.able[h, 2 * p]:
            continue
        a = NONE
        while True:
            for g in range(len(c.routes)):
                if c.able[g, 2 * p + 1] and c.route_ints[g, PERSON] != c.route_ints[h, PERSON]:
                    cost = put_pair(c, s, p, h, a, g, saved, best, False)
                    if cost < best:
                        best, chosen, behind, mate = cost, h, a, g
            a = next_on(s, h, a)
            if a < 0:
                break
    return chosen >= 0 and put_pair(c, s, p, chosen, behind, mate, saved, NEVER, True) < NEVER


@apart
def price_route(c: Case, s: State, h: int, open_: Flags, gain: Floats, behind: Ints) -> None:
    """Fill row `h` with what inserting each open single visit there would gain (smaller is better), and where."""
    for p in range(len(open_)):
        gain[h, p] = NEVER
        if open_[p] and c.visit_ints[p, SLOTS] == 1 and c.able[h, 2 * p]:
            free = c.visits[p, UNSERVED] if c.visits[p, UNSERVED] < NEVER else 0.0
            bar = s.sums[CURRENT] + (free if c.visits[p, UNSERVED] < NEVER else 1e12)
            cost, a = best_place(c, s, 2 * p, h, bar)
            if a > -2:
                gain[h, p], behind[h, p] = cost - s.sums[CURRENT], a


@apart
def insert_singles(c: Case, s: State, open_: Flags, gain: Floats, behind: Ints) -> None:
    """Insert the cheapest of the open single visits again and again until none is worth its way."""
    for h in range(len(c.routes)):
        price_route(c, s, h, open_, gain, behind)
    while True:
        best, chosen, visit = NEVER, NONE, NONE
        for h in range(len(c.routes)):
            for p in range(len(open_)):
                if open_[p] and gain[h, p] < best:
                    best, chosen, visit = gain[h, p], h, p
        if chosen < 0:
            return
        saved = c.visits[visit, UNSERVED] if c.visits[visit, UNSERVED] < NEVER else 0.0
        bar = s.sums[CURRENT] + (0.0 if c.visits[visit, UNSERVED] < NEVER else 1e12)
        if put_one(c, s, 2 * visit, chosen, behind[chosen, visit], saved, bar):
            open_[visit] = False
            for h in range(c.route_ints[chosen, FIRST_ROUTE], c.route_ints[chosen, LAST_ROUTE] + 1):
                price_route(c, s, h, open_, gain, behind)
        else:
            gain[chosen, visit] = NEVER


@compiled_with_memory
def fill(c: Case, s: State) -> None:
    """Insert what is left out where it costs the least: the most important first, of these the visits of two."""
    shape = (len(c.routes), len(c.visits))
    gain, behind = np.full(shape, NEVER), np.full(shape, -2)
    is_out = np.array([s.links[2 * p, HELPER] < 0 for p in range(len(c.visits))])
    for weight in np.unique(c.visits[:, UNSERVED])[::-1]:
        for p in range(len(c.visits)):
            if is_out[p] and c.visit_ints[p, SLOTS] == 2 and c.visits[p, UNSERVED] == weight:
                insert_pair(c, s, p)
        open_ = is_out & (c.visits[:, UNSERVED] == weight)
        insert_singles(c, s, open_, gain, behind)


@apart
def append(c: Case, s: State, p: int, h: int, g: int, key: float) -> bool:
    """Put visit `p` at the end of route `h` (and of `g` for its second helper) if every hard rule allows it."""
    v, old = 2 * p, s.key[p]
    s.key[p] = key
    saved = c.visits[p, UNSERVED] if c.visits[p, UNSERVED] < NEVER else 0.0
    price = s.sums[PRICE] + link(c, s, v, h, s.routes[h, LAST], NONE) - saved
    w = NONE
    if g >= 0:
        w = v + 1
        price += link(c, s, w, g, s.routes[g, LAST], NONE)
    if judge_apart(c, s, wake(s, v, w), ZERO, 0.0, price, NEVER):
        return True
    if w >= 0:
        unlink(c, s, w)
    unlink(c, s, v)
    s.key[p] = old
    return False


@compiled_with_memory
def replay(c: Case, s: State, order: Ints, helper: Ints) -> None:
    """Append the visits in this order to the routes of their nodes; what a hard rule forbids stays out."""
    for rank in range(len(order)):
        p = order[rank]
        h, g = helper[2 * p], helper[2 * p + 1] if c.visit_ints[p, SLOTS] == 2 else NONE
        if h >= 0 and s.links[2 * p, HELPER] < 0 and (c.visit_ints[p, SLOTS] == 1 or g >= 0):
            append(c, s, p, h, g, (rank + 1.0) / (len(order) + 1.0))


@apart
def mate_for(c: Case, s: State, p: int, h: int) -> int:
    """Who would be at the door of visit `p` first as the second helper, from where their day ends so far; or -1."""
    best, chosen = NEVER, NONE
    for g in range(len(c.routes)):
        if c.able[g, 2 * p + 1] and c.route_ints[g, PERSON] != c.route_ints[h, PERSON]:
            a = s.routes[g, LAST]
            there = free_at(c, s, g, a) + c.time[c.route_ints[g, MEANS], place_at(c, g, a), c.visit_ints[p, PLACE]]
            if there < best:
                best, chosen = there, g
    return chosen


@compiled_with_memory
def nearest_first(c: Case, s: State, is_own: Flags, patience: float) -> None:
    """Whoever is free first goes to the nearest door that fits: in their own township (`is_own`, routes × visits) while
    there is one, then beyond. Nobody waits longer than `patience` while another door is open."""
    visits, routes = len(c.visits), len(c.routes)
    free = c.routes[:, STARTS].copy()
    tried = np.zeros((routes, visits), dtype=np.bool_)
    rank = 0
    while True:
        h = int(np.argmin(free))
        if free[h] >= NEVER:
            return
        a = s.routes[h, LAST]
        best, chosen = NEVER, NONE
        for p in range(visits):
            if s.links[2 * p, HELPER] >= 0 or tried[h, p] or not c.able[h, 2 * p]:
                continue
            way = c.time[c.route_ints[h, MEANS], place_at(c, h, a), c.visit_ints[p, PLACE]]
            wait = fit(c, p, free_at(c, s, h, a) + way) - free_at(c, s, h, a) - way
            score = way + (0.0 if is_own[h, p] else 1e7) + (1e9 if wait > patience else 0.0)
            if score < best:
                best, chosen = score, p
        if chosen < 0:
            free[h] = NEVER
            continue
        g = mate_for(c, s, chosen, h) if c.visit_ints[chosen, SLOTS] == 2 else NONE
        rank += 1
        if (g >= 0 or c.visit_ints[chosen, SLOTS] == 1) and append(c, s, chosen, h, g, 1.0 - 1.0 / (rank + 1.0)):
            tried[h, :] = False
            free[h] = free_at(c, s, h, s.routes[h, LAST])
            if g >= 0:
                tried[g, :] = False
                free[g] = free_at(c, s, g, s.routes[g, LAST])
        else:
            tried[h, chosen] = True
