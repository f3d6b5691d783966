"""Changes 调整 of a published day: kept as a suggestion, accepted, dismissed, undone.

Accepting writes the suggestion's rows in place of those it was made from, in one transaction, and only if they are
still what it was made from; undoing writes them back, ids included, while nothing of it has happened.
"""

import uuid
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Uuid, delete, insert, select, update
from sqlalchemy.types import TypeEngine

from domain.errors import NotFound, Refusal
from domain.times import local_day
from extensions import db
from extensions.babel import gettext as _
from models import Base, ChangeKind, ChangeStatus, Proposal, ProposalStatus, Round, RoundChange, Stop, Visit
from models.types import UTCDateTime
from policy import Actor, Permission, reach
from queries import standing as queries

from . import audit, messages
from .change_effects import Draft

HOLDS_FOR = timedelta(minutes=15)
"""A suggestion for today is made for this moment: later helpers are elsewhere."""

State = dict[str, Any]


def keep(draft: Draft, *, seconds: float, by: Actor, now: datetime) -> RoundChange:
    """Store a suggestion; nothing changes by it."""
    standing, event = draft.standing, draft.standing.event
    change = RoundChange(
        proposal_id=standing.proposal_id, division_code=standing.day.division_code, on=standing.on, kind=event.kind,
        helper_id=event.helper_id, minute=event.minute, visit_ids=[str(one) for one in event.visit_ids],
        reason=event.reason.strip(), as_of=standing.as_of, before=draft.before, after=draft.after,
        figures=draft.figures | {"seconds": round(seconds, 1)}, lost=draft.lost, made_by_id=by.user_id, created_at=now,
    )  # fmt: skip
    db.session.add(change)
    db.session.flush()
    _record("suggest", change, by, now)
    return change


def accept(change_id: uuid.UUID, *, by: Actor, now: datetime) -> RoundChange:
    """From now on it holds: rounds, visits and texts, all of it or nothing."""
    change, proposal = _load(change_id, by)
    change.accept(by_id=by.user_id, at=now)
    if proposal.status != ProposalStatus.PUBLISHED:
        raise Refusal(_("这份方案已经撤回了，调整不能再采用。"))
    has_effect = change.kind == ChangeKind.ILL or any(side.get("rounds") for side in (change.before, change.after))
    if not has_effect:
        raise Refusal(_("这份调整没有要改的。"))
    if change.on < local_day(now) or (change.on == local_day(now) and now - change.as_of > HOLDS_FOR):
        raise Refusal(_("这份调整是 %(minutes)d 分钟前算的，大家已经走开了。", minutes=_minutes(now - change.as_of)),
                      suggestion=_("请按现在的情况再算一次。"))  # fmt: skip
    _refuse_stale(change, change.before, _("请按现在的情况再算一次。"))
    _put(change, change.before, change.after, now)
    _tell(change, change.after, now)
    _record("accept", change, by, now)
    return change


def dismiss(change_id: uuid.UUID, *, by: Actor, now: datetime) -> RoundChange:
    """The day stays as it is."""
    change, _proposal = _load(change_id, by)
    change.dismiss(by_id=by.user_id, at=now)
    _record("dismiss", change, by, now)
    return change


def undo(change_id: uuid.UUID, *, by: Actor, now: datetime) -> RoundChange:
    """The rounds are as they were before; refused once anything of it has happened, or another change stands on it."""
    change, proposal = _load(change_id, by)
    change.undo(by_id=by.user_id, at=now)
    if proposal.status != ProposalStatus.PUBLISHED or change.on < local_day(now):
        raise Refusal(_("这一天的路线已经不是当时的了，不能撤销。"))
    _refuse_stale(change, change.after, _("需要的话，按现在的情况再调整一次。"))
    _put(change, change.after, change.before, now)
    _tell(change, change.before, now)
    _record("undo", change, by, now)
    return change


def can_undo(change_id: uuid.UUID) -> bool:
    """Whether nothing of an accepted change has happened yet, and nothing has been changed since."""
    change = db.session.get(RoundChange, change_id)
    return change is not None and change.status == ChangeStatus.ACCEPTED and not _differs(change, change.after)


def _load(change_id: uuid.UUID, by: Actor) -> tuple[RoundChange, Proposal]:
    """The change and its proposal, both locked; not found outside what the actor plans."""
    within = reach.code_within(RoundChange.division_code, by.scope(Permission.ROUND_PLAN))
    fresh = {"populate_existing": True}
    statement = select(RoundChange).where(RoundChange.id == change_id, within).with_for_update()
    change = db.session.scalars(statement, execution_options=fresh).one_or_none()
    if change is None:
        raise NotFound("")
    locked = select(Proposal).where(Proposal.id == change.proposal_id).with_for_update()
    return change, db.session.scalars(locked, execution_options=fresh).one()


def _refuse_stale(change: RoundChange, expected: State, suggestion: str) -> None:
    if _differs(change, expected):
        raise Refusal(_("情况又变了：有路线改过，或者有人已经上门。"), suggestion=suggestion)


def _differs(change: RoundChange, expected: State) -> bool:
    """Whether the rounds or the visits are no longer what `expected` says: its rows, and nobody at the door yet."""
    rounds = queries.rounds_of(change.proposal_id, only=_helpers(change))
    theirs = {its.row["id"]: its for its in rounds}
    wanted = {one["row"]["id"]: one for one in expected.get("rounds", [])}
    if theirs.keys() != wanted.keys():
        return True
    for key, its in theirs.items():
        if [stop.row for stop in its.stops] != wanted[key]["stops"]:
            return True
    states = expected.get("visits", {})
    return queries.states_of([uuid.UUID(key) for key in states]) != states or _has_begun(change, rounds)


def _has_begun(change: RoundChange, rounds: Collection[queries.StandingRound]) -> bool:
    """Somebody has reported from a door whose time or helper this change is about."""
    about = set(change.after.get("retold", []))
    return any(stop.is_begun for its in rounds for stop in its.stops if stop.key[0] in about)


def _helpers(change: RoundChange) -> set[uuid.UUID]:
    sides = (change.before, change.after)
    return {uuid.UUID(one["row"]["helper_id"]) for side in sides for one in side.get("rounds", [])}


def _put(change: RoundChange, old: State, new: State, now: datetime) -> None:
    """Rows of `new` in place of those of `old`."""
    was = {one["row"]["id"] for one in old["rounds"]}
    will = {one["row"]["id"]: one["row"] for one in new["rounds"]}
    db.session.execute(delete(Stop).where(Stop.round_id.in_([uuid.UUID(key) for key in was])))
    db.session.execute(delete(Round).where(Round.id.in_([uuid.UUID(key) for key in was - will.keys()])))
    for key in sorted(was & will.keys()):
        values = _typed(Round, will[key])
        db.session.execute(update(Round).where(Round.id == values.pop("id")).values(**values))
    _insert(Round, [row for key, row in will.items() if key not in was])
    _insert(Stop, [stop for one in new["rounds"] for stop in one["stops"]])
    for key, state in new["visits"].items():
        values = {name: state[name] for name in ("status", "cancel_reason")}
        people = {name: uuid.UUID(state[name]) if state[name] else None for name in ("helper_id", "second_helper_id")}
        db.session.execute(
            update(Visit)
            .where(Visit.id == uuid.UUID(key))
            .values(**values, **people, on=date.fromisoformat(state["on"]), updated_at=now)
            .execution_options(synchronize_session="fetch")
        )
    proposal = new["proposal"]
    db.session.execute(
        update(Proposal)
        .where(Proposal.id == change.proposal_id)
        .values(figures=proposal["figures"], left_out=proposal["left_out"], updated_at=now)
        .execution_options(synchronize_session="fetch")
    )
    db.session.flush()


def _insert(table: type[Base], rows: list[State]) -> None:
    if rows:
        db.session.execute(insert(table).execution_options(render_nulls=True), [_typed(table, row) for row in rows])


def _typed(table: type[Base], row: State) -> State:
    """A row's values as its columns hold them."""
    return {column.key: _value(column.type, row.get(column.key)) for column in table.__table__.columns}


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, Uuid):
        return uuid.UUID(value)
    if isinstance(kind, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def _tell(change: RoundChange, holds: State, now: datetime) -> None:
    """Whoever has heard something else is told: not any more today, or another time or helper."""
    on_rounds = {stop["visit_id"] for one in holds["rounds"] for stop in one["stops"]}
    about = set(change.after["retold"]) | set(change.after["visits"])
    for key in sorted(about - on_rounds):
        messages.withdraw("visit", uuid.UUID(key), now=now)
    messages.retell([uuid.UUID(key) for key in sorted(about & on_rounds)], change.on, now=now)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _record(act: str, change: RoundChange, by: Actor, now: datetime) -> None:
    figures = change.figures
    db.session.flush()
    audit.record(
        f"round_change.{act}", "proposal", change.proposal_id, by=by, now=now, division_code=change.division_code,
        reason=change.reason,
        changes={"kind": [None, change.kind.value], "moved": [None, figures.get("moved", 0)],
                 "lost": [None, figures.get("lost", 0)]},
    )  # fmt: skip
