"""Orders changed by hand: nothing is lost, nothing doubled, and everything can be taken back."""

from hypothesis import given
from hypothesis import strategies as st

from domain.round_orders import (
    Called,
    Logged,
    difference,
    holder,
    moved,
    patched,
    pinned,
    standing,
    without,
)

HELPERS = ["ann", "bea", "cai"]


@st.composite
def orders(draw):
    visits = draw(st.lists(st.integers(0, 30), unique=True, max_size=12))
    order: dict[str, list[Called]] = {helper: [] for helper in HELPERS}
    for visit in visits:
        order[draw(st.sampled_from(HELPERS))].append(Called(str(visit), is_pinned=draw(st.booleans())))
    return order


def keys(order):
    return sorted(call.key for calls in order.values() for call in calls)


@given(orders(), st.data())
def test_moving_loses_and_doubles_nothing_and_puts_the_call_where_it_was_asked_for(order, data):
    if not keys(order):
        return
    key = data.draw(st.sampled_from(keys(order)))
    helper, position = data.draw(st.sampled_from(HELPERS)), data.draw(st.integers(-2, 20))
    after = moved(order, key, helper, position)
    assert keys(after) == keys(order)
    found = holder(after, key)
    assert found is not None
    assert found[0] == helper
    assert found[1] == min(max(position, 1), len(after[helper])) - 1


@given(orders(), orders())
def test_a_difference_leads_there_and_back(before, after):
    to_before, to_after = difference(before, after)
    assert patched(before, to_after) == after
    assert patched(after, to_before) == before
    assert to_before.keys() == to_after.keys()


@given(orders())
def test_equal_orders_have_no_difference(order):
    assert difference(order, order) == ({}, {})


def test_moving_keeps_a_lock_and_a_new_call_has_none():
    order = {"ann": [Called("1", is_pinned=True)]}
    assert moved(order, ("1", False), "bea", 1)["bea"] == [Called("1", is_pinned=True)]
    assert moved(order, ("2", False), "ann", 1)["ann"] == [Called("2"), Called("1", is_pinned=True)]


def test_both_halves_of_a_visit_by_two_go_together_or_alone():
    order = {"ann": [Called("1")], "bea": [Called("1", is_second=True), Called("2")]}
    assert without(order, [("1", False), ("1", True)]) == {"ann": [], "bea": [Called("2")]}
    assert without(order, [("1", True)]) == {"ann": [Called("1")], "bea": [Called("2")]}


def test_locking_touches_only_what_is_named():
    order = {"ann": [Called("1"), Called("2")]}
    locked = pinned(order, [("1", False)], to=True)
    assert [call.is_pinned for call in locked["ann"]] == [True, False]
    assert pinned(locked, [("1", False)], to=False) == order


@given(st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=30))
def test_undo_and_redo_walk_one_line_of_changes(wishes):
    log: list[Logged] = []
    line: list[int] = []
    ahead: list[int] = []
    for number, wish in enumerate(wishes, 1):
        done, undone = standing(log)
        assert (done, undone) == (line, ahead)
        if wish == "edit":
            log.append(Logged(number))
            line, ahead = [*line, number], []
        elif wish == "undo" and done:
            log.append(Logged(number, is_undo=True, of_number=done[-1]))
            line, ahead = line[:-1], [*ahead, line[-1]]
        elif wish == "redo" and undone:
            log.append(Logged(number, is_redo=True, of_number=undone[-1]))
            line, ahead = [*line, ahead[-1]], ahead[:-1]
