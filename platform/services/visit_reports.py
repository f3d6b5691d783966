"""Reports as a phone sends them: read with suspicion, so that what gets past here is well-formed."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.errors import Refusal
from domain.visiting import Block, Mark, Mood, Need
from extensions.babel import gettext as _
from models import Outcome, VisitEventKind

NOTE_LENGTH = 1000
REASON_LENGTH = 200
CLOCK_SLACK = timedelta(minutes=10)
OLDEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Report:
    """One event, well-formed: who may report it of which visit is for `services.visit_log`."""

    id: uuid.UUID
    visit_id: uuid.UUID
    kind: VisitEventKind
    happened_at: datetime
    recorded_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)


def read(item: object) -> Report:
    """The report an element of a batch is, or a Refusal that says what is wrong with it."""
    if not isinstance(item, dict):
        raise Refusal(_("这条记录的格式不对。"))
    kind = _member(VisitEventKind, item.get("kind"), "kind")
    payload = item.get("payload", {})
    if not isinstance(payload, dict):
        raise Refusal(_("这条记录的格式不对。"), field="payload")
    return Report(
        id=_uuid(item.get("id"), "id"),
        visit_id=_uuid(item.get("visit_id"), "visit_id"),
        kind=kind,
        happened_at=instant(item.get("happened_at"), "happened_at"),
        recorded_at=instant(item.get("recorded_at"), "recorded_at"),
        payload=_PAYLOADS[kind](payload),
    )


def check_times(report: Report, *, now: datetime, clock_offset_s: float) -> None:
    """Nothing is reported from the future, written down before it happened, or from years ago."""
    offset = timedelta(seconds=clock_offset_s)
    for at, name in ((report.happened_at, "happened_at"), (report.recorded_at, "recorded_at")):
        if at - offset > now + CLOCK_SLACK:
            raise Refusal(_("记录的时间还没有到，请检查手机的时间。"), field=name)
        if at - offset < now - OLDEST:
            raise Refusal(_("记录的时间太久远了，请检查手机的时间。"), field=name)
    if report.happened_at > report.recorded_at + CLOCK_SLACK:
        raise Refusal(_("发生的时间不能晚于记录的时间。"), field="happened_at")


def instant(value: object, name: str) -> datetime:
    """A time of ISO 8601 with its zone."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Refusal(_("时间要写明日期、钟点和时区。"), field=name)


def _uuid(value: object, name: str) -> uuid.UUID:
    try:
        if isinstance(value, str) and len(value) == 36:
            return uuid.UUID(value)
    except ValueError:
        pass
    raise Refusal(_("编号的格式不对。"), field=name)


def _member(enum: type[Any], value: object, name: str) -> Any:
    if isinstance(value, str) and value in {member.value for member in enum}:
        return enum(value)
    raise Refusal(_("这一项的内容不认识。"), field=name)


def _text(value: object, name: str, length: int) -> str:
    if not isinstance(value, str):
        raise Refusal(_("这条记录的格式不对。"), field=name)
    text = "".join(one for one in value if one.isprintable() or one == "\n").strip()
    if len(text) > length:
        raise Refusal(_("文字太长了，最多 %(length)d 个字。", length=length), field=name)
    return text


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "block": _member(Block, given.get("block"), "block").value,
        "mark": _member(Mark, given.get("mark"), "mark").value,
        "note": _text(given.get("note", ""), "note", NOTE_LENGTH),
    }


def _mood(given: dict[str, Any]) -> dict[str, Any]:
    return {"mood": _member(Mood, given.get("mood"), "mood").value}


def _needs(given: dict[str, Any]) -> dict[str, Any]:
    needs = given.get("needs")
    if not isinstance(needs, list) or len(needs) > len(Need):
        raise Refusal(_("这条记录的格式不对。"), field="needs")
    chosen = {_member(Need, need, "needs") for need in needs}
    return {"needs": [need.value for need in Need if need in chosen]}


def _note(given: dict[str, Any]) -> dict[str, Any]:
    return {"note": _text(given.get("note"), "note", NOTE_LENGTH)}


def _outcome(given: dict[str, Any]) -> dict[str, Any]:
    outcome = _member(Outcome, given.get("outcome"), "outcome")
    if outcome == Outcome.MET:
        raise Refusal(_("见到了老人，请用“完成”。"), field="outcome")
    return {"outcome": outcome.value} | _ending(given)


def _reopened(given: dict[str, Any]) -> dict[str, Any]:
    reason = _text(given.get("reason", ""), "reason", REASON_LENGTH)
    return {"ending_id": str(_uuid(given.get("ending_id"), "ending_id")), "reason": reason}


def _ending(given: dict[str, Any]) -> dict[str, Any]:
    texts = {
        "note": _text(given.get("note", ""), "note", NOTE_LENGTH),
        "late_reason": _text(given.get("late_reason", ""), "late_reason", REASON_LENGTH),
    }
    return {name: text for name, text in texts.items() if text}


def _position(given: dict[str, Any]) -> dict[str, Any]:
    """Latitude, longitude and accuracy in metres, where the senior allowed it and the phone knew."""
    limits = {"latitude": 90.0, "longitude": 180.0, "accuracy_m": 100_000.0}
    found = {}
    for name, limit in limits.items():
        value = given.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= limit:
            raise Refusal(_("位置的格式不对。"), field=name)
        found[name] = round(float(value), 6)
    return found


_PAYLOADS: dict[VisitEventKind, Callable[[dict[str, Any]], dict[str, Any]]] = {
    VisitEventKind.ARRIVED: _position,
    VisitEventKind.CHECKED: _checked,
    VisitEventKind.MOOD: _mood,
    VisitEventKind.NEEDS: _needs,
    VisitEventKind.NOTE: _note,
    VisitEventKind.OUTCOME: _outcome,
    VisitEventKind.DONE: _ending,
    VisitEventKind.REOPENED: _reopened,
}
"""What each kind may carry: only what belongs to it, each value checked."""


class Answer(StrEnum):
    RECEIVED = "received"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one report; `why` is a sentence for the helper, empty unless refused."""

    id: str
    answer: Answer
    why: str = ""
