"""Two helpers hand each other all visits of a time that the other is able to make.

This is how it changes who works at all, and who of two able helpers is kept free for what only one can do. The order
of the visits does not change: only these two routes have to be looked at.
"""

from .case import NEVER, Case
from .compiled import compiled
from .kernel import draw, edge, judge, next_on, place_of, push
from .moves import joint, pick, push_next, touch
from .state import PRICE, State

HELPER, BEFORE, AFTER, OLD, NEW = range(0, 10, 2)
"""Places in `State.sides`, each of two: the helper, the node before and the one after the visits that may change hands,
and the last node that was looked at as the route was and as it becomes."""


@compiled
def swap_days(c: Case, s: State, bar: float) -> bool:
    """Exchange the whole days of two helpers, or what comes after or before a moment, as far as both are able."""
    one, two = pick(s, len(c.home)), pick(s, len(c.home))
    if one == two or (s.first[one] < 0 and s.first[two] < 0):
        return False
    low, high = -1.0, NEVER
    kind = draw(s)
    if kind < 0.4:
        low = draw(s)
    elif kind < 0.5:
        high = draw(s)
    for side, h in enumerate((one, two)):
        s.sides[HELPER + side] = h
        s.sides[BEFORE + side] = place_of(s, h, low)
    count, price = share_out(c, s, high)
    price += s.sums[PRICE]
    if count == 0 or price >= bar:
        return False
    relink(s, count, 2)
    size = push_next(s, push_next(s, 0, s.sides[AFTER]), s.sides[AFTER + 1])
    for i in range(count):
        size = push(s, size, s.swap[i, 0] >> 1)
    touch(s, one, two)
    if judge(c, s, size, 0, 0.0, price, bar):
        return True
    relink(s, count, 1)
    return False


@compiled
def share_out(c: Case, s: State, high: float) -> tuple[int, float]:
    """Write the nodes of both routes up to `high` into `swap` in their order, each with the side it has and will have.

    Returns how many, or 0 if none changes hands, and the change in price.
    """
    for side in range(2):
        a = s.sides[BEFORE + side]
        s.sides[OLD + side] = s.sides[NEW + side] = a
        s.sides[AFTER + side] = next_on(s, s.sides[HELPER + side], a)
    count, moved, price = 0, 0, 0.0
    while True:
        i, j = s.sides[AFTER], s.sides[AFTER + 1]
        key_i, key_j = key_of(s, i), key_of(s, j)
        if min(key_i, key_j) >= high:
            break
        # the two nodes of a pair stand side by side: both change hands, or none
        is_pair = i >= 0 and (i ^ 1) == j
        one, two = s.sides[HELPER], s.sides[HELPER + 1]
        goes_i = key_i <= key_j and c.able[two, i] and (not is_pair or c.able[one, j])
        goes_j = key_j <= key_i and c.able[one, j] and (not is_pair or c.able[two, i])
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
        h, b = s.sides[HELPER + side], s.sides[AFTER + side]
        price += joint(c, s.sides[NEW + side], b, h, -1) - joint(c, s.sides[OLD + side], b, h, -1)
    return count, price


@compiled
def key_of(s: State, v: int) -> float:
    """The key of a node; after all others if there is none."""
    return s.key[v >> 1] if v >= 0 else NEVER


@compiled
def assign(c: Case, s: State, count: int, side: int, goes: bool) -> float:
    """Note the next node of this side, and whether it goes over to the other; returns the change in price."""
    v, taker = s.sides[AFTER + side], side ^ 1 if goes else side
    h, g = s.sides[HELPER + side], s.sides[HELPER + taker]
    price = edge(c, g, s.sides[NEW + taker], v) + c.extra[g, v] - edge(c, h, s.sides[OLD + side], v) - c.extra[h, v]
    s.swap[count, 0], s.swap[count, 1], s.swap[count, 2] = v, side, taker
    s.sides[OLD + side] = s.sides[NEW + taker] = v
    s.sides[AFTER + side] = s.after[v]
    return price


@compiled
def relink(s: State, count: int, column: int) -> None:
    """Give each node in `swap` to the side in that column (1: as it was, 2: as it becomes)."""
    s.sides[OLD], s.sides[OLD + 1] = s.sides[BEFORE], s.sides[BEFORE + 1]
    for i in range(count):
        v, side = s.swap[i, 0], s.swap[i, column]
        s.helper[v] = s.sides[HELPER + side]
        follow(s, s.sides[HELPER + side], s.sides[OLD + side], v)
        s.sides[OLD + side] = v
    for side in range(2):
        follow(s, s.sides[HELPER + side], s.sides[OLD + side], s.sides[AFTER + side])


@compiled
def follow(s: State, h: int, a: int, b: int) -> None:
    """Let `b` come after `a` on the route of `h`; -1 is the beginning or the end of it."""
    if a < 0:
        s.first[h] = b
    else:
        s.after[a] = b
    if b < 0:
        s.last[h] = a
    else:
        s.before[b] = a
