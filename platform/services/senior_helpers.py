"""Who comes to a senior: the regular helper, and those who are never sent (不要派)."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Helper, Senior, UnwantedHelper
from policy import Actor, Permission, reach

from . import audit, seniors


def choose_regular(senior_id: uuid.UUID, helper_id: uuid.UUID | None, *, by: Actor, now: datetime) -> Senior:
    """Who comes where it can be arranged; None: nobody in particular. Rounds that are published stay."""
    senior = _senior(senior_id, by, now)
    if helper_id == senior.regular_helper_id:
        return senior
    if helper_id is not None:
        _helper(helper_id, by)
        if _unwanted(senior_id, helper_id) is not None:
            raise Refusal(_("登记过不要派这位助老员。"), field="helper_id", suggestion=_("请先取消“不要派”。"))
    before, senior.regular_helper_id = senior.regular_helper_id, helper_id
    senior.updated_at = now
    db.session.flush()
    _record("regular_helper", senior, by, now, {"regular_helper_id": [before and str(before), _text(helper_id)]})
    return senior


def keep_away(senior_id: uuid.UUID, helper_id: uuid.UUID, *, reason: str, by: Actor, now: datetime) -> UnwantedHelper:
    """Never send this helper there. Who was the regular one no longer is."""
    senior = _senior(senior_id, by, now)
    _helper(helper_id, by)
    if not reason.strip():
        raise Refusal(_("请写明原因。"), field="reason")
    if _unwanted(senior_id, helper_id) is not None:
        raise Refusal(_("已经登记过不要派这位助老员。"), field="helper_id")
    unwanted = UnwantedHelper(
        senior_id=senior_id, helper_id=helper_id, reason=reason.strip(), by_id=by.user_id, created_at=now
    )
    db.session.add(unwanted)
    if senior.regular_helper_id == helper_id:
        senior.regular_helper_id, senior.updated_at = None, now
    db.session.flush()
    _record("keep_away", senior, by, now, {"unwanted": [None, str(helper_id)]}, reason=reason.strip())
    return unwanted


def let_come(unwanted_id: uuid.UUID, *, by: Actor, now: datetime) -> uuid.UUID:
    """This helper may be sent again; to whom."""
    unwanted = db.session.get(UnwantedHelper, unwanted_id)
    if unwanted is None:
        raise NotFound("")
    senior = _senior(unwanted.senior_id, by, now)
    db.session.delete(unwanted)
    db.session.flush()
    _record("let_come", senior, by, now, {"unwanted": [str(unwanted.helper_id), None]})
    return senior.id


def _senior(senior_id: uuid.UUID, by: Actor, now: datetime) -> Senior:
    return seniors.find(senior_id, by=by, permission=Permission.VISIT_PLAN, today=local_day(now))


def _helper(helper_id: uuid.UUID, by: Actor) -> None:
    within = reach.helpers(by.scope(Permission.VISIT_PLAN))
    if db.session.scalar(select(Helper.id).where(Helper.id == helper_id, Helper.is_active, within)) is None:
        raise Refusal(_("没有这位助老员，或他不在您的管理范围内。"), field="helper_id")


def _unwanted(senior_id: uuid.UUID, helper_id: uuid.UUID) -> UnwantedHelper | None:
    statement = select(UnwantedHelper).where(
        UnwantedHelper.senior_id == senior_id, UnwantedHelper.helper_id == helper_id
    )
    return db.session.scalars(statement).one_or_none()


def _text(helper_id: uuid.UUID | None) -> str | None:
    return str(helper_id) if helper_id else None


def _record(act: str, senior: Senior, by: Actor, now: datetime, changes: dict[str, Any], *, reason: str = "") -> None:
    audit.record(
        f"senior.{act}", "senior", senior.id, by=by, now=now, division_code=senior.residence_code, reason=reason,
        changes=changes,
    )  # fmt: skip
