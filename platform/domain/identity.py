"""Identity numbers of the mainland (GB 11643-1999): 18 digits, or the 15 of cards issued before 1999.

Own rules, because most validators know only today's area codes: elders' cards carry codes of places that are long
renamed (6126xx was the prefecture before 1996). The area says where the card was issued, never where one lives.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCES = frozenset(
    str(province)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for province in range(first, last + 1)
)
DEMO_AREA = "610699"
"""In no table of places, old or new: a demo number can be nobody's."""
_EARLIEST = date(1880, 1, 1)


class IdentityProblem(StrEnum):
    """Why a number is refused."""

    EXCEL = "excel"  # a spreadsheet turned it into 1.23E+17 or rounded its tail away
    SHAPE = "shape"
    AREA = "area"
    DEMO = "demo"
    BIRTH = "birth"
    CHECK = "check"


class BadIdentity(ValueError):
    """Not an identity number, and why."""

    def __init__(self, problem: IdentityProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Identity:
    """A checked number in its 18-digit form, and what it says."""

    number: str
    born_on: date
    is_male: bool
    area: str
    was_15_digits: bool = False


def check_digit(first_17: str) -> str:
    """The last character that belongs to these seventeen digits."""
    return _CHECK[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True)) % 11]


def read(text: str, *, today: date, allow_demo: bool = False) -> Identity:
    """The number somebody typed, checked. Spaces and dashes are dropped, x is X, 15 digits become 18.

    Raises BadIdentity.
    """
    number = re.sub(r"[\s\-－‐']", "", text).translate(_FULL_WIDTH).upper()
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+|\d{15,18}\.0+", number):
        raise BadIdentity(IdentityProblem.EXCEL)
    was_15_digits = bool(re.fullmatch(r"[1-9]\d{14}", number))
    if was_15_digits:
        number = number[:6] + "19" + number[6:]
        number += check_digit(number)
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        raise BadIdentity(IdentityProblem.SHAPE)
    _check_area(number[:6], allow_demo=allow_demo)
    born_on = _birth(number[6:14], today)
    if number[17] != check_digit(number[:17]):
        is_rounded = number.endswith("000")
        raise BadIdentity(IdentityProblem.EXCEL if is_rounded else IdentityProblem.CHECK)
    return Identity(number, born_on, int(number[16]) % 2 == 1, number[:6], was_15_digits)


_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")


def _check_area(area: str, *, allow_demo: bool) -> None:
    if area[:2] not in _PROVINCES:
        raise BadIdentity(IdentityProblem.AREA)
    if area == DEMO_AREA and not allow_demo:
        raise BadIdentity(IdentityProblem.DEMO)


def _birth(digits: str, today: date) -> date:
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as error:
        raise BadIdentity(IdentityProblem.BIRTH) from error
    if not _EARLIEST <= born_on <= today:
        raise BadIdentity(IdentityProblem.BIRTH)
    return born_on
