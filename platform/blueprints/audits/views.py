"""The audit trail."""

from datetime import date
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from domain.times import local_day, utc_now
from extensions.babel import gettext as _
from policy import SYSTEM, Permission, current_actor, requires
from queries import audits as queries
from services import audit
from wording.acts import ACTS, READS, act_word

RECENT = 10
"""Links computed again at the press of a button: enough to see, quick enough to wait for."""

blueprint = Blueprint("audits", __name__, url_prefix="/audits")


@blueprint.get("")
@requires(Permission.AUDIT_READ)
def index() -> str:
    """Who did what, the latest first; filters live in the address."""
    act, person = request.args.get("act", ""), request.args.get("person", "").strip()
    day = request.args.get("day", type=date.fromisoformat)
    page = queries.listed(
        current_actor().scope(Permission.AUDIT_READ),
        person=person,
        acts=READS if act == "reads" else {act} & ACTS.keys(),
        day=day,
        cursor=request.args.get("after"),
    )
    acts = sorted(((code, act_word(code)) for code in ACTS), key=lambda one: one[1])
    return render_template(
        "audits/index.html", page=page, acts=acts, act=act, person=person, day=day, chain=queries.chain_state(),
        act_word=act_word, SYSTEM_NAME=SYSTEM.name, reads=READS, latest=local_day(utc_now()),
    )  # fmt: skip


@blueprint.post("/check")
@requires(Permission.AUDIT_READ)
def check() -> Response:
    """Compute the last links of the chain again."""
    broken = list(islice(audit.broken_links(latest=RECENT), 1))
    if broken:
        flash(_("第 %(number)d 段封存对不上：里面的记录被改过或删过。请马上报告。", number=broken[0]), "error")
    else:
        flash(_("核对过了：封存的记录都完整，没有被改过。"), "success")
    return redirect(url_for("audits.index"), 303)
