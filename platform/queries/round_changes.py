"""What pages read of changes: the list of a proposal's, and one with its rounds side by side."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from domain.changing import StopMark
from extensions import db
from models import ChangeKind, ChangeStatus, Division, Helper, RoundChange, Senior, User, Visit, VisitStatus
from models.visit import REPORTED
from policy import Scope
from policy.reach import code_within

from . import paging

WORTH_SAYING = 5
"""Minutes by which a time has to move before it is marked."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in a list."""

    id: uuid.UUID
    kind: ChangeKind
    status: ChangeStatus
    helper_name: str | None
    reason: str
    figures: dict[str, Any]
    created_at: datetime
    made_by: str | None


@dataclass(frozen=True, slots=True)
class ChangedStop:
    """A stop before or after. `other`: the helper it comes from or goes to; `was`: the minute it was planned for."""

    visit_id: str
    position: int
    start_minute: int
    leave_minute: int
    senior_name: str
    mark: StopMark
    tour: int = 0
    latitude: float | None = None
    longitude: float | None = None
    other: str = ""
    was: int | None = None
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """A helper's round before, or after: enough to list it and to draw it."""

    number: int
    helper_name: str
    start_minute: int | None
    end_minute: int | None
    travel_minutes: int
    base_latitude: float | None = None
    base_longitude: float | None = None
    end_latitude: float | None = None
    end_longitude: float | None = None
    stops: list[ChangedStop] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChangedRound:
    """One helper, before and after."""

    helper_name: str
    before: Side
    after: Side

    @property
    def more_minutes(self) -> int:
        return self.after.travel_minutes - self.before.travel_minutes


@dataclass(frozen=True, slots=True)
class LostLine:
    """A visit nobody can make any more, or that could not be added."""

    senior_name: str
    priority: int
    window_from: int
    window_to: int
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A change on its own page."""

    id: uuid.UUID
    proposal_id: uuid.UUID
    division_code: str
    division_name: str
    on: date
    kind: ChangeKind
    status: ChangeStatus
    helper_name: str | None
    minute: int | None
    reason: str
    as_of: datetime
    figures: dict[str, Any]
    made_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    undone_by: str | None
    undone_at: datetime | None
    about: list[str]
    rounds: list[ChangedRound]
    lost: list[LostLine]


def of_proposal(scope: Scope, proposal_id: uuid.UUID, cursor: str | None) -> paging.Page[ChangeLine]:
    """The changes of a proposal, the latest first."""
    statement = (
        select(
            RoundChange.id, RoundChange.kind, RoundChange.status, Helper.name, RoundChange.reason,
            RoundChange.figures, RoundChange.created_at, User.name, RoundChange.id,
        )
        .outerjoin(Helper, Helper.id == RoundChange.helper_id)
        .outerjoin(User, User.id == RoundChange.made_by_id)
        .where(RoundChange.proposal_id == proposal_id, code_within(RoundChange.division_code, scope))
    )  # fmt: skip
    return paging.page(
        statement, [RoundChange.id], cursor, parse=lambda values: [uuid.UUID(values[0])], row=ChangeLine,
        descending=True,
    )  # fmt: skip


def change(scope: Scope, change_id: uuid.UUID) -> ChangePage | None:
    """One change, if the scope may read it. Three statements."""
    maker, decider, undoer = aliased(User), aliased(User), aliased(User)
    statement = (
        select(RoundChange, Division.name, Helper.name, maker.name, decider.name, undoer.name)
        .join(Division, Division.code == RoundChange.division_code)
        .outerjoin(Helper, Helper.id == RoundChange.helper_id)
        .outerjoin(maker, maker.id == RoundChange.made_by_id)
        .outerjoin(decider, decider.id == RoundChange.decided_by_id)
        .outerjoin(undoer, undoer.id == RoundChange.undone_by_id)
        .where(RoundChange.id == change_id, code_within(RoundChange.division_code, scope))
    )
    found = db.session.execute(statement).one_or_none()
    if found is None:
        return None
    row, division, helper, made_by, decided_by, undone_by = found
    seniors, helpers = _seniors(row), _helpers(row)
    return ChangePage(
        id=row.id, proposal_id=row.proposal_id, division_code=row.division_code, division_name=division, on=row.on,
        kind=row.kind, status=row.status, helper_name=helper, minute=row.minute, reason=row.reason, as_of=row.as_of,
        figures=row.figures, made_by=made_by, decided_by=decided_by, decided_at=row.decided_at, undone_by=undone_by,
        undone_at=row.undone_at, about=[seniors[one].name for one in row.visit_ids if one in seniors],
        rounds=_rounds(row, seniors, helpers),
        lost=[
            LostLine(who.name, who.priority, who.window_from, who.window_to, one["reasons"])
            for one in row.lost
            if (who := seniors.get(one["visit_id"])) is not None
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Door:
    name: str
    priority: int
    window_from: int
    window_to: int
    status: VisitStatus


def _seniors(row: RoundChange) -> dict[str, _Door]:
    """Who lives behind each door that the change names."""
    keys = {stop["visit_id"] for side in (row.before, row.after) for one in side["rounds"] for stop in one["stops"]}
    keys |= {*row.visit_ids, *(one["visit_id"] for one in row.lost)}
    statement = (
        select(Visit.id, Senior.name, Visit.priority, Visit.window_from, Visit.window_to, Visit.status)
        .join(Senior, Senior.id == Visit.senior_id)
        .where(Visit.id.in_([uuid.UUID(key) for key in keys]))
    )
    return {str(key): _Door(*facts) for key, *facts in db.session.execute(statement)}


def _helpers(row: RoundChange) -> dict[str, str]:
    keys = {one["row"]["helper_id"] for side in (row.before, row.after) for one in side["rounds"]}
    statement = select(Helper.id, Helper.name).where(Helper.id.in_([uuid.UUID(key) for key in keys]))
    return {str(key): name for key, name in db.session.execute(statement)}


def _rounds(row: RoundChange, doors: Mapping[str, _Door], helpers: Mapping[str, str]) -> list[ChangedRound]:
    """In the order of their numbers; the round of whoever the event is about first."""
    before = {one["row"]["helper_id"]: one for one in row.before["rounds"]}
    after = {one["row"]["helper_id"]: one for one in row.after["rounds"]}
    numbers = {key: one["row"]["number"] for key, one in (after | before).items()}
    view = _View(row, doors, helpers, before, after)
    about = str(row.helper_id)
    return [
        ChangedRound(helpers.get(key, ""), view.side(key, is_after=False), view.side(key, is_after=True))
        for key in sorted(numbers, key=lambda key: (key != about, numbers[key]))
    ]


@dataclass(frozen=True, slots=True)
class _View:
    """Marks the stops of both sides by what became of them."""

    row: RoundChange
    doors: Mapping[str, _Door]
    helpers: Mapping[str, str]
    before: Mapping[str, dict[str, Any]]
    after: Mapping[str, dict[str, Any]]

    def side(self, key: str, *, is_after: bool) -> Side:
        its = (self.after if is_after else self.before).get(key)
        if its is None:
            other = (self.before if is_after else self.after)[key]["row"]
            return Side(other["number"], self.helpers.get(key, ""), None, None, 0)
        row = its["row"]
        stops = [self._stop(key, stop, is_after=is_after) for stop in its["stops"]]
        return Side(
            row["number"], self.helpers.get(key, ""), row["start_minute"], row["end_minute"], row["travel_minutes"],
            row["base_latitude"], row["base_longitude"], row.get("end_latitude"), row.get("end_longitude"), stops,
        )  # fmt: skip

    def _stop(self, key: str, stop: dict[str, Any], *, is_after: bool) -> ChangedStop:
        there = self._where(stop, self.before if is_after else self.after)
        mark, other, was = self._mark(key, stop, there, is_after=is_after)
        return ChangedStop(
            stop["visit_id"], stop["position"], stop["start_minute"], stop["leave_minute"],
            door.name if (door := self.doors.get(stop["visit_id"])) else "", mark, stop["tour"], stop["latitude"],
            stop["longitude"], other, was, stop["is_second"],
        )  # fmt: skip

    def _mark(
        self, key: str, stop: dict[str, Any], there: tuple[str, dict[str, Any]] | None, *, is_after: bool
    ) -> tuple[StopMark, str, int | None]:
        if there is None:
            if is_after:
                return StopMark.ADDED, "", None
            return (StopMark.OFF if self._is_off(stop) else StopMark.LOST), "", None
        helper_id, other = there
        if helper_id != key:
            return (
                (StopMark.COMES if is_after else StopMark.GOES),
                self.helpers.get(helper_id, ""),
                (other["start_minute"] if is_after else None),
            )
        if is_after and abs(stop["start_minute"] - other["start_minute"]) >= WORTH_SAYING:
            return StopMark.RETIMED, "", other["start_minute"]
        door = self.doors.get(stop["visit_id"])
        is_done = door is not None and door.status in {*REPORTED, VisitStatus.UNDER_WAY}
        return (StopMark.DONE if is_done else StopMark.STAYS), "", None

    def _is_off(self, stop: dict[str, Any]) -> bool:
        is_about = self.row.kind == ChangeKind.CANCELLED and stop["visit_id"] in self.row.visit_ids
        door = self.doors.get(stop["visit_id"])
        return is_about or (door is not None and door.status == VisitStatus.CANCELLED)

    @staticmethod
    def _where(stop: dict[str, Any], sides: Mapping[str, dict[str, Any]]) -> tuple[str, dict[str, Any]] | None:
        """On whose round the stop is on the other side."""
        for key, its in sides.items():
            for other in its["stops"]:
                if (other["visit_id"], other["is_second"]) == (stop["visit_id"], stop["is_second"]):
                    return key, other
        return None


def reasons_in(page: ChangePage) -> Iterable[dict[str, Any]]:
    """Every reason on the page, for the names they mention."""
    return (reason for one in page.lost for reason in one.reasons)
