"""What pages read of questions: the list, one with its answer, and what there is to choose from."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from extensions import db
from models import (
    Division,
    DivisionLevel,
    Helper,
    HelperShift,
    Proposal,
    ProposalStatus,
    Question,
    Round,
    Senior,
    Stop,
    User,
    Visit,
    WhatIf,
    WhatIfStatus,
)
from models.division import prefix_bounds
from policy import Scope
from policy.reach import code_within

from . import paging
from .round_lines import SILENT_FOR

MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A question in a list."""

    id: uuid.UUID
    question: Question
    status: WhatIfStatus
    division_name: str
    on: date
    helper_name: str | None
    place_name: str | None
    minutes: int | None
    tier: str | None
    every_days: int | None
    created_at: datetime
    made_by: str | None


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody who would not be visited, or would be; `number` is her mark on the map."""

    number: int
    senior_name: str
    division_name: str
    priority: int
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DrawnStop:
    """A stop as a map draws it."""

    position: int
    tour: int
    start_minute: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class DrawnRound:
    """A round as a map draws it."""

    number: int
    helper_name: str
    base_latitude: float | None
    base_longitude: float | None
    end_latitude: float | None
    end_longitude: float | None
    stops: list[DrawnStop] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DrawnMiss:
    """Where somebody would not be visited."""

    at: list[float] | None


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A question with its answer."""

    line: AskedLine
    skills: list[str]
    progress: dict[str, Any]
    heartbeat_at: datetime | None
    answer: dict[str, Any]
    lost: list[Missed]
    gained: list[Missed]
    rounds: list[DrawnRound]
    missed: list[DrawnMiss]

    def is_lost(self, now: datetime) -> bool:
        """Searching by its word, but its process is gone."""
        silent = self.heartbeat_at is None or self.heartbeat_at < now - SILENT_FOR
        return self.line.status == WhatIfStatus.SEARCHING and silent


_Place = aliased(Division)
_LINE = (
    WhatIf.id, WhatIf.question, WhatIf.status, Division.name, WhatIf.on, Helper.name, _Place.name, WhatIf.minutes,
    WhatIf.tier, WhatIf.every_days, WhatIf.created_at, User.name,
)  # fmt: skip


def _lines(*more: Any) -> Any:
    return (
        select(*_LINE, *more)
        .join(Division, Division.code == WhatIf.division_code)
        .outerjoin(Helper, Helper.id == WhatIf.helper_id)
        .outerjoin(_Place, _Place.code == WhatIf.place_code)
        .outerjoin(User, User.id == WhatIf.made_by_id)
    )


def index(scope: Scope, cursor: str | None) -> paging.Page[AskedLine]:
    """Every question, the latest first."""
    statement = _lines(WhatIf.id).where(code_within(WhatIf.division_code, scope))
    return paging.page(
        statement, [WhatIf.id], cursor, parse=lambda values: [uuid.UUID(values[0])], row=AskedLine, descending=True
    )


def one(scope: Scope, what_if_id: uuid.UUID) -> AskedPage | None:
    """One question, if the scope may read it. At most four statements."""
    more = (WhatIf.skills, WhatIf.progress, WhatIf.heartbeat_at, WhatIf.answer)
    statement = _lines(*more).where(WhatIf.id == what_if_id, code_within(WhatIf.division_code, scope))
    found = db.session.execute(statement).one_or_none()
    if found is None:
        return None
    line, (skills, progress, heartbeat_at, answer) = AskedLine(*found[: len(_LINE)]), found[len(_LINE) :]
    lost = answer.get("lost", [])
    reasons = {row["visit_id"]: row["reasons"] for row in lost}
    gained: dict[str, list[dict[str, Any]]] = {key: [] for key in answer.get("gained", [])}
    numbered = list(reasons)
    at = answer.get("at", {})
    return AskedPage(
        line, skills, progress, heartbeat_at, answer, _missed(reasons, numbered), _missed(gained, list(gained)),
        _drawn(answer.get("rounds", [])), [DrawnMiss(at.get(key)) for key in numbered],
    )  # fmt: skip


def _missed(reasons: Mapping[str, list[dict[str, Any]]], numbered: list[str]) -> list[Missed]:
    if not reasons:
        return []
    statement = (
        select(Visit.id, Senior.name, Division.name, Visit.priority)
        .join(Senior, Senior.id == Visit.senior_id)
        .join(Division, Division.code == Visit.division_code)
        .where(Visit.id.in_([uuid.UUID(key) for key in reasons]))
        .order_by(Visit.priority, Visit.division_code, Visit.id)
        .limit(MOST_NAMED)
    )
    return [
        Missed(numbered.index(str(key)) + 1, name, place, priority, reasons[str(key)])
        for key, name, place, priority in db.session.execute(statement)
    ]


def _drawn(rows: list[dict[str, Any]]) -> list[DrawnRound]:
    keys = [uuid.UUID(row["helper_id"]) for row in rows]
    named = select(Helper.id, Helper.name).where(Helper.id.in_(keys))
    names = dict(db.session.execute(named).tuples().all()) if keys else {}
    found = []
    for row, key in zip(rows, keys, strict=True):
        base, end = row["base"] or [None, None], row["end"] or [None, None]
        stops = [
            DrawnStop(position, tour, minute, latitude, longitude)
            for position, (latitude, longitude, tour, minute) in enumerate(row["stops"], 1)
        ]
        found.append(DrawnRound(row["number"], names.get(key, ""), base[0], base[1], end[0], end[1], stops))
    return found


def helpers_at_work(code: str, weekday: int) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of whoever has a shift there on that day of the week."""
    low, high = prefix_bounds(code)
    works = exists().where(HelperShift.helper_id == Helper.id, HelperShift.weekday == weekday)
    statement = (
        select(Helper.id, Helper.name)
        .where(Helper.division_code >= low, Helper.division_code < high, Helper.is_active, works)
        .order_by(Helper.pinyin, Helper.id)
        .limit(400)
    )
    return [(key, name) for key, name in db.session.execute(statement)]


def townships(code: str) -> list[tuple[str, str]]:
    """(code, name) of the townships of a division."""
    low, high = prefix_bounds(code)
    statement = (
        select(Division.code, Division.name)
        .where(Division.code >= low, Division.code < high, Division.level == DivisionLevel.TOWNSHIP)
        .order_by(Division.code)
        .limit(100)
    )
    return [(key, name) for key, name in db.session.execute(statement)]


@dataclass(frozen=True, slots=True)
class LeaveHint:
    """What is known of a day on which a helper is away: visits on their round, and the newest answer, if any."""

    on: date
    division_code: str
    planned: int
    line: AskedLine | None
    answer: dict[str, Any]


def leave_hint(helper_id: uuid.UUID, division_code: str, on: date) -> LeaveHint:
    """Two statements."""
    planned = (
        select(func.count())
        .select_from(Stop)
        .join(Round, Round.id == Stop.round_id)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(Round.helper_id == helper_id, Round.on == on, Proposal.status == ProposalStatus.PUBLISHED)
    )
    newest = (
        _lines(WhatIf.answer)
        .where(
            WhatIf.question == Question.WITHOUT, WhatIf.helper_id == helper_id, WhatIf.on == on,
            WhatIf.status == WhatIfStatus.ANSWERED,
        )
        .order_by(WhatIf.id.desc())
        .limit(1)
    )  # fmt: skip
    found = db.session.execute(newest).one_or_none()
    line, answer = (AskedLine(*found[:-1]), found[-1]) if found else (None, {})
    return LeaveHint(on, division_code[:6], db.session.scalar(planned) or 0, line, answer)
