"""Places to choose from in a form: the counties somebody looks after, and the villages of one of them."""

from dataclasses import dataclass

from sqlalchemy import select

from extensions import db
from models import Division, DivisionLevel
from models.division import prefix_bounds
from policy import Scope, reach

MOST = 600
"""More places than any county has townships and villages together."""


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: str


def counties(scope: Scope) -> list[Choice]:
    """The counties the scope holds, or lies in."""
    codes = {code[:6] for code in scope.divisions}
    within = Division.code.in_(codes) | reach.divisions(scope)
    statement = select(Division.code, Division.name).where(Division.level == DivisionLevel.COUNTY, within)
    return [Choice(*row) for row in db.session.execute(statement.order_by(Division.code).limit(MOST))]


def choices(scope: Scope, county: str) -> list[tuple[Choice, list[Choice]]]:
    """The townships of a county within the scope, each with its villages."""
    low, high = prefix_bounds(county)
    statement = (
        select(Division.code, Division.name)
        .where(Division.code >= low, Division.code < high, Division.valid_to.is_(None))
        .where(Division.level.in_((DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)))
        .order_by(Division.code)
        .limit(MOST)
    )
    groups: dict[str, tuple[Choice, list[Choice]]] = {}
    for code, name in db.session.execute(statement):
        if len(code) == 9:
            groups[code] = (Choice(code, name), [])
        elif code[:9] in groups and scope.holds_division(code):
            groups[code[:9]][1].append(Choice(code, name))
    return [(town, villages) for town, villages in groups.values() if villages or scope.holds_division(town.code)]


def all_counties() -> list[Choice]:
    """Every county of the city: for a household's place."""
    statement = select(Division.code, Division.name).where(Division.level == DivisionLevel.COUNTY)
    return [Choice(*row) for row in db.session.execute(statement.order_by(Division.code).limit(MOST))]
