"""Visits entered on a page: forms become the same reports a phone sends, taken by the same log.

A form carries one hidden id. Each report's id is made from it and from what the report says, so a form sent twice is
taken once, while a form changed and sent again (the browser's back button) says something new.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import ngettext

from domain.errors import Refusal
from domain.visiting import Block, Mark
from extensions.babel import gettext as _
from models import Outcome, Visit, VisitEventKind
from policy import Actor, Permission

from . import visit_log, visits
from .visit_reports import NOTE_LENGTH, Report

NOTED = (Outcome.NOT_AT_HOME, Outcome.REFUSED)
"""Endings of which one must say more: who knows where the senior is; why the door stayed shut."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was filled in; None or missing: not said. `checks` maps a block to (mark, note)."""

    checks: dict[Block, tuple[Mark, str]] = field(default_factory=dict)
    mood: str | None = None
    needs: list[str] | None = None
    note: str | None = None


def arrive(visit_id: uuid.UUID, *, submission: uuid.UUID, by: Actor, now: datetime) -> Visit:
    """At the door. Arriving twice is arriving once."""
    visit = visits.load(visit_id, Permission.VISIT_LOG, by)
    if visit.arrived_at is None or visit.outcome is not None:
        _take([_report(submission, visit_id, VisitEventKind.ARRIVED, {}, now, now)], by, now)
    return visit


def save(visit_id: uuid.UUID, entry: Entry, *, submission: uuid.UUID, by: Actor, now: datetime) -> Visit:
    """What has been filled in so far; a half-done visit waits to be resumed."""
    visit = visits.load(visit_id, Permission.VISIT_LOG, by)
    _take([_report(submission, visit_id, kind, payload, now, now) for kind, payload in _said(visit, entry)], by, now)
    return visit


def finish(visit_id: uuid.UUID, entry: Entry, *, submission: uuid.UUID, by: Actor, now: datetime) -> Visit:
    """Done. All five blocks must have been looked at; what was typed is kept even when one is missing."""
    visit = save(visit_id, entry, submission=submission, by=by, now=now)
    refuse_gaps(visit.checklist)
    _take([_report(submission, visit_id, VisitEventKind.DONE, {}, now, now)], by, now)
    return visit


def not_met(
    visit_id: uuid.UUID, outcome: Outcome, note: str, *, submission: uuid.UUID, by: Actor, now: datetime
) -> Visit:
    """Nobody was met, and why."""
    visit = visits.load(visit_id, Permission.VISIT_LOG, by)
    _refuse_bare(outcome, note)
    payload = {"outcome": outcome.value, "note": note.strip()[:NOTE_LENGTH]}
    _take([_report(submission, visit_id, VisitEventKind.OUTCOME, payload, now, now)], by, now)
    return visit


def enter_late(
    visit_id: uuid.UUID, entry: Entry, outcome: Outcome, *, happened_at: datetime, reason: str,
    submission: uuid.UUID, by: Actor, now: datetime,
) -> Visit:  # fmt: skip
    """补录: a visit that took place and was not reported then. Beyond the rule's hours a supervisor looks at it."""
    visit = visits.load(visit_id, Permission.VISIT_LOG, by)
    if visit.outcome is not None:
        raise Refusal(_("这次探访已经有结果了。"), suggestion=_("填错了可以先撤回。"))
    if happened_at > now:
        raise Refusal(_("还没到这个时间。"), field="clock")
    if not reason.strip():
        raise Refusal(_("请写明为什么现在才补。"), field="late_reason")
    payload: dict[str, Any] = {"note": (entry.note or "").strip()[:NOTE_LENGTH], "late_reason": reason.strip()[:200]}
    reports = [_report(submission, visit_id, kind, said, happened_at, now) for kind, said in _said(visit, entry)]
    kind = VisitEventKind.DONE
    if outcome == Outcome.MET:
        refuse_gaps({block.value for block in entry.checks} | set(visit.checklist))
        reports.insert(0, _report(submission, visit_id, VisitEventKind.ARRIVED, {}, happened_at, now))
    else:
        _refuse_bare(outcome, payload["note"])
        kind, payload = VisitEventKind.OUTCOME, payload | {"outcome": outcome.value}
    reports.append(_report(submission, visit_id, kind, payload, happened_at, now))
    _take(reports, by, now)
    return visit


def refuse_gaps(checked: Any) -> None:
    """Refuse while a block has not been looked at; beside the first such block."""
    missing = [block for block in Block if block.value not in checked]
    if missing:
        count = len(missing)
        sentence = ngettext("还有 %(num)d 项没有选。", "还有 %(num)d 项没有选。", count)
        raise Refusal(sentence, field=f"check_{missing[0]}")


def _refuse_bare(outcome: Outcome, note: str) -> None:
    if outcome in NOTED and not note.strip():
        sentence = (
            _("请写一句：谁告诉您的，人去哪儿了。") if outcome == Outcome.NOT_AT_HOME else _("请写一句：老人怎么说的。")
        )
        raise Refusal(sentence, field="note")


def _said(visit: Visit, entry: Entry) -> Iterator[tuple[VisitEventKind, dict[str, Any]]]:
    """What the entry says beyond what is already known."""
    for block, (mark, note) in entry.checks.items():
        found = {"mark": mark.value, "note": note.strip()[:NOTE_LENGTH]}
        if visit.checklist.get(block.value) != found:
            yield VisitEventKind.CHECKED, {"block": block.value, **found}
    if entry.mood and entry.mood != visit.mood:
        yield VisitEventKind.MOOD, {"mood": entry.mood}
    if entry.needs is not None and entry.needs != visit.needs:
        yield VisitEventKind.NEEDS, {"needs": entry.needs}
    if entry.note is not None and entry.note.strip() != visit.note:
        yield VisitEventKind.NOTE, {"note": entry.note.strip()[:NOTE_LENGTH]}


def _report(
    submission: uuid.UUID, visit_id: uuid.UUID, kind: VisitEventKind, payload: dict[str, Any],
    happened_at: datetime, recorded_at: datetime,
) -> Report:  # fmt: skip
    content = json.dumps([str(visit_id), kind.value, payload], sort_keys=True, ensure_ascii=False)
    return Report(uuid.uuid5(submission, content), visit_id, kind, happened_at, recorded_at, payload)


def _take(reports: list[Report], by: Actor, now: datetime) -> None:
    if reports:
        visits.refused(visit_log.take(reports, by=by, now=now))
