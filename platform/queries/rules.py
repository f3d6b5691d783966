"""What pages and services read of rules."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from domain.divisions import CITY
from domain.rules import RuleKey
from extensions import db
from models import Division, Rule, User
from policy import Scope
from policy.reach import code_within

LIMIT = 500


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One dated value, as the list shows it."""

    id: uuid.UUID
    key: RuleKey
    division_code: str
    division_name: str
    from_on: date
    to_on: date | None
    value: dict[str, Any]
    note: str
    set_by: str

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def lines(scope: Scope, *, key: RuleKey | None = None, since: date | None = None) -> list[RuleLine]:
    """Rules in the scope and the city's own, which hold for everybody; those that ended before `since` left out."""
    statement = (
        select(
            Rule.id, Rule.key, Rule.division_code, Division.name, Rule.from_on, Rule.to_on, Rule.value, Rule.note,
            User.name,
        )
        .join(Division, Division.code == Rule.division_code)
        .outerjoin(User, User.id == Rule.set_by_id)
        .where(or_(code_within(Rule.division_code, scope), Rule.division_code == CITY))
        .order_by(Rule.key, Rule.division_code, Rule.from_on.desc())
        .limit(LIMIT)
    )  # fmt: skip
    if key is not None:
        statement = statement.where(Rule.key == key)
    if since is not None:
        statement = statement.where(or_(Rule.to_on.is_(None), Rule.to_on >= since))
    known = set(RuleKey)
    return [
        RuleLine(rule_id, RuleKey(name), code, place, from_on, to_on, value, note, set_by or "")
        for rule_id, name, code, place, from_on, to_on, value, note, set_by in db.session.execute(statement)
        if name in known
    ]


def overlapping(key: RuleKey, division_code: str, from_on: date) -> uuid.UUID | None:
    """The rule of the same key and place that begins on the same day, if there is one."""
    statement = select(Rule.id).where(
        and_(Rule.key == key, Rule.division_code == division_code, Rule.from_on == from_on)
    )
    return db.session.scalars(statement.limit(1)).one_or_none()
