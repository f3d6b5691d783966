"""What was changed by hand in a proposal, and the order its days are in."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from domain.round_orders import Called, Logged, standing
from extensions import db
from models import EditKind, Helper, ProposalEdit, Round, Stop, User

from . import round_days

MOST = 500
"""Changes of one proposal that are looked at; nobody makes more by hand."""


@dataclass(frozen=True, slots=True)
class EditLine:
    """A change in the list: who did what, when."""

    number: int
    kind: EditKind
    of_number: int | None
    arguments: dict[str, Any]
    by_name: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Edits:
    """The log of a proposal, the newest first, and what can be taken back and done again next."""

    lines: Sequence[EditLine]
    undo: EditLine | None
    redo: EditLine | None

    def mentioned(self) -> list[dict[str, Any]]:
        """Ids whose names the log needs, as reasons have them."""
        every = (line.arguments for line in self.lines)
        return [{"helper": one.get("helper"), "other": one.get("from"), "visit": one.get("visit")} for one in every]

    @property
    def undone(self) -> set[int]:
        """Numbers of changes that do not hold any more."""
        done, _undone = standing(_logged(reversed(self.lines)))
        return {line.number for line in self.lines} - set(done)


def _logged(lines: Any) -> list[Logged]:
    return [
        Logged(line.number, line.kind is EditKind.UNDO, line.kind is EditKind.REDO, line.of_number) for line in lines
    ]


def log_of(proposal_id: uuid.UUID) -> Edits:
    """One statement."""
    statement = (
        select(
            ProposalEdit.number, ProposalEdit.kind, ProposalEdit.of_number, ProposalEdit.arguments, User.name,
            ProposalEdit.created_at,
        )
        .outerjoin(User, User.id == ProposalEdit.by_id)
        .where(ProposalEdit.proposal_id == proposal_id)
        .order_by(ProposalEdit.number.desc())
        .limit(MOST)
    )  # fmt: skip
    lines = [EditLine(*row) for row in db.session.execute(statement)]
    done, undone = standing(_logged(reversed(lines)))
    by_number = {line.number: line for line in lines}
    return Edits(lines, by_number[done[-1]] if done else None, by_number[undone[-1]] if undone else None)


def order_of(proposal_id: uuid.UUID) -> dict[str, list[Called]]:
    """Who goes where, in which order."""
    statement = (
        select(Round.helper_id, Stop.visit_id, Stop.is_second, Stop.is_pinned)
        .join(Stop, Stop.round_id == Round.id)
        .where(Round.proposal_id == proposal_id)
        .order_by(Round.number, Stop.position)
    )
    order: dict[str, list[Called]] = {}
    for helper_id, visit_id, is_second, is_pinned in db.session.execute(statement):
        order.setdefault(str(helper_id), []).append(Called(str(visit_id), is_second, is_pinned))
    return order


def starts_of(proposal_id: uuid.UUID) -> dict[tuple[str, str, bool], int]:
    """When each call begins, in minutes after midnight; by helper, visit and whether it is the second half."""
    statement = (
        select(Round.helper_id, Stop.visit_id, Stop.is_second, Stop.start_minute)
        .join(Stop, Stop.round_id == Round.id)
        .where(Round.proposal_id == proposal_id)
    )
    return {(str(row[0]), str(row[1]), row[2]): row[3] for row in db.session.execute(statement)}


def workers(division_code: str, on: date, without: Iterable[str]) -> list[tuple[str, str]]:
    """(id, name) of everybody who could be given something that day, by name."""
    gone = set(without)
    ids = [one.id for one in round_days.helpers_on_shift(division_code, on) if str(one.id) not in gone]
    statement = select(Helper.id, Helper.name).where(Helper.id.in_(ids)).order_by(Helper.pinyin, Helper.id)
    return [(str(helper_id), name) for helper_id, name in db.session.execute(statement)]


def rounds_by_helper(proposal_id: uuid.UUID) -> dict[str, tuple[uuid.UUID, int]]:
    """The id and the number of each helper's round."""
    statement = select(Round.helper_id, Round.id, Round.number).where(Round.proposal_id == proposal_id)
    return {str(helper_id): (round_id, number) for helper_id, round_id, number in db.session.execute(statement)}
