"""Two records of one person: look, merge, take back."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from domain.times import local_day, utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from policy import Permission, current_actor, requires
from queries import senior_merges
from queries import seniors as queries
from queries.seniors import Filters
from services import merging
from services.merging import Preview

from .life_forms import MergeForm
from .pages import found
from .room import blueprint


@blueprint.get("/<uuid:senior_id>/merge")
@requires(Permission.SENIOR_EDIT)
def merge(senior_id: uuid.UUID) -> str:
    """Search for the other record, then see what would move."""
    return _page(senior_id, MergeForm())


@blueprint.post("/<uuid:senior_id>/merge")
@requires(Permission.SENIOR_EDIT)
def merge_now(senior_id: uuid.UUID) -> Response | tuple[str, int]:
    """Make the other record part of this one."""
    form = MergeForm()
    other_id = request.args.get("other", type=uuid.UUID)
    if other_id is not None and form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            merging.merge(senior_id, other_id, reason=form.reason.data or "", by=current_actor(), now=utc_now())
        if not refused:
            flash(_("两份记录已合并。发现不对，可以在“合并重复的记录”里撤销。"), "success")
            return redirect(url_for("seniors.show", senior_id=senior_id), 303)
    return _page(senior_id, form), 422


@blueprint.post("/<uuid:senior_id>/unmerge")
@requires(Permission.SENIOR_EDIT)
def unmerge(senior_id: uuid.UUID) -> Response:
    """Two records again. `senior_id` is the one that was made part of another."""
    with unit_of_work():
        merging.undo(senior_id, by=current_actor(), now=utc_now())
    flash(_("合并已撤销，又是两份记录了。"), "success")
    return redirect(url_for("seniors.show", senior_id=senior_id), 303)


def _page(senior_id: uuid.UUID, form: MergeForm) -> str:
    actor, now = current_actor(), utc_now()
    senior = found(senior_id, actor, Permission.SENIOR_EDIT)
    other_id, text = request.args.get("other", type=uuid.UUID), request.args.get("q", "")
    preview = merging.preview(senior_id, other_id, by=actor, now=now) if other_id else None
    scope = actor.scope(Permission.SENIOR_EDIT)
    others = queries.index(Filters(q=text), scope, today=local_day(now), size=20).items if text.strip() else []
    return render_template(
        "seniors/merge.html", senior=senior, form=form, preview=preview, text=text, moving=_moving(preview),
        others=[one for one in others if one.id != senior_id], merged=senior_merges.merged_into(senior_id),
    )  # fmt: skip


def _moving(preview: Preview | None) -> list[tuple[str, int]]:
    """What would move, in words: the kinds people know by name, then the rest together."""
    if preview is None:
        return []
    known = {
        "visits": _("探访"), "meal_bookings": _("订餐"), "attendances": _("出勤"), "senior_phones": _("电话"),
        "contacts": _("联系人"), "senior_notes": _("备注"), "consents": _("同意"), "senior_categories": _("类别"),
        "visit_plans": _("探访计划"), "enrolments": _("站点登记"), "alerts": _("预警"), "grants": _("家属账号"),
    }  # fmt: skip
    named = [(label, preview.rows[name]) for name, label in known.items() if name in preview.rows]
    rest = sum(count for name, count in preview.rows.items() if name not in known)
    return [*named, (_("其他记录"), rest)] if rest else named
