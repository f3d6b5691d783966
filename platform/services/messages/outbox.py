"""Into the outbox: what live state asks for becomes rows, each once, however many planners run.

A person's reminders of one purpose and day go into one text, so rows are keyed by purpose, number and day, and every
subject is spoken of once per purpose, day and change. Who cannot be reached becomes a row on a person's list.
"""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from uuid_utils.compat import uuid7

from domain.times import local_day
from extensions import db
from models import Message, MessageStatus, MessageSubject, OptOut, Purpose, Recipient
from models.keyring import keyring, phone_index
from queries import reminders as queries
from queries.reminders import Reach
from services import reminders
from services.reminders import Wanted
from services.texts import Text, render

JOINED = 4
"""At most so many subjects in one text."""
PLANNED = tuple(purpose for purpose in Purpose if purpose is not Purpose.VISIT_CANCELLED)
"""What the planner looks for; corrections are written by whoever calls a visit off."""

Group = list[Wanted]


def plan(purpose: Purpose, *, now: datetime, after: uuid.UUID | None = None) -> tuple[int, uuid.UUID | None]:
    """Plan one bounded batch: how many subjects it wrote about, and where the next begins (None: that was all)."""
    found, following = reminders.wanted(purpose, now, after)
    write(found, now=now)
    return len(found), following


def write(found: Sequence[Wanted], *, now: datetime) -> None:
    """Rows for these. Safe to call again, and from many places at once."""
    reaches = queries.reaches({one.facts.person.id for one in found})
    groups: dict[tuple[str, str], Group] = {}
    targets: dict[str, Reach] = {}
    for one in found:
        reach = reminders.reach_of(one.purpose, reaches.get(one.facts.person.id, []))
        person = phone_index(reach.number) if reach else f"nobody-{one.facts.person.id}"
        if reach:
            targets[person] = reach
        groups.setdefault((person, f"{one.purpose}:{one.facts.on}:{one.number}"), []).append(one)
    _write_groups(sorted(_split(groups), key=lambda one: (one[1], one[0])), targets, now)


def digest_of(body: str) -> str:
    """What two equal texts have in common, without showing them."""
    return keyring.blind_index(body, "messages.body")


def new_token() -> str:
    """The secret in a row's callback address."""
    return secrets.token_urlsafe(24)


def _split(groups: dict[tuple[str, str], Group]) -> Iterable[tuple[str, str, Group]]:
    for (person, what), group in groups.items():
        rest = iter(group)
        while part := list(islice(rest, JOINED)):
            yield person, what, part


def _write_groups(groups: list[tuple[str, str, Group]], targets: dict[str, Reach], now: datetime) -> None:
    """Every group's message: the first of its key where there is none, else one still waiting, else the next."""
    tries = 0
    while groups and tries < 20:
        rows = [_row(f"{what}:{person}:{tries}", group, targets.get(person), now) for person, what, group in groups]
        keys = [row["dedup_key"] for row in rows]
        made = set(db.session.scalars(_insert(Message).values(rows).on_conflict_do_nothing(
            index_elements=["dedup_key"]).returning(Message.dedup_key)))  # fmt: skip
        waiting = {
            message.dedup_key: message.id
            for message in db.session.scalars(_locked(keys))
            if message.dedup_key in made or message.status in {MessageStatus.PENDING, MessageStatus.DEAD}
        }
        left, subjects = [], []
        for group, row in zip(groups, rows, strict=True):
            message_id = waiting.get(row["dedup_key"])
            if message_id is None:
                left.append(group)
            else:
                subjects += [_subject(message_id, one) for one in group[2]]
        if subjects:
            db.session.execute(_insert(MessageSubject).values(subjects).on_conflict_do_nothing())
        groups, tries = left, tries + 1


def _locked(keys: list[str]) -> Select[tuple[Message]]:
    """In one order everywhere, so that two planners wait for each other instead of blocking each other."""
    return select(Message).where(Message.dedup_key.in_(keys)).order_by(Message.dedup_key).with_for_update()


def _insert(table: Any) -> Any:
    is_sqlite = db.session.connection().dialect.name == "sqlite"
    return sqlite_insert(table) if is_sqlite else postgresql_insert(table)


def _row(key: str, group: Group, reach: Reach | None, now: datetime) -> dict[str, Any]:
    first = group[0]
    text = _text(group, reach, now)
    due = min(one.due_at for one in group)
    return {
        "id": uuid7(),
        "dedup_key": key,
        "purpose": first.purpose,
        "status": _first_status(first.purpose, reach),
        "senior_id": first.facts.person.id,
        "division_code": first.facts.person.division_code,
        "recipient": _recipient(reach),
        "to_number": reach.number if reach else None,
        "to_index": phone_index(reach.number) if reach else "",
        "language": text.language,
        "body": text.body,
        "body_digest": digest_of(text.body),
        "segments": text.segments,
        "due_at": due,
        "next_at": due,
        "not_after": max(min(one.not_after for one in group), due + timedelta(seconds=1)),
        "callback_token": new_token(),
        "code": "" if reach else "no_phone",
        "finished_at": None if reach else now,
        "created_at": now,
        "updated_at": now,
    }


def _text(group: Group, reach: Reach | None, now: datetime) -> Text:
    due = max(min(one.due_at for one in group), now)
    is_own = reach is None or reach.is_own
    return render(group[0].purpose, [one.facts for one in group], is_own=is_own, today=local_day(due))


def _first_status(purpose: Purpose, reach: Reach | None) -> MessageStatus:
    """Whom no text can reach goes to a person's list; a family that gave no number did not ask to be told."""
    if reach is not None:
        return MessageStatus.PENDING
    return MessageStatus.CANCELLED if purpose is Purpose.VISIT_DONE else MessageStatus.DEAD


def _recipient(reach: Reach | None) -> Recipient:
    if reach is None:
        return Recipient.NOBODY
    return Recipient.SENIOR if reach.is_own else Recipient.CONTACT


def _subject(message_id: uuid.UUID, one: Wanted) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "message_id": message_id,
        "purpose": one.purpose,
        "subject_type": one.subject_type,
        "subject_id": one.facts.id,
        "senior_id": one.facts.person.id,
        "on": one.facts.on,
        "number": one.number,
        "told": one.told,
    }


def opted_out(to_index: str) -> bool:
    """Whether the person with this number wants no texts."""
    statement = select(OptOut.id).where(OptOut.to_index == to_index, OptOut.ended_at.is_(None))
    return db.session.scalars(statement.limit(1)).one_or_none() is not None
