"""Two helpers exchange short spans of their days, or one hands one over to the other.

The order of the visits does not change, only who makes them: no third helper's route has to be looked at.
"""

from .case import MEANS, PERSON, SLOTS, ZERO, Case
from .compiled import apart, inlined
from .kernel import edge, next_on, push, touch
from .moves import joint, pick, push_next
from .state import AFTER, BEFORE, FIRST, HELPER, LAST, PRICE, State
from .timing import judge

_LONGEST = 3
"""Visits of a span."""


@apart
def swap_spans(c: Case, s: State, bar: float) -> bool:
    """After a node of one helper comes a span of another's that begins near it; the other may get one for it."""
    p = pick(s, len(c.visits))
    if c.near.shape[1] == 0:
        return False
    q = c.near[p, pick(s, c.near.shape[1])]
    a, y = 2 * p + pick(s, c.visit_ints[p, SLOTS]), 2 * q + pick(s, c.visit_ints[q, SLOTS])
    one, two = s.links[a, HELPER], s.links[y, HELPER]
    if one < 0 or two < 0 or one == two or s.key[p] >= s.key[q]:
        return False
    b = s.links[y, BEFORE]
    x, x_end = span(s, s.links[a, AFTER], pick(s, _LONGEST + 1))
    y, y_end = span(s, y, 1 + pick(s, _LONGEST))
    right_one, right_two = next_on(s, one, x_end if x >= 0 else a), s.links[y_end, AFTER]
    if not fits(s, a, y, y_end, right_one) or not fits(s, b, x, x_end, right_two):
        return False
    price = s.sums[PRICE] + handed_span(c, s, x, x_end, one, two) + handed_span(c, s, y, y_end, two, one)
    price += led(c, one, a, y, y_end, right_one) - led(c, one, a, x, x_end, right_one)
    price += led(c, two, b, x, x_end, right_two) - led(c, two, b, y, y_end, right_two)
    if price >= bar or not (may_take(c, s, x, x_end, two, y, y_end) and may_take(c, s, y, y_end, one, x, x_end)):
        return False
    splice(s, one, a, y, y_end, right_one)
    splice(s, two, b, x, x_end, right_two)
    size = push_next(s, push_next(s, push_span(s, push_span(s, 0, x, x_end), y, y_end), right_one), right_two)
    touch(s, one, two)
    if judge(c, s, size, ZERO, 0.0, price, bar):
        return True
    splice(s, one, a, x, x_end, right_one)
    splice(s, two, b, y, y_end, right_two)
    return False


@inlined
def span(s: State, v: int, most: int) -> tuple[int, int]:
    """The first and last of at most so many nodes from `v` on; (-1, -1): none."""
    if v < 0 or most == 0:
        return -1, -1
    last = v
    for _ in range(most - 1):
        if s.links[last, AFTER] >= 0:
            last = s.links[last, AFTER]
    return v, last


@inlined
def fits(s: State, left: int, first: int, last: int, right: int) -> bool:
    """Whether a span belongs between `left` and `right` by the order of the visits."""
    if first < 0:
        return True
    if left >= 0 and s.key[left >> 1] >= s.key[first >> 1]:
        return False
    return bool(right < 0 or s.key[last >> 1] < s.key[right >> 1])


@inlined
def led(c: Case, h: int, left: int, first: int, last: int, right: int) -> float:
    """Price of the ways of `h` from `left` to a span and from it on to `right`; without a span, straight on."""
    if first < 0:
        return joint(c, left, right, h, -1)
    return edge(c, h, left, first) + edge(c, h, last, right)


@inlined
def handed_span(c: Case, s: State, first: int, last: int, giver: int, taker: int) -> float:
    """Change in price inside a span when `taker` makes it instead of `giver`."""
    change = 0.0
    v = first
    while v >= 0:
        change += c.extra[taker, v] - c.extra[giver, v]
        b = s.links[v, AFTER] if v != last else -1
        if b >= 0 and c.route_ints[giver, MEANS] != c.route_ints[taker, MEANS]:
            change += edge(c, taker, v, b) - edge(c, giver, v, b)
        v = b
    return change


@inlined
def may_take(c: Case, s: State, first: int, last: int, h: int, given: int, given_last: int) -> bool:
    """Whether `h`, who gives another span away for it, is able to make a span and would not meet itself at a pair."""
    v = first
    while v >= 0:
        if not c.able[h, v]:
            return False
        if c.visit_ints[v >> 1, SLOTS] == 2 and c.route_ints[s.links[v ^ 1, HELPER], PERSON] == c.route_ints[h, PERSON]:
            if s.links[v ^ 1, HELPER] != h:
                return False
            key = s.key[v >> 1]
            if given < 0 or key < s.key[given >> 1] or key > s.key[given_last >> 1]:
                return False
        v = s.links[v, AFTER] if v != last else -1
    return True


@inlined
def splice(s: State, h: int, left: int, first: int, last: int, right: int) -> None:
    """Let the route of `h` go from `left` over a span (-1: none) to `right`."""
    if first >= 0:
        s.links[first, BEFORE], s.links[last, AFTER] = left, right
        v = first
        while v != right:
            s.links[v, HELPER] = h
            v = s.links[v, AFTER]
    else:
        first, last = right, left
    if left < 0:
        s.routes[h, FIRST] = first
    else:
        s.links[left, AFTER] = first
    if right < 0:
        s.routes[h, LAST] = last
    else:
        s.links[right, BEFORE] = last


@inlined
def push_span(s: State, size: int, first: int, last: int) -> int:
    """Let every visit of a span wait for its timing."""
    v = first
    while v >= 0:
        size = push(s, size, v >> 1)
        v = s.links[v, AFTER] if v != last else -1
    return size
