"""The order of everybody's day as it is changed by hand: who goes where, in which order, and what stays put.

An order maps a helper's id to their calls. Nothing here knows of times: `dispatch.arrange` says what an order costs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

Patch = dict[str, list[dict[str, str | bool]]]
"""Calls of the helpers a change concerns, as they are stored."""


@dataclass(frozen=True, slots=True)
class Called:
    """A visit, or the second helper's half of it, in somebody's day."""

    visit_id: str
    is_second: bool = False
    is_pinned: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        return self.visit_id, self.is_second


Order = Mapping[str, Sequence[Called]]


def holder(order: Order, key: tuple[str, bool]) -> tuple[str, int] | None:
    """Who has this call, and as which (from 0)."""
    for helper, calls in order.items():
        for place, call in enumerate(calls):
            if call.key == key:
                return helper, place
    return None


def moved(order: Order, key: tuple[str, bool], helper: str, position: int) -> dict[str, list[Called]]:
    """The call taken from where it is and put before the `position`-th (from 1) of the helper's other calls."""
    found = holder(order, key)
    call = order[found[0]][found[1]] if found else Called(*key)
    rest = without(order, [key])
    calls = rest.setdefault(helper, [])
    calls.insert(min(max(position, 1), len(calls) + 1) - 1, call)
    return rest


def without(order: Order, keys: Iterable[tuple[str, bool]]) -> dict[str, list[Called]]:
    """Nobody goes there."""
    gone = set(keys)
    return {helper: [call for call in calls if call.key not in gone] for helper, calls in order.items()}


def pinned(order: Order, keys: Iterable[tuple[str, bool]], *, to: bool) -> dict[str, list[Called]]:
    """These calls stay with whom they are (or no longer have to)."""
    chosen = set(keys)
    return {
        helper: [replace(call, is_pinned=to) if call.key in chosen else call for call in calls]
        for helper, calls in order.items()
    }


def difference(before: Order, after: Order) -> tuple[Patch, Patch]:
    """What two orders do not share: the calls of the helpers whose day differs, in the one and in the other."""
    helpers = sorted(
        helper for helper in before.keys() | after.keys() if list(before.get(helper, ())) != list(after.get(helper, ()))
    )
    return _stored(before, helpers), _stored(after, helpers)


def _stored(order: Order, helpers: Iterable[str]) -> Patch:
    return {
        helper: [
            {"visit": call.visit_id, "second": call.is_second, "pinned": call.is_pinned}
            for call in order.get(helper, ())
        ]
        for helper in helpers
    }


def patched(order: Order, patch: Patch) -> dict[str, list[Called]]:
    """The order with the days of some helpers as a stored change has them."""
    changed = {
        helper: [Called(str(call["visit"]), bool(call["second"]), bool(call["pinned"])) for call in calls]
        for helper, calls in patch.items()
    }
    return {helper: list(calls) for helper, calls in order.items()} | changed


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log of changes: of an undo or a redo, `of_number` is what it concerns."""

    number: int
    is_undo: bool = False
    is_redo: bool = False
    of_number: int | None = None


def standing(log: Iterable[Logged]) -> tuple[list[int], list[int]]:
    """Numbers of the changes that hold, and of those that can be done again; the next in turn last."""
    done: list[int] = []
    undone: list[int] = []
    for entry in log:
        if entry.is_undo and entry.of_number in done:
            done.remove(entry.of_number)
            undone.append(entry.of_number)
        elif entry.is_redo and entry.of_number in undone:
            undone.remove(entry.of_number)
            done.append(entry.of_number)
        elif not entry.is_undo and not entry.is_redo:
            done.append(entry.number)
            undone.clear()
    return done, undone
