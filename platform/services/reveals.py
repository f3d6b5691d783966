"""Showing one personal value in full: to whom it is needed, with a reason that stays in the audit trail."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import selectinload

from domain.errors import Refusal
from domain.times import local_day
from extensions.babel import gettext as _
from models import Senior
from policy import Actor, Permission

from . import audit, seniors

SHORTEST_REASON = 4


class Revealed(StrEnum):
    """What can be shown in full."""

    IDENTITY = "identity"
    PHONES = "phones"


def reveal(senior_id: uuid.UUID, what: Revealed, *, reason: str, by: Actor, now: datetime) -> list[str]:
    """The full identity number, or the full numbers of the senior and then of the contacts, as one list.

    Raises Refusal without a reason that says something.
    """
    options = (selectinload(Senior.phones), selectinload(Senior.contacts)) if what is Revealed.PHONES else ()
    senior = seniors.find(senior_id, by=by, permission=Permission.SENIOR_REVEAL, today=local_day(now), options=options)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal(_("请写明为什么要看（至少 %(count)d 个字），会记入审计。", count=SHORTEST_REASON), field="reason")
    audit.record(
        "senior.reveal", "senior", senior_id, by=by, now=now, division_code=senior.residence_code,
        reason=reason[:200], changes={"what": [None, what.value]},
    )  # fmt: skip
    if what is Revealed.IDENTITY:
        return [senior.identity_number] if senior.identity_number else []
    return [phone.number for phone in senior.phones] + [one.phone for one in senior.contacts if one.phone]
