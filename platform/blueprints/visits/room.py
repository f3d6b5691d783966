"""The blueprint that the modules of this room put their pages on, and what they share."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from domain.divisions import CITY
from domain.rules import RuleKey
from domain.times import local_day
from policy import Permission, current_actor
from queries.visits import Moment
from services import rules

blueprint = Blueprint("visits", __name__)


def moment_of(now: datetime) -> Moment:
    """Now, with the place's own patience before a visit is 未回报."""
    divisions = sorted(current_actor().scope(Permission.VISIT_READ).divisions)
    place = divisions[0] if divisions else CITY
    return Moment(now, rules.value(RuleKey.VISIT_REPORTING, place, local_day(now)).value["unreported_after"])


def submission() -> uuid.UUID:
    """The hidden id of the form that was sent; a new one where it has none that can be read."""
    return request.form.get("submission", type=uuid.UUID) or uuid.uuid4()


@blueprint.app_context_processor
def _ids() -> dict[str, Any]:
    """`new_id()`: the hidden id by which a form sent twice is taken once."""
    return {"new_id": uuid.uuid4}
