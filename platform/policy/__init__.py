"""Who may do it: permissions as data, scopes, the guard."""

from .guard import current_actor, guard, public, requires
from .permissions import ROLE_PERMISSIONS, Permission, permissions_of
from .scope import SYSTEM, Actor, Held, Scope, actor_of

__all__ = [
    "ROLE_PERMISSIONS",
    "SYSTEM",
    "Actor",
    "Held",
    "Permission",
    "Scope",
    "actor_of",
    "current_actor",
    "guard",
    "permissions_of",
    "public",
    "requires",
]
