"""Filters that live in the address of a list: which counties or townships may be chosen there."""

from models import DivisionLevel
from policy import Permission, current_actor
from queries import divisions


def division_chips(permission: Permission, chosen: str) -> list[tuple[str, str]]:
    """(code, name) of the places a list can be narrowed to: counties, then the townships of the chosen county.

    Nothing for somebody whose scope is a single centre or canteen.
    """
    scope = current_actor().scope(permission)
    tops = sorted(scope.divisions)
    if not tops:
        return []
    if any(code.endswith("00") and len(code) == 6 for code in tops) and not chosen:
        return [(one.code, one.name) for one in divisions.options(scope, [DivisionLevel.COUNTY])]
    under = chosen if chosen and scope.holds_division(chosen) else tops[0]
    return [(one.code, one.name) for one in divisions.around(under, scope)]
