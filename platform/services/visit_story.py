"""What the reports of a visit tell, taken together: a pure function of the set of events.

Reports arrive late, twice and in any order. The same set gives the same story: of two statements about one thing the
one written down later counts (the id breaks a tie), and a `reopened` event strikes the ending it names.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.times import local_day
from domain.visiting import Mood
from models import Outcome, Visit, VisitEvent, VisitEventKind, VisitStatus
from models.visit import Approval

CLOCK_TOLERANCE_S = 300
"""A phone whose clock is further off than this has its times corrected where they are shown and counted."""
ENDINGS = (VisitEventKind.OUTCOME, VisitEventKind.DONE)
_TAKES_PLACE = (VisitEventKind.ARRIVED, VisitEventKind.CHECKED, VisitEventKind.MOOD, VisitEventKind.NEEDS)


@dataclass(slots=True)
class Story:
    """The visit as reported so far. `ending` is the event that closed it, if one did."""

    has_begun: bool = False
    arrived_at: datetime | None = None
    ending: VisitEvent | None = None
    checklist: dict[str, Any] = field(default_factory=dict)
    mood: str | None = None
    needs: list[str] = field(default_factory=list)
    note: str = ""

    @property
    def outcome(self) -> Outcome | None:
        if self.ending is None:
            return None
        return Outcome.MET if self.ending.kind == VisitEventKind.DONE else Outcome(self.ending.payload["outcome"])


def true_time(event: VisitEvent) -> datetime:
    """When it happened, by the server's clock."""
    offset = event.clock_offset_s or 0.0
    return event.happened_at - timedelta(seconds=offset) if abs(offset) > CLOCK_TOLERANCE_S else event.happened_at


def lateness(event: VisitEvent) -> timedelta:
    """How long after it happened it was written down; both by the phone's own clock."""
    return event.recorded_at - event.happened_at


def _offsets(events: list[VisitEvent]) -> dict[uuid.UUID | None, timedelta]:
    """How far each person's phone is ahead, where it matters.

    A measured offset is the true one less the time the line took: of several the greatest is the truest, and one
    offset for all of a person's events keeps them in their own order.
    """
    greatest: dict[uuid.UUID | None, float] = {}
    for event in events:
        if event.clock_offset_s is not None:
            known = greatest.get(event.by_user_id, event.clock_offset_s)
            greatest[event.by_user_id] = max(known, event.clock_offset_s)
    return {who: timedelta(seconds=offset) for who, offset in greatest.items() if abs(offset) > CLOCK_TOLERANCE_S}


def tell(events: Iterable[VisitEvent]) -> Story:
    """The story of a set of events, whatever order they are given in."""
    events = list(events)
    offsets = _offsets(events)

    def written(event: VisitEvent) -> tuple[datetime, uuid.UUID]:
        offset = offsets.get(event.by_user_id, timedelta()) if event.clock_offset_s is not None else timedelta()
        return event.recorded_at - offset, event.id

    ordered = sorted(events, key=written)
    struck = {uuid.UUID(event.payload["ending_id"]) for event in ordered if event.kind == VisitEventKind.REOPENED}
    story = Story()
    for event in ordered:
        _tell_one(story, event, is_struck=event.id in struck)
    return story


def _tell_one(story: Story, event: VisitEvent, *, is_struck: bool) -> None:
    payload = event.payload
    story.has_begun |= event.kind in _TAKES_PLACE
    match event.kind:
        case VisitEventKind.ARRIVED:
            story.arrived_at = true_time(event)
        case VisitEventKind.CHECKED:
            story.checklist[payload["block"]] = {"mark": payload["mark"], "note": payload.get("note", "")}
        case VisitEventKind.MOOD:
            story.mood = payload["mood"]
        case VisitEventKind.NEEDS:
            story.needs = list(payload["needs"])
        case VisitEventKind.NOTE:
            story.note = payload["note"]
        case VisitEventKind.OUTCOME | VisitEventKind.DONE if not is_struck:
            story.ending = event
            story.note = payload.get("note") or story.note


def apply(story: Story, visit: Visit, *, backdate: timedelta, ending_before: uuid.UUID | None) -> None:
    """Write the story into its visit. A late ending that is new waits for a supervisor's word."""
    visit.arrived_at = story.arrived_at
    visit.checklist = story.checklist
    visit.mood = Mood(story.mood) if story.mood else None
    visit.needs = story.needs
    visit.note = story.note
    visit.outcome = story.outcome
    ending = story.ending
    visit.left_at = true_time(ending) if ending else None
    visit.status = _status(story, visit)
    visit.met_on = local_day(true_time(ending)) if ending and visit.status == VisitStatus.DONE else None
    if (ending.id if ending else None) == ending_before:
        return
    visit.late_reason = ending.payload.get("late_reason", "") if ending else ""
    is_late = ending is not None and lateness(ending) > backdate
    visit.approval, visit.approved_by_id, visit.approved_at = (Approval.WAITING if is_late else None), None, None


def _status(story: Story, visit: Visit) -> VisitStatus:
    if story.outcome is not None:
        return VisitStatus.DONE if story.outcome == Outcome.MET else VisitStatus.NOT_MET
    if story.has_begun:
        return VisitStatus.UNDER_WAY
    if visit.status in {VisitStatus.DUE, VisitStatus.PLANNED, VisitStatus.CANCELLED}:
        return visit.status
    return VisitStatus.PLANNED if visit.helper_id else VisitStatus.DUE
