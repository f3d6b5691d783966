"""The moves: each prices its change of the routes first, times it only if the price allows, and leaves no trace if not.

Every move returns whether it was kept. `bar` is the highest cost that is accepted.
"""

from .case import MEANS, NEVER, NONE, ONE, PERSON, SLOTS, UNSERVED, ZERO, Case
from .compiled import apart, inlined, leaf
from .kernel import draw, edge, link, next_on, place_of, push, touch, unlink
from .state import AFTER, BEFORE, FIRST, HELPER, LAST, NEW, NODE, OLD, PRICE, TOUCHED, State
from .timing import forget, judge


@leaf
def pick(s: State, count: int) -> int:
    """A number from 0 to count - 1."""
    return int(draw(s) * count)


@inlined
def key_between(s: State, a: int, b: int) -> float:
    """A key between those of two nodes that follow each other (-1: the ends of the day)."""
    low = 0.0 if a < 0 else s.key[a >> 1]
    high = 1.0 if b < 0 else s.key[b >> 1]
    return low + (high - low) * (0.02 + 0.96 * draw(s))


@inlined
def some_helper(c: Case, s: State, v: int, but: int) -> int:
    """A route able to make node `v`, of another person than route `but`; -1 if chance finds none."""
    count = len(c.routes)
    other = -1 if but < 0 else c.route_ints[but, PERSON]
    for _ in range(8):
        h = pick(s, count)
        if c.route_ints[h, PERSON] != other and c.able[h, v]:
            return h
    for _ in range(count):
        h = (h + 1) % count
        if c.route_ints[h, PERSON] != other and c.able[h, v]:
            return h
    return -1


@inlined
def target(c: Case, s: State, p: int, v: int) -> tuple[int, int]:
    """A helper for node `v` and the node to stand behind: beside a near visit, else anywhere. (-1, -1): none."""
    if c.near.shape[1] > 0 and draw(s) < 0.9:
        q = c.near[p, pick(s, c.near.shape[1])]
        w = 2 * q + pick(s, c.visit_ints[q, SLOTS])
        h = s.links[w, HELPER]
        if h < 0 or not c.able[h, v]:
            return -1, -1
        if draw(s) < 0.5:
            return h, w
        return h, s.links[w, BEFORE]
    h = some_helper(c, s, v, NONE)
    if h < 0:
        return -1, -1
    return h, place_of(s, h, draw(s))


@leaf
def take(s: State, i: int, v: int, h: int) -> None:
    """Let place `i` of the move be node `v`, to be made by `h` (-1: by nobody)."""
    s.move[i, NODE], s.move[i, NEW] = v, h


@leaf
def begin(s: State) -> None:
    """An empty move: no node changes."""
    for i in range(4):
        s.move[i, NODE] = s.move[i, NEW] = s.move[i, OLD] = -1


@inlined
def lift(c: Case, s: State) -> float:
    """Take the move's nodes off their routes; returns the change in price."""
    price = 0.0
    for i in range(4):
        v = s.move[i, NODE]
        if v >= 0 and s.links[v, HELPER] >= 0:
            s.move[i, OLD], s.move[i, OLD + 1], s.move[i, OLD + 2] = (
                s.links[v, HELPER],
                s.links[v, BEFORE],
                s.links[v, AFTER],
            )
            price += unlink(c, s, v)
    return price


@leaf
def lay(c: Case, s: State, i: int, a: int) -> float:
    """Put node `i` of the move behind node `a` on its new route; returns the change in price."""
    h = s.move[i, NEW]
    return link(c, s, s.move[i, NODE], h, a, next_on(s, h, a))


@inlined
def lay_by_key(c: Case, s: State, i: int) -> float:
    """Put node `i` of the move where its key belongs on its new route, if it has one; returns the change in price."""
    if s.move[i, NEW] < 0:
        return 0.0
    return lay(c, s, i, place_of(s, s.move[i, NEW], s.key[s.move[i, NODE] >> 1]))


@inlined
def put_back(c: Case, s: State) -> None:
    """Undo `lift` and `lay`; the keys are the caller's to restore."""
    for i in range(3, -1, -1):
        if s.move[i, NEW] >= 0:
            unlink(c, s, s.move[i, NODE])
    for i in range(3, -1, -1):
        if s.move[i, OLD] >= 0:
            link(c, s, s.move[i, NODE], s.move[i, OLD], s.move[i, OLD + 1], s.move[i, OLD + 2])


@inlined
def is_kept(c: Case, s: State, log: int, change: float, price: float, bar: float) -> bool:
    """Time all that the move touches and judge it; `log` and `change` as in `judge`."""
    size = ZERO
    for i in range(4):
        s.few[TOUCHED + i], s.few[TOUCHED + 4 + i] = s.move[i, NEW], s.move[i, OLD]
        if s.move[i, OLD] >= 0:
            size = push_next(s, size, s.move[i, OLD + 2])
        if s.move[i, NEW] >= 0:
            size = push_next(s, push(s, size, s.move[i, NODE] >> 1), s.links[s.move[i, NODE], AFTER])
    return judge(c, s, size, log, change, price, bar)


@apart
def relocate(c: Case, s: State, bar: float) -> bool:
    """Take a visit from where it is (or from those left out) to another place, helper or moment."""
    p = pick(s, len(c.visits))
    v = 2 * p + pick(s, c.visit_ints[p, SLOTS])
    other = v ^ 1 if c.visit_ints[p, SLOTS] == 2 else -1
    was_out = s.links[v, HELPER] < 0
    h, a = target(c, s, p, v)
    if h < 0 or a == v:
        return False
    begin(s)
    take(s, 0, v, h)
    if other >= 0:
        mate = s.links[other, HELPER]
        if mate < 0 or c.route_ints[mate, PERSON] == c.route_ints[h, PERSON] or draw(s) < 0.4:
            mate = some_helper(c, s, other, h)
        if mate < 0:
            return False
        take(s, 1, other, mate)
    price = s.sums[PRICE] + lift(c, s) - (c.visits[p, UNSERVED] if was_out else 0.0)
    if a >= 0 and a == other:
        a = s.move[1, OLD + 1]
    old_key = s.key[p]
    s.key[p] = key_between(s, a, next_on(s, h, a))
    price += lay(c, s, 0, a) + lay_by_key(c, s, ONE)
    if price < bar and is_kept(c, s, ZERO, 0.0, price, bar):
        return True
    put_back(c, s)
    s.key[p] = old_key
    return False


@leaf
def push_next(s: State, size: int, v: int) -> int:
    """Let the visit of node `v` wait for its timing, if there is one."""
    return size if v < 0 else push(s, size, v >> 1)


@apart
def leave_out(c: Case, s: State, bar: float) -> bool:
    """Leave a visit out."""
    p = pick(s, len(c.visits))
    if c.visits[p, UNSERVED] >= NEVER or s.links[2 * p, HELPER] < 0:
        return False
    begin(s)
    for k in range(c.visit_ints[p, SLOTS]):
        take(s, k, 2 * p + k, -1)
    price = s.sums[PRICE] + c.visits[p, UNSERVED] + lift(c, s)
    log, change = forget(c, s, p, ZERO)
    if is_kept(c, s, log, change, price, bar):
        return True
    put_back(c, s)
    return False


@apart
def swap_tails(c: Case, s: State, bar: float) -> bool:
    """Let two helpers exchange the rest of their days: after a node of one comes a node near it of the other."""
    p = pick(s, len(c.visits))
    if c.near.shape[1] == 0:
        return False
    a = 2 * p + pick(s, c.visit_ints[p, SLOTS])
    q = c.near[p, pick(s, c.near.shape[1])]
    y = 2 * q + pick(s, c.visit_ints[q, SLOTS])
    one, two = s.links[a, HELPER], s.links[y, HELPER]
    if one < 0 or two < 0 or one == two or s.key[p] >= s.key[q]:
        return False
    x, b = s.links[a, AFTER], s.links[y, BEFORE]
    if b >= 0 and x >= 0 and s.key[b >> 1] >= s.key[x >> 1]:
        return False
    price = s.sums[PRICE] + handed_over(c, s, x, one, two) + handed_over(c, s, y, two, one)
    # what each keeps now leads to what the other hands over
    price += joint(c, a, y, one, s.routes[one, FIRST]) - edge(c, one, a, x)
    price += joint(c, b, x, two, s.routes[two, FIRST] if b >= 0 else -1) - (edge(c, two, b, y))
    if price >= bar or not may_take(c, s, x, two, s.key[q], False) or not may_take(c, s, y, one, s.key[p], True):
        return False
    cross(s, a, x, b, y, one, two)
    size = push(s, ZERO, q)
    size = push_next(s, size, x)
    if c.route_ints[one, MEANS] != c.route_ints[two, MEANS]:
        size = push_all(s, size, x)
        size = push_all(s, size, y)
    touch(s, one, two)
    if judge(c, s, size, ZERO, 0.0, price, bar):
        return True
    cross(s, a, y, b, x, one, two)
    return False


@leaf
def joint(c: Case, a: int, b: int, h: int, first: int) -> float:
    """Price of `a` to `b` for `h`; nothing if that leaves the helper at home all day."""
    if a < 0 and b < 0 and first < 0:
        return 0.0
    return edge(c, h, a, b)


@inlined
def handed_over(c: Case, s: State, x: int, giver: int, taker: int) -> float:
    """Change in price inside the tail that begins with node `x` when `taker` makes it instead of `giver`."""
    change = 0.0
    v = x
    while v >= 0:
        change += c.extra[taker, v] - c.extra[giver, v]
        b = s.links[v, AFTER]
        if b < 0 or c.route_ints[giver, MEANS] != c.route_ints[taker, MEANS]:
            change += edge(c, taker, v, b) - edge(c, giver, v, b)
        v = b
    return change


@inlined
def may_take(c: Case, s: State, x: int, h: int, key: float, is_after: bool) -> bool:
    """Whether `h` is able to make the tail from `x` on, and would not meet itself at a visit of two helpers."""
    v = x
    while v >= 0:
        if not c.able[h, v]:
            return False
        # a partner's node leaves `h` with the other tail, unless it stands before the cut
        is_before = s.key[v >> 1] < key or (is_after and s.key[v >> 1] <= key)
        if c.visit_ints[v >> 1, SLOTS] == 2:
            g = s.links[v ^ 1, HELPER]
            if c.route_ints[g, PERSON] == c.route_ints[h, PERSON] and (g != h or is_before):
                return False
        v = s.links[v, AFTER]
    return True


@inlined
def push_all(s: State, size: int, x: int) -> int:
    """Let every visit of the tail from `x` on wait for its timing."""
    v = x
    while v >= 0:
        size = push(s, size, v >> 1)
        v = s.links[v, AFTER]
    return size


@inlined
def cross(s: State, a: int, x: int, b: int, y: int, one: int, two: int) -> None:
    """Helper `one` goes on from `a` to `y`, helper `two` from `b` (or home) to `x`."""
    end_one, end_two = s.routes[one, LAST], s.routes[two, LAST]
    s.links[a, AFTER] = y
    if y >= 0:
        s.links[y, BEFORE] = a
    if b < 0:
        s.routes[two, FIRST] = x
    else:
        s.links[b, AFTER] = x
    if x >= 0:
        s.links[x, BEFORE] = b
    s.routes[one, LAST] = end_two if y >= 0 else a
    s.routes[two, LAST] = end_one if x >= 0 else b
    v = y
    while v >= 0:
        s.links[v, HELPER] = one
        v = s.links[v, AFTER]
    v = x
    while v >= 0:
        s.links[v, HELPER] = two
        v = s.links[v, AFTER]


@apart
def exchange(c: Case, s: State, bar: float) -> bool:
    """Two visits take each other's moment and, slot by slot, each other's helpers; one may come from those left out."""
    p = pick(s, len(c.visits))
    q = second_visit(c, s, p)
    if q == p or (s.links[2 * p, HELPER] < 0 and s.links[2 * q, HELPER] < 0):
        return False
    if s.links[2 * p, HELPER] < 0:
        p, q = q, p
    begin(s)
    trade_helpers(c, s, p, q, pick(s, 2))
    if not is_allowed(c, s, p, q):
        return False
    q_was_out = s.links[2 * q, HELPER] < 0
    price = s.sums[PRICE] + lift(c, s) + (c.visits[p, UNSERVED] - c.visits[q, UNSERVED] if q_was_out else 0.0)
    key_p, key_q = s.key[p], s.key[q]
    s.key[q] = key_p
    if not q_was_out:
        s.key[p] = key_q
    for i in range(4):
        price += lay_by_key(c, s, i)
    if price < bar:
        log, change = forget(c, s, p, ZERO) if q_was_out else (ZERO, 0.0)
        if is_kept(c, s, log, change, price, bar):
            return True
    put_back(c, s)
    s.key[p], s.key[q] = key_p, key_q
    return False


@inlined
def second_visit(c: Case, s: State, p: int) -> int:
    """A visit near `p`, or near one near it; `p` itself if there is none."""
    if c.near.shape[1] == 0:
        return p
    q = c.near[p, pick(s, c.near.shape[1])]
    if draw(s) < 0.7:
        q = c.near[q, pick(s, c.near.shape[1])]
    return int(q)


@inlined
def trade_helpers(c: Case, s: State, p: int, q: int, flip: int) -> None:
    """Let the move be that `p` and `q` change places; `flip` says which slot, where they differ in number."""
    turn = flip if c.visit_ints[p, SLOTS] == 2 and c.visit_ints[q, SLOTS] == 2 else 0
    mine = flip if c.visit_ints[p, SLOTS] > c.visit_ints[q, SLOTS] else 0
    yours = flip if c.visit_ints[q, SLOTS] > c.visit_ints[p, SLOTS] else 0
    for k in range(min(c.visit_ints[p, SLOTS], c.visit_ints[q, SLOTS])):
        take(s, k, 2 * p + (k ^ mine), s.links[2 * q + (k ^ turn ^ yours), HELPER])
        take(s, 2 + k, 2 * q + (k ^ yours), s.links[2 * p + (k ^ turn ^ mine), HELPER])
    if c.visit_ints[p, SLOTS] > c.visit_ints[q, SLOTS]:
        take(s, 1, 2 * p + 1 - flip, s.links[2 * p + 1 - flip, HELPER])
    if c.visit_ints[q, SLOTS] > c.visit_ints[p, SLOTS]:
        take(s, 3, 2 * q + 1 - flip, s.links[2 * q + 1 - flip, HELPER])


@inlined
def is_allowed(c: Case, s: State, p: int, q: int) -> bool:
    """Whether the new helpers are able, differ within a visit, and no visit is half made."""
    for i in range(4):
        if s.move[i, NEW] >= 0 and not c.able[s.move[i, NEW], s.move[i, NODE]]:
            return False
    for i in range(0, 4, 2):
        if (
            s.move[i, NEW] >= 0
            and s.move[i + 1, NEW] >= 0
            and c.route_ints[s.move[i, NEW], PERSON] == c.route_ints[s.move[i + 1, NEW], PERSON]
        ):
            return False
    if s.links[2 * q, HELPER] >= 0:
        return True
    return bool(c.visit_ints[p, SLOTS] == c.visit_ints[q, SLOTS] and c.visits[p, UNSERVED] < NEVER)
