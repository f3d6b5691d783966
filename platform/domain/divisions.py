"""Division codes 市 6 / 县 6 / 乡镇 9 / 村 12 digits: what can be told from the digits alone."""

import re

CITY = "610600"
_SHAPE = re.compile(r"^\d{6}(\d{3}(\d{3})?)?$")


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a code: 6, 9 or 12 digits."""
    return bool(_SHAPE.match(text))


def parent_of(code: str) -> str | None:
    """The code one level up: 610602100201 gives 610602100, 610602 the city, the city None."""
    if len(code) > 6:
        return code[:-3]
    return None if code.endswith("00") else f"{code[:4]}00"


def lineage(code: str) -> tuple[str, ...]:
    """The code itself, then everything above it, the most local first."""
    line = [code]
    while (above := parent_of(line[-1])) is not None:
        line.append(above)
    return tuple(line)
