"""A plan of meal runs: looked at, stopped, published, taken back, discarded."""

import uuid
from collections.abc import Callable

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from blueprints.forms import refusals_into
from blueprints.rounds.drawing import colour_of
from blueprints.sentences import HouseForm
from domain.times import utc_now
from extensions import unit_of_work
from extensions.babel import gettext as _
from models import MealRunPlan
from policy import Permission, current_actor, requires
from queries import meal_run_reasons
from queries import meal_runs as queries
from queries.meal_run_lines import PlanPage
from services import meal_run_search, meal_runs

from . import picture
from .room import blueprint, found

PLAN = "/meal-runs/<uuid:run_plan_id>"


def _read(run_plan_id: uuid.UUID) -> PlanPage:
    return found(queries.plan(current_actor().scope(Permission.MEAL_RUN_READ), run_plan_id))


@blueprint.get(PLAN)
@requires(Permission.MEAL_RUN_READ)
def show(run_plan_id: uuid.UUID) -> str:
    """Its figures, its map, each carrier's run, what is left out; of a joint plan, what it saves."""
    shown = _read(run_plan_id)
    runs = queries.runs_of(shown)
    left_out = meal_run_reasons.left_out_of(shown)
    return render_template(
        "meal_runs/show.html",
        plan=shown,
        other=queries.other_of(shown),
        is_lost=shown.is_lost(utc_now()),
        runs=runs,
        left_out=left_out,
        names=meal_run_reasons.names_in(reason for one in left_out for reason in one.reasons),
        set_aside=meal_run_reasons.set_aside_of(shown),
        picture=picture.of(runs),
        chosen=request.args.get("run", type=int),
        colour_of=colour_of,
        can_plan=current_actor().scope(Permission.MEAL_RUN_PLAN).holds_division(shown.division_code),
    )


@blueprint.get(f"{PLAN}/progress")
@requires(Permission.MEAL_RUN_READ)
def progress(run_plan_id: uuid.UUID) -> Response:
    """For the script that polls: the state, and how far."""
    shown = _read(run_plan_id)
    state = "lost" if shown.is_lost(utc_now()) else shown.status.value
    return jsonify(state=state, limit=shown.seconds, **shown.progress)


def _act(act: Callable[..., MealRunPlan], run_plan_id: uuid.UUID, done: str = "") -> Response:
    """Do it, or say on the plan's page why not."""
    form = HouseForm()
    with refusals_into(form) as refused, unit_of_work():
        act(run_plan_id, by=current_actor(), now=utc_now())
    if refused:
        flash(str(form.form_errors[0]), "error")
    elif done:
        flash(done, "success")
    return redirect(url_for("meal_runs.show", run_plan_id=run_plan_id), 303)


@blueprint.post(f"{PLAN}/stop")
@requires(Permission.MEAL_RUN_PLAN)
def stop(run_plan_id: uuid.UUID) -> Response:
    """Keep the best so far."""
    return _act(meal_run_search.ask_to_stop, run_plan_id)


@blueprint.post(f"{PLAN}/publish")
@requires(Permission.MEAL_RUN_PLAN)
def publish(run_plan_id: uuid.UUID) -> Response:
    """From now on it holds."""
    return _act(meal_runs.publish, run_plan_id, _("已发布。送餐的人和餐厅都能看到自己的送餐单。"))


@blueprint.post(f"{PLAN}/unpublish")
@requires(Permission.MEAL_RUN_PLAN)
def unpublish(run_plan_id: uuid.UUID) -> Response:
    """Take it back while nothing has been handed over."""
    return _act(meal_runs.unpublish, run_plan_id, _("已撤回。这些餐又没有人送了，请重新安排。"))


@blueprint.post(f"{PLAN}/discard")
@requires(Permission.MEAL_RUN_PLAN)
def discard(run_plan_id: uuid.UUID) -> Response:
    """It will not be used."""
    return _act(meal_runs.discard, run_plan_id, _("已放弃这份方案。"))
