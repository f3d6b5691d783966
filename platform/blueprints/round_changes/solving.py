"""From what has happened to a suggestion, while somebody waits: read, let the database go, search, keep."""

import time
import uuid

from flask import current_app

from dispatch import Limit
from domain.times import utc_now
from extensions import db, unit_of_work
from models import ChangeKind
from policy import Actor
from queries.round_lines import ProposalPage
from services import replanning, round_changes, round_comparison, round_gaps, travel
from services.replanning import Event

SECONDS = 3.0
"""Reading, explaining and keeping take another one or two: an answer within five."""


def suggest(proposal: ProposalPage, event: Event, *, by: Actor) -> uuid.UUID:
    """The id of the suggestion."""
    started = time.monotonic()
    osrm_url = current_app.extensions["settings"].osrm_url
    model = travel.model_for(proposal.division_code, proposal.on, osrm_url=osrm_url)
    standing = replanning.read(proposal.id, event, by=by, now=utc_now(), travel=model)
    db.session.remove()
    if event.kind is ChangeKind.CANCELLED:
        draft = round_gaps.without(standing)
    else:
        draft = round_comparison.compare(standing, replanning.search(standing, Limit(seconds=SECONDS), seed=1))
    with unit_of_work():
        change = round_changes.keep(draft, seconds=time.monotonic() - started, by=by, now=utc_now())
        return change.id
