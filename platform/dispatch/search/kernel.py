"""The compiled inner parts: drawing numbers, routes as linked lists, and the heap of what waits to be timed."""

import numpy as np

from .case import END, HOME, MEANS, NONE, PLACE, Case
from .compiled import inlined, leaf
from .state import AFTER, BEFORE, FIRST, HELPER, LAST, RANDOM, TOUCHED, State


@leaf
def draw(s: State) -> float:
    """A number in [0, 1); xorshift64."""
    x = np.uint64(s.few[RANDOM])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    s.few[RANDOM] = np.int64(x)
    return (x >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@leaf
def edge(c: Case, h: int, a: int, b: int) -> float:
    """Price of going from node `a` to node `b` for helper `h`; -1 stands for home before and for the end after."""
    start = c.route_ints[h, HOME] if a < 0 else c.visit_ints[a >> 1, PLACE]
    stop = c.route_ints[h, END] if b < 0 else c.visit_ints[b >> 1, PLACE]
    return c.price[c.route_ints[h, MEANS], start, stop]


@inlined
def unlink(c: Case, s: State, v: int) -> float:
    """Take node `v` off its route; returns the change in price. `before` and `after` of `v` keep the way back."""
    h, a, b = s.links[v, HELPER], s.links[v, BEFORE], s.links[v, AFTER]
    if a < 0:
        s.routes[h, FIRST] = b
    else:
        s.links[a, AFTER] = b
    if b < 0:
        s.routes[h, LAST] = a
    else:
        s.links[b, BEFORE] = a
    s.links[v, HELPER] = -1
    old = edge(c, h, a, v) + edge(c, h, v, b) + c.extra[h, v]
    if a < 0 and b < 0:
        return -old  # an empty route does not leave home
    return edge(c, h, a, b) - old


@inlined
def link(c: Case, s: State, v: int, h: int, a: int, b: int) -> float:
    """Put node `v` between `a` and `b` on the route of `h`; returns the change in price."""
    s.links[v, HELPER], s.links[v, BEFORE], s.links[v, AFTER] = h, a, b
    if a < 0:
        s.routes[h, FIRST] = v
    else:
        s.links[a, AFTER] = v
    if b < 0:
        s.routes[h, LAST] = v
    else:
        s.links[b, BEFORE] = v
    new = edge(c, h, a, v) + edge(c, h, v, b) + c.extra[h, v]
    if a < 0 and b < 0:
        return new
    return new - edge(c, h, a, b)


@inlined
def place_of(s: State, h: int, key: float) -> int:
    """The last node on the route of `h` whose key is below `key`, or -1."""
    a = NONE
    b = s.routes[h, FIRST]
    while b >= 0 and s.key[b >> 1] < key:
        a = b
        b = s.links[b, AFTER]
    return a


@leaf
def next_on(s: State, h: int, a: int) -> int:
    """The node after `a` on the route of `h`; the first one for -1."""
    return s.routes[h, FIRST] if a < 0 else s.links[a, AFTER]


@inlined
def push(s: State, size: int, p: int) -> int:
    """Let visit `p` wait for its timing, once; returns the new size of the heap."""
    if s.heap[p, 1]:
        return size
    s.heap[p, 1] = True
    i = size
    while i > 0:
        parent = (i - 1) >> 1
        if s.key[s.heap[parent, 0]] <= s.key[p]:
            break
        s.heap[i, 0] = s.heap[parent, 0]
        i = parent
    s.heap[i, 0] = p
    return size + 1


@inlined
def pop(s: State, size: int) -> int:
    """The waiting visit with the lowest key; the heap is one smaller afterwards."""
    top = s.heap[0, 0]
    s.heap[top, 1] = False
    size -= 1
    if size > 0:
        p = s.heap[size, 0]
        i = 0
        while True:
            child = 2 * i + 1
            if child >= size:
                break
            if child + 1 < size and s.key[s.heap[child + 1, 0]] < s.key[s.heap[child, 0]]:
                child += 1
            if s.key[s.heap[child, 0]] >= s.key[p]:
                break
            s.heap[i, 0] = s.heap[child, 0]
            i = child
        s.heap[i, 0] = p
    return top


@inlined
def drain(s: State, size: int) -> None:
    """Forget what waits."""
    for i in range(size):
        s.heap[s.heap[i, 0], 1] = False


@inlined
def touch(s: State, one: int, two: int) -> None:
    """Note two routes, and no others, whose ends a move changes."""
    for i in range(8):
        s.few[TOUCHED + i] = -1
    s.few[TOUCHED + 0], s.few[TOUCHED + 1] = one, two
