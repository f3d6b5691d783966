"""The room itself, which its modules of views share."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.forms import refusals_into
from blueprints.sentences import HouseForm
from domain.errors import NotFound
from domain.times import utc_now
from extensions import unit_of_work
from models import Proposal
from policy import Permission, Scope, current_actor
from queries import proposals as queries
from queries.round_lines import ProposalPage

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")


def reading() -> Scope:
    """What the reader may see of rounds."""
    return current_actor().scope(Permission.ROUND_READ)


def read(proposal_id: uuid.UUID) -> ProposalPage:
    """The proposal, if the reader may see it."""
    shown = queries.proposal(reading(), proposal_id)
    if shown is None:
        raise NotFound("")
    return shown


def address() -> dict[str, Any]:
    """How the reader looks at the proposal, as the address has it."""
    return {name: value for name, value in request.args.items() if name in {"view", "round", "zoom"}}


def act(do: Callable[..., Proposal], proposal_id: uuid.UUID, done: str = "") -> Redirect:
    """Do it, or say on the proposal's page why not."""
    form = HouseForm()
    with refusals_into(form) as refused, unit_of_work():
        do(proposal_id, by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    elif done:
        flash(done, "success")
    return redirect(url_for("rounds.show", proposal_id=proposal_id), 303)
