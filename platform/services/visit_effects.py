"""What follows from a report: alerts for somebody to look into, and the sign of life; each once.

A visit never changes a senior's status by itself: what it found is put before a clerk.
"""

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import or_, select, update

from domain.codes import AlertKind
from domain.times import local
from domain.visiting import Block, Mark
from extensions import db
from extensions.babel import DEFAULT
from extensions.babel import gettext as _
from models import AlertLevel, Outcome, RiskTier, Senior, Visit, VisitEvent, VisitEventKind
from policy import Actor
from wording import word

from . import alerts
from .visit_story import true_time

_PROPOSES = {
    Outcome.GONE_TO_HOSPITAL: AlertLevel.ORANGE,
    Outcome.IN_HOSPITAL: AlertLevel.YELLOW,
    Outcome.IN_INSTITUTION: AlertLevel.YELLOW,
    Outcome.MOVED: AlertLevel.YELLOW,
    Outcome.DECEASED: AlertLevel.ORANGE,
}
_PRESSING = {Block.HEALTH.value, Block.FAMILY.value, Block.SAFETY.value}
_SEEN = (VisitEventKind.DONE,)


def follow(visit: Visit, new: list[VisitEvent], *, by: Actor, now: datetime) -> None:
    """Do what these newly received reports ask for. An alert's words are the office's: always Chinese."""
    with force_locale(DEFAULT):
        for event in new:
            if event.kind == VisitEventKind.OUTCOME:
                _not_met(visit, event, by, now)
            elif event.kind == VisitEventKind.CHECKED and event.payload["mark"] == Mark.PROBLEM:
                _problem(visit, event, by, now)
    for event in new:
        if event.kind in _SEEN:
            seen_well(visit, true_time(event))


def seen_well(visit: Visit, at: datetime) -> None:
    """平安钟: somebody met the senior then. The clock is never set back."""
    older = or_(Senior.last_well_at.is_(None), Senior.last_well_at < at)
    statement = update(Senior).where(Senior.id == visit.senior_id, older).values(last_well_at=at, last_well_by="visit")
    db.session.execute(statement.execution_options(synchronize_session=False))


def _when(event: VisitEvent, by: Actor) -> str:
    at = local(true_time(event))
    return _(
        "%(month)d月%(day)d日 %(clock)s，%(name)s 上门", month=at.month, day=at.day, clock=f"{at:%H:%M}", name=by.name
    )


def _not_met(visit: Visit, event: VisitEvent, by: Actor, now: datetime) -> None:
    outcome = Outcome(event.payload["outcome"])
    note = event.payload.get("note", "")
    if outcome == Outcome.NO_ANSWER:
        tier = db.session.scalar(select(Senior.risk_tier).where(Senior.id == visit.senior_id))
        level = AlertLevel.RED if tier == RiskTier.A else AlertLevel.ORANGE
        _raise(
            visit,
            AlertKind.NO_ANSWER,
            level,
            "",
            _("%(when)s，敲门无人应答。%(note)s", when=_when(event, by), note=note),
            now,
        )
    elif outcome in _PROPOSES:
        summary = _("%(when)s，得知：%(outcome)s。请核实后修改老人的状态。%(note)s",
                    when=_when(event, by), outcome=word(outcome), note=note)  # fmt: skip
        _raise(visit, AlertKind.STATUS_PROPOSED, _PROPOSES[outcome], f":{outcome}", summary, now)


def _problem(visit: Visit, event: VisitEvent, by: Actor, now: datetime) -> None:
    block = Block(event.payload["block"])
    level = AlertLevel.ORANGE if block in _PRESSING else AlertLevel.YELLOW
    summary = _("%(when)s，%(block)s 异常：%(note)s", when=_when(event, by), block=word(block),
                note=event.payload.get("note") or _("没有写说明"))  # fmt: skip
    _raise(visit, AlertKind.PROBLEM_FOUND, level, f":{level}", summary, now)


def _raise(visit: Visit, kind: AlertKind, level: AlertLevel, cause: str, summary: str, now: datetime) -> None:
    alerts.raise_once(
        kind=kind, level=level, division_code=visit.division_code, cause=f"visit:{visit.id}{cause}",
        summary=summary, now=now, senior_id=visit.senior_id,
    )  # fmt: skip
