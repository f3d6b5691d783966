"""The moves: each prices its change of the routes first, times it only if the price allows, and leaves no trace if not.

Every move returns whether it was kept. `bar` is the highest cost that is accepted.
"""

from .case import NEVER, Case
from .compiled import compiled
from .kernel import draw, edge, forget, judge, link, next_on, place_of, push, unlink
from .state import PRICE, State


@compiled
def pick(s: State, count: int) -> int:
    """A number from 0 to count - 1."""
    return int(draw(s) * count)


@compiled
def key_between(s: State, a: int, b: int) -> float:
    """A key between those of two nodes that follow each other (-1: the ends of the day)."""
    low = 0.0 if a < 0 else s.key[a >> 1]
    high = 1.0 if b < 0 else s.key[b >> 1]
    return low + (high - low) * (0.02 + 0.96 * draw(s))


@compiled
def some_helper(c: Case, s: State, v: int, but: int) -> int:
    """A helper able to make node `v`, other than `but`; -1 if chance finds none."""
    count = len(c.home)
    for _ in range(8):
        h = pick(s, count)
        if h != but and c.able[h, v]:
            return h
    for _ in range(count):
        h = (h + 1) % count
        if h != but and c.able[h, v]:
            return h
    return -1


@compiled
def target(c: Case, s: State, p: int, v: int) -> tuple[int, int]:
    """A helper for node `v` and the node to stand behind: beside a near visit, else anywhere. (-1, -1): none."""
    if c.near.shape[1] > 0 and draw(s) < 0.9:
        q = c.near[p, pick(s, c.near.shape[1])]
        w = 2 * q + pick(s, c.slots[q])
        h = s.helper[w]
        if h < 0 or not c.able[h, v]:
            return -1, -1
        if draw(s) < 0.5:
            return h, w
        return h, s.before[w]
    h = some_helper(c, s, v, -1)
    if h < 0:
        return -1, -1
    return h, place_of(s, h, draw(s))


@compiled
def take(s: State, i: int, v: int, h: int) -> None:
    """Let place `i` of the move be node `v`, to be made by `h` (-1: by nobody)."""
    s.nodes[i], s.new[i] = v, h


@compiled
def begin(s: State) -> None:
    """An empty move: no node changes."""
    for i in range(4):
        s.nodes[i] = s.new[i] = s.old[i, 0] = -1


@compiled
def lift(c: Case, s: State) -> float:
    """Take the move's nodes off their routes; returns the change in price."""
    price = 0.0
    for i in range(4):
        v = s.nodes[i]
        if v >= 0 and s.helper[v] >= 0:
            s.old[i, 0], s.old[i, 1], s.old[i, 2] = s.helper[v], s.before[v], s.after[v]
            price += unlink(c, s, v)
    return price


@compiled
def lay(c: Case, s: State, i: int, a: int) -> float:
    """Put node `i` of the move behind node `a` on its new route; returns the change in price."""
    h = s.new[i]
    return link(c, s, s.nodes[i], h, a, next_on(s, h, a))


@compiled
def lay_by_key(c: Case, s: State, i: int) -> float:
    """Put node `i` of the move where its key belongs on its new route, if it has one; returns the change in price."""
    if s.new[i] < 0:
        return 0.0
    return lay(c, s, i, place_of(s, s.new[i], s.key[s.nodes[i] >> 1]))


@compiled
def put_back(c: Case, s: State) -> None:
    """Undo `lift` and `lay`; the keys are the caller's to restore."""
    for i in range(3, -1, -1):
        if s.new[i] >= 0:
            unlink(c, s, s.nodes[i])
    for i in range(3, -1, -1):
        if s.old[i, 0] >= 0:
            link(c, s, s.nodes[i], s.old[i, 0], s.old[i, 1], s.old[i, 2])


@compiled
def is_kept(c: Case, s: State, log: int, change: float, price: float, bar: float) -> bool:
    """Time all that the move touches and judge it; `log` and `change` as in `judge`."""
    size = 0
    for i in range(4):
        s.touched[i], s.touched[4 + i] = s.new[i], s.old[i, 0]
        if s.old[i, 0] >= 0:
            size = push_next(s, size, s.old[i, 2])
        if s.new[i] >= 0:
            size = push_next(s, push(s, size, s.nodes[i] >> 1), s.after[s.nodes[i]])
    return judge(c, s, size, log, change, price, bar)


@compiled
def relocate(c: Case, s: State, bar: float) -> bool:
    """Take a visit from where it is (or from those left out) to another place, helper or moment."""
    p = pick(s, len(c.slots))
    v = 2 * p + pick(s, c.slots[p])
    other = v ^ 1 if c.slots[p] == 2 else -1
    was_out = s.helper[v] < 0
    h, a = target(c, s, p, v)
    if h < 0 or a == v:
        return False
    begin(s)
    take(s, 0, v, h)
    if other >= 0:
        mate = s.helper[other]
        if mate < 0 or mate == h or draw(s) < 0.4:
            mate = some_helper(c, s, other, h)
        if mate < 0:
            return False
        take(s, 1, other, mate)
    price = s.sums[PRICE] + lift(c, s) - (c.unserved[p] if was_out else 0.0)
    if a >= 0 and a == other:
        a = s.old[1, 1]
    old_key = s.key[p]
    s.key[p] = key_between(s, a, next_on(s, h, a))
    price += lay(c, s, 0, a) + lay_by_key(c, s, 1)
    if price < bar and is_kept(c, s, 0, 0.0, price, bar):
        return True
    put_back(c, s)
    s.key[p] = old_key
    return False


@compiled
def push_next(s: State, size: int, v: int) -> int:
    """Let the visit of node `v` wait for its timing, if there is one."""
    return size if v < 0 else push(s, size, v >> 1)


@compiled
def leave_out(c: Case, s: State, bar: float) -> bool:
    """Leave a visit out."""
    p = pick(s, len(c.slots))
    if c.unserved[p] >= NEVER or s.helper[2 * p] < 0:
        return False
    begin(s)
    for k in range(c.slots[p]):
        take(s, k, 2 * p + k, -1)
    price = s.sums[PRICE] + c.unserved[p] + lift(c, s)
    log, change = forget(c, s, p, 0)
    if is_kept(c, s, log, change, price, bar):
        return True
    put_back(c, s)
    return False


@compiled
def swap_tails(c: Case, s: State, bar: float) -> bool:
    """Let two helpers exchange the rest of their days: after a node of one comes a node near it of the other."""
    p = pick(s, len(c.slots))
    if c.near.shape[1] == 0:
        return False
    a = 2 * p + pick(s, c.slots[p])
    q = c.near[p, pick(s, c.near.shape[1])]
    y = 2 * q + pick(s, c.slots[q])
    one, two = s.helper[a], s.helper[y]
    if one < 0 or two < 0 or one == two or s.key[p] >= s.key[q]:
        return False
    x, b = s.after[a], s.before[y]
    if b >= 0 and x >= 0 and s.key[b >> 1] >= s.key[x >> 1]:
        return False
    price = s.sums[PRICE] + handed_over(c, s, x, one, two) + handed_over(c, s, y, two, one)
    # what each keeps now leads to what the other hands over
    price += joint(c, a, y, one, s.first[one]) - edge(c, one, a, x)
    price += joint(c, b, x, two, s.first[two] if b >= 0 else -1) - (edge(c, two, b, y))
    if price >= bar or not may_take(c, s, x, two, s.key[q], False) or not may_take(c, s, y, one, s.key[p], True):
        return False
    cross(s, a, x, b, y, one, two)
    size = push(s, 0, q)
    size = push_next(s, size, x)
    if c.means[one] != c.means[two]:
        size = push_all(s, size, x)
        size = push_all(s, size, y)
    touch(s, one, two)
    if judge(c, s, size, 0, 0.0, price, bar):
        return True
    cross(s, a, y, b, x, one, two)
    return False


@compiled
def joint(c: Case, a: int, b: int, h: int, first: int) -> float:
    """Price of `a` to `b` for `h`; nothing if that leaves the helper at home all day."""
    if a < 0 and b < 0 and first < 0:
        return 0.0
    return edge(c, h, a, b)


@compiled
def handed_over(c: Case, s: State, x: int, giver: int, taker: int) -> float:
    """Change in price inside the tail that begins with node `x` when `taker` makes it instead of `giver`."""
    change = 0.0
    v = x
    while v >= 0:
        change += c.extra[taker, v] - c.extra[giver, v]
        b = s.after[v]
        if b < 0 or c.means[giver] != c.means[taker]:
            change += edge(c, taker, v, b) - edge(c, giver, v, b)
        v = b
    return change


@compiled
def may_take(c: Case, s: State, x: int, h: int, key: float, is_after: bool) -> bool:
    """Whether `h` is able to make the tail from `x` on, and would not meet itself at a visit of two helpers."""
    v = x
    while v >= 0:
        if not c.able[h, v]:
            return False
        # a partner's node leaves `h` with the other tail, unless it stands before the cut
        is_before = s.key[v >> 1] < key or (is_after and s.key[v >> 1] <= key)
        if c.slots[v >> 1] == 2 and s.helper[v ^ 1] == h and is_before:
            return False
        v = s.after[v]
    return True


@compiled
def push_all(s: State, size: int, x: int) -> int:
    """Let every visit of the tail from `x` on wait for its timing."""
    v = x
    while v >= 0:
        size = push(s, size, v >> 1)
        v = s.after[v]
    return size


@compiled
def cross(s: State, a: int, x: int, b: int, y: int, one: int, two: int) -> None:
    """Helper `one` goes on from `a` to `y`, helper `two` from `b` (or home) to `x`."""
    end_one, end_two = s.last[one], s.last[two]
    s.after[a] = y
    if y >= 0:
        s.before[y] = a
    if b < 0:
        s.first[two] = x
    else:
        s.after[b] = x
    if x >= 0:
        s.before[x] = b
    s.last[one] = end_two if y >= 0 else a
    s.last[two] = end_one if x >= 0 else b
    v = y
    while v >= 0:
        s.helper[v] = one
        v = s.after[v]
    v = x
    while v >= 0:
        s.helper[v] = two
        v = s.after[v]


@compiled
def exchange(c: Case, s: State, bar: float) -> bool:
    """Two visits take each other's moment and, slot by slot, each other's helpers; one may come from those left out."""
    p = pick(s, len(c.slots))
    q = second_visit(c, s, p)
    if q == p or (s.helper[2 * p] < 0 and s.helper[2 * q] < 0):
        return False
    if s.helper[2 * p] < 0:
        p, q = q, p
    begin(s)
    trade_helpers(c, s, p, q, pick(s, 2))
    if not is_allowed(c, s, p, q):
        return False
    q_was_out = s.helper[2 * q] < 0
    price = s.sums[PRICE] + lift(c, s) + (c.unserved[p] - c.unserved[q] if q_was_out else 0.0)
    key_p, key_q = s.key[p], s.key[q]
    s.key[q] = key_p
    if not q_was_out:
        s.key[p] = key_q
    for i in range(4):
        price += lay_by_key(c, s, i)
    if price < bar:
        log, change = forget(c, s, p, 0) if q_was_out else (0, 0.0)
        if is_kept(c, s, log, change, price, bar):
            return True
    put_back(c, s)
    s.key[p], s.key[q] = key_p, key_q
    return False


@compiled
def second_visit(c: Case, s: State, p: int) -> int:
    """A visit near `p`, or near one near it; `p` itself if there is none."""
    if c.near.shape[1] == 0:
        return p
    q = c.near[p, pick(s, c.near.shape[1])]
    if draw(s) < 0.7:
        q = c.near[q, pick(s, c.near.shape[1])]
    return int(q)


@compiled
def trade_helpers(c: Case, s: State, p: int, q: int, flip: int) -> None:
    """Let the move be that `p` and `q` change places; `flip` says which slot, where they differ in number."""
    turn = flip if c.slots[p] == 2 and c.slots[q] == 2 else 0
    mine = flip if c.slots[p] > c.slots[q] else 0
    yours = flip if c.slots[q] > c.slots[p] else 0
    for k in range(min(c.slots[p], c.slots[q])):
        take(s, k, 2 * p + (k ^ mine), s.helper[2 * q + (k ^ turn ^ yours)])
        take(s, 2 + k, 2 * q + (k ^ yours), s.helper[2 * p + (k ^ turn ^ mine)])
    if c.slots[p] > c.slots[q]:
        take(s, 1, 2 * p + 1 - flip, s.helper[2 * p + 1 - flip])
    if c.slots[q] > c.slots[p]:
        take(s, 3, 2 * q + 1 - flip, s.helper[2 * q + 1 - flip])


@compiled
def is_allowed(c: Case, s: State, p: int, q: int) -> bool:
    """Whether the new helpers are able, differ within a visit, and no visit is half made."""
    for i in range(4):
        if s.new[i] >= 0 and not c.able[s.new[i], s.nodes[i]]:
            return False
    if s.new[0] == s.new[1] and s.new[0] >= 0:
        return False
    if s.new[2] == s.new[3] and s.new[2] >= 0:
        return False
    if s.helper[2 * q] >= 0:
        return True
    return bool(c.slots[p] == c.slots[q] and c.unserved[p] < NEVER)


@compiled
def touch(s: State, one: int, two: int) -> None:
    """Note two helpers, and no others, whose shift a move may break."""
    for i in range(8):
        s.touched[i] = -1
    s.touched[0], s.touched[1] = one, two
