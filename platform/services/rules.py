"""Rules 规则: which value holds where and when, and setting a new one."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import event, select
from sqlalchemy.orm import Session, object_session

from domain.divisions import lineage
from domain.errors import NotFound, Refusal
from domain.rules import TERMS, RuleKey, default_of
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Division, Rule
from policy import Actor, Permission
from queries import rules as queries

from . import audit

_CACHE = "rules"


class Ruled(NamedTuple):
    """A value, and the row it came from: store the id with what was decided by it. None: the built-in default."""

    value: dict[str, int]
    rule_id: uuid.UUID | None


class _Line(NamedTuple):
    id: uuid.UUID
    division_code: str
    from_on: date
    to_on: date | None
    value: dict[str, int]


def value(key: RuleKey | str, division_code: str, day: date) -> Ruled:
    """What `key` says in `division_code` on `day`: the most local rule, of those the latest, else the default.

    The rows of a key are read once per transaction, so asking for many places and days costs one statement.
    A term a row leaves out has its default.
    """
    key = RuleKey(key)
    by_place = _lines_of(key)
    for code in lineage(division_code):
        for line in by_place.get(code, ()):
            if line.from_on <= day and (line.to_on is None or day <= line.to_on):
                return Ruled(default_of(key) | line.value, line.id)
    return Ruled(default_of(key), None)


def _lines_of(key: RuleKey) -> dict[str, list[_Line]]:
    """The key's rows by place, the latest first."""
    cache: dict[RuleKey, dict[str, list[_Line]]] = db.session().info.setdefault(_CACHE, {})
    if key not in cache:
        columns = (Rule.id, Rule.division_code, Rule.from_on, Rule.to_on, Rule.value)
        statement = select(*columns).where(Rule.key == key).order_by(Rule.from_on.desc(), Rule.id.desc())
        by_place: dict[str, list[_Line]] = {}
        for row in db.session.execute(statement):
            by_place.setdefault(row.division_code, []).append(_Line(*row))
        cache[key] = by_place
    return cache[key]


@event.listens_for(Session, "after_transaction_end")
def _forget_with_transaction(session: Session, _transaction: object) -> None:
    session.info.pop(_CACHE, None)


@event.listens_for(Rule, "after_insert")
@event.listens_for(Rule, "after_update")
@event.listens_for(Rule, "after_delete")
def _forget_with_change(_mapper: object, _connection: object, rule: Rule) -> None:
    session = object_session(rule)
    if session is not None:
        session.info.pop(_CACHE, None)


def set_value(
    *,
    key: RuleKey,
    division_code: str,
    from_on: date,
    terms: dict[str, int],
    to_on: date | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
) -> Rule:
    """A new dated value. The past is never rewritten: it begins today or later."""
    if not by.scope(Permission.RULE_EDIT).holds_division(division_code):
        raise NotFound("")
    if db.session.get(Division, division_code) is None:
        raise Refusal(_("没有这个区划。"), field="division_code")
    if from_on < local_day(now):
        raise Refusal(_("新规则只能从今天或以后开始，过去的日子按当时的规则算。"), field="from_on")
    if to_on is not None and to_on < from_on:
        raise Refusal(_("结束的日子不能早于开始的日子。"), field="to_on")
    if queries.overlapping(key, division_code, from_on):
        raise Refusal(_("这里已经有一条同一天开始的规则，请先结束它或换一天开始。"), field="from_on")
    rule = Rule(
        key=key, division_code=division_code, from_on=from_on, to_on=to_on, value=_checked(key, terms),
        note=note.strip(), set_by_id=by.user_id,
    )  # fmt: skip
    db.session.add(rule)
    db.session.flush()
    audit.record(
        "rule.set", "rule", rule.id, by=by, now=now, division_code=division_code,
        changes={"key": [None, str(key)], "from_on": [None, from_on.isoformat()], "value": [None, rule.value]},
    )  # fmt: skip
    return rule


def _checked(key: RuleKey, terms: dict[str, int]) -> dict[str, int]:
    """The terms of `key`, each within its range."""
    checked = {}
    for term in TERMS[key]:
        number = terms.get(term.name, term.default)
        if not term.least <= number <= term.most:
            sentence = _("这里要在 %(least)d 到 %(most)d 之间。", least=term.least, most=term.most)
            raise Refusal(sentence, field=term.name)
        checked[term.name] = number
    return checked


def end(rule_id: uuid.UUID, *, last_on: date, by: Actor, now: datetime) -> Rule:
    """The rule's last day; what it decided before stays decided. A rule that has not begun yet is taken back whole."""
    rule = db.session.get(Rule, rule_id)
    if rule is None or not by.scope(Permission.RULE_EDIT).holds_division(rule.division_code):
        raise NotFound("")
    today = local_day(now)
    if rule.to_on is not None and rule.to_on < today:
        raise Refusal(_("这条规则已经结束了。"))
    before: dict[str, Any] = {"to_on": [rule.to_on and rule.to_on.isoformat(), last_on.isoformat()]}
    if rule.from_on > today and last_on < rule.from_on:
        audit.record("rule.withdraw", "rule", rule.id, by=by, now=now, division_code=rule.division_code)
        db.session.delete(rule)
    elif last_on < max(rule.from_on, today - timedelta(days=1)):
        raise Refusal(_("最后一天不能早于昨天：已经按它算过的不会改变。"), field="last_on")
    else:
        rule.to_on = last_on
        audit.record("rule.end", "rule", rule.id, by=by, now=now, division_code=rule.division_code, changes=before)
    db.session.flush()
    return rule
