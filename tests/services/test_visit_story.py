"""The story of a visit: what counts when statements contradict each other."""

import uuid
from datetime import timedelta
from typing import Any

from domain.times import at_minute
from models import VisitEvent
from models import VisitEventKind as Kind
from services import visit_story
from tests.services.test_visit_log import DAY

NINE = at_minute(DAY, 540)
PHONE = uuid.uuid4()


def event(kind: Kind, minute: int, *, offset_s: float | None = None, **payload: Any) -> VisitEvent:
    at = NINE + timedelta(minutes=minute)
    return VisitEvent(
        id=uuid.uuid4(), visit_id=uuid.uuid4(), kind=kind, payload=payload, happened_at=at, recorded_at=at,
        received_at=at, clock_offset_s=offset_s, by_user_id=PHONE,
    )  # fmt: skip


def test_the_later_statement_counts() -> None:
    story = visit_story.tell([
        event(Kind.CHECKED, 9, block="health", mark="problem", note="头晕"),
        event(Kind.CHECKED, 5, block="health", mark="normal"),
    ])  # fmt: skip
    assert story.checklist == {"health": {"mark": "problem", "note": "头晕"}}


def test_a_phone_that_is_two_hours_ahead_does_not_outvote_the_page() -> None:
    ahead = event(Kind.CHECKED, 120, offset_s=7200.0, block="health", mark="normal")
    on_the_page = event(Kind.CHECKED, 3, block="health", mark="problem")
    assert visit_story.tell([ahead, on_the_page]).checklist["health"]["mark"] == "problem"


def test_a_slow_line_does_not_turn_round_what_one_phone_said() -> None:
    first = event(Kind.MOOD, 120, offset_s=7200.0, mood="calm")
    second = event(Kind.MOOD, 121, offset_s=7110.0, mood="low")
    assert visit_story.tell([second, first]).mood == "low"


def test_an_ending_taken_back_leaves_the_visit_under_way() -> None:
    ending = event(Kind.DONE, 10)
    story = visit_story.tell([event(Kind.ARRIVED, 0), ending, event(Kind.REOPENED, 5, ending_id=str(ending.id))])
    assert (story.has_begun, story.outcome) == (True, None)
