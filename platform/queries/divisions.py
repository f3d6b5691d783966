"""What pages and services read of divisions. The tree is walked a level at a time, never read whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from domain.divisions import CITY, lineage
from extensions import db
from models import Canteen, Centre, Division, DivisionAlias, DivisionLevel, Helper, prefix_bounds
from policy import Scope
from policy.reach import code_within

from .paging import Page, page

SUGGESTIONS = 12


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """A division in a list, with how many divisions lie right under it."""

    code: str
    name: str
    level: DivisionLevel
    parent_name: str | None
    valid_to: date | None
    children: int


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way from the city down."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Under:
    """What is registered at and under a division."""

    centres: int
    canteens: int
    helpers: int


@dataclass(frozen=True, slots=True)
class Alias:
    old_code: str
    note: str


def _lines() -> Select[tuple[str, str, DivisionLevel, str | None, date | None, int, str]]:
    child, parent = aliased(Division), aliased(Division)
    children = select(func.count()).where(child.parent_code == Division.code).correlate(Division).scalar_subquery()
    return select(
        Division.code, Division.name, Division.level, parent.name, Division.valid_to, children, Division.code
    ).outerjoin(parent, parent.code == Division.parent_code)  # fmt: skip


def index(scope: Scope, *, text: str, parent: str | None, cursor: str | None) -> Page[DivisionLine]:
    """Divisions of the scope: those that match `text`, or those right under `parent`, or the scope's own tops."""
    statement = _lines().where(code_within(Division.code, scope))
    if text:
        statement = statement.where(matches(text))
    elif parent:
        statement = statement.where(Division.parent_code == parent)
    else:
        statement = statement.where(Division.code.in_(scope.divisions))
    return page(statement, [Division.code], cursor, parse=list, row=DivisionLine)


def matches(text: str) -> ColumnElement[bool]:
    """The code begins with `text`, or the name holds it, or the pinyin begins with it."""
    text = text.strip()
    if text.isdigit():
        former = select(DivisionAlias.code).where(DivisionAlias.old_code.startswith(text, autoescape=True))
        return or_(Division.code.startswith(text, autoescape=True), Division.code.in_(former))
    return or_(
        Division.name.contains(text, autoescape=True),
        Division.pinyin.startswith(text.lower().replace(" ", ""), autoescape=True),
    )


def paths(codes: Iterable[str]) -> dict[str, str]:
    """For each of `codes` its names from the county down: 宝塔区 河庄坪镇 赵家岸村. One statement for all."""
    wanted = {code for code in codes if code}
    above = {code: lineage(code) for code in wanted}
    every = {one for line in above.values() for one in line}
    rows = db.session.execute(select(Division.code, Division.name).where(Division.code.in_(every)))
    names = {row.code: row.name for row in rows}
    return {
        code: " ".join(names[one] for one in reversed(line) if one in names and (one != CITY or code == CITY))
        for code, line in above.items()
    }


def path(code: str) -> str:
    """The path of one division."""
    return paths([code]).get(code, code)


def crumbs(code: str) -> list[Crumb]:
    """The way from the city down to `code`."""
    statement = select(Division.code, Division.name).where(Division.code.in_(lineage(code)))
    return [Crumb(*row) for row in db.session.execute(statement.order_by(Division.code))]


def get(code: str, scope: Scope) -> Division | None:
    """The division, if it lies in the scope."""
    return db.session.scalars(
        select(Division).where(Division.code == code, code_within(Division.code, scope))
    ).one_or_none()


def aliases_of(code: str) -> list[Alias]:
    """The former codes of a division."""
    statement = select(DivisionAlias.old_code, DivisionAlias.note).where(DivisionAlias.code == code)
    return [Alias(*row) for row in db.session.execute(statement.order_by(DivisionAlias.old_code).limit(50))]


def under(code: str) -> Under:
    """How many places and helpers are registered at and under a division."""
    low, high = prefix_bounds(code)
    counts = [
        select(func.count()).where(and_(column >= low, column < high)).scalar_subquery()
        for column in (Centre.division_code, Canteen.division_code, Helper.division_code)
    ]
    return Under(*db.session.execute(select(*counts)).one())


def suggestions(text: str, scope: Scope) -> list[Crumb]:
    """A few divisions of the scope that `text` may mean, the larger ones first, named with their path."""
    if not text.strip():
        return []
    words = text.split()
    statement = (
        select(Division.code)
        .where(code_within(Division.code, scope), matches(words[-1]), Division.valid_to.is_(None))
        .order_by(func.length(Division.code), Division.code)
        .limit(SUGGESTIONS * (8 if len(words) > 1 else 1))
    )
    named = paths(db.session.scalars(statement))
    return [Crumb(code, its) for code, its in named.items() if all(word in its for word in words[:-1])][:SUGGESTIONS]


def options(scope: Scope, levels: Iterable[DivisionLevel]) -> list[Crumb]:
    """Divisions of the scope at these levels, for a filter: meant for counties, or the townships of one county."""
    statement = (
        select(Division.code, Division.name)
        .where(code_within(Division.code, scope), Division.level.in_(list(levels)))
        .order_by(Division.code)
        .limit(200)
    )
    return [Crumb(*row) for row in db.session.execute(statement)]


def around(code: str, scope: Scope) -> list[Crumb]:
    """The place itself and those right under it, for a filter that narrows step by step."""
    statement = (
        select(Division.code, Division.name)
        .where(code_within(Division.code, scope), or_(Division.code == code, Division.parent_code == code))
        .order_by(Division.code)
        .limit(100)
    )
    return [Crumb(*row) for row in db.session.execute(statement)]
