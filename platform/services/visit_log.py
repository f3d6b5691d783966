"""The visit log: takes reports exactly once, in whatever order they come, and keeps each visit's state true to them."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite

from domain.errors import Refusal
from domain.rules import RuleKey
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Visit, VisitEvent, VisitEventKind
from policy import Actor, Permission, reach

from . import audit, rules, visit_effects, visit_story
from .visit_reports import Answer, Receipt, Report, check_times, instant, read
from .visit_story import Story

BATCH = 500


def take_batch(body: object, *, by: Actor, now: datetime) -> list[Receipt]:
    """Read and take what a phone sends: `{"sent_at": …, "events": […]}`. One receipt per element, in their order.

    `sent_at` is the phone's clock at the moment of sending: its offset from ours is measured by it and kept.
    """
    if not isinstance(body, dict) or not isinstance(body.get("events"), list):
        raise Refusal(_("这条记录的格式不对。"), field="events")
    items = body["events"]
    if len(items) > BATCH:
        raise Refusal(_("一次最多 %(count)d 条，请分几次发送。", count=BATCH), field="events")
    sent_at = instant(body["sent_at"], "sent_at") if body.get("sent_at") is not None else now
    reports: list[Report] = []
    receipts: list[Receipt | None] = []
    for item in items:
        try:
            reports.append(read(item))
            receipts.append(None)
        except Refusal as refusal:
            given = item.get("id") if isinstance(item, dict) else None
            receipts.append(Receipt(given[:36] if isinstance(given, str) else "", Answer.REFUSED, refusal.sentence))
    taken = iter(take(reports, by=by, now=now, clock_offset_s=(sent_at - now).total_seconds()))
    return [receipt or next(taken) for receipt in receipts]


def take(reports: Sequence[Report], *, by: Actor, now: datetime, clock_offset_s: float | None = None) -> list[Receipt]:
    """Take each report once. A refused one harms no other; repeating the whole batch changes nothing.

    `clock_offset_s` None: the times are the server's own (a page's form).
    """
    visits = _visits({report.visit_id for report in reports}, by)
    events = _events(visits)
    known = _known({report.id for report in reports})
    receipts: list[Receipt] = []
    fresh: list[VisitEvent] = []
    for report in reports:
        try:
            event = _event(report, visits, known, by=by, now=now, clock_offset_s=clock_offset_s)
        except Refusal as refusal:
            receipts.append(Receipt(str(report.id), Answer.REFUSED, refusal.sentence))
            continue
        if event is None:
            receipts.append(Receipt(str(report.id), Answer.ALREADY))
            continue
        known[event.id] = event.visit_id
        fresh.append(event)
        receipts.append(Receipt(str(report.id), Answer.RECEIVED))
    _write(fresh)
    touched: dict[uuid.UUID, list[VisitEvent]] = defaultdict(list)
    for event in fresh:
        touched[event.visit_id].append(event)
    for visit_id, new in touched.items():
        _retell(visits[visit_id], events[visit_id], new, by=by, now=now)
    db.session.flush()
    return receipts


def _visits(ids: set[uuid.UUID], by: Actor) -> dict[uuid.UUID, Visit]:
    """The visits the actor may report of, locked in the order of their ids."""
    within = reach.visits(by.scope(Permission.VISIT_LOG))
    statement = select(Visit).where(Visit.id.in_(ids), within).order_by(Visit.id).with_for_update()
    return {visit.id: visit for visit in db.session.scalars(statement.execution_options(populate_existing=True))}


def _events(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[VisitEvent]]:
    events: dict[uuid.UUID, list[VisitEvent]] = defaultdict(list)
    for event in db.session.scalars(select(VisitEvent).where(VisitEvent.visit_id.in_(list(ids)))):
        events[event.visit_id].append(event)
    return events


def _known(ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Which of these events are already written, and of which visit."""
    statement = select(VisitEvent.id, VisitEvent.visit_id).where(VisitEvent.id.in_(ids))
    return dict(db.session.execute(statement).tuples().all())


def _event(
    report: Report, visits: dict[uuid.UUID, Visit], known: dict[uuid.UUID, uuid.UUID], *,
    by: Actor, now: datetime, clock_offset_s: float | None,
) -> VisitEvent | None:  # fmt: skip
    """The row to write; None where it is already there."""
    visit = visits.get(report.visit_id)
    if visit is None:
        raise Refusal(_("没有找到这次探访，它可能已改派给别人。请把记录告诉调度员。"))
    if report.id in known:
        if known[report.id] != report.visit_id:
            raise Refusal(_("这个编号已经用在别的记录上了。"))
        return None
    check_times(report, now=now, clock_offset_s=clock_offset_s or 0.0)
    event = VisitEvent(
        id=report.id, visit_id=report.visit_id, kind=report.kind, payload=report.payload,
        happened_at=report.happened_at, recorded_at=report.recorded_at, received_at=now,
        clock_offset_s=clock_offset_s, by_user_id=by.user_id,
    )  # fmt: skip
    _check_late(event, visit, now)
    return event


def _check_late(event: VisitEvent, visit: Visit, now: datetime) -> None:
    if event.kind not in visit_story.ENDINGS or event.payload.get("late_reason"):
        return
    if visit_story.lateness(event) > backdate(visit, now):
        raise Refusal(_("补录这么久以前的探访，要写明原因。"), field="late_reason")


def backdate(visit: Visit, now: datetime) -> timedelta:
    """How long after a visit it may be entered without a reason and a supervisor's word: a rule of the place."""
    hours = rules.value(RuleKey.VISIT_REPORTING, visit.division_code, local_day(now)).value["backdate"]
    return timedelta(hours=hours)


def _write(fresh: list[VisitEvent]) -> None:
    """Insert; a row that somebody else wrote at this very moment is theirs, and the story is told from the set."""
    if not fresh:
        return
    table = cast("Table", VisitEvent.__table__)
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    names = [column.name for column in table.columns]
    rows: list[dict[str, Any]] = [{name: getattr(event, name) for name in names} for event in fresh]
    db.session.connection().execute(insert(table).on_conflict_do_nothing(index_elements=[table.c.id]), rows)


def _retell(visit: Visit, before: list[VisitEvent], new: list[VisitEvent], *, by: Actor, now: datetime) -> None:
    """Bring the visit in line with all its reports, then do what the new ones ask for."""
    old = visit_story.tell(before)
    story: Story = visit_story.tell([*before, *new])
    status = visit.status
    visit_story.apply(story, visit, backdate=backdate(visit, now), ending_before=old.ending.id if old.ending else None)
    visit_effects.follow(visit, new, by=by, now=now)
    if visit.status != status or any(event.kind == VisitEventKind.REOPENED for event in new):
        audit.record(
            "visit.report", "visit", visit.id, by=by, now=now, division_code=visit.division_code,
            reason=visit.late_reason, changes={"status": [status.value, visit.status.value]},
        )  # fmt: skip
