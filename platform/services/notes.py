"""Notes about a senior: with author and time, never edited."""

import uuid
from datetime import datetime

from domain.errors import Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import SeniorNote
from policy import Actor, Permission

from . import audit, seniors

LONGEST = 2000


def add(senior_id: uuid.UUID, body: str, *, by: Actor, now: datetime) -> SeniorNote:
    """Whoever may edit the senior, or knocks at her door, may leave a note."""
    permission = Permission.SENIOR_EDIT if by.can(Permission.SENIOR_EDIT) else Permission.VISIT_LOG
    senior = seniors.find(senior_id, by=by, permission=permission, today=local_day(now))
    body = body.strip()
    if not body:
        raise Refusal(_("请写点什么再保存。"), field="body")
    if len(body) > LONGEST:
        raise Refusal(_("备注最多 %(count)d 个字。", count=LONGEST), field="body")
    note = SeniorNote(senior_id=senior_id, author_id=by.user_id, at=now, body=body)
    db.session.add(note)
    db.session.flush()
    audit.record("senior.note", "senior", senior_id, by=by, now=now, division_code=senior.residence_code)
    return note
