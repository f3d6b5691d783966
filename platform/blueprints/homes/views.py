"""The first page."""

from flask import Blueprint, render_template

from domain.times import utc_now
from policy import Permission, current_actor, requires
from wording.acts import act_word

from .blocks import blocks_of

blueprint = Blueprint("homes", __name__)


@blueprint.get("/")
@requires(Permission.HOME)
def show() -> str:
    """What now? One or more blocks for each role somebody has."""
    now = utc_now()
    return render_template("homes/show.html", blocks=blocks_of(current_actor(), now), now=now, act_word=act_word)
