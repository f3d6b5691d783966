"""Whose things: an actor's grants, joined into the scope a permission reaches."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from models import Grant, Role, User, subtree_prefix

from .permissions import Permission, permissions_of


@dataclass(frozen=True, slots=True)
class Scope:
    """What a permission reaches: subtrees of divisions, and single centres, canteens, helpers, seniors."""

    divisions: frozenset[str] = frozenset()
    centres: frozenset[uuid.UUID] = frozenset()
    canteens: frozenset[uuid.UUID] = frozenset()
    helpers: frozenset[uuid.UUID] = frozenset()
    seniors: frozenset[uuid.UUID] = frozenset()

    def holds_division(self, code: str) -> bool:
        """Whether `code` lies in one of the scope's subtrees."""
        return any(code.startswith(subtree_prefix(mine)) for mine in self.divisions)


@dataclass(frozen=True, slots=True)
class Held:
    """One grant, detached from the database."""

    role: Role
    division_code: str | None = None
    centre_id: uuid.UUID | None = None
    canteen_id: uuid.UUID | None = None
    helper_id: uuid.UUID | None = None
    senior_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: passed as `by=` to services. `user_id` is None for the scheduler and the shell."""

    user_id: uuid.UUID | None
    name: str
    grants: tuple[Held, ...] = ()
    address: str = ""
    is_system: bool = field(default=False)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def can(self, permission: Permission) -> bool:
        """Whether any of the actor's roles has the permission at all."""
        if self.is_system or permission is Permission.HOME:
            return True
        return any(permission in permissions_of(grant.role) for grant in self.grants)

    def scope(self, permission: Permission) -> Scope:
        """The union of the scopes of all grants that hold `permission`. The system reaches the whole city."""
        if self.is_system:
            return Scope(divisions=frozenset({"610600"}))
        held = [grant for grant in self.grants if permission in permissions_of(grant.role)]
        return Scope(
            divisions=frozenset(grant.division_code for grant in held if grant.division_code),
            centres=frozenset(grant.centre_id for grant in held if grant.centre_id),
            canteens=frozenset(grant.canteen_id for grant in held if grant.canteen_id),
            helpers=frozenset(grant.helper_id for grant in held if grant.helper_id),
            seniors=frozenset(grant.senior_id for grant in held if grant.senior_id),
        )


SYSTEM = Actor(user_id=None, name="Yannian", is_system=True)
"""The scheduler and the shell."""


def actor_of(user: User, today: date, address: str = "") -> Actor:
    """The actor a signed-in user is today; `user.grants` must be loaded."""
    return Actor(user_id=user.id, name=user.name, grants=tuple(_held(user.grants, today)), address=address)


def _held(grants: Iterable[Grant], today: date) -> Iterable[Held]:
    for grant in grants:
        if (grant.from_on and grant.from_on > today) or (grant.to_on and grant.to_on < today):
            continue
        yield Held(grant.role, grant.division_code, grant.centre_id, grant.canteen_id, grant.helper_id, grant.senior_id)
