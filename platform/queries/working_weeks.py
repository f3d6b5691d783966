"""What published rounds have asked of helpers in the week of a day."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from extensions import db
from models import Proposal, ProposalStatus, Round


@dataclass(frozen=True, slots=True)
class Worked:
    """Days on a round, and the minutes away on them."""

    days: int = 0
    minutes: int = 0


def worked_before(on: date, helper_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Worked]:
    """From Monday to the day before `on`; who was on no round is not in it."""
    monday = on - timedelta(days=on.weekday())
    statement = (
        select(Round.helper_id, Round.on, Round.tours)
        .join(Proposal, Proposal.id == Round.proposal_id)
        .where(
            Round.helper_id.in_(list(helper_ids)),
            Round.on >= monday,
            Round.on < on,
            Proposal.status == ProposalStatus.PUBLISHED,
        )
    )
    days: dict[uuid.UUID, set[date]] = {}
    minutes: dict[uuid.UUID, int] = {}
    for helper_id, day, tours in db.session.execute(statement):
        days.setdefault(helper_id, set()).add(day)
        minutes[helper_id] = minutes.get(helper_id, 0) + sum(tour["back"] - tour["leave"] for tour in tours)
    return {helper_id: Worked(len(its), minutes[helper_id]) for helper_id, its in days.items()}
