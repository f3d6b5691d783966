"""What the frame of every page asks for."""

from collections.abc import Iterable

from sqlalchemy import literal, select, union_all

from extensions import db
from models import Canteen, Centre, Division
from policy import Held

MOST = 3


def names_of(grants: Iterable[Held]) -> list[str]:
    """The names of the divisions, centres and canteens that are granted, at most MOST; one statement, or none."""
    held = list(grants)
    codes = sorted({grant.division_code for grant in held if grant.division_code})
    centres = sorted({grant.centre_id for grant in held if grant.centre_id})
    canteens = sorted({grant.canteen_id for grant in held if grant.canteen_id})
    parts = []
    if codes:
        parts.append(select(Division.name, literal(1).label("kind")).where(Division.code.in_(codes)))
    if centres:
        parts.append(select(Centre.name, literal(2).label("kind")).where(Centre.id.in_(centres)))
    if canteens:
        parts.append(select(Canteen.name, literal(3).label("kind")).where(Canteen.id.in_(canteens)))
    if not parts:
        return []
    rows = db.session.execute(union_all(*parts).order_by("kind", "name").limit(MOST))
    return [name for name, _kind in rows]
