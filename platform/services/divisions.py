"""Divisions 区划: the tree of places. Codes are official: they are entered, closed and replaced, never made up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain.divisions import is_code, parent_of, reference
from domain.errors import NotFound, Refusal
from domain.spelling import spelled
from extensions import db
from extensions.babel import gettext as _
from models import Division, DivisionAlias, DivisionLevel
from policy import Actor, Permission, Scope
from queries import divisions as queries

from . import audit, changes, checks

_LEVELS = {9: DivisionLevel.TOWNSHIP, 12: DivisionLevel.VILLAGE}


@dataclass(frozen=True, slots=True)
class DivisionData:
    """What a form or an import says about a division."""

    name: str
    latitude: float | None = None
    longitude: float | None = None
    ruggedness: float = 0.5
    valid_from: date | None = None
    valid_to: date | None = None


def level_of(code: str) -> DivisionLevel:
    """The level its digits give a code."""
    if len(code) == 6:
        return DivisionLevel.CITY if code.endswith("00") else DivisionLevel.COUNTY
    return _LEVELS[len(code)]


def create(code: str, data: DivisionData, *, by: Actor, now: datetime) -> Division:
    """Enter a division under the one its code names. A former code gives way to the one that took its place."""
    if not is_code(code):
        raise Refusal(_("区划代码是 6、9 或 12 位数字。"), field="code")
    above = parent_of(code)
    if above is None or not by.scope(Permission.DIVISION_EDIT).holds_division(code):
        raise Refusal(_("这个代码不在您管理的区划之内。"), field="code")
    if db.session.get(Division, code) is not None:
        raise Refusal(_("这个代码已经登记过了。"), field="code")
    successor = db.session.get(DivisionAlias, code)
    if successor is not None:
        raise Refusal(_("这是旧代码，现在用 %(code)s。", code=successor.code), field="code")
    if db.session.get(Division, above) is None:
        raise Refusal(_("还没有登记上一级区划 %(code)s，请先登记它。", code=above), field="code")
    division = Division(code=code, level=level_of(code), parent_code=above)
    write(division, data)
    db.session.add(division)
    db.session.flush()
    audit.record(
        "division.create", "division", code, by=by, now=now, division_code=code, changes={"name": [None, division.name]}
    )
    return division


def update(code: str, data: DivisionData, *, by: Actor, now: datetime) -> Division:
    """Change what is said about a division; its code and its place in the tree stay."""
    division = queries.get(code, by.scope(Permission.DIVISION_EDIT))
    if division is None:
        raise NotFound("")
    changed = write(division, data)
    if changed:
        db.session.flush()
        audit.record("division.update", "division", code, by=by, now=now, division_code=code, changes=changed)
    return division


def write(division: Division, data: DivisionData) -> dict[str, Any]:
    """Take over `data`, checked; returns what changed."""
    name = checks.name(data.name, longest=60)
    checks.point(data)
    if data.valid_from and data.valid_to and data.valid_to < data.valid_from:
        raise Refusal(_("停用的日子不能早于启用的日子。"), field="valid_to")
    return changes.assign(
        division,
        name=name, pinyin=spelled(name), latitude=data.latitude, longitude=data.longitude,
        ruggedness=data.ruggedness, valid_from=data.valid_from, valid_to=data.valid_to,
    )  # fmt: skip


def recognise(text: str, scope: Scope) -> str:
    """The code of the division somebody typed: a code, a former code, or names such as 河庄坪镇 赵家岸村.

    Refuses what is unknown or out of scope, and names the candidates where several are called the same.
    """
    typed = text.strip()
    code = typed.rsplit("(", 1)[-1].rstrip(")") if typed.endswith(")") else typed
    if code.isdigit():
        return _current(code, scope)
    found = queries.suggestions(typed, scope)
    exact = [one for one in found if one.name.split()[-1] == typed.split()[-1]] or found
    if not exact:
        raise Refusal(_("没有找到这个区划。"), suggestion=_("请填写名称（如“河庄坪镇 赵家岸村”）或代码。"))
    if len(exact) > 1:
        names = "；".join(f"{one.name}({one.code})" for one in exact[:5])
        raise Refusal(_("有几个区划都符合，请写得更完整一些：%(names)s", names=names))
    return exact[0].code


def _current(code: str, scope: Scope) -> str:
    alias = db.session.get(DivisionAlias, code)
    code = alias.code if alias else code
    if queries.get(code, scope) is None:
        raise Refusal(_("没有找到这个区划代码，或者它不在您的管理范围内。"))
    return code


def load_reference(*, by: Actor, now: datetime) -> int:
    """Enter the city, its counties and their former codes; what is there already stays. Returns how many are new."""
    divisions, aliases = reference()
    known = set(db.session.scalars(select(Division.code).where(Division.code.in_([one.code for one in divisions]))))
    new = [one for one in divisions if one.code not in known]
    for one in sorted(new, key=lambda one: one.code):
        db.session.add(
            Division(
                code=one.code, name=one.name, pinyin=spelled(one.name), level=level_of(one.code),
                parent_code=parent_of(one.code), latitude=one.latitude, longitude=one.longitude,
            )
        )  # fmt: skip
        db.session.flush()
    added = _load_aliases((one.old_code, one.code, one.note) for one in aliases)
    if new or added:
        counts = {"divisions": [None, len(new)], "aliases": [None, added]}
        audit.record("division.load", "division", "", by=by, now=now, changes=counts)
    return len(new)


def _load_aliases(lines: Iterable[tuple[str, str, str]]) -> int:
    known = set(db.session.scalars(select(DivisionAlias.old_code)))
    new = [DivisionAlias(old_code=old, code=code, note=note) for old, code, note in lines if old not in known]
    db.session.add_all(new)
    db.session.flush()
    return len(new)
