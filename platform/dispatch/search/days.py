"""Two helpers hand each other all visits of a time that the other is able to make.

This is how it changes who works at all, and who of two able helpers is kept free for what only one can do. The order
of the visits does not change: only these two routes have to be looked at.
"""

from .case import NEVER, PERSON, SLOTS, ZERO, Case
from .compiled import apart, inlined, leaf
from .kernel import draw, edge, next_on, place_of, push, touch
from .moves import joint, pick, push_next
from .state import AFTER, BEFORE, FIRST, HELPER, LAST, PRICE, SIDES, State
from .timing import judge

ROUTE, LEFT_OF, RIGHT_OF, WAS, BECOMES = range(0, 10, 2)
"""Places from `SIDES` on, each of two: the helper, the node before and the one after the visits that may change hands,
and the last node that was looked at as the route was and as it becomes."""


@apart
def swap_days(c: Case, s: State, bar: float) -> bool:
    """Exchange the whole days of two helpers, or what comes after or before a moment, as far as both are able."""
    one, two = pick(s, len(c.routes)), pick(s, len(c.routes))
    if one == two or (s.routes[one, FIRST] < 0 and s.routes[two, FIRST] < 0):
        return False
    low, high = -1.0, NEVER
    kind = draw(s)
    if kind < 0.4:
        low = draw(s)
    elif kind < 0.5:
        high = draw(s)
    for side, h in enumerate((one, two)):
        s.few[SIDES + ROUTE + side] = h
        s.few[SIDES + LEFT_OF + side] = place_of(s, h, low)
    count, price = share_out(c, s, high)
    price += s.sums[PRICE]
    if count == 0 or price >= bar:
        return False
    relink(s, count, 2)
    size = push_next(s, push_next(s, 0, s.few[SIDES + RIGHT_OF]), s.few[SIDES + RIGHT_OF + 1])
    for i in range(count):
        size = push(s, size, s.swap[i, 0] >> 1)
    touch(s, one, two)
    if judge(c, s, size, ZERO, 0.0, price, bar):
        return True
    relink(s, count, 1)
    return False


@inlined
def share_out(c: Case, s: State, high: float) -> tuple[int, float]:
    """Write the nodes of both routes up to `high` into `swap` in their order, each with the side it has and will have.

    Returns how many, or 0 if none changes hands, and the change in price.
    """
    for side in range(2):
        a = s.few[SIDES + LEFT_OF + side]
        s.few[SIDES + WAS + side] = s.few[SIDES + BECOMES + side] = a
        s.few[SIDES + RIGHT_OF + side] = next_on(s, s.few[SIDES + ROUTE + side], a)
    count, moved, price = 0, 0, 0.0
    while True:
        i, j = s.few[SIDES + RIGHT_OF], s.few[SIDES + RIGHT_OF + 1]
        key_i, key_j = key_of(s, i), key_of(s, j)
        if min(key_i, key_j) >= high:
            break
        # the two nodes of a pair stand side by side: both change hands, or none
        is_pair = i >= 0 and (i ^ 1) == j
        one, two = s.few[SIDES + ROUTE], s.few[SIDES + ROUTE + 1]
        goes_i = key_i <= key_j and may_go(c, s, i, two, is_pair) and (not is_pair or c.able[one, j])
        goes_j = key_j <= key_i and may_go(c, s, j, one, is_pair) and (not is_pair or c.able[two, i])
        if key_i <= key_j:
            price += assign(c, s, count, 0, goes_i)
            count += 1
        if key_j <= key_i:
            price += assign(c, s, count, 1, goes_j)
            count += 1
        moved += goes_i + goes_j
    if moved == 0:
        return 0, 0.0
    for side in range(2):
        h, b = s.few[SIDES + ROUTE + side], s.few[SIDES + RIGHT_OF + side]
        price += joint(c, s.few[SIDES + BECOMES + side], b, h, -1) - joint(c, s.few[SIDES + WAS + side], b, h, -1)
    return count, price


@inlined
def may_go(c: Case, s: State, v: int, taker: int, is_pair: bool) -> bool:
    """Whether the taker is able to make node `v`, and is not on another route its partner already."""
    if not c.able[taker, v]:
        return False
    if is_pair or c.visit_ints[v >> 1, SLOTS] == 1:
        return True
    return bool(c.route_ints[s.links[v ^ 1, HELPER], PERSON] != c.route_ints[taker, PERSON])


@leaf
def key_of(s: State, v: int) -> float:
    """The key of a node; after all others if there is none."""
    return s.key[v >> 1] if v >= 0 else NEVER


@inlined
def assign(c: Case, s: State, count: int, side: int, goes: bool) -> float:
    """Note the next node of this side, and whether it goes over to the other; returns the change in price."""
    v, taker = s.few[SIDES + RIGHT_OF + side], side ^ 1 if goes else side
    h, g = s.few[SIDES + ROUTE + side], s.few[SIDES + ROUTE + taker]
    price = (
        edge(c, g, s.few[SIDES + BECOMES + taker], v)
        + c.extra[g, v]
        - edge(c, h, s.few[SIDES + WAS + side], v)
        - c.extra[h, v]
    )
    s.swap[count, 0], s.swap[count, 1], s.swap[count, 2] = v, side, taker
    s.few[SIDES + WAS + side] = s.few[SIDES + BECOMES + taker] = v
    s.few[SIDES + RIGHT_OF + side] = s.links[v, AFTER]
    return price


@inlined
def relink(s: State, count: int, column: int) -> None:
    """Give each node in `swap` to the side in that column (1: as it was, 2: as it becomes)."""
    s.few[SIDES + WAS], s.few[SIDES + WAS + 1] = s.few[SIDES + LEFT_OF], s.few[SIDES + LEFT_OF + 1]
    for i in range(count):
        v, side = s.swap[i, 0], s.swap[i, column]
        s.links[v, HELPER] = s.few[SIDES + ROUTE + side]
        follow(s, s.few[SIDES + ROUTE + side], s.few[SIDES + WAS + side], v)
        s.few[SIDES + WAS + side] = v
    for side in range(2):
        follow(s, s.few[SIDES + ROUTE + side], s.few[SIDES + WAS + side], s.few[SIDES + RIGHT_OF + side])


@inlined
def follow(s: State, h: int, a: int, b: int) -> None:
    """Let `b` come after `a` on the route of `h`; -1 is the beginning or the end of it."""
    if a < 0:
        s.routes[h, FIRST] = b
    else:
        s.links[a, AFTER] = b
    if b < 0:
        s.routes[h, LAST] = a
    else:
        s.links[b, BEFORE] = a
