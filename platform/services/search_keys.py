"""The search keys of seniors, written whenever a name, a phone or an identity number is saved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import delete, insert

from domain import names
from extensions import db
from models import Senior, SeniorKey
from queries.senior_search import identity_key, tail_key


@dataclass(frozen=True, slots=True)
class Findable:
    """A senior, and the numbers (her own and her contacts') by whose last four digits she is found."""

    senior: Senior
    numbers: tuple[str, ...]


def keys_of(one: Findable) -> set[str]:
    """Every key of a senior."""
    keys = names.search_keys(one.senior.name)
    keys |= {tail_key(number[-4:]) for number in one.numbers if number}
    if one.senior.identity_number:
        keys.add(identity_key(one.senior.identity_number))
    return keys


def write(many: Iterable[Findable], *, are_new: bool = False) -> None:
    """Write the keys of these seniors, in two statements at most. They must be flushed."""
    many = list(many)
    if not are_new:
        db.session.execute(delete(SeniorKey).where(SeniorKey.senior_id.in_([one.senior.id for one in many])))
    rows = list(_rows(many))
    if rows:
        db.session.execute(insert(SeniorKey), rows)


def _rows(many: Iterable[Findable]) -> Iterator[dict[str, object]]:
    for one in many:
        for key in keys_of(one):
            yield {"key": key, "residence_code": one.senior.residence_code, "senior_id": one.senior.id}
