"""Consents 同意: given once, withdrawn at any time, never deleted."""

import uuid
from datetime import date, datetime

from sqlalchemy import select

from domain.codes import ConsentKind
from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Consent
from policy import Actor

from . import audit, seniors

HOW = ("paper", "voice", "proxy", "page")


def give(
    senior_id: uuid.UUID, kind: ConsentKind, *, on: date, how: str, taken_by: str, by: Actor, now: datetime
) -> Consent:
    """The senior allows this; how it was said and who took it are part of it."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, today=today)
    if on > today:
        raise Refusal(_("同意的日期不能晚于今天。"), field="given_on")
    if how not in HOW:
        raise Refusal(_("请选择同意的方式。"), field="how")
    live = select(Consent.id).where(
        Consent.senior_id == senior_id, Consent.kind == kind.value, Consent.withdrawn_on.is_(None)
    )
    if db.session.scalar(live.limit(1)) is not None:
        raise Refusal(_("这一项已经同意过，不用再登记。"), field="kind")
    consent = Consent(senior_id=senior_id, kind=kind.value, given_on=on, how=how, taken_by=taken_by)
    db.session.add(consent)
    db.session.flush()
    audit.record(
        "senior.consent", "senior", senior_id, by=by, now=now, division_code=senior.residence_code,
        changes={"kind": [None, kind.value], "how": [None, how]},
    )  # fmt: skip
    return consent


def withdraw(senior_id: uuid.UUID, consent_id: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """From today the senior no longer allows it."""
    today = local_day(now)
    senior = seniors.find(senior_id, by=by, today=today)
    consent = db.session.get(Consent, consent_id)
    if consent is None or consent.senior_id != senior_id:
        raise NotFound("")
    if consent.withdrawn_on is not None:
        raise Refusal(_("这一项已经撤回了。"))
    consent.withdrawn_on = today
    db.session.flush()
    audit.record(
        "senior.withdraw_consent", "senior", senior_id, by=by, now=now, division_code=senior.residence_code,
        changes={"kind": [consent.kind, None]},
    )  # fmt: skip
