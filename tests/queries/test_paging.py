"""Pages by keyset."""

import pytest

from queries.paging import decode, encode


def test_a_cursor_gives_back_what_was_put_in():
    assert decode(encode("zhangyulan", 7), 2) == ["zhangyulan", "7"]


@pytest.mark.parametrize("cursor", [None, "", "x", "!!", "e30", encode("one"), "W10", "\u5f20"])
def test_a_made_up_cursor_is_no_cursor(cursor):
    assert decode(cursor, 2) is None
