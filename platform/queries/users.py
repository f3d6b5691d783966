"""Users as pages list and show them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import selectinload

from domain import phones
from extensions import db
from models import Canteen, Centre, Division, Grant, Helper, Role, Senior, User
from models.keyring import keyring
from policy import Scope, reach

from .paging import Page, page


@dataclass(frozen=True, slots=True)
class UserRow:
    """One line of the list."""

    id: uuid.UUID
    user_name: str
    name: str
    is_active: bool
    must_change_password: bool
    roles: Sequence[Role]


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant, and what it is held over by name."""

    id: uuid.UUID
    role: Role
    over: str
    relation: str | None
    from_on: date | None
    to_on: date | None

    def is_over(self, day: date) -> bool:
        return self.to_on is not None and self.to_on < day


def _held_in(scope: Scope) -> ColumnElement[bool]:
    """Grants over something in the scope's divisions."""
    return or_(
        and_(Grant.division_code.is_not(None), reach.code_within(Grant.division_code, scope)),
        Grant.centre_id.in_(select(Centre.id).where(reach.centres(scope))),
        Grant.canteen_id.in_(select(Canteen.id).where(reach.canteens(scope))),
        Grant.helper_id.in_(select(Helper.id).where(reach.helpers(scope))),
        Grant.senior_id.in_(select(Senior.id).where(reach.code_within(Senior.residence_code, scope))),
    )


def within(scope: Scope) -> ColumnElement[bool]:
    """Users of whose grants one lies in the scope. Who holds the whole city sees those without any."""
    held = User.id.in_(select(Grant.user_id).where(_held_in(scope)))
    if any(code.endswith("00") and len(code) == 6 for code in scope.divisions):
        return or_(held, ~User.grants.any())
    return held


def wholly_within(scope: Scope) -> ColumnElement[bool]:
    """Users none of whose grants lies outside the scope: nobody takes over an account that reaches further."""
    beyond = select(Grant.user_id).where(Grant.id.not_in(select(Grant.id).where(_held_in(scope))))
    return and_(within(scope), User.id.not_in(beyond))


def index(
    scope: Scope, *, text: str = "", role: str = "", active: str = "", cursor: str | None = None
) -> Page[UserRow]:
    """Fifty users by user name; found by a part of the user name, the name, or a whole phone."""
    statement = select(User, User.user_name, User.id).where(within(scope)).options(selectinload(User.grants))
    text = text.strip()
    if text:
        number = phones.normalise(text)
        ways = [
            func.lower(User.user_name).startswith(text.lower(), autoescape=True),
            User.name.startswith(text, autoescape=True),
        ]
        if number:
            ways.append(User.phone_index == keyring.blind_index(number, "users.phone"))
        statement = statement.where(or_(*ways))
    if role in set(Role):
        statement = statement.where(User.id.in_(select(Grant.user_id).where(Grant.role == Role(role))))
    if active in {"yes", "no"}:
        statement = statement.where(User.is_active if active == "yes" else ~User.is_active)
    keys = (User.user_name, User.id)
    return page(statement, keys, cursor, parse=_parse, row=_row)


def _parse(values: list[str]) -> tuple[Any, ...]:
    return values[0], uuid.UUID(values[1])


def _row(user: User) -> UserRow:
    roles = list(dict.fromkeys(grant.role for grant in user.grants))
    return UserRow(user.id, user.user_name, user.name, user.is_active, user.must_change_password, roles)


def find(user_id: uuid.UUID, scope: Scope, *, to_edit: bool = False) -> User | None:
    """The user with grants, if within the scope; to edit, wholly so."""
    condition = wholly_within(scope) if to_edit else within(scope)
    statement = select(User).where(User.id == user_id, condition).options(selectinload(User.grants))
    return db.session.scalars(statement).one_or_none()


def grants_of(user_id: uuid.UUID) -> list[Granted]:
    """The grants of a user, each with the name of what it is held over: one statement."""
    over = func.coalesce(Division.name, Centre.name, Canteen.name, Helper.name, Senior.name, "")
    statement = (
        select(Grant.id, Grant.role, over, Grant.relation, Grant.from_on, Grant.to_on)
        .outerjoin(Division, Division.code == Grant.division_code)
        .outerjoin(Centre, Centre.id == Grant.centre_id)
        .outerjoin(Canteen, Canteen.id == Grant.canteen_id)
        .outerjoin(Helper, Helper.id == Grant.helper_id)
        .outerjoin(Senior, Senior.id == Grant.senior_id)
        .where(Grant.user_id == user_id)
        .order_by(Grant.created_at, Grant.id)
        .limit(100)
    )
    return [Granted(*row) for row in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Target:
    """Something a role may be held over."""

    key: str
    name: str
    detail: str


MOST = 20


def targets(kind: str, text: str, scope: Scope) -> list[Target]:
    """Divisions, centres, canteens, helpers of the scope whose name begins so; seniors are searched elsewhere."""
    text = text.strip()
    if not text:
        return []
    if kind == "division_code":
        found = or_(Division.name.startswith(text, autoescape=True), Division.code.startswith(text, autoescape=True))
        statement = select(Division.code, Division.name, Division.code).where(reach.divisions(scope), found)
        return [Target(*row) for row in db.session.execute(statement.order_by(Division.code).limit(MOST))]
    table: Any
    table, condition = {
        "centre_id": (Centre, reach.centres(scope)),
        "canteen_id": (Canteen, reach.canteens(scope)),
        "helper_id": (Helper, reach.helpers(scope)),
    }[kind]
    named = or_(table.name.contains(text, autoescape=True), table.pinyin.startswith(text.lower(), autoescape=True))
    rows = select(table.id, table.name, Division.name).join(Division, Division.code == table.division_code)
    found_rows = db.session.execute(rows.where(condition, named).order_by(table.pinyin, table.id).limit(MOST))
    return [Target(str(key), name, place) for key, name, place in found_rows]
