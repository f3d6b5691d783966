"""Centres 机构/站点: entering and changing them, and who works there."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.spelling import spelled
from extensions import db
from extensions.babel import gettext as _
from models import Centre, CentreKind, CentreStaff
from policy import Actor, Permission, reach

from . import audit, changes, checks

_OFFICE_ONLY = ("kind", "division_code", "is_exemplary", "is_open")
"""What the office decides; a centre's own manager leaves it as it is."""


@dataclass(frozen=True, slots=True)
class CentreData:
    """What a form or an import says about a centre. Hours are minutes after local midnight."""

    name: str
    kind: CentreKind
    division_code: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    manager_name: str = ""
    places: int = 0
    beds: int = 0
    opens_minute: int = 510
    closes_minute: int = 1050
    weekdays: list[int] = field(default_factory=lambda: [1, 2, 3, 4, 5])
    is_exemplary: bool = False
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class StaffData:
    name: str
    post: str
    phone: str = ""
    weekdays: list[int] = field(default_factory=list)


def get(centre_id: uuid.UUID, *, by: Actor, permission: Permission) -> Centre:
    """The centre, if `permission` reaches it; else NotFound."""
    statement = select(Centre).where(Centre.id == centre_id, reach.centres(by.scope(permission)))
    centre = db.session.scalars(statement).one_or_none()
    if centre is None:
        raise NotFound("")
    return centre


def may_edit(centre: Centre, *, by: Actor) -> bool:
    """Whether the actor may change this centre at all."""
    scope = by.scope(Permission.CENTRE_EDIT)
    return scope.holds_division(centre.division_code) or centre.id in scope.centres


def create(data: CentreData, *, by: Actor, now: datetime, is_demo: bool = False) -> Centre:
    """Enter a centre in one of the actor's divisions."""
    if not by.scope(Permission.CENTRE_EDIT).holds_division(data.division_code):
        raise Refusal(_("这个区划不在您的管理范围内。"), field="division_code")
    _refuse_twin(data, None)
    centre = Centre(is_demo=is_demo)
    write(centre, data)
    db.session.add(centre)
    db.session.flush()
    audit.record(
        "centre.create", "centre", centre.id, by=by, now=now, division_code=centre.division_code,
        changes={"name": [None, centre.name], "kind": [None, centre.kind.value]},
    )  # fmt: skip
    return centre


def update(centre_id: uuid.UUID, data: CentreData, *, by: Actor, now: datetime) -> Centre:
    """Change a centre; its own manager changes all but what the office decides."""
    centre = get(centre_id, by=by, permission=Permission.CENTRE_EDIT)
    scope = by.scope(Permission.CENTRE_EDIT)
    kept: tuple[str, ...] = ()
    if not scope.holds_division(centre.division_code):
        kept = _OFFICE_ONLY
    elif not scope.holds_division(data.division_code):
        raise Refusal(_("这个区划不在您的管理范围内。"), field="division_code")
    _refuse_twin(data, centre)
    changed = write(centre, data, kept)
    if changed:
        db.session.flush()
        audit.record(
            "centre.update", "centre", centre.id, by=by, now=now, division_code=centre.division_code, changes=changed
        )
    return centre


def write(centre: Centre, data: CentreData, kept: tuple[str, ...] = ()) -> dict[str, Any]:
    """Give a centre this data, checked, but for the columns in `kept`; returns what changed."""
    name = checks.name(data.name)
    checks.point(data)
    checks.hours(data.opens_minute, data.closes_minute, field="closes_minute")
    values: dict[str, Any] = {
        "name": name, "pinyin": spelled(name), "kind": data.kind, "division_code": data.division_code,
        "address": data.address.strip(), "latitude": data.latitude, "longitude": data.longitude,
        "phone": checks.phone(data.phone), "manager_name": data.manager_name.strip(),
        "places": checks.count(data.places, field="places"), "beds": checks.count(data.beds, field="beds"),
        "opens_minute": data.opens_minute, "closes_minute": data.closes_minute,
        "weekdays": checks.weekdays(data.weekdays), "is_exemplary": data.is_exemplary, "is_open": data.is_open,
    }  # fmt: skip
    return changes.assign(centre, **{name: value for name, value in values.items() if name not in kept})


def _refuse_twin(data: CentreData, centre: Centre | None) -> None:
    """No two centres of one name in one division."""
    statement = select(Centre.id).where(
        Centre.division_code == data.division_code, Centre.name == " ".join(data.name.split())
    )
    twin = db.session.scalars(statement.limit(1)).first()
    if twin is not None and (centre is None or twin != centre.id):
        raise Refusal(_("这个区划里已经有同名的站点了。"), field="name")


def add_staff(centre_id: uuid.UUID, data: StaffData, *, by: Actor, now: datetime) -> CentreStaff:
    """Somebody begins to work at a centre."""
    centre = get(centre_id, by=by, permission=Permission.CENTRE_EDIT)
    staff = CentreStaff(
        centre_id=centre.id, name=checks.name(data.name, longest=50), post=data.post.strip(),
        phone=checks.phone(data.phone) or None, weekdays=checks.weekdays(data.weekdays),
    )  # fmt: skip
    db.session.add(staff)
    db.session.flush()
    audit.record(
        "centre.add_staff", "centre", centre.id, by=by, now=now, division_code=centre.division_code,
        changes={"staff": [None, changes.masked("name", staff.name)], "post": [None, staff.post]},
    )  # fmt: skip
    return staff


def remove_staff(centre_id: uuid.UUID, staff_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Somebody no longer works at a centre."""
    centre = get(centre_id, by=by, permission=Permission.CENTRE_EDIT)
    staff = db.session.get(CentreStaff, staff_id)
    if staff is None or staff.centre_id != centre.id:
        raise NotFound("")
    audit.record(
        "centre.remove_staff", "centre", centre.id, by=by, now=now, division_code=centre.division_code,
        changes={"staff": [changes.masked("name", staff.name), None]},
    )  # fmt: skip
    db.session.delete(staff)
    db.session.flush()
