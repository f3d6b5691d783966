"""The first page."""

from flask import Blueprint, render_template

from policy import Permission, requires

blueprint = Blueprint("homes", __name__)


@blueprint.get("/")
@requires(Permission.HOME)
def show() -> str:
    """What now?"""
    return render_template("homes/show.html")
