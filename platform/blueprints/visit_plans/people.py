"""Who comes to a senior, and who is never sent."""

import uuid

from flask import render_template
from werkzeug.wrappers import Response

from blueprints.forms import given, refusals_into
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from policy import Permission, current_actor, requires
from queries import helpers as helper_queries
from queries.visit_plans import PlanPage
from services import senior_helpers

from .forms import KeepAwayForm, RegularForm
from .views import blueprint, done, page_of


def _around(senior_id: uuid.UUID) -> tuple[PlanPage, list[tuple[uuid.UUID, str, str]]]:
    """The page, and who may be chosen: the helpers around, and who is the regular one wherever they are."""
    page = page_of(senior_id, Permission.VISIT_PLAN)
    around = helper_queries.options(current_actor().scope(Permission.VISIT_PLAN), page.division_code)
    if page.regular_id and page.regular_name and page.regular_id not in {key for key, _name, _place in around}:
        around.insert(0, (page.regular_id, page.regular_name, ""))
    return page, around


def _page(page: PlanPage, regular: RegularForm, away: KeepAwayForm) -> str:
    return render_template("visit_plans/helpers.html", page=page, regular=regular, away=away)


@blueprint.get("/senior/<uuid:senior_id>/helpers")
@requires(Permission.VISIT_PLAN)
def helpers(senior_id: uuid.UUID) -> str:
    """Both forms as they stand."""
    page, around = _around(senior_id)
    return _page(page, RegularForm(around, data={"helper_id": page.regular_id}), KeepAwayForm(around))


@blueprint.post("/senior/<uuid:senior_id>/helpers/regular")
@requires(Permission.VISIT_PLAN)
def choose_regular(senior_id: uuid.UUID) -> Response | tuple[str, int]:
    """Another regular helper, or none."""
    page, around = _around(senior_id)
    form = RegularForm(around)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            senior_helpers.choose_regular(senior_id, form.helper_id.data, by=current_actor(), now=utc_now())
        if not refused:
            return done(_("固定助老员已改好，以后排路线时尽量派这一位。"), senior_id)
    return _page(page, form, KeepAwayForm(around, formdata=None)), 422


@blueprint.post("/senior/<uuid:senior_id>/helpers/away")
@requires(Permission.VISIT_PLAN)
def keep_away(senior_id: uuid.UUID) -> Response | tuple[str, int]:
    """Never this one."""
    page, around = _around(senior_id)
    form = KeepAwayForm(around)
    if form.validate_on_submit():
        with refusals_into(form) as refused, unit_of_work():
            senior_helpers.keep_away(
                senior_id, given(form.helper_id), reason=form.reason.data or "", by=current_actor(), now=utc_now()
            )
        if not refused:
            return done(_("记下了，以后不会再派这一位。已经发布的路线要到路线页上改。"), senior_id)
    regular = RegularForm(around, formdata=None, data={"helper_id": page.regular_id})
    return _page(page, regular, form), 422


@blueprint.post("/helpers/away/<uuid:unwanted_id>/take-back")
@requires(Permission.VISIT_PLAN)
def let_come(unwanted_id: uuid.UUID) -> Response:
    """This one may come again."""
    with unit_of_work():
        senior_id = senior_helpers.let_come(unwanted_id, by=current_actor(), now=utc_now())
    return done(_("已取消，以后可以派这一位。"), senior_id)
