"""How many parts a text costs.

A text of the GSM alphabet has 160 septets in one part and 153 a part beyond; any other character makes the whole
text UCS-2 with 70 UTF-16 units in one part and 67 a part beyond. Domestic providers count every text as UCS-2.
A character outside the basic plane takes two units and is never split over two parts.
"""

from math import ceil

WARN_SEGMENTS = 2
MAX_SEGMENTS = 8

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED = frozenset("|^€{}[]~\\\f")
FORBIDDEN = frozenset("¥★※✓")
"""Characters that domestic providers refuse."""


def count_segments(text: str, *, is_domestic: bool = True) -> int:
    """Parts of `text` with its signature. Domestic counting takes every character as UCS-2."""
    if not text:
        return 0
    if not is_domestic and all(char in _GSM or char in _GSM_EXTENDED for char in text):
        return _parts([2 if char in _GSM_EXTENDED else 1 for char in text], 160, 153)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67)


def _parts(units: list[int], single: int, multi: int) -> int:
    total = sum(units)
    if total <= single:
        return 1
    if max(units) == 1:
        return ceil(total / multi)
    parts, used = 1, 0
    for unit in units:
        if used + unit > multi:
            parts, used = parts + 1, 0
        used += unit
    return parts
