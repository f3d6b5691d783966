"""What a role may be held over, found by a search."""

from domain.masks import masked_name
from domain.times import local_day, utc_now
from models import Role
from policy import Permission, current_actor
from queries import seniors
from queries import users as queries
from queries.seniors import Filters
from services.users import SCOPE_OF

SHORTEST = 2
"""Characters of a search for a senior: an administrator links families, and does not browse seniors."""


def found_targets(role: Role, text: str) -> list[queries.Target]:
    """The first twenty; of seniors no more than is needed to tell them apart."""
    scope, kind = current_actor().scope(Permission.USER_EDIT), SCOPE_OF[role]
    if kind != "senior_id":
        return queries.targets(kind, text[:60], scope)
    if len(text.strip()) < SHORTEST:
        return []
    rows = seniors.index(Filters(q=text[:60]), scope, today=local_day(utc_now()), size=queries.MOST).items
    return [queries.Target(str(row.id), masked_name(row.name), f"{row.born_on:%Y} · {row.place}") for row in rows]
