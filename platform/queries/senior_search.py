"""Finding a senior by what one remembers: a name or its sound, the tail of a phone, a whole identity number.

Every key is a row of `senior_keys`; a text is a range of keys, a number one blind key. Both are read in the order of
an index and stop after one page, so the time does not grow with the city.
"""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_
from sqlalchemy.orm import aliased

from domain import identity, names, phones
from models import Contact, Senior, SeniorKey, SeniorPhone
from models.keyring import identity_index, keyring, phone_index
from policy import Scope, reach

BLIND = "#"
"""What a blind key begins with: nothing that is typed as a name can."""


def tail_key(last_four: str) -> str:
    """The key of the last four digits of a phone."""
    return BLIND + keyring.blind_index(last_four, "phone.tail")[:22]


def identity_key(number: str) -> str:
    """The key of a whole identity number."""
    return BLIND + identity_index(number)


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: keys from `low` up to but not including `high` (or `low` alone), and a whole phone."""

    low: str
    high: str | None = None
    phone: str | None = None

    @property
    def keys(self) -> ColumnElement[bool]:
        if self.high is None:
            return and_(SeniorKey.key == self.low)
        return and_(SeniorKey.key >= self.low, SeniorKey.key < self.high)


def sought(text: str, *, today: date) -> Sought | None:
    """What somebody typed into the search box; None where nothing can be meant by it."""
    compact = "".join(text.split())
    if len(compact) == 4 and compact.isascii() and compact.isdigit():
        return Sought(tail_key(compact))
    number = phones.normalise(compact)
    if number is not None and any(sign.isdigit() for sign in compact):
        return Sought(tail_key(number[-4:]), phone=number)
    try:
        return Sought(identity_key(identity.read(compact, today=today, allow_demo=True).number))
    except identity.BadIdentity:
        pass
    plain = "".join(sign for sign in names.normalise(text).lower().replace("ü", "v") if sign.isalnum())[:60]
    if not plain or plain.isdigit():
        return None
    return Sought(plain, _after(plain))


def _after(prefix: str) -> str:
    """The first text in byte order that no longer begins with `prefix`."""
    last = ord(prefix[-1]) + 1
    return prefix[:-1] + chr(0xE000 if 0xD800 <= last <= 0xDFFF else min(last, 0x10FFFF))


def narrowed(statement: Select[Any], what: Sought, scope: Scope, today: date) -> Select[Any]:
    """`statement`, which selects from Senior, narrowed to those found; each once, by the first of her keys."""
    statement = statement.join(SeniorKey, SeniorKey.senior_id == Senior.id).where(what.keys)
    if what.high is not None:
        statement = statement.where(~_has_earlier_key(what.low, what.high))
    if what.phone is not None:
        statement = statement.where(_has_phone(phone_index(what.phone)))
    only_divisions = not (scope.centres or scope.helpers or scope.seniors)
    within = reach.code_within(SeniorKey.residence_code, scope) if only_divisions else reach.seniors(scope, today)
    return statement.where(within)


def _has_earlier_key(low: str, high: str) -> ColumnElement[bool]:
    """Whether she is found by a key before this one. Her few keys are looked up by senior: the expression keeps
    planners from reading the whole range again for each row.
    """
    earlier = aliased(SeniorKey)
    its_key = earlier.key + ""
    return exists().where(
        earlier.senior_id == SeniorKey.senior_id, its_key >= low, its_key < high, its_key < SeniorKey.key
    )


def _has_phone(index: str) -> ColumnElement[bool]:
    own = exists().where(SeniorPhone.senior_id == Senior.id, SeniorPhone.number_index == index)
    others = exists().where(Contact.senior_id == Senior.id, Contact.phone_index == index)
    return or_(own, others)


ORDER = (SeniorKey.key, SeniorKey.residence_code, SeniorKey.senior_id)
"""The order of what is found: of the keys, which is an index."""


def parse_cursor(values: list[str]) -> tuple[Any, ...]:
    return values[0], values[1], uuid.UUID(values[2])
