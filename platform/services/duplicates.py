"""Finding the same person under another record: by identity number, by name and birth date, by name and phone."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select, tuple_

from domain import identity, names, phones
from extensions import db
from models import Contact, Senior, SeniorPhone
from models.keyring import identity_index, phone_index

CHUNK = 300


class SameBy(StrEnum):
    """What two records share. An identity number is proof, the others are a reason to look."""

    IDENTITY = "identity"
    NAME_AND_BIRTH = "name_and_birth"
    NAME_AND_PHONE = "name_and_phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody to look for: whatever is known, as it was typed. `key` is the caller's own, such as a row number."""

    key: Any
    name: str = ""
    born_on: date | None = None
    identity_number: str = ""
    phones: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """A record that may be the same person."""

    senior_id: uuid.UUID
    name: str
    born_on: date
    residence_code: str
    by: SameBy


def find_same(candidates: Iterable[Candidate], *, today: date, allow_demo: bool = False) -> dict[Any, list[Same]]:
    """Candidate key -> the records that may be the same person, the surest first. Three statements for 300 candidates.

    Looks beyond the actor's scope: show what lies outside as "registered elsewhere" only.
    """
    found: dict[Any, list[Same]] = {}
    many = list(candidates)
    for start in range(0, len(many), CHUNK):
        part = many[start : start + CHUNK]
        _by_identity(part, found, today=today, allow_demo=allow_demo)
        _by_birth(part, found)
        _by_phone(part, found)
    return found


def _rows(*extra: Any) -> Select[Any]:
    columns = (Senior.id, Senior.name, Senior.born_on, Senior.residence_code)
    return select(*columns, *extra).where(Senior.merged_into_id.is_(None))


def _add(found: dict[Any, list[Same]], keys: Iterable[Any], row: Sequence[Any], by: SameBy) -> None:
    for key in keys:
        known = found.setdefault(key, [])
        if all(one.senior_id != row[0] for one in known):
            known.append(Same(row[0], row[1], row[2], row[3], by))


def _grouped(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for value, key in pairs:
        groups.setdefault(value, []).append(key)
    return groups


def _by_identity(part: Sequence[Candidate], found: dict[Any, list[Same]], *, today: date, allow_demo: bool) -> None:
    indexes = []
    for one in part:
        try:
            number = identity.read(one.identity_number, today=today, allow_demo=allow_demo).number
        except identity.BadIdentity:
            continue
        indexes.append((identity_index(number), one.key))
    wanted = _grouped(indexes)
    if wanted:
        for row in db.session.execute(_rows(Senior.identity_index).where(Senior.identity_index.in_(wanted))):
            _add(found, wanted[row[4]], row, SameBy.IDENTITY)


def _by_birth(part: Sequence[Candidate], found: dict[Any, list[Same]]) -> None:
    known = ((names.normalise(one.name), one) for one in part if one.name and one.born_on)
    wanted = _grouped(((names.pinyin(name), one.born_on), one.key) for name, one in known)
    if wanted:
        same = tuple_(Senior.pinyin, Senior.born_on).in_(list(wanted))
        for row in db.session.execute(_rows(Senior.pinyin).where(same)):
            _add(found, wanted[row[4], row[2]], row, SameBy.NAME_AND_BIRTH)


def _by_phone(part: Sequence[Candidate], found: dict[Any, list[Same]]) -> None:
    pairs = []
    for one in part:
        pinyin = names.pinyin(names.normalise(one.name))
        numbers = {phones.normalise(number) for number in one.phones} - {None}
        pairs += [((phone_index(number), pinyin), one.key) for number in numbers if number and pinyin]
    wanted = _grouped(pairs)
    if not wanted:
        return
    indexes = {index for index, _pinyin in wanted}
    own = _rows(Senior.pinyin, SeniorPhone.number_index).join(SeniorPhone, SeniorPhone.senior_id == Senior.id)
    for row in db.session.execute(own.where(SeniorPhone.number_index.in_(indexes))):
        _add(found, wanted.get((row[5], row[4]), ()), row, SameBy.NAME_AND_PHONE)


def seniors_of_phone(number: str) -> list[uuid.UUID]:
    """Seniors whom a normalised number reaches, their own or a contact's: for a call or a text that comes in."""
    index = phone_index(number)
    own = select(SeniorPhone.senior_id).where(SeniorPhone.number_index == index)
    others = select(Contact.senior_id).where(Contact.phone_index == index)
    return list(db.session.scalars(own.union(others)))
