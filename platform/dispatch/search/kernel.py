"""The compiled inner parts: drawing numbers, routes as linked lists, and timing what a move delays."""

import numpy as np

from .case import NEVER, Case
from .compiled import compiled
from .state import CURRENT, LATE, PRICE, WORST, State

TINY = 1e-9


@compiled
def draw(s: State) -> float:
    """A number in [0, 1); xorshift64."""
    x = np.uint64(s.random[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    s.random[0] = np.int64(x)
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def edge(c: Case, h: int, a: int, b: int) -> float:
    """Price of going from node `a` to node `b` for helper `h`; -1 stands for home before and for the end after."""
    start = c.home[h] if a < 0 else c.place[a >> 1]
    stop = c.end[h] if b < 0 else c.place[b >> 1]
    return c.price[c.means[h], start, stop]


@compiled
def unlink(c: Case, s: State, v: int) -> float:
    """Take node `v` off its route; returns the change in price. `before` and `after` of `v` keep the way back."""
    h, a, b = s.helper[v], s.before[v], s.after[v]
    if a < 0:
        s.first[h] = b
    else:
        s.after[a] = b
    if b < 0:
        s.last[h] = a
    else:
        s.before[b] = a
    s.helper[v] = -1
    old = edge(c, h, a, v) + edge(c, h, v, b) + c.extra[h, v]
    if a < 0 and b < 0:
        return -old  # an empty route does not leave home
    return edge(c, h, a, b) - old


@compiled
def link(c: Case, s: State, v: int, h: int, a: int, b: int) -> float:
    """Put node `v` between `a` and `b` on the route of `h`; returns the change in price."""
    s.helper[v], s.before[v], s.after[v] = h, a, b
    if a < 0:
        s.first[h] = v
    else:
        s.after[a] = v
    if b < 0:
        s.last[h] = v
    else:
        s.before[b] = v
    new = edge(c, h, a, v) + edge(c, h, v, b) + c.extra[h, v]
    if a < 0 and b < 0:
        return new
    return new - edge(c, h, a, b)


@compiled
def place_of(s: State, h: int, key: float) -> int:
    """The last node on the route of `h` whose key is below `key`, or -1."""
    a = -1
    b = s.first[h]
    while b >= 0 and s.key[b >> 1] < key:
        a = b
        b = s.after[b]
    return a


@compiled
def next_on(s: State, h: int, a: int) -> int:
    """The node after `a` on the route of `h`; the first one for -1."""
    return s.first[h] if a < 0 else s.after[a]


@compiled
def push(s: State, size: int, p: int) -> int:
    """Let visit `p` wait for its timing, once; returns the new size of the heap."""
    if s.waiting[p]:
        return size
    s.waiting[p] = True
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if s.key[s.heap[parent]] <= s.key[p]:
            break
        s.heap[i] = s.heap[parent]
        i = parent
    s.heap[i] = p
    return size + 1


@compiled
def pop(s: State, size: int) -> int:
    """The waiting visit with the lowest key; the heap is one smaller afterwards."""
    top = s.heap[0]
    s.waiting[top] = False
    size -= 1
    if size > 0:
        p = s.heap[size]
        i = 0
        while True:
            child = 2 * i + 1
            if child >= size:
                break
            if child + 1 < size and s.key[s.heap[child + 1]] < s.key[s.heap[child]]:
                child += 1
            if s.key[s.heap[child]] >= s.key[p]:
                break
            s.heap[i] = s.heap[child]
            i = child
        s.heap[i] = p
    return top


@compiled
def ready(c: Case, s: State, v: int) -> float:
    """When the helper of node `v` stands at its door."""
    h, a = s.helper[v], s.before[v]
    to = c.place[v >> 1]
    if a < 0:
        return c.starts[h] + c.time[c.means[h], c.home[h], to]
    return s.start[a] + c.duration[a] + c.time[c.means[h], c.place[a >> 1], to]


@compiled
def fit(c: Case, p: int, t: float) -> float:
    """The earliest start of visit `p` from `t` on; `t` itself if all its windows are over."""
    for w in range(c.windows[p]):
        if t <= c.closes[p, w]:
            return max(t, c.opens[p, w])
    return t


@compiled
def lateness(c: Case, p: int, t: float) -> float:
    """How long after its last window a start at `t` is."""
    return max(t - c.closes[p, c.windows[p] - 1], 0.0)


@compiled
def pair_starts(c: Case, s: State, p: int) -> tuple[float, float]:
    """The earliest starts of both helpers at visit `p` that keep the gap between them."""
    one = fit(c, p, ready(c, s, 2 * p))
    two = fit(c, p, max(ready(c, s, 2 * p + 1), one + c.gap_min[p]))
    for _ in range(2 * c.windows[p] + 2):
        if two <= one + c.gap_max[p] + TINY:
            break
        one = fit(c, p, two - c.gap_max[p])
        two = fit(c, p, max(two, one + c.gap_min[p]))
    return one, two


@compiled
def settle(c: Case, s: State, v: int, t: float, size: int, log: int) -> tuple[int, int]:
    """Write a new start of node `v` into the plan and the journal; what comes after it waits for its timing."""
    if t == s.start[v]:
        return size, log
    s.log_node[log], s.log_start[log], s.log_tardy[log] = v, s.start[v], s.tardy[v]
    s.start[v] = t
    s.tardy[v] = lateness(c, v >> 1, t)
    b = s.after[v]
    if b >= 0:
        size = push(s, size, b >> 1)
    return size, log + 1


@compiled
def drain(s: State, size: int) -> None:
    """Forget what waits."""
    for i in range(size):
        s.waiting[s.heap[i]] = False


@compiled
def is_within_shift(c: Case, s: State, h: int) -> bool:
    """Whether the route of `h` is back in time and not too long."""
    a, b = s.first[h], s.last[h]
    if a < 0:
        return True
    m = c.means[h]
    back = s.start[b] + c.duration[b] + c.time[m, c.place[b >> 1], c.end[h]]
    leave = s.start[a] - c.time[m, c.home[h], c.place[a >> 1]]
    return back <= c.ends[h] + TINY and back - leave <= c.limit[h] + TINY


@compiled
def retime(c: Case, s: State, size: int, log: int, change: float, room: float) -> tuple[int, float, bool]:
    """Time what waits in the heap and all it delays: (journal length, change in weighted lateness, feasible).

    Not feasible either once the visits that were timed are so late that all lateness would cost more than `room`.
    """
    late, worst = 0.0, 0.0
    while size > 0:
        p = pop(s, size)
        size -= 1
        v = 2 * p
        if s.helper[v] < 0:
            continue
        old = s.tardy[v]
        if c.slots[p] == 2:
            old += s.tardy[v + 1]
            one, two = pair_starts(c, s, p)
            size, log = settle(c, s, v, one, size, log)
            size, log = settle(c, s, v + 1, two, size, log)
            new = s.tardy[v] + s.tardy[v + 1]
            broken = two > one + c.gap_max[p] + TINY
        else:
            size, log = settle(c, s, v, fit(c, p, ready(c, s, v)), size, log)
            new = s.tardy[v]
            broken = False
        if broken or (new > TINY and c.late[p] >= NEVER):
            drain(s, size)
            return log, change, False
        if c.late[p] < NEVER:
            change += (new - old) * c.late[p]
            if new > 0.0:
                late += new * c.late[p]
                worst = max(worst, s.tardy[v])
                if late + c.worst_late * worst > room:
                    drain(s, size)
                    return log, change, False
    return log, change, True


@compiled
def take_back(s: State, log: int) -> None:
    """Undo the last `log` timings."""
    for i in range(log - 1, -1, -1):
        v = s.log_node[i]
        s.start[v], s.tardy[v] = s.log_start[i], s.log_tardy[i]


@compiled
def worst_after(s: State, log: int) -> float:
    """The largest lateness, given the journal of the move."""
    worst = s.sums[WORST]
    highest = 0.0
    fell = False
    for i in range(log):
        highest = max(highest, s.tardy[s.log_node[i]])
        fell = fell or s.log_tardy[i] >= worst
    if highest >= worst:
        return highest
    if fell and worst > 0.0:
        worst = 0.0
        for v in range(len(s.tardy)):
            worst = max(worst, s.tardy[v])
    return worst


@compiled
def limits_hold(c: Case, s: State, log: int) -> bool:
    """Whether every route that the move touched or delayed keeps its shift."""
    for i in range(8):
        if s.touched[i] >= 0 and not is_within_shift(c, s, s.touched[i]):
            return False
    for i in range(log):
        v = s.log_node[i]
        if s.helper[v] >= 0 and (s.after[v] < 0 or s.before[v] < 0) and not is_within_shift(c, s, s.helper[v]):
            return False
    return True


@compiled
def forget(c: Case, s: State, p: int, log: int) -> tuple[int, float]:
    """Take the times of visit `p`, which nobody makes any more, out: (journal length, change in lateness)."""
    change = 0.0
    for v in range(2 * p, 2 * p + c.slots[p]):
        s.log_node[log], s.log_start[log], s.log_tardy[log] = v, s.start[v], s.tardy[v]
        change -= s.tardy[v] * c.late[p] if c.late[p] < NEVER else 0.0
        s.start[v], s.tardy[v] = -1.0, 0.0
        log += 1
    return log, change


@compiled
def judge(c: Case, s: State, size: int, log: int, change: float, price: float, bar: float) -> bool:
    """Time the move; keep it if it is feasible and costs at most `bar`, else take the timings back.

    `log` and `change` are what the move itself has already written into the journal.
    """
    log, change, feasible = retime(c, s, size, log, change, bar - price)
    if feasible and c.has_limits:
        feasible = limits_hold(c, s, log)
    if feasible:
        worst = worst_after(s, log) if c.worst_late > 0.0 else 0.0
        cost = price + s.sums[LATE] + change + c.worst_late * worst
        if cost <= bar:
            s.sums[PRICE] = price
            s.sums[LATE] += change
            s.sums[WORST] = worst
            s.sums[CURRENT] = cost
            return True
    take_back(s, log)
    return False
