"""The page of all components."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request

from domain.times import utc_now
from extensions.babel import gettext as _
from models import AlertLevel, AlertStatus, RiskTier, SeniorStatus
from policy import Permission, requires
from queries.paging import Page

from .forms import EveryField

blueprint = Blueprint("gallery", __name__)


@blueprint.get("/gallery")
@requires(Permission.HOME)
def index() -> str:
    """Every component once, with long names and with none."""
    if not current_app.extensions["settings"].is_demo:
        abort(404)
    form = EveryField(formdata=None)
    if "errors" in request.args:
        form.validate()
    return render_template(
        "gallery/index.html",
        form=form,
        page=Page(items=[], next_cursor="next", is_first=False),
        families=[AlertLevel, AlertStatus, SeniorStatus, RiskTier],
        happenings=_happenings(),
    )


def _happenings() -> list[dict[str, Any]]:
    now = utc_now()
    return [
        {"at": now - timedelta(minutes=20), "title": _("探访完成：人在家，平安"), "by": "李秀英", "tone": "good",
         "icon": "house-heart", "text": _("血压正常，说腿有点疼，想要一根手杖。")},
        {"at": now - timedelta(days=1), "title": _("午餐送到"), "tone": "information", "icon": "basket", "href": "#x"},
        {"at": now - timedelta(days=3), "title": _("敲门无人应答"), "tone": "problem", "by": "李秀英"},
    ]  # fmt: skip
